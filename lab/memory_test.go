package lab_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"testing"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/lab"
)

func article() lab.Plan {
	p := policy.Mastodon41()
	return lab.Plan{
		Servers: []lab.Server{{Name: "academy", Policy: p}, {Name: "techhub", Policy: p}, {Name: "masto", Policy: p}},
		People: []lab.Person{
			{Name: "alice", Display: "Alice", Server: "academy"}, {Name: "berta", Server: "techhub"},
			{Name: "blaine", Server: "techhub"}, {Name: "canon", Server: "masto"},
		},
		Follows: []lab.Edge{{Follower: "berta", Followed: "alice"}, {Follower: "canon", Followed: "alice"}},
	}
}

func newLab(t *testing.T) *lab.Lab {
	t.Helper()
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if testing.Verbose() {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	l, err := lab.NewMemory(context.Background(), article(), lab.Memory{Dir: t.TempDir(), Seed: 1, Keys: lab.FixedKeys(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func as(t *testing.T, l *lab.Lab, name string) *clientapi.Client {
	t.Helper()
	token, h, err := l.Token(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	return &clientapi.Client{BaseURL: h.Instance.Config.Origin, Token: token, HTTP: l.Client()}
}

func TestSmoke(t *testing.T) {
	ctx := context.Background()
	l := newLab(t)
	s, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(s.URI)
	if err := l.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	home, err := as(t, l, "berta").Home(ctx, clientapi.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%+v", home)
	es, err := l.Log.Entries(ctx, activitylog.Filter{Limit: 200, Directions: []activitylog.Direction{"in", "out", "local"}})
	if err != nil {
		t.Fatal(err)
	}
	for i := len(es) - 1; i >= 0; i-- {
		e := es[i]
		st := 0
		if e.Answer != nil {
			st = e.Answer.Status
		}
		t.Logf("%-8s %-5s %-9s %-4s %d %s %s | %s", e.Exchange.Instance, e.Exchange.Direction, e.Exchange.Kind, e.Exchange.Method, st, e.Exchange.URL, e.Exchange.Activity.Type, activitylog.Sentence(e, l.Log.Names()))
	}
}
