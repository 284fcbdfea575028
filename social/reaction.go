package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Reactions are likes. Boosts are statuses; see Statuses.Boost.
type Reactions struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
	// TellNeighbours makes events of likes between people of this server too, where the policy tells others of them.
	TellNeighbours bool
	Told           Happened // may be nil
}

// Favourite likes the status for actor; a boost stands for what it boosts. Doing it again changes nothing.
// Errors: ErrNotFound (out of sight), ErrForbidden (its author is blocked).
func (r *Reactions) Favourite(ctx context.Context, actor, id ID) (ID, error) {
	v, err := (&Reader{Store: r.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	proper := v.Proper()
	if err := notBlocked(ctx, r.Store, actor, proper.Author.ID); err != nil {
		return 0, err
	}
	err = r.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		fav := Favourite{ID: r.NewID(), AccountID: actor, StatusID: proper.Status.ID, CreatedAt: r.Now()}
		switch err := tx.InsertFavourite(ctx, fav); {
		case errors.Is(err, ErrConflict):
			return nil
		case err != nil:
			return err
		}
		if err := r.Told.tellBy(ctx, tx, Liked, proper.Status, actor); err != nil {
			return err
		}
		if proper.Author.Local() {
			if err := r.notify(ctx, tx, actor, proper.Status); err != nil || !r.TellNeighbours {
				return err
			}
		}
		return tx.AppendEvent(ctx, Event{Kind: FavouriteAdded, Actor: actor, Subject: proper.Status.ID, Object: fav.ID, At: r.Now()})
	})
	return proper.Status.ID, err
}

// notBlocked refuses to react to posts of somebody whom actor blocks (federation.md §10.4).
func notBlocked(ctx context.Context, s Tx, actor, author ID) error {
	ties, err := s.Relationships(ctx, actor, []ID{author})
	if err != nil || !ties[author].Blocking {
		return err
	}
	return &Error{Kind: ErrForbidden, Message: "You have blocked the author: take the block back first."}
}

// Unfavourite takes a like back. Nothing happens when there is none.
func (r *Reactions) Unfavourite(ctx context.Context, actor, id ID) (ID, error) {
	v, err := (&Reader{Store: r.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	proper := v.Proper()
	err = r.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		fav, err := tx.FavouriteBetween(ctx, actor, proper.Status.ID)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := tx.DeleteFavourite(ctx, actor, proper.Status.ID); err != nil {
			return err
		}
		if err := r.Told.tellBy(ctx, tx, Unliked, proper.Status, actor); err != nil {
			return err
		}
		if proper.Author.Local() {
			err := tx.DeleteNotificationsBetween(ctx, proper.Author.ID, actor, NotifyFavourite, proper.Status.ID)
			if err != nil || !r.TellNeighbours {
				return err
			}
		}
		return tx.AppendEvent(ctx, Event{Kind: FavouriteRemoved, Actor: actor, Subject: proper.Status.ID, Object: fav.ID, At: r.Now()})
	})
	return proper.Status.ID, err
}

// Receive records a like by remote actor and reports whether it is new (federation.md §4.5).
// Whether actor may see the status is not asked, as in Mastodon.
func (r *Reactions) Receive(ctx context.Context, tx Tx, actor Account, s Status, uri string) (bool, error) {
	err := tx.InsertFavourite(ctx, Favourite{ID: r.NewID(), AccountID: actor.ID, StatusID: s.ID, URI: uri, CreatedAt: r.Now()})
	if errors.Is(err, ErrConflict) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("like of %s by %s: %w", s.URI, actor.URI, err)
	}
	r.Told.tell(ctx, Happening{Kind: Liked, Status: s, Actor: actor})
	if !s.Local {
		return true, nil
	}
	return true, r.notify(ctx, tx, actor.ID, s)
}

// ReceiveUndo takes back a remote like and reports whether there was one.
func (r *Reactions) ReceiveUndo(ctx context.Context, tx Tx, actor Account, s Status) (bool, error) {
	if _, err := tx.FavouriteBetween(ctx, actor.ID, s.ID); err != nil {
		if errors.Is(err, ErrNotFound) {
			return false, nil
		}
		return false, err
	}
	if err := tx.DeleteFavourite(ctx, actor.ID, s.ID); err != nil {
		return false, err
	}
	r.Told.tell(ctx, Happening{Kind: Unliked, Status: s, Actor: actor})
	return true, tx.DeleteNotificationsBetween(ctx, s.AccountID, actor.ID, NotifyFavourite, s.ID)
}

func (r *Reactions) notify(ctx context.Context, tx Tx, from ID, s Status) error {
	n := Notification{ID: r.NewID(), AccountID: s.AccountID, FromID: from, Type: NotifyFavourite, StatusID: s.ID, CreatedAt: r.Now()}
	return Notify(ctx, tx, n, &s)
}
