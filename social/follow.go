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

// Follow makes actor follow target, or ask to. Doing it again changes nothing.
// Errors: ErrNotFound, ErrForbidden (oneself, the instance actor).
func (f *Follows) Follow(ctx context.Context, actor, target ID) (Relationship, error) {
	if actor == target {
		return Relationship{}, &Error{Kind: ErrForbidden, Message: "You cannot follow yourself."}
	}
	if target == InstanceActorID {
		return Relationship{}, &Error{Kind: ErrForbidden, Message: "That account stands for the server itself and cannot be followed."}
	}
	err := f.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		follower, followed, err := pair(ctx, tx, actor, target)
		if err != nil {
			return err
		}
		follow := Follow{
			ID: f.NewID(), AccountID: actor, TargetID: target, URI: f.MintURI(), CreatedAt: f.Now(),
			Pending: !followed.Local() || followed.Locked,
		}
		switch err := tx.InsertFollow(ctx, follow); {
		case errors.Is(err, ErrConflict):
			return nil
		case err != nil:
			return err
		}
		if !followed.Local() {
			return tx.AppendEvent(ctx, Event{Kind: FollowRequested, Actor: actor, Subject: target, Object: follow.ID, URI: follow.URI, At: f.Now()})
		}
		return f.settleLocal(ctx, tx, follower, followed, follow)
	})
	if err != nil {
		return Relationship{}, err
	}
	return relationship(ctx, f.Store, actor, target)
}

// settleLocal is what happens at once when follower and followed live here.
func (f *Follows) settleLocal(ctx context.Context, tx Tx, follower, followed Account, follow Follow) error {
	if follow.Pending {
		return tx.InsertNotification(ctx, f.notification(followed.ID, follower.ID, NotifyFollowRequest))
	}
	if err := f.established(ctx, tx, follower, followed); err != nil {
		return err
	}
	return tx.InsertNotification(ctx, f.notification(followed.ID, follower.ID, NotifyFollow))
}

// established tells the observer and, when the follower lives here, brings the newest posts into their home.
func (f *Follows) established(ctx context.Context, tx Tx, follower, followed Account) error {
	f.tell(ctx, follower, followed, false)
	if !follower.Local() {
		return nil
	}
	return tx.BackfillHome(ctx, follower.ID, followed.ID, "follow", 20)
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
		return tx.InsertNotification(ctx, f.notification(target, follower, NotifyFollow))
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

func relationship(ctx context.Context, s Store, actor, target ID) (Relationship, error) {
	rs, err := (&Reader{Store: s}).Relationships(ctx, actor, []ID{target})
	if err != nil {
		return Relationship{}, err
	}
	return rs[0], nil
}

// pair loads the two ends of an edge.
func pair(ctx context.Context, tx Tx, follower, followed ID) (a, b Account, err error) {
	if a, err = tx.AccountByID(ctx, follower); err != nil {
		return a, b, err
	}
	b, err = tx.AccountByID(ctx, followed)
	return a, b, err
}
