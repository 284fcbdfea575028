package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Boost passes the status on to actor's followers. Doing it again returns the boost that exists.
// Errors: ErrNotFound (out of sight), ErrForbidden (direct, somebody else's private post, or a blocked author's), ErrInvalid
// (visibility).
func (s *Statuses) Boost(ctx context.Context, actor, id ID, visibility Visibility) (Status, error) {
	v, err := (&Reader{Store: s.Store}).Status(ctx, actor, id)
	if err != nil {
		return Status{}, err
	}
	original := v.Proper()
	if visibility, err = boostVisibility(original, actor, visibility); err != nil {
		return Status{}, err
	}
	if err := notBlocked(ctx, s.Store, actor, original.Author.ID); err != nil {
		return Status{}, err
	}
	who, err := s.Store.AccountByID(ctx, actor)
	if err != nil {
		return Status{}, err
	}
	var boost Status
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		boost, err = tx.BoostBy(ctx, actor, original.Status.ID)
		if err == nil || !errors.Is(err, ErrNotFound) {
			return err
		}
		id := s.NewID()
		boost = Status{
			ID: id, URI: s.URLs.Status(who, id) + "/activity", AccountID: actor, BoostOfID: original.Status.ID,
			Visibility: visibility, Local: true, CreatedAt: s.Now(),
		}
		boost.URL = boost.URI
		if err := tx.InsertStatus(ctx, boost); err != nil {
			return err
		}
		s.Told.tell(ctx, Happening{Kind: Boosted, Status: original.Status, Actor: who})
		if err := s.notifyBoost(ctx, tx, original.Author, actor, original.Status); err != nil {
			return err
		}
		return s.announce(ctx, tx, who, boost)
	})
	if errors.Is(err, ErrConflict) { // the same request at the same moment was quicker
		return s.Store.BoostBy(ctx, actor, original.Status.ID)
	}
	if err != nil {
		return Status{}, fmt.Errorf("boost %d for %s: %w", id, who.Acct(), err)
	}
	return boost, nil
}

func boostVisibility(original *StatusView, actor ID, wanted Visibility) (Visibility, error) {
	own := original.Author.ID == actor
	switch original.Status.Visibility {
	case Public, Unlisted:
		switch wanted {
		case "":
			return original.Status.Visibility, nil
		case Public, Unlisted, Private:
			return wanted, nil
		}
		return "", &Error{Kind: ErrInvalid, Field: "visibility", Message: "A boost is public, unlisted or private."}
	case Private:
		if own {
			return Private, nil
		}
	}
	return "", &Error{Kind: ErrForbidden, Message: "Only public and unlisted posts, and one's own for followers, can be boosted."}
}

func (s *Statuses) notifyBoost(ctx context.Context, tx Tx, author Account, booster ID, status Status) error {
	if !author.Local() || author.ID == booster {
		return nil
	}
	n := Notification{ID: s.NewID(), AccountID: author.ID, FromID: booster, Type: NotifyReblog, StatusID: status.ID, CreatedAt: s.Now()}
	return Notify(ctx, tx, n, &status)
}

// ReceiveBoost stores boost, made elsewhere, of original and reports whether it is new (federation.md §4.4).
func (s *Statuses) ReceiveBoost(ctx context.Context, tx Tx, booster Account, boost Status, original Status) (bool, error) {
	if _, err := tx.BoostBy(ctx, booster.ID, original.ID); err == nil || !errors.Is(err, ErrNotFound) {
		return false, err
	}
	switch err := tx.InsertStatus(ctx, boost); {
	case errors.Is(err, ErrConflict):
		return false, nil
	case err != nil:
		return false, err
	}
	s.Told.tell(ctx, Happening{Kind: Boosted, Status: original, Actor: booster})
	author, err := tx.AccountByID(ctx, original.AccountID)
	if err != nil {
		return false, err
	}
	if err := s.notifyBoost(ctx, tx, author, booster.ID, original); err != nil {
		return false, err
	}
	return true, s.Distribute(ctx, tx, booster, boost)
}

// Unboost takes actor's boost of the status back. Nothing happens when there is none. It returns the boosted status' id.
func (s *Statuses) Unboost(ctx context.Context, actor, id ID) (ID, error) {
	v, err := (&Reader{Store: s.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	original := v.Proper().Status.ID
	boost, err := s.Store.BoostBy(ctx, actor, original)
	if errors.Is(err, ErrNotFound) {
		return original, nil
	}
	if err != nil {
		return 0, err
	}
	return original, s.Delete(ctx, actor, boost.ID)
}

// Delete removes actor's own status or boost. Its uploads can be posted again for a day. ErrNotFound when there is none, also
// when it is somebody else's.
func (s *Statuses) Delete(ctx context.Context, actor, id ID) error {
	return s.delete(ctx, actor, id, UnpostedFor)
}

// DeleteWithMedia is Delete that takes the uploads along at once.
func (s *Statuses) DeleteWithMedia(ctx context.Context, actor, id ID) error {
	return s.delete(ctx, actor, id, 0)
}

func (s *Statuses) delete(ctx context.Context, actor, id ID, keep time.Duration) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		status, err := tx.StatusByID(ctx, id)
		if err != nil {
			return err
		}
		if status.AccountID != actor {
			return fmt.Errorf("status %d of another account: %w", id, ErrNotFound)
		}
		if err := s.detach(ctx, tx, status, keep); err != nil {
			return err
		}
		if _, err := s.Remove(ctx, tx, status, EndedByAuthor); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: StatusDeleted, Actor: actor, Subject: id, At: s.Now()})
	})
}

// RemoveForGood removes a status and the boosts that go with it.
func (s *Statuses) RemoveForGood(ctx context.Context, tx Tx, status Status, why Ending) error {
	gone, err := s.Remove(ctx, tx, status, why)
	if err != nil {
		return err
	}
	for _, id := range append(gone, status.ID) {
		if err := tx.PurgeStatus(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

// Remove hides a status or boost, local or not, with all that follows from it, and returns the boosts that went with it.
// The notification of a boost names the boosted post, so it is taken back here.
func (s *Statuses) Remove(ctx context.Context, tx Tx, status Status, why Ending) ([]ID, error) {
	if err := s.detach(ctx, tx, status, UnpostedFor); err != nil {
		return nil, err
	}
	gone, err := tx.MarkDeleted(ctx, status.ID, s.Now())
	if err != nil {
		return gone, err
	}
	if status.BoostOfID == 0 {
		s.Told.tell(ctx, Happening{Kind: Removed, Status: status, Why: why})
		return gone, nil
	}
	original, err := tx.StatusByID(ctx, status.BoostOfID)
	if errors.Is(err, ErrNotFound) {
		return gone, nil
	}
	if err != nil {
		return nil, err
	}
	if err := s.Told.tellBy(ctx, tx, Unboosted, original, status.AccountID); err != nil {
		return nil, err
	}
	return gone, tx.DeleteNotificationsBetween(ctx, original.AccountID, status.AccountID, NotifyReblog, original.ID)
}
