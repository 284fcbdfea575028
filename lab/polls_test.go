package lab_test

import (
	"testing"
	"time"

	"orrery/clientapi"
	"orrery/federation/rules"
	"orrery/lab"
)

// A poll is voted in from another server; its tallies arrive there three minutes later, and its result at its end.
func TestAPollIsVotedInFromAnotherServer(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l := newLab(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	asked, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Which planet?", Poll: &clientapi.NewPoll{Options: []string{"Mars", "Venus"}, ExpiresIn: time.Hour}})
	must(err)
	must(l.Settle(ctx))
	poll := func(name string) clientapi.Poll {
		t.Helper()
		home, err := as(t, l, name).Home(ctx, clientapi.Cursor{})
		must(err)
		if len(home) != 1 || home[0].Poll == nil {
			t.Fatalf("%s's home has %+v, want the poll", name, home)
		}
		return *home[0].Poll
	}
	_, err = as(t, l, "berta").Vote(ctx, poll("berta").ID, 1)
	must(err)
	must(l.Settle(ctx))
	if got, err := as(t, l, "alice").Poll(ctx, asked.Poll.ID); err != nil || got.VotesCount != 1 || *got.Options[1].VotesCount != 1 || *got.VotersCount != 1 {
		t.Errorf("alice sees %+v, %v; want berta's vote", got, err)
	}
	if got := poll("canon"); got.VotesCount != 0 {
		t.Errorf("canon sees %d votes at once, want none yet", got.VotesCount)
	}
	must(l.Advance(ctx, 3*time.Minute))
	if got := poll("canon"); got.VotesCount != 1 || *got.Options[1].VotesCount != 1 {
		t.Errorf("canon sees %d votes three minutes later, want 1", got.VotesCount)
	}
	if got := poll("berta"); !*got.Voted || got.VotesCount != 1 {
		t.Errorf("berta sees %+v, want her own vote counted once", got)
	}
	must(l.Advance(ctx, time.Hour))
	if got := poll("canon"); !got.Expired {
		t.Errorf("an hour later canon sees %+v, want it over", got)
	}
	for name, want := range map[string]int{"alice": 1, "berta": 0, "canon": 0} {
		if got := notifications(t, l, name, "poll"); got != want {
			t.Errorf("at the end %s was told %d times, want %d", name, got, want)
		}
	}
	must(l.Advance(ctx, 5*time.Minute))
	if got := notifications(t, l, "berta", "poll"); got != 1 {
		t.Errorf("berta, who voted, was told %d times, want once", got)
	}
	met := named(t, l)
	for _, rule := range []rules.ID{rules.DeliverPollAuthor, rules.DeliverVoters, rules.AcceptVote, rules.AcceptTallies} {
		if !met[rule] {
			t.Errorf("nothing in the log names %s", rule)
		}
	}
}

// notifications counts the notifications of a type that somebody has.
func notifications(t *testing.T, l *lab.Lab, name, kind string) int {
	t.Helper()
	ns, err := as(t, l, name).Notifications(t.Context(), clientapi.Cursor{}, kind)
	if err != nil {
		t.Fatal(err)
	}
	return len(ns)
}
