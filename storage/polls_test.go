package storage

import (
	"fmt"
	"testing"
	"time"

	"orrery/social"
)

func asks(titles ...string) func(*social.Status) {
	return func(x *social.Status) {
		x.Poll = &social.Poll{StatusID: x.ID, ExpiresAt: noon.Add(time.Hour)}
		for _, t := range titles {
			x.Poll.Options = append(x.Poll.Options, social.PollOption{Title: t})
		}
	}
}

func votesOf(account social.ID, first int64, choices ...int) []social.PollVote {
	var out []social.PollVote
	for i, c := range choices {
		out = append(out, social.PollVote{ID: social.ID(first + int64(i)), StatusID: 10, AccountID: account, Choice: c, CreatedAt: noon})
	}
	return out
}

func TestPolls(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice, asks("a", "ö")), post(11, alice), post(12, alice, asks("c", "d"), func(x *social.Status) { x.Poll.Multiple = true }))
		want := social.Poll{StatusID: 10, ExpiresAt: noon.Add(time.Hour), Options: []social.PollOption{{Title: "a"}, {Title: "ö"}}}
		same(t, "as written", must(s.Polls(ctx, ids(10, 11)))(t), map[social.ID]social.Poll{10: want})

		same(t, "first", must(s.InsertVotes(ctx, votesOf(berta, 1, 1)))(t), true)
		_, err := s.InsertVotes(ctx, votesOf(berta, 2, 0))
		fails(t, err, social.ErrConflict)
		same(t, "another's first", must(s.InsertVotes(ctx, votesOf(anna, 3, 1)))(t), true)
		_, err = s.InsertVotes(ctx, []social.PollVote{{ID: 9, StatusID: 11, AccountID: anna}})
		fails(t, err, social.ErrNotFound)
		want.Voters, want.Options = 2, []social.PollOption{{Title: "a"}, {Title: "ö", Votes: 2}}
		same(t, "after two votes", must(s.Polls(ctx, ids(10)))(t)[10], want)
		same(t, "own", must(s.OwnVotes(ctx, berta, ids(10, 11, 12)))(t), map[social.ID][]int{10: {1}})
		same(t, "voters", len(must(s.Voters(ctx, 10))(t)), 2)
		same(t, "a vote", must(s.VoteByID(ctx, 3))(t), votesOf(anna, 3, 1)[0])

		same(t, "claimed", must(s.ClaimTelling(ctx, 10, noon.Add(-time.Minute), noon))(t), true)
		same(t, "claimed again", must(s.ClaimTelling(ctx, 10, noon.Add(-time.Second), noon.Add(time.Minute)))(t), false)
		same(t, "claimed later", must(s.ClaimTelling(ctx, 10, noon, noon.Add(time.Minute)))(t), true)

		want.Voters, want.Options[0].Votes, want.FetchedAt, want.ExpiresAt = 7, 5, noon, noon.Add(time.Minute)
		ok(t, s.UpdateTallies(ctx, want))
		same(t, "tallies", must(s.Polls(ctx, ids(10)))(t)[10], want)
		fails(t, s.UpdateTallies(ctx, social.Poll{StatusID: 11}), social.ErrNotFound)

		longer := want
		longer.ExpiresAt = noon.Add(2 * time.Hour)
		ok(t, s.ReplacePoll(ctx, 10, &longer))
		same(t, "the same question keeps its votes", must(s.Polls(ctx, ids(10)))(t)[10], longer)
		other := social.Poll{StatusID: 10, Options: []social.PollOption{{Title: "x"}, {Title: "y"}}}
		ok(t, s.ReplacePoll(ctx, 10, &other))
		same(t, "another question begins anew", must(s.Polls(ctx, ids(10)))(t)[10], other)
		_, err = s.VoteByID(ctx, 3)
		fails(t, err, social.ErrNotFound)
		ok(t, s.ReplacePoll(ctx, 10, nil))
		same(t, "none", len(must(s.Polls(ctx, ids(10)))(t)), 0)
	})
}

func TestPolls_severalChoices(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		var titles []string
		for i := range social.MaxRemoteOptions {
			titles = append(titles, fmt.Sprint(i))
		}
		publish(t, s, post(10, alice, asks(titles...), func(x *social.Status) { x.Poll.Multiple, x.Poll.Voters = true, -1 }))
		must(s.InsertVotes(ctx, votesOf(anna, 1, 0, 499)))(t)
		same(t, "not the first", must(s.InsertVotes(ctx, votesOf(anna, 3, 7)))(t), false)
		_, err := s.InsertVotes(ctx, votesOf(anna, 4, 7))
		fails(t, err, social.ErrConflict)
		p := must(s.Polls(ctx, ids(10)))(t)[10]
		if len(p.Options) != 500 || p.Options[499].Votes != 1 || p.Options[7].Votes != 1 || p.Options[1].Votes != 0 || p.Voters != -1 {
			t.Errorf("got %d options, %d voters, votes %d %d", len(p.Options), p.Voters, p.Options[499].Votes, p.Options[7].Votes)
		}
		must(s.MarkDeleted(ctx, 10, noon))(t)
		ok(t, s.PurgeStatus(ctx, 10))
		same(t, "goes with its post", len(must(s.Polls(ctx, ids(10)))(t)), 0)
	})
}
