package social

import (
	"context"
	"slices"
	"time"
)

// RealTime is how old a fetched post may be to still appear in homes and notifications (federation.md §3.6).
const RealTime = 6 * time.Hour

// Distribute brings a new status into the homes of the people here and notifies those it names (federation.md §10.1).
// status carries its mentions.
func (s *Statuses) Distribute(ctx context.Context, tx Tx, author Account, status Status) error {
	if err := s.notifyMentioned(ctx, tx, author, status); err != nil {
		return err
	}
	return s.Rejoin(ctx, tx, author, status)
}

// Rejoin is Distribute without telling anybody: for a status whose readers could not be known when it came. Nobody has it
// twice in their home.
func (s *Statuses) Rejoin(ctx context.Context, tx Tx, author Account, status Status) error {
	readers, err := s.readers(ctx, tx, author, status)
	if err != nil {
		return err
	}
	if author.Local() {
		readers = append(readers, author.ID)
	}
	via := "follow"
	if status.BoostOfID != 0 {
		via = "boost:" + author.Acct()
		if readers, err = s.unseen(ctx, tx, readers, status); err != nil {
			return err
		}
	}
	if len(readers) == 0 {
		return nil
	}
	entries := make([]HomeEntry, len(readers))
	for i, id := range readers {
		entries[i] = HomeEntry{AccountID: id, StatusID: status.ID, BoostOfID: status.BoostOfID, Via: via}
		if id == author.ID {
			entries[i].Via = "self"
		}
	}
	return tx.InsertHome(ctx, entries)
}

// DistributeTo brings a status that is known already into the home of one more reader, if it belongs there (federation.md
// §4.1 step 5). Nobody is notified.
func (s *Statuses) DistributeTo(ctx context.Context, tx Tx, author Account, status Status, reader ID) error {
	readers, err := s.readers(ctx, tx, author, status)
	if err != nil || !slices.Contains(readers, reader) {
		return err
	}
	return tx.InsertHome(ctx, []HomeEntry{{AccountID: reader, StatusID: status.ID, Via: "follow"}})
}

// readers are the local followers in whose home the status belongs.
func (s *Statuses) readers(ctx context.Context, tx Tx, author Account, status Status) ([]ID, error) {
	if status.Reply() && (status.ReplyToID == 0 || status.ReplyToAccountID == 0) {
		return nil, nil // the parent is unknown: federation.md §10.2
	}
	followers, err := tx.LocalFollowers(ctx, author.ID)
	if err != nil || len(followers) == 0 {
		return nil, err
	}
	named := map[ID]bool{}
	for _, m := range status.Mentions {
		named[m.AccountID] = true
	}
	// Whom the reply answers; in one's own thread whoever the thread answered, as in Mastodon (federation.md §8.2, §10.2).
	answered := status.ReplyToAccountID
	if answered == author.ID {
		answered = 0
	}
	followAnswered := map[ID]bool{}
	if answered != 0 {
		if followAnswered, err = tx.FollowedBy(ctx, answered, followers); err != nil {
			return nil, err
		}
	}
	var out []ID
	for _, id := range followers {
		switch {
		case (status.Visibility == Direct || status.Visibility == Limited) && !named[id]:
		case answered != 0 && answered != id && !followAnswered[id]:
		default:
			out = append(out, id)
		}
	}
	return out, nil
}

// unseen leaves out readers whose newest home entries hold the boosted post already (federation.md §10.2).
func (s *Statuses) unseen(ctx context.Context, tx Tx, readers []ID, boost Status) ([]ID, error) {
	seen, err := tx.SeenAtHome(ctx, readers, boost.BoostOfID, s.BoostFallOff)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(readers, func(id ID) bool { return seen[id] }), nil
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
