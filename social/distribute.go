package social

import (
	"context"
	"slices"
	"time"
)

// RealTime is how old a fetched post may be to still appear in homes and notifications (federation.md §3.6).
const RealTime = 6 * time.Hour

// Distribute brings a new status into the homes and lists of the people here, notifies those it names and those who asked
// to hear of its author, and adds it to the talks that it is part of (federation.md §10.1). status carries its mentions and tags.
func (s *Statuses) Distribute(ctx context.Context, tx Tx, author Account, status Status) error {
	if author.Suspended() {
		return nil
	}
	if err := s.notifyMentioned(ctx, tx, author, status); err != nil {
		return err
	}
	if status.Visibility == Direct {
		if err := s.converse(ctx, tx, author, status); err != nil {
			return err
		}
	}
	entries, notify, err := s.feeds(ctx, tx, author, status)
	if err != nil {
		return err
	}
	if err := tx.InsertHome(ctx, entries); err != nil {
		return err
	}
	if err := tellArrived(ctx, tx, status, entries, watchable(author, status)); err != nil {
		return err
	}
	return s.notifyFollowers(ctx, tx, author, status, notify)
}

// Rejoin is Distribute without notifying anybody: for a status whose readers could not be known when it came. Nobody has it
// twice in their home.
func (s *Statuses) Rejoin(ctx context.Context, tx Tx, author Account, status Status) error {
	entries, _, err := s.feeds(ctx, tx, author, status)
	if err == nil {
		err = tx.InsertHome(ctx, entries)
	}
	if err != nil {
		return err
	}
	return tellArrived(ctx, tx, status, entries, false)
}

// DistributeTo brings a status that is known already into the home of one more reader, if it belongs there (federation.md
// §4.1 step 5). Nobody is notified.
func (s *Statuses) DistributeTo(ctx context.Context, tx Tx, author Account, status Status, reader ID) error {
	entries, _, err := s.feeds(ctx, tx, author, status)
	if err != nil {
		return err
	}
	entries = slices.DeleteFunc(entries, func(e HomeEntry) bool { return e.AccountID != reader })
	if err := tx.InsertHome(ctx, entries); err != nil {
		return err
	}
	return tellArrived(ctx, tx, status, entries, false)
}

func (s *Statuses) notifyMentioned(ctx context.Context, tx Tx, author Account, status Status) error {
	if status.BoostOfID != 0 || len(status.Mentions) == 0 {
		return nil
	}
	ids := make([]ID, 0, len(status.Mentions))
	for _, m := range status.Mentions {
		if !m.Silent && m.AccountID != author.ID {
			ids = append(ids, m.AccountID)
		}
	}
	people, err := tx.AccountsByID(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if a, ok := people[id]; !ok || !a.Local() {
			continue
		}
		n := Notification{ID: s.NewID(), AccountID: id, FromID: author.ID, Type: NotifyMention, StatusID: status.ID, CreatedAt: s.Now()}
		if err := Notify(ctx, tx, n, &status); err != nil {
			return err
		}
	}
	return nil
}
