package social

import (
	"context"
	"errors"
)

// Received says what became of a follow, or an answer to one, that came from elsewhere.
type Received int

// What can become of it.
const (
	Ignored     Received = iota
	Established          // it holds now
	Waiting              // the person approves by hand
	Known                // it held already and was confirmed again
	StillWaiting
	Refused        // nobody can follow that account
	RefusedBlocked // the person, or the person's server, is blocked
	Ended
)

// Receive records that remote follower asks to follow local target; uri is the activity's id (federation.md §4.6).
// tx is the caller's transaction.
func (f *Follows) Receive(ctx context.Context, tx Tx, follower, target Account, uri string) (Received, error) {
	if target.ID == InstanceActorID || target.MovedToID != 0 {
		return Refused, tx.AppendEvent(ctx, Event{Kind: FollowRejected, Actor: target.ID, Subject: follower.ID, URI: uri, At: f.Now()})
	}
	known, err := tx.Relationships(ctx, target.ID, []ID{follower.ID})
	if err != nil {
		return Ignored, err
	}
	if rel := known[follower.ID]; (rel.Blocking || rel.DomainBlocking) && !rel.RequestedBy {
		return RefusedBlocked, tx.AppendEvent(ctx, Event{Kind: FollowRejected, Actor: target.ID, Subject: follower.ID, URI: uri, At: f.Now()})
	}
	follow := Follow{ID: f.NewID(), AccountID: follower.ID, TargetID: target.ID, URI: uri, Pending: true, CreatedAt: f.Now()}
	switch err := tx.InsertFollow(ctx, follow); {
	case errors.Is(err, ErrConflict):
		return f.receiveAgain(ctx, tx, follower, target, uri)
	case err != nil:
		return Ignored, err
	}
	if target.Locked || follower.Silenced() {
		return Waiting, Notify(ctx, tx, f.notification(target.ID, follower.ID, NotifyFollowRequest), nil)
	}
	if err := f.agree(ctx, tx, follower, target, follow); err != nil {
		return Ignored, err
	}
	return Established, Notify(ctx, tx, f.notification(target.ID, follower.ID, NotifyFollow), nil)
}

// Subscribe lets follower, another server's own actor, follow relay, this server's: everybody may (federation.md §8.4).
func (f *Follows) Subscribe(ctx context.Context, tx Tx, follower, relay Account, uri string) error {
	follow := Follow{ID: f.NewID(), AccountID: follower.ID, TargetID: relay.ID, URI: uri, Pending: true, CreatedAt: f.Now()}
	switch err := tx.InsertFollow(ctx, follow); {
	case errors.Is(err, ErrConflict):
		_, err := f.receiveAgain(ctx, tx, follower, relay, uri)
		return err
	case err != nil:
		return err
	}
	return f.agree(ctx, tx, follower, relay, follow)
}

// receiveAgain takes the new activity id; a follow that holds is confirmed again, a waiting one goes on waiting.
func (f *Follows) receiveAgain(ctx context.Context, tx Tx, follower, target Account, uri string) (Received, error) {
	follow, err := tx.FollowBetween(ctx, follower.ID, target.ID)
	if err != nil {
		return Ignored, err
	}
	follow.URI = uri
	if err := tx.UpdateFollow(ctx, follow); err != nil {
		return Ignored, err
	}
	if follow.Pending {
		return StillWaiting, nil
	}
	return Known, tx.AppendEvent(ctx, Event{Kind: FollowAccepted, Actor: target.ID, Subject: follower.ID, Object: follow.ID, URI: uri, At: f.Now()})
}

// ReceiveAccept records that remote target agreed to a request of local follower. first reports whether follower is the
// first of this instance to follow target.
func (f *Follows) ReceiveAccept(ctx context.Context, tx Tx, follow Follow) (r Received, first bool, err error) {
	if !follow.Pending {
		return Ignored, false, nil
	}
	follower, target, err := pair(ctx, tx, follow.AccountID, follow.TargetID)
	if err != nil {
		return Ignored, false, err
	}
	had, err := tx.HasLocalFollower(ctx, target.ID)
	if err != nil {
		return Ignored, false, err
	}
	return Established, !had, f.agree(ctx, tx, follower, target, follow)
}

// ReceiveReject records that remote target refused local follower: a request is dropped, a follow that held is ended and
// taken back with an Undo (federation.md §4.7).
func (f *Follows) ReceiveReject(ctx context.Context, tx Tx, follow Follow) (Received, error) {
	follower, target, err := pair(ctx, tx, follow.AccountID, follow.TargetID)
	if err != nil {
		return Ignored, err
	}
	if err := f.drop(ctx, tx, follower, target, follow); err != nil {
		return Ignored, err
	}
	if follow.Pending {
		return Ended, nil
	}
	return Ended, tx.AppendEvent(ctx, Event{Kind: FollowRemoved, Actor: follower.ID, Subject: target.ID, Object: follow.ID, URI: follow.URI, At: f.Now()})
}

// ReceiveUndo ends the follow of remote follower; Ignored when there is none.
func (f *Follows) ReceiveUndo(ctx context.Context, tx Tx, follower, target Account) (Received, error) {
	follow, err := tx.FollowBetween(ctx, follower.ID, target.ID)
	if errors.Is(err, ErrNotFound) {
		return Ignored, nil
	}
	if err != nil {
		return Ignored, err
	}
	return Ended, f.drop(ctx, tx, follower, target, follow)
}
