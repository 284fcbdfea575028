package social

import (
	"context"
	"slices"
	"strings"
)

// Talk is private talk as one of its people has it: the direct posts of one conversation among the same people. The client
// API calls it a conversation.
type Talk struct {
	ID           ID
	AccountID    ID // whose it is
	Conversation string
	Participants []ID // the others, by id
	LastStatusID ID
	Unread       bool
}

// TalkStore keeps talks.
type TalkStore interface {
	// PutTalk adds a talk, or gives the one of the same people in the same conversation another last status, and tells that.
	PutTalk(ctx context.Context, t Talk) error
	TalkByID(ctx context.Context, account, id ID) (Talk, error)
	// Talks are paged by their last statuses, newest first.
	Talks(ctx context.Context, account ID, p Page) ([]Talk, error)
	SetTalkUnread(ctx context.Context, account, id ID, unread bool) error
	DeleteTalk(ctx context.Context, account, id ID) error
}

// converse adds a direct status to the talk of each of its people who lives here; to all but its author it is news.
func (s *Statuses) converse(ctx context.Context, tx Tx, author Account, status Status) error {
	people := []ID{author.ID}
	for _, m := range status.Mentions {
		people = append(people, m.AccountID)
	}
	slices.Sort(people)
	people = slices.Compact(people)
	accounts, err := tx.AccountsByID(ctx, people)
	if err != nil {
		return err
	}
	for _, id := range people {
		if a, ok := accounts[id]; !ok || !a.Local() {
			continue
		}
		others := slices.DeleteFunc(slices.Clone(people), func(x ID) bool { return x == id })
		t := Talk{ID: s.NewID(), AccountID: id, Conversation: status.Conversation, Participants: others, LastStatusID: status.ID, Unread: id != author.ID}
		if err := tx.PutTalk(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

// Key is the participants as they are kept: decimal ids with spaces between.
func (t Talk) Key() string {
	words := make([]string, len(t.Participants))
	for i, id := range t.Participants {
		words[i] = id.String()
	}
	return strings.Join(words, " ")
}

// TalkView is a talk with its parts loaded.
type TalkView struct {
	Talk   Talk
	People []Account   // the others; oneself when there are none
	Last   *StatusView // nil when it is gone
}

// Talks loads views of ts, as their owner sees them, in their order.
func (r *Reader) Talks(ctx context.Context, owner ID, ts []Talk) ([]TalkView, error) {
	var people, statuses []ID
	for _, t := range ts {
		people, statuses = append(append(people, t.Participants...), owner), append(statuses, t.LastStatusID)
	}
	accounts, err := r.Store.AccountsByID(ctx, people)
	if err != nil {
		return nil, err
	}
	last, err := r.Statuses(ctx, owner, statuses)
	if err != nil {
		return nil, err
	}
	out := make([]TalkView, len(ts))
	for i, t := range ts {
		out[i].Talk = t
		for _, id := range t.Participants {
			if a, ok := accounts[id]; ok {
				out[i].People = append(out[i].People, a)
			}
		}
		if len(t.Participants) == 0 {
			out[i].People = []Account{accounts[owner]}
		}
		if at := slices.IndexFunc(last, func(v StatusView) bool { return v.Status.ID == t.LastStatusID }); at >= 0 {
			out[i].Last = &last[at]
		}
	}
	return out, nil
}
