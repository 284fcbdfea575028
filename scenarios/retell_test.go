package scenarios_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

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

// byHand is a lab in which people do things with an app.
type byHand struct {
	t   *testing.T
	lab *lab.Lab
}

// byHandIn starts the lab of the article, and of more people.
func byHandIn(t *testing.T, named string, g lab.Graph, more ...lab.Person) byHand {
	t.Helper()
	p, err := policy.Named(named)
	if err != nil {
		t.Fatal(err)
	}
	plan := lab.Article(p, g)
	plan.People = append(plan.People, more...)
	l, err := lab.NewMemory(t.Context(), plan, lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return byHand{t, l}
}

// as is the app of somebody.
func (b byHand) as(name string) *clientapi.Client {
	b.t.Helper()
	token, h, err := b.lab.Token(b.t.Context(), name)
	if err != nil {
		b.t.Fatal(err)
	}
	return &clientapi.Client{BaseURL: h.Instance.Config.Origin, Token: token, HTTP: b.lab.Client()}
}

// did waits until all has happened that follows from what an app did.
func (b byHand) did(_ any, err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
	b.lab.Tick()
	if err := b.lab.Settle(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
}

// status is the post at uri as somebody's server has it.
func (b byHand) status(name, uri string) clientapi.Status {
	b.t.Helper()
	found, err := b.as(name).Search(b.t.Context(), uri, true)
	if err != nil || len(found.Statuses) != 1 {
		b.t.Fatalf("%s finds %d of %s, %v", name, len(found.Statuses), uri, err)
	}
	return found.Statuses[0]
}

// What was done by hand, with an app, is saved as a script that passes the checker, runs, and leads to the same knowledge.
func TestRetell_leadsToTheSame(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	b := byHandIn(t, "mastodon-4.1", lab.Graphs()[0])
	l, as, did := b.lab, b.as, b.did
	seen := func(name, uri string) string { return b.status(name, uri).ID }
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
	again(t, l, script)
}

// A lab in which nobody has done anything makes a script that runs.
func TestRetell_nothing(t *testing.T) {
	t.Parallel()
	l := byHandIn(t, "mastodon+relay", lab.Graphs()[1]).lab
	script, err := scenarios.Retell(t.Context(), l)
	if err != nil || !strings.Contains(string(script), "canon -> berta") || !strings.Contains(string(script), "academy runs mastodon+relay") {
		t.Errorf("got %v and\n%s", err, script)
	}
}

// again plays a script that was made of a lab: it holds, and leads to the same knowledge.
func again(t *testing.T, l *lab.Lab, script []byte) {
	t.Helper()
	f, problems := play.Load("lab.play", script, scenarios.Vocabulary())
	if len(problems) > 0 {
		t.Fatal(problems.Format(script))
	}
	var then []string
	res, err := scenarios.Run(t.Context(), f, scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) },
		Keep: func(_ context.Context, _ string, log *activitylog.Log) error { then = words(t, log); return nil }})
	if err != nil {
		t.Fatal(err)
	}
	if !res.Passed {
		var b strings.Builder
		_ = scenarios.Text(&b, res, true)
		t.Errorf("the script does not lead to the same:\n%s", b.String())
	}
	if here := words(t, l.Log); strings.Join(here, "\n") != strings.Join(then, "\n") {
		t.Errorf("played again, servers know\n%s\nand knew\n%s\nafter\n%s", strings.Join(then, "\n"), strings.Join(here, "\n"), script)
	}
}

// Whatever people can do by hand comes out: what others are told of, and what stays between them and their own server.
func TestRetell_everyDeed(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	b := byHandIn(t, "mastodon", lab.Graphs()[0], lab.Person{Name: "dora", Server: "academy"})
	l, as, status := b.lab, b.as, b.status
	did := func(made any, err error) {
		t.Helper()
		b.did(made, err)
		l.Tick()
	}
	writes := func(name string, n clientapi.NewStatus) clientapi.Status {
		t.Helper()
		n.Visibility = "public"
		s, err := as(name).Post(ctx, n)
		did(s, err)
		return s
	}
	account := func(name, whom string) string {
		t.Helper()
		_, h, err := l.Account(ctx, whom)
		if err != nil {
			t.Fatal(err)
		}
		found, err := as(name).Search(ctx, "@"+whom+"@"+h.Instance.Host(), true)
		if err != nil || len(found.Accounts) != 1 {
			t.Fatalf("%s finds %d of %s, %v", name, len(found.Accounts), whom, err)
		}
		return found.Accounts[0].ID
	}
	poll := &clientapi.NewPoll{Options: []string{"Tea", "Coffee"}, ExpiresIn: 24 * time.Hour}

	tea := writes("alice", clientapi.NewStatus{Status: "Tea or coffee?", Poll: poll})
	did(as("berta").Vote(ctx, status("berta", tea.URI).Poll.ID, 1))
	did(as("dora").Vote(ctx, status("dora", tea.URI).Poll.ID, 0))
	did(as("berta").Boost(ctx, status("berta", tea.URI).ID, ""))
	did(as("berta").Unboost(ctx, status("berta", tea.URI).ID))
	writes("blaine", clientapi.NewStatus{Status: "Look", QuotedStatusID: status("blaine", tea.URI).ID})
	did(as("alice").Pin(ctx, tea.ID))
	did(as("alice").Unpin(ctx, tea.ID))
	did(as("alice").Pin(ctx, tea.ID))
	did(nil, l.Advance(ctx, 10*time.Minute))
	did(as("canon").AccountAction(ctx, account("canon", "blaine"), "mute"))
	did(nil, as("canon").TagAction(ctx, "tea", "follow"))
	did(nil, as("dora").BlockDomain(ctx, "masto.test"))
	did(as("alice").AccountAction(ctx, account("alice", "blaine"), "block"))
	did(as("alice").AccountAction(ctx, account("alice", "blaine"), "unblock"))
	did(as("blaine").Follow(ctx, account("blaine", "alice")))
	did(as("alice").AccountAction(ctx, account("alice", "canon"), "block"))
	did(nil, l.Advance(ctx, 30*time.Second))
	writes("alice", clientapi.NewStatus{Status: "Who still hears me?"})
	did(nil, l.Move(ctx, "alice", "dora"))
	writes("dora", clientapi.NewStatus{Status: "I live here now"})

	script, err := scenarios.Retell(ctx, l)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`alice posts "Tea or coffee?" as post1 poll "Tea", "Coffee"`, `berta votes for "Coffee" in post1`, `dora votes for "Tea" in post1`,
		"berta undoes boost of post1", `blaine quotes post1 with "Look" as post2`, "alice pins post1", "alice unpins post1", "wait 10m",
		"canon mutes blaine", "canon follows tag tea", "dora blocks masto", "alice blocks blaine", "alice unblocks blaine", "blaine follows alice",
		"alice blocks canon", "alice moves to dora", `dora posts "I live here now" as post4`,
	} {
		if !strings.Contains(string(script), "  "+want) {
			t.Errorf("the script lacks %q; it is\n%s", want, script)
		}
	}
	again(t, l, script)
}
