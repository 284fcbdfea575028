package social

import (
	"context"
	"time"
)

// Happening is a change of what this server shows, for the log: somebody likes or boosts a post or takes it back, a post is
// edited or goes, an account is hidden with everything of it. New posts and follows have hooks of their own.
type Happening struct {
	Kind   HappeningKind
	Status Status  // the post itself, never a boost; zero of an account
	Actor  Account // who likes or boosts, or who is hidden; zero otherwise
	At     time.Time
	Why    Ending // of what goes
}

// Ending is why a post goes.
type Ending string

// Endings.
const (
	EndedByAuthor   Ending = "by-author"
	EndedElsewhere  Ending = "elsewhere"  // its own server does not have it any more
	EndedDeparture  Ending = "departure"  // the account says that it is no more
	EndedAccount    Ending = "account"    // the account was deleted here
	EndedSuspension Ending = "suspension" // of the whole server it is from
	EndedRefusal    Ending = "refusal"    // whom it answers does not allow it
)

// HappeningKind is the word for what happens.
type HappeningKind string

// The kinds. At is the version's date of an edit, and zero otherwise.
const (
	Liked     HappeningKind = "liked"
	Unliked   HappeningKind = "unliked"
	Boosted   HappeningKind = "boosted"
	Unboosted HappeningKind = "unboosted"
	Edited    HappeningKind = "edited"
	Removed   HappeningKind = "removed"
	Hidden    HappeningKind = "hidden" // an account is suspended
	Unhidden  HappeningKind = "unhidden"
)

// Happened is called inside the transaction of a change. It may be nil.
type Happened func(ctx context.Context, h Happening)

func (f Happened) tell(ctx context.Context, h Happening) {
	if f != nil {
		f(ctx, h)
	}
}

// tellBy looks the actor up, for who knows only the id.
func (f Happened) tellBy(ctx context.Context, tx Tx, kind HappeningKind, s Status, actor ID) error {
	if f == nil {
		return nil
	}
	who, err := tx.AccountByID(ctx, actor)
	if err != nil {
		return err
	}
	f(ctx, Happening{Kind: kind, Status: s, Actor: who})
	return nil
}
