package scenarios_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/lab"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// words are the cells of everybody's knowledge, in the order in which posts were written.
func words(t *testing.T, log *activitylog.Log) []string {
	t.Helper()
	r := knowledge.NewRecord(log)
	if err := r.Read(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, row := range r.Matrix(r.Posts(knowledge.Now), knowledge.Now).Rows {
		for _, c := range row.Cells {
			all = append(all, row.Visibility+" "+c.Server+" "+c.Word)
		}
	}
	return all
}

// What was done by hand, with an app, is saved as a script that passes the checker, runs, and leads to the same knowledge.
func TestRetell_leadsToTheSame(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	p, err := policy.Named("mastodon-4.1")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.NewMemory(ctx, lab.Article(p, lab.Graphs()[0]), lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	as := func(name string) *clientapi.Client {
		token, h, err := l.Token(ctx, name)
		if err != nil {
			t.Fatal(err)
		}
		return &clientapi.Client{BaseURL: h.Instance.Config.Origin, Token: token, HTTP: l.Client()}
	}
	did := func(_ any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		l.Tick()
		if err := l.Settle(ctx); err != nil {
			t.Fatal(err)
		}
	}
	seen := func(name, uri string) string {
		t.Helper()
		found, err := as(name).Search(ctx, uri, true)
		if err != nil || len(found.Statuses) != 1 {
			t.Fatalf("%s finds %d of %s, %v", name, len(found.Statuses), uri, err)
		}
		return found.Statuses[0].ID
	}
	hello, err := as("alice").Post(ctx, clientapi.NewStatus{Status: "Hello \"world\"\nHow is @berta@techhub?", SpoilerText: "Greeting", Visibility: "public"})
	did(hello, err)
	r1, err := as("berta").Post(ctx, clientapi.NewStatus{Status: "@alice@academy Fine", InReplyToID: seen("berta", hello.URI), Visibility: "public"})
	did(r1, err)
	did(as("canon").Favourite(ctx, seen("canon", hello.URI)))
	did(as("canon").Unfavourite(ctx, seen("canon", hello.URI)))
	did(as("blaine").Boost(ctx, seen("blaine", hello.URI), ""))
	quiet, err := as("alice").Post(ctx, clientapi.NewStatus{Status: "For my followers", Visibility: "private"})
	did(quiet, err)
	did(as("alice").Edit(ctx, quiet.ID, clientapi.NewStatus{Status: "For my followers only"}))
	did(as("alice").Edit(ctx, quiet.ID, clientapi.NewStatus{Status: "For my dear followers only"}))
	if err := l.Advance(ctx, 1e9*90); err != nil {
		t.Fatal(err)
	}
	poll, err := as("canon").Post(ctx, clientapi.NewStatus{Status: "Tea?", Visibility: "public"})
	did(poll, err)
	did(as("alice").Search(ctx, poll.URI, true))
	gone, err := as("alice").Post(ctx, clientapi.NewStatus{Status: "A slip", Visibility: "unlisted"})
	did(gone, err)
	did(as("alice").Delete(ctx, gone.ID))
	did(nil, l.Unfollow(ctx, lab.Edge{Follower: "canon", Followed: "alice"}))
	last, err := as("alice").Post(ctx, clientapi.NewStatus{Status: "Who still hears me?", Visibility: "public"})
	did(last, err)

	script, err := scenarios.Retell(ctx, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"canon  -> alice", `alice posts "Hello \"world\"\nHow is @berta?" as post1 warning "Greeting"`, `berta replies to post1 with "@alice Fine" as reply1`,
		"canon likes post1", "canon undoes like of post1", "blaine boosts post1", "as post2 visibly private", `alice edits post2 to "For my dear followers only"`,
		"wait 1m31s", "alice searches for post3", "alice deletes post4", "canon unfollows alice", "expect post4 is deleted on academy, techhub, masto", "expect post5 is on academy, techhub", "expect post5 is not on masto",
	} {
		if !strings.Contains(strings.ReplaceAll(string(script), "canon -> ", "canon  -> "), want) {
			t.Errorf("the script lacks %q; it is\n%s", want, script)
		}
	}
	f, problems := play.Load("lab.play", script, scenarios.Vocabulary())
	if len(problems) > 0 {
		t.Fatal(problems.Format(script))
	}
	var again []string
	res, err := scenarios.Run(ctx, f, scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) },
		Keep: func(_ context.Context, _ string, log *activitylog.Log) error { again = words(t, log); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Passed {
		var b strings.Builder
		_ = scenarios.Text(&b, res, true)
		t.Errorf("the script does not lead to the same:\n%s", b.String())
	}
	if here := words(t, l.Log); strings.Join(here, "\n") != strings.Join(again, "\n") {
		t.Errorf("played again, servers know\n%s\nand knew\n%s\nafter\n%s", strings.Join(again, "\n"), strings.Join(here, "\n"), script)
	}
}

// A lab in which nobody has done anything makes a script that runs.
func TestRetell_nothing(t *testing.T) {
	t.Parallel()
	p, err := policy.Named("mastodon+relay")
	if err != nil {
		t.Fatal(err)
	}
	l, err := lab.NewMemory(t.Context(), lab.Article(p, lab.Graphs()[1]), lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	script, err := scenarios.Retell(t.Context(), l)
	if err != nil || !strings.Contains(string(script), "canon -> berta") || !strings.Contains(string(script), "academy runs mastodon+relay") {
		t.Errorf("got %v and\n%s", err, script)
	}
}
