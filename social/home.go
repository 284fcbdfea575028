package social

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Limits of feeds (federation.md §10.1, §10.2).
const (
	SeenFor        = time.Hour          // that somebody is here is noted once in so long
	ActiveFor      = 7 * 24 * time.Hour // homes of people who were here within it are kept up
	FeedLength     = 800                // newest entries of a home or list that can be read
	BackfillLength = 20                 // newest posts of somebody that a follow brings in
)

// HomeReader is somebody here into whose home or list a status may come.
type HomeReader struct {
	ID         ID
	HideBoosts bool // terms of the follow of its author
	Notify     bool
	Languages  []string
	Exclusive  bool // has the author in a list that keeps posts out of the home
}

// ListReader is a list that has the author of a status, with its owner's terms of following them.
type ListReader struct {
	HomeReader     // of the owner
	List           ID
	Replies        RepliesPolicy
	AnsweredMember bool // whom the status answers is in the list too
}

// HomeStore finds those to whom a status goes. since is when they must have been here; who never was counts as here.
type HomeStore interface {
	// FeedReaders are those who follow author, by account, and the lists that have author. answered is whom the status answers, or 0.
	FeedReaders(ctx context.Context, author, answered ID, since time.Time) ([]HomeReader, []ListReader, error)
	// TagReaders are those who follow one of tags, with the first of them in the order of the alphabet.
	TagReaders(ctx context.Context, tags []string, since time.Time) (map[ID]string, error)
	// Shunning are those of readers who block or mute one of people, are blocked by one of authors, or block the domain of
	// one of strangers.
	Shunning(ctx context.Context, readers, people, authors, strangers []ID) (map[ID]bool, error)
	// Seen notes that account was here, at most once an hour, and returns when it had been before; zero when never.
	Seen(ctx context.Context, account ID, now time.Time) (time.Time, error)
	// TrimFeed removes all but the newest n entries of a feed.
	TrimFeed(ctx context.Context, feed ID, n int) error
}

// arrival is a status on its way into homes, with all that the filter of homes asks about (federation.md §10.2).
type arrival struct {
	status   Status
	boosted  *Status
	answered ID          // whom it answers, 0 when nobody or its own author
	shunned  map[ID]bool // readers who want nothing of those concerned
	follows  map[ID]bool // readers who follow whom it answers
	named    map[ID]bool
}

// unplaced reports whether it answers something unknown here: it comes to no home.
func (a *arrival) unplaced() bool {
	return a.status.Reply() && (a.status.ReplyToID == 0 || a.status.ReplyToAccountID == 0)
}

// keep reports whether it belongs before r's eyes, by the terms of the follow and what r wants; that an exclusive list keeps
// it out of the home is the caller's to ask.
func (a *arrival) keep(r HomeReader) bool {
	private := a.status.Visibility == Direct || a.status.Visibility == Limited
	switch {
	case private && !a.named[r.ID], a.shunned[r.ID]:
		return false
	case len(r.Languages) > 0 && !slices.Contains(r.Languages, a.language()):
		return false
	case a.answered != 0 && a.answered != r.ID && !a.follows[r.ID]:
		return false
	}
	return a.boosted == nil || !r.HideBoosts
}

// language is that of what is read; a post without one is in every language.
func (a *arrival) language() string {
	if a.boosted != nil {
		return a.boosted.Language
	}
	return a.status.Language
}

// arrive gathers what the filter asks about, for all readers at once.
func arrive(ctx context.Context, tx Tx, author Account, status Status, readers []ID) (*arrival, error) {
	a := &arrival{status: status, named: map[ID]bool{}}
	people, authors, strangers := []ID{author.ID}, []ID{author.ID}, []ID(nil)
	for _, m := range status.Mentions {
		a.named[m.AccountID] = true
		if !m.Silent {
			people = append(people, m.AccountID)
		}
	}
	if status.BoostOfID != 0 {
		boosted, err := tx.StatusByID(ctx, status.BoostOfID)
		if err != nil {
			return nil, err
		}
		mentions, err := tx.Mentions(ctx, []ID{boosted.ID})
		if err != nil {
			return nil, err
		}
		for _, m := range mentions[boosted.ID] {
			people = append(people, m.AccountID)
		}
		a.boosted, people, authors, strangers = &boosted, append(people, boosted.AccountID), append(authors, boosted.AccountID), []ID{boosted.AccountID}
	}
	// In one's own thread whoever the thread answered, as in Mastodon (federation.md §8.2, §10.2).
	if status.ReplyToAccountID != author.ID {
		a.answered = status.ReplyToAccountID
	}
	var err error
	if a.shunned, err = tx.Shunning(ctx, readers, people, authors, strangers); err != nil || a.answered == 0 {
		return a, err
	}
	a.follows, err = tx.FollowedBy(ctx, a.answered, readers)
	return a, err
}

// feeds are the entries that status makes in homes and lists, and whom it is announced to because they asked for that.
func (s *Statuses) feeds(ctx context.Context, tx Tx, author Account, status Status) (entries []HomeEntry, notify []ID, err error) {
	since := s.Now().Add(-ActiveFor)
	readers, lists, err := tx.FeedReaders(ctx, author.ID, status.ReplyToAccountID, since)
	if err != nil {
		return nil, nil, err
	}
	tagged := map[ID]string{}
	if status.Visibility == Public && status.BoostOfID == 0 && !author.Silenced() && len(status.Tags) > 0 {
		if tagged, err = tx.TagReaders(ctx, status.Tags, since); err != nil {
			return nil, nil, err
		}
	}
	var everybody []ID
	for _, r := range readers {
		everybody = append(everybody, r.ID)
	}
	for _, l := range lists {
		everybody = append(everybody, l.ID)
	}
	for id := range tagged {
		everybody = append(everybody, id)
	}
	slices.Sort(everybody)
	a, err := arrive(ctx, tx, author, status, slices.Compact(everybody))
	if err != nil {
		return nil, nil, err
	}
	home := map[ID]bool{}
	put := func(feed ID, via string) {
		if !home[feed] {
			home[feed] = true
			entries = append(entries, HomeEntry{AccountID: feed, StatusID: status.ID, BoostOfID: status.BoostOfID, Via: via})
		}
	}
	if author.Local() {
		put(author.ID, "self")
	}
	via := "follow"
	if status.BoostOfID != 0 {
		via = "boost:" + author.Acct()
	}
	for _, r := range readers {
		if a.unplaced() || r.Exclusive || !a.keep(r) {
			continue
		}
		put(r.ID, via)
		if r.Notify && status.BoostOfID == 0 && a.answered == 0 {
			notify = append(notify, r.ID)
		}
	}
	for _, l := range lists {
		if !a.unplaced() && a.keep(l.HomeReader) && l.shows(a) {
			put(l.List, via)
		}
	}
	if entries, err = s.tagEntries(ctx, tx, author, a, tagged, home, entries); err != nil {
		return nil, nil, err
	}
	if status.BoostOfID == 0 || len(entries) == 0 {
		return entries, notify, nil
	}
	entries, err = s.unseen(ctx, tx, entries, status)
	return entries, notify, err
}

// tagEntries adds the homes of those who follow a hashtag of it: all but those who want nothing of its author.
func (s *Statuses) tagEntries(ctx context.Context, tx Tx, author Account, a *arrival, tagged map[ID]string, home map[ID]bool, entries []HomeEntry) ([]HomeEntry, error) {
	var ids []ID
	for id := range tagged {
		if !home[id] && id != author.ID && !a.shunned[id] {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return entries, nil
	}
	slices.Sort(ids)
	strangers, err := tx.Shunning(ctx, ids, nil, nil, []ID{author.ID})
	for _, id := range ids {
		if !strangers[id] {
			entries = append(entries, HomeEntry{AccountID: id, StatusID: a.status.ID, Via: "tag:" + tagged[id]})
		}
	}
	return entries, err
}

// unseen leaves out feeds whose newest entries hold the boosted post already (federation.md §10.2).
func (s *Statuses) unseen(ctx context.Context, tx Tx, entries []HomeEntry, boost Status) ([]HomeEntry, error) {
	feeds := make([]ID, len(entries))
	for i, e := range entries {
		feeds[i] = e.AccountID
	}
	seen, err := tx.SeenAtHome(ctx, feeds, boost.BoostOfID, s.BoostFallOff)
	return slices.DeleteFunc(entries, func(e HomeEntry) bool { return seen[e.AccountID] }), err
}

// notifyFollowers tells those who asked to hear of every post of author.
func (s *Statuses) notifyFollowers(ctx context.Context, tx Tx, author Account, status Status, readers []ID) error {
	for _, id := range readers {
		n := Notification{ID: s.NewID(), AccountID: id, FromID: author.ID, Type: NotifyStatus, StatusID: status.ID, CreatedAt: s.Now()}
		if err := Notify(ctx, tx, n, &status); err != nil {
			return err
		}
	}
	return nil
}

// Here notes that account is here now. Who comes back after their home was left alone gets it filled again, and homes do not
// grow for ever. It is called with every request, and does something once an hour.
func Here(ctx context.Context, s Store, account ID, now time.Time) error {
	before, err := s.Seen(ctx, account, now)
	if errors.Is(err, ErrNotFound) {
		return nil // no person
	}
	if err != nil || before.IsZero() || now.Sub(before) < SeenFor {
		return err
	}
	return s.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if now.Sub(before) > ActiveFor {
			follows, err := tx.Following(ctx, account, Page{Limit: FeedLength})
			if err != nil {
				return err
			}
			for _, f := range follows {
				if err := tx.BackfillHome(ctx, account, f.TargetID, BackfillLength); err != nil {
					return err
				}
			}
		}
		return tx.TrimFeed(ctx, account, FeedLength)
	})
}
