package social

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// AccountMoved is the event of a person of this server who lives on elsewhere: Actor is now Subject; Object names the move.
const AccountMoved EventKind = "account.moved"

// How long after a move the next one is taken: of others, and of the people here (federation.md §4.11, §16.3).
const (
	MoveRestElsewhere = 7 * 24 * time.Hour
	MoveRestHere      = 30 * 24 * time.Hour
)

// Moves are the rules of people who change their account. Safe for concurrent use.
type Moves struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	// Resolve finds an account by handle or address, read anew.
	Resolve func(ctx context.Context, handle string) (Account, error)
}

// Begin makes target, a handle or address, the account that who uses from now on: followers are asked to follow it, and
// who shows where they went. Errors: ErrInvalid (no alias, too soon, moved elsewhere), ErrNotFound.
func (m *Moves) Begin(ctx context.Context, who ID, handle string) (Account, error) {
	target, err := m.Resolve(ctx, handle)
	if errors.Is(err, ErrNotFound) {
		return target, &Error{Kind: ErrInvalid, Field: "acct", Message: fmt.Sprintf("There is nobody called %s. Check the handle.", handle)}
	}
	if err != nil {
		return target, err
	}
	return target, m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, who)
		if err != nil {
			return err
		}
		at, err := tx.MovedAt(ctx, who)
		if err != nil {
			return err
		}
		if err := m.mayMove(a, target, at); err != nil {
			return err
		}
		id := m.NewID()
		if err := settle(ctx, tx, a, target, m.Now()); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountMoved, Actor: who, Subject: target.ID, Object: id, At: m.Now()})
	})
}

func (m *Moves) mayMove(a, target Account, last time.Time) error {
	invalid := func(text string) error { return &Error{Kind: ErrInvalid, Field: "acct", Message: text} }
	switch {
	case !a.Local() || a.Suspended():
		return &Error{Kind: ErrForbidden, Message: "This account cannot move."}
	case target.ID == a.ID:
		return invalid("That is this very account.")
	case !last.IsZero() && m.Now().Sub(last) < MoveRestHere:
		return invalid(fmt.Sprintf("An account can move once in thirty days: the next time is from %s on.", last.Add(MoveRestHere).Format("2 January 2006")))
	case target.Suspended():
		return invalid(fmt.Sprintf("%s is suspended.", target.Acct()))
	case target.MovedToID != 0:
		return invalid(fmt.Sprintf("%s has moved on itself.", target.Acct()))
	case !slices.Contains(target.AlsoKnownAs, a.URI):
		return invalid(fmt.Sprintf("%s does not name this account as an alias. Sign in there, add @%s as an alias, and try again.", target.Acct(), a.Acct()))
	}
	return nil
}

// Receive notes that remote a lives on as target. The caller has checked that target says so too.
func (m *Moves) Receive(ctx context.Context, tx Tx, a, target Account) error {
	return settle(ctx, tx, a, target, m.Now())
}

// settle keeps the move and leaves the work of following, and of keeping away.
func settle(ctx context.Context, tx Tx, a, target Account, now time.Time) error {
	if err := tx.SetMoved(ctx, a.ID, target.ID, now); err != nil {
		return err
	}
	for _, kind := range []ChoreKind{ChoreFollow, ChoreCarry} {
		if err := tx.AppendChore(ctx, Chore{Kind: kind, Account: a.ID, Target: target.ID, Since: now, At: now}); err != nil {
			return err
		}
	}
	return nil
}

// End takes the sign away that shows where who went. Followers do not come back.
func (m *Moves) End(ctx context.Context, who ID) error {
	return m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, who)
		if err != nil || a.MovedToID == 0 {
			return err
		}
		at, err := tx.MovedAt(ctx, who)
		if err != nil {
			return err
		}
		if err := tx.SetMoved(ctx, who, 0, at); err != nil {
			return err
		}
		a.Revision = m.NewID()
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: who, Subject: who, Object: a.Revision, At: m.Now(), Rest: ProfileRest})
	})
}

// Aliases replaces the accounts that who says are theirs too, given by handle or address. At most ten.
func (m *Moves) Aliases(ctx context.Context, who ID, handles []string) ([]Account, error) {
	if len(handles) > 10 {
		return nil, &Error{Kind: ErrInvalid, Field: "acct", Message: "At most ten aliases are possible."}
	}
	var aliases []Account
	for _, h := range handles {
		a, err := m.Resolve(ctx, h)
		if errors.Is(err, ErrNotFound) {
			return nil, &Error{Kind: ErrInvalid, Field: "acct", Message: fmt.Sprintf("There is nobody called %s. Check the handle.", h)}
		}
		if err != nil {
			return nil, err
		}
		if a.ID != who {
			aliases = append(aliases, a)
		}
	}
	err := m.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		a, err := tx.AccountByID(ctx, who)
		if err != nil {
			return err
		}
		before := a.AlsoKnownAs
		a.AlsoKnownAs = nil
		for _, alias := range aliases {
			a.AlsoKnownAs = append(a.AlsoKnownAs, alias.URI)
		}
		if slices.Equal(before, a.AlsoKnownAs) {
			return nil
		}
		a.Revision = m.NewID()
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: who, Subject: who, Object: a.Revision, At: m.Now(), Rest: ProfileRest})
	})
	return aliases, err
}

// refollow lets the next people here who follow the account of c follow the new one instead.
func (m *Moderation) refollow(ctx context.Context, tx Tx, c *Chore) (done bool, err error) {
	old, target, err := pair(ctx, tx, c.Account, c.Target)
	if errors.Is(err, ErrNotFound) || err == nil && (target.Suspended() || old.MovedToID != target.ID) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return m.eachFollower(ctx, tx, c, func(reader ID) error {
		follow, err := tx.FollowBetween(ctx, reader, old.ID)
		if err != nil {
			return err
		}
		if reader != target.ID {
			boosts := !follow.HideBoosts
			terms := FollowTerms{Boosts: &boosts, Notify: &follow.Notify, Languages: &follow.Languages}
			// Whoever keeps the new account away, or is kept away by it, only loses the old one.
			if err := m.Follows.begin(ctx, tx, reader, target.ID, terms); err != nil && !errors.Is(err, ErrForbidden) {
				return err
			}
		}
		return m.Follows.end(ctx, tx, reader, old.ID, FollowRemoved, reader, old.ID)
	})
}
