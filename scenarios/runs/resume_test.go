package runs

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/activitylog/kept"
	"orrery/activitylog/knowledge"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/storage"
	"orrery/storage/storagetest"
)

const script = `scenario "A little one"
about "One post."

servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1

people
  alice on academy
  berta on techhub

follows
  berta -> alice

step "Alice posts"
  alice posts "Hello world" as hello
  settle
  expect hello is on techhub
`

func openStore(t *testing.T) *storage.Store {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := storage.Open(t.Context(), storage.Options{
		DSN: storagetest.SQLite(t), Instance: "lab", Alone: true, NewID: snowflake.New(clock.Real{}.Now).Next, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// open is a desk over a store, as a program that starts has it; atOnce 0 lets everything wait.
func open(t *testing.T, s kept.Store, atOnce int) *Desk {
	t.Helper()
	d := New(s, clock.Real{}, rand.Reader, slog.New(slog.DiscardHandler))
	d.Dir, d.AtOnce = t.TempDir(), atOnce
	if err := d.Resume(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

func take(t *testing.T, d *Desk, policy string) string {
	t.Helper()
	s, problems, err := d.Take(t.Context(), Ask{Owner: "alice", Name: "little.play", Source: script, Policy: policy, Seed: 7})
	if err != nil || len(problems) > 0 {
		t.Fatalf("take a run: %v, %v", problems, err)
	}
	return s.ID
}

// ended waits until a run has ended.
func ended(t *testing.T, d *Desk, id string) State {
	t.Helper()
	for range 1200 {
		s, err := d.State(t.Context(), id)
		if err != nil {
			t.Fatalf("run %s: %v", id, err)
		}
		if s.Phase == Ended {
			return s
		}
		<-time.After(50 * time.Millisecond)
	}
	t.Fatal("the run did not end within a minute")
	return State{}
}

func awaited(t *testing.T, s kept.Store) []kept.Awaited {
	t.Helper()
	all, err := s.AwaitedRuns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestDesk_whatWaitsOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	before := open(t, s, 0)
	first, second, unwanted := take(t, before, ""), take(t, before, "mastodon"), take(t, before, "")
	if err := before.Drop(t.Context(), unwanted); err != nil {
		t.Fatal(err)
	}
	before.Close()

	after := open(t, s, 1)
	for id, policy := range map[string]string{first: "", second: "mastodon"} {
		if got := ended(t, after, id); !got.Passed || got.Policy != policy || got.Seed != 7 || got.Owner != "alice" || got.Source != script {
			t.Errorf("taken up: %+v, want what was asked for, under %q, passed", got.Run, policy)
		}
	}
	if _, err := after.State(t.Context(), unwanted); !errors.Is(err, kept.ErrNoRun) {
		t.Errorf("the run that was dropped: %v, want that there is none", err)
	}
	if all := awaited(t, s); len(all) > 0 {
		t.Errorf("still awaited: %+v", all)
	}
}

// gate holds a run at its very beginning.
type gate struct {
	kept.Store
	there, on chan struct{}
}

func (g gate) BeginRun(ctx context.Context, id string) error {
	err := g.Store.BeginRun(ctx, id)
	g.there <- struct{}{}
	<-g.on
	return err
}

func TestDesk_whatIsUnderWayWhenTheProgramStopsBeginsAgain(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	g := gate{s, make(chan struct{}), make(chan struct{})}
	before := open(t, g, 1)
	id := take(t, before, "")
	<-g.there
	before.mu.Lock()
	gone := before.running[0].ctx
	before.mu.Unlock()
	closed := make(chan struct{})
	go func() { defer close(closed); before.Close() }()
	<-gone.Done()
	close(g.on)
	<-closed
	if all := awaited(t, s); len(all) != 1 || all[0].ID != id || all[0].Begun != 0 {
		t.Fatalf("awaited: %+v, want the run, laid aside on purpose", all)
	}
	if got := ended(t, open(t, s, 1), id); !got.Passed {
		t.Errorf("begun again: %+v, want it passed", got.Run)
	}
}

// A run under which the program ended, twice, is not begun a third time: it may be what ends the program.
func TestDesk_whatTheProgramDiedUnder(t *testing.T) {
	t.Parallel()
	s := openStore(t)
	ctx := t.Context()
	for id, begun := range map[string]int{"once": 1, "twice": 2, "wrong": 0} {
		source := script
		if id == "wrong" {
			source = strings.Replace(source, "berta -> alice", "berta -> nobody", 1)
		}
		if err := s.AwaitRun(ctx, kept.Awaited{ID: id, Name: "little.play", Source: source, Asked: time.Unix(1, 0).UTC(), Begun: begun}); err != nil {
			t.Fatal(err)
		}
	}
	d := open(t, s, 1)
	if got := ended(t, d, "once"); !got.Passed {
		t.Errorf("after one end of the program: %+v, want it run again", got.Run)
	}
	for id, want := range map[string]string{"twice": "ended 2 times", "wrong": "no longer right"} {
		got, err := d.State(ctx, id)
		if err != nil || got.Phase != Ended || got.Passed || got.Title != "A little one" {
			t.Fatalf("%s: %+v, %v; want it ended, not passed", id, got, err)
		}
		if o, err := OutcomeOf(got.Run); err != nil || !strings.Contains(o.Stopped, want) || o.Unkept == "" {
			t.Errorf("%s: stopped because %q, %v; want %q", id, o.Stopped, err, want)
		}
		if _, err := kept.Read(got.Log); err != nil {
			t.Errorf("%s: its log cannot be read: %v", id, err)
		}
	}
}

// What a policy tells of a server, and its log cannot, is there after the run as it was in it.
func TestDesk_keepsWhatPoliciesTell(t *testing.T) {
	t.Parallel()
	d := open(t, openStore(t), 1)
	got := ended(t, d, take(t, d, "lemmy"))
	logs, err := kept.Read(got.Log)
	if err != nil || len(logs) != 1 {
		t.Fatalf("%d logs, %v; want one", len(logs), err)
	}
	want := []knowledge.Server{{Name: "academy", Community: true}, {Name: "techhub", Community: true}}
	if !slices.Equal(logs[0].Known, want) {
		t.Errorf("known of its servers: %+v, want %+v", logs[0].Known, want)
	}
}
