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
	"orrery/storage/storagetest/prepared"
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
	l, err := lab.NewMemory(context.Background(), article(), lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// quietLog is what servers say to their operators, read only with -v.
func quietLog() *slog.Logger {
	if testing.Verbose() {
		return slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	return slog.New(slog.NewTextHandler(io.Discard, nil))
}

func as(t *testing.T, l *lab.Lab, name string) *clientapi.Client {
	t.Helper()
	token, h, err := l.Token(context.Background(), name)
	if err != nil {
		t.Fatal(err)
	}
	return &clientapi.Client{BaseURL: h.Instance.Config.Origin, Token: token, HTTP: l.Client()}
}

func TestNewMemory_settles(t *testing.T) {
	ctx := context.Background()
	l := newLab(t)
	if _, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"}); err != nil {
		t.Fatal(err)
	}
	home := func() []clientapi.Status {
		t.Helper()
		posts, err := as(t, l, "berta").Home(ctx, clientapi.Cursor{})
		if err != nil {
			t.Fatal(err)
		}
		return posts
	}
	if got := home(); len(got) != 0 {
		t.Errorf("before settling berta's home has %d posts, want 0: an action runs no background work", len(got))
	}
	if err := l.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if got := home(); len(got) != 1 || got[0].Content != "<p>Hello world</p>" {
		t.Errorf("after settling berta's home has %+v, want alice's post", got)
	}
	deliveries, err := l.Log.Entries(ctx, activitylog.Filter{Type: "Create", Directions: []activitylog.Direction{activitylog.Out}})
	if err != nil {
		t.Fatal(err)
	}
	if len(deliveries) != 2 {
		t.Errorf("%d deliveries, want one to each of two servers", len(deliveries))
	}
	last, err := l.Log.LastPosition(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if again, err := l.Log.LastPosition(ctx); err != nil || again != last {
		t.Errorf("settling again moved the log from %d to %d (%v)", last, again, err)
	}
}

// Apps draw avatar and header of every account, so the image of those without one must be there.
func TestAccountsWithoutImageHaveOne(t *testing.T) {
	ctx := context.Background()
	l := newLab(t)
	me, err := as(t, l, "alice").VerifyCredentials(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{me.Avatar, me.AvatarStatic, me.Header} {
		res, err := l.Client().Get(address)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != 200 || res.Header.Get("Content-Type") != "image/png" {
			t.Errorf("GET %s: %d %s, want an image", address, res.StatusCode, res.Header.Get("Content-Type"))
		}
	}
}
