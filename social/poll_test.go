package social_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

func asks(options ...string) *social.PollDraft {
	return &social.PollDraft{Options: options, ExpiresIn: time.Hour}
}

func TestPollDraft(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		draft *social.PollDraft
		says  string // "" when it is good
	}{
		"two":               {asks("a", "b"), ""},
		"four":              {asks("a", "b", "c", "d"), ""},
		"empty ones fall":   {asks("a", " ", "b", "", " c", "d "), ""},
		"one":               {asks("a", " "), "2 to 4"},
		"five":              {asks("a", "b", "c", "d", "e"), "2 to 4"},
		"fifty, in letters": {asks("a", strings.Repeat("é", 50)), ""},
		"fifty-one":         {asks("a", strings.Repeat("x", 51)), "too long"},
		"the same":          {asks("a", " a"), "twice"},
		"too short":         {&social.PollDraft{Options: []string{"a", "b"}, ExpiresIn: 299 * time.Second}, "five minutes"},
		"shortest":          {&social.PollDraft{Options: []string{"a", "b"}, ExpiresIn: 300 * time.Second}, ""},
		"longest":           {&social.PollDraft{Options: []string{"a", "b"}, ExpiresIn: social.MaxPollTime}, ""},
		"too long":          {&social.PollDraft{Options: []string{"a", "b"}, ExpiresIn: social.MaxPollTime + 1}, "one month"},
	} {
		err := social.CheckPoll(tt.draft)
		switch {
		case tt.says == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case tt.says != "" && (!errors.Is(err, social.ErrInvalid) || !strings.Contains(err.Error(), tt.says)):
			t.Errorf("%s: %v, want it to say %q", name, err, tt.says)
		}
	}
}

func TestVote(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob, carl := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carl")
		publish := func(d social.Draft) social.Status {
			t.Helper()
			s, err := w.Statuses.Publish(ctx, alice.ID, d)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		one := publish(social.Draft{Text: "one?", Poll: asks("a", "b")})
		many := publish(social.Draft{Text: "many?", Poll: &social.PollDraft{Options: []string{"a", "b", "c"}, Multiple: true, ExpiresIn: time.Hour}})
		private := publish(social.Draft{Text: "psst", Visibility: social.Private, Poll: asks("a", "b")})
		plain := publish(social.Draft{Text: "no question"})
		vote := func(who social.Account, s social.Status, choices ...int) error {
			return w.Polls.Vote(ctx, who.ID, s.ID, choices)
		}
		for name, tt := range map[string]struct {
			err  error
			want error
		}{
			"own poll":     {vote(alice, one, 0), social.ErrInvalid},
			"nothing":      {vote(bob, one), social.ErrInvalid},
			"both of one":  {vote(bob, one, 0, 1), social.ErrInvalid},
			"no such":      {vote(bob, one, 2), social.ErrInvalid},
			"below":        {vote(bob, one, -1), social.ErrInvalid},
			"one twice":    {vote(bob, many, 1, 1), social.ErrInvalid},
			"no poll":      {vote(bob, plain, 0), social.ErrNotFound},
			"out of sight": {vote(bob, private, 0), social.ErrNotFound},
			"no post":      {w.Polls.Vote(ctx, bob.ID, 77, []int{0}), social.ErrNotFound},
		} {
			if !errors.Is(tt.err, tt.want) {
				t.Errorf("%s: %v, want %v", name, tt.err, tt.want)
			}
		}
		for _, err := range []error{vote(bob, one, 1), vote(carl, many, 0, 2), vote(carl, many, 1)} {
			if err != nil {
				t.Error(err)
			}
		}
		if err := vote(bob, one, 0); !errors.Is(err, social.ErrInvalid) {
			t.Errorf("voting again: %v", err)
		}
		got, err := w.Reader.Status(ctx, carl.ID, many.ID)
		if err != nil || got.Poll.Voters != 1 || got.Poll.Votes() != 3 || len(got.Poll.Own) != 3 {
			t.Errorf("the poll of many is %+v, %v", got.Poll, err)
		}
		w.clock.Advance(time.Hour)
		if err := vote(carl, one, 0); !errors.Is(err, social.ErrInvalid) {
			t.Errorf("voting when it is over: %v", err)
		}
		for range 2 {
			if err := w.Store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error { return w.Polls.TellEnd(ctx, tx, one) }); err != nil {
				t.Fatal(err)
			}
		}
		for who, want := range map[social.ID]int{alice.ID: 1, bob.ID: 1, carl.ID: 0} {
			ns, err := w.Reader.Notifications(ctx, who, social.NotificationFilter{Types: []social.NotificationType{social.NotifyPoll}}, social.Page{Limit: 9})
			if err != nil || len(ns) != want {
				t.Errorf("%d was told of the end %d times, %v; want %d", who, len(ns), err, want)
			}
		}
	})
}

// federation.md §9.7.
func TestPolls_Show(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		poll social.Poll
		want bool
	}{
		"never read":             {social.Poll{}, true},
		"a minute ago":           {social.Poll{FetchedAt: now.Add(-time.Minute)}, false},
		"more than a minute ago": {social.Poll{FetchedAt: now.Add(-61 * time.Second)}, true},
		"after its end":          {social.Poll{FetchedAt: now.Add(-time.Hour), ExpiresAt: now.Add(-2 * time.Hour)}, false},
		"before its end":         {social.Poll{FetchedAt: now.Add(-time.Hour), ExpiresAt: now.Add(-30 * time.Minute)}, true},
	} {
		if got := social.StalePoll(&tt.poll, now); got != tt.want {
			t.Errorf("%s: stale %v, want %v", name, got, tt.want)
		}
	}
}
