package social

import (
	"context"
	"errors"
	"time"
)

// Follows are the rules of the follow graph. Safe for concurrent use.
type Follows struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	// MintURI makes the random URI of a follow activity (federation.md §2.1).
	MintURI func() string
	// Told is called, inside the transaction, when an edge of the graph begins or ends.
	Told func(ctx context.Context, follower, target Account, ended bool)
}

// FollowTerms are what a follower may choose about a follow; nil leaves as it is.
type FollowTerms struct {
	Boosts    *bool     // bring the person's boosts too; so at first
	Notify    *bool     // tell of every post; not so at first
	Languages *[]string // bring only posts in these; empty is all, as at first
}

func (t FollowTerms) apply(f *Follow) {
	if t.Boosts != nil {
		f.HideBoosts = !*t.Boosts
	}
	if t.Notify != nil {
		f.Notify = *t.Notify
	}
	if t.Languages != nil {
		f.Languages = *t.Languages
	}
}

// Follow makes actor follow target, or ask to. Doing it again changes nothing.
// Errors: ErrNotFound, ErrForbidden (oneself, the instance actor, somebody blocked or blocking).
func (f *Follows) Follow(ctx context.Context, actor, target ID) (Relationship, error) {
	return f.FollowAs(ctx, actor, target, FollowTerms{})
}

// FollowAs is Follow on terms. Doing it again changes the terms.
func (f *Follows) FollowAs(ctx context.Context, actor, target ID, terms FollowTerms) (Relationship, error) {
	if actor == target {
		return Relationship{}, &Error{Kind: ErrForbidden, Message: "You cannot follow yourself."}
	}
	if target == InstanceActorID {
		return Relationship{}, &Error{Kind: ErrForbidden, Message: "That account stands for the server itself and cannot be followed."}
	}
	err := f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		return f.begin(ctx, tx, actor, target, terms)
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, f.Store, actor, target)
}

// mayFollow refuses to follow across a block, either way, and people of a domain that actor blocks.
func (f *Follows) mayFollow(ctx context.Context, tx Tx, actor, target ID) error {
	known, err := tx.Relationships(ctx, actor, []ID{target})
	if err != nil {
		return err
	}
	switch rel := known[target]; {
	case rel.Blocking, rel.DomainBlocking:
		return &Error{Kind: ErrForbidden, Message: "You have blocked that person or their server: take the block back first."}
	case rel.HiddenFrom():
		return &Error{Kind: ErrForbidden, Message: "That person does not let you follow them, so nothing was sent. Find others to follow in the directory."}
	}
	return nil
}

// onOtherTerms changes the terms of a follow or request that exists.
func (f *Follows) onOtherTerms(ctx context.Context, tx Tx, actor, target ID, terms FollowTerms) error {
	follow, err := tx.FollowBetween(ctx, actor, target)
	if err != nil {
		return err
	}
	terms.apply(&follow)
	return tx.UpdateFollow(ctx, follow)
}

// begin makes actor follow target, or ask to, in the caller's transaction.
func (f *Follows) begin(ctx context.Context, tx Tx, actor, target ID, terms FollowTerms) error {
	follower, followed, err := pair(ctx, tx, actor, target)
	if err != nil {
		return err
	}
	if followed.Suspended() {
		return &Error{Kind: ErrForbidden, Message: "That account is suspended and cannot be followed."}
	}
	if followed.MovedToID != 0 {
		return &Error{Kind: ErrForbidden, Message: "That person has moved to another account: follow them there."}
	}
	follow := Follow{
		ID: f.NewID(), AccountID: actor, TargetID: target, URI: f.MintURI(), CreatedAt: f.Now(),
		Pending: !followed.Local() || followed.Locked || follower.Silenced(),
	}
	terms.apply(&follow)
	if err := f.mayFollow(ctx, tx, actor, target); err != nil {
		return err
	}
	switch err := tx.InsertFollow(ctx, follow); {
	case errors.Is(err, ErrConflict):
		return f.onOtherTerms(ctx, tx, actor, target, terms)
	case err != nil:
		return err
	}
	if !followed.Local() {
		return tx.AppendEvent(ctx, Event{Kind: FollowRequested, Actor: actor, Subject: target, Object: follow.ID, URI: follow.URI, At: f.Now()})
	}
	return f.settleLocal(ctx, tx, follower, followed, follow)
}

// settleLocal is what happens at once when follower and followed live here.
func (f *Follows) settleLocal(ctx context.Context, tx Tx, follower, followed Account, follow Follow) error {
	if follow.Pending {
		return Notify(ctx, tx, f.notification(followed.ID, follower.ID, NotifyFollowRequest), nil)
	}
	if err := f.established(ctx, tx, follower, followed); err != nil {
		return err
	}
	return Notify(ctx, tx, f.notification(followed.ID, follower.ID, NotifyFollow), nil)
}

// established tells the observer and, when the follower lives here, brings the newest posts into their home.
func (f *Follows) established(ctx context.Context, tx Tx, follower, followed Account) error {
	f.tell(ctx, follower, followed, false)
	if !follower.Local() {
		return nil
	}
	return tx.BackfillHome(ctx, follower.ID, followed.ID, BackfillLength)
}

func (f *Follows) tell(ctx context.Context, follower, followed Account, ended bool) {
	if f.Told != nil {
		f.Told(ctx, follower, followed, ended)
	}
}

// Unfollow ends a follow or takes back a request. Nothing happens when there is none.
func (f *Follows) Unfollow(ctx context.Context, actor, target ID) (Relationship, error) {
	err := f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		return f.end(ctx, tx, actor, target, FollowRemoved, actor, target)
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, f.Store, actor, target)
}

// end removes the edge and, when the account to be told lives elsewhere, records kind, done by by to to.
func (f *Follows) end(ctx context.Context, tx Tx, actor, target ID, kind EventKind, by, to ID) error {
	follow, err := tx.FollowBetween(ctx, actor, target)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	follower, followed, err := pair(ctx, tx, actor, target)
	if err != nil {
		return err
	}
	if err := f.drop(ctx, tx, follower, followed, follow); err != nil {
		return err
	}
	told := followed
	if to == follower.ID {
		told = follower
	}
	if told.Local() {
		return nil
	}
	return tx.AppendEvent(ctx, Event{Kind: kind, Actor: by, Subject: to, Object: follow.ID, URI: follow.URI, At: f.Now()})
}

func (f *Follows) drop(ctx context.Context, tx Tx, follower, followed Account, follow Follow) error {
	if err := tx.DeleteFollow(ctx, follower.ID, followed.ID); err != nil {
		return err
	}
	if !follow.Pending {
		f.tell(ctx, follower, followed, true)
	}
	if followed.Local() {
		if err := tx.DeleteNotificationsBetween(ctx, followed.ID, follower.ID, NotifyFollowRequest, 0); err != nil {
			return err
		}
	}
	if !follower.Local() {
		return nil
	}
	if err := tx.DeleteEndorsement(ctx, follower.ID, followed.ID); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err := tx.LeaveLists(ctx, follower.ID, followed.ID); err != nil {
		return err
	}
	return tx.RemoveFromHome(ctx, follower.ID, followed.ID)
}

// Authorize lets a waiting follower in. ErrNotFound when there is no such request.
func (f *Follows) Authorize(ctx context.Context, target, follower ID) error {
	return f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		follow, err := tx.FollowBetween(ctx, follower, target)
		if err != nil {
			return err
		}
		if !follow.Pending {
			return nil
		}
		from, to, err := pair(ctx, tx, follower, target)
		if err != nil {
			return err
		}
		if err := f.agree(ctx, tx, from, to, follow); err != nil {
			return err
		}
		if err := tx.DeleteNotificationsBetween(ctx, target, follower, NotifyFollowRequest, 0); err != nil {
			return err
		}
		return Notify(ctx, tx, f.notification(target, follower, NotifyFollow), nil)
	})
}

// agree turns a request into a follow and tells a remote follower.
func (f *Follows) agree(ctx context.Context, tx Tx, follower, followed Account, follow Follow) error {
	follow.Pending = false
	if err := tx.UpdateFollow(ctx, follow); err != nil {
		return err
	}
	if err := f.established(ctx, tx, follower, followed); err != nil {
		return err
	}
	if follower.Local() {
		return nil
	}
	return tx.AppendEvent(ctx, Event{Kind: FollowAccepted, Actor: followed.ID, Subject: follower.ID, Object: follow.ID, URI: follow.URI, At: f.Now()})
}

// Refuse turns a waiting or present follower away.
func (f *Follows) Refuse(ctx context.Context, target, follower ID) error {
	return f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		return f.end(ctx, tx, follower, target, FollowRejected, target, follower)
	})
}

func (f *Follows) notification(to, from ID, t NotificationType) Notification {
	return Notification{ID: f.NewID(), AccountID: to, FromID: from, Type: t, CreatedAt: f.Now()}
}

// pair loads the two ends of an edge.
func pair(ctx context.Context, tx Tx, follower, followed ID) (a, b Account, err error) {
	if a, err = tx.AccountByID(ctx, follower); err != nil {
		return a, b, err
	}
	b, err = tx.AccountByID(ctx, followed)
	return a, b, err
}
