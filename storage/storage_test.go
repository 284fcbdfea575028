package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"orrery/activitylog"
	"orrery/social"
	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

// noon is the time at which tests begin.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func each(t *testing.T, fn func(t *testing.T, s *Store)) {
	t.Helper()
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) { fn(t, open(t, dsn, activitylog.NewPositions(0))) })
}

func open(t testing.TB, dsn string, seq activitylog.Sequencer) *Store {
	t.Helper()
	var last atomic.Int64
	last.Store(1_000_000)
	s, err := Open(t.Context(), Options{
		DSN: dsn, Synchronous: "OFF", Instance: "academy", Positions: seq, NewID: func() int64 { return last.Add(1) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("got error %v, want %v", err, want)
	}
}

// must returns v, for calls with one result and an error: must(f())(t).
func must[T any](v T, err error) func(t testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		ok(t, err)
		return v
	}
}

// same leaves stamps to tests of theirs.
func same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(social.Status{}, "Stamp"), cmpopts.IgnoreFields(social.Account{}, "Stamp")); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func ids(n ...social.ID) []social.ID { return n }

// people inserts alice (1) and anna (2), who live here, and berta (3) and carl (4), who live on techhub.test.
func people(t testing.TB, s *Store) {
	t.Helper()
	for i, name := range []string{"alice", "anna", "berta", "carl"} {
		a := social.Account{ID: social.ID(i + 1), Username: name, ActorType: "Person", CreatedAt: noon}
		host := "academy.test"
		if i > 1 {
			a.Domain, host = "techhub.test", "techhub.test"
		}
		a.URI = "https://" + host + "/users/" + name
		a.InboxURL, a.KeyID = a.URI+"/inbox", a.URI+"#main-key"
		ok(t, s.InsertAccount(t.Context(), a, ""))
	}
}

const (
	alice social.ID = iota + 1
	anna
	berta
	carl
)

// post makes a public status; change may say otherwise.
func post(id, author social.ID, change ...func(*social.Status)) social.Status {
	x := social.Status{
		ID: id, URI: fmt.Sprintf("https://academy.test/s/%d", id), AccountID: author, Visibility: social.Public,
		Content: "<p>Hello</p>", ObjectType: "Note", Local: author < berta, CreatedAt: noon.Add(time.Duration(id) * time.Second),
	}
	for _, c := range change {
		c(&x)
	}
	return x
}

func replyTo(parent, author social.ID) func(*social.Status) {
	return func(x *social.Status) {
		x.ReplyToID, x.ReplyToURI, x.ReplyToAccountID = parent, fmt.Sprintf("https://academy.test/s/%d", parent), author
	}
}

func boostOf(id social.ID) func(*social.Status) {
	return func(x *social.Status) { x.BoostOfID, x.Content, x.ObjectType = id, "", "" }
}

func seen(v social.Visibility) func(*social.Status) {
	return func(x *social.Status) { x.Visibility = v }
}

func publish(t testing.TB, s *Store, all ...social.Status) {
	t.Helper()
	for _, x := range all {
		ok(t, s.InsertStatus(t.Context(), x))
	}
}

func TestTxKeepsAllOrNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		boom := errors.New("boom")
		var ends []bool
		err := s.Tx(ctx, func(ctx context.Context, tx *Store) error {
			tx.AfterEnd(func(committed bool) { ends = append(ends, committed) })
			ok(t, tx.InsertTombstone(ctx, 1, "https://x.test/outer", noon))
			inner := tx.Tx(ctx, func(ctx context.Context, tx *Store) error {
				tx.AfterEnd(func(committed bool) { ends = append(ends, committed) })
				ok(t, tx.InsertTombstone(ctx, 1, "https://x.test/inner", noon))
				return boom
			})
			fails(t, inner, boom)
			return nil
		})
		ok(t, err)
		fails(t, s.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
			ok(t, tx.InsertTombstone(ctx, 1, "https://x.test/undone", noon))
			return boom
		}), boom)
		for uri, want := range map[string]bool{"outer": true, "inner": false, "undone": false} {
			if got := must(s.TakenBack(ctx, 0, "https://x.test/"+uri, noon))(t); got != want {
				t.Errorf("tombstone %s: got %v, want %v", uri, got, want)
			}
		}
		same(t, "AfterEnd", ends, []bool{true, false})
	})
}

func TestTxIsOverWhenItsFunctionReturns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		var kept *Store
		ok(t, s.Tx(t.Context(), func(_ context.Context, tx *Store) error { kept = tx; return nil }))
		_, err := kept.TakenBack(t.Context(), 0, "https://x.test/", noon)
		fails(t, err, sqldb.ErrTxDone)
	})
}

func TestTextThatPostgreSQLRefusesIsReplaced(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		publish(t, s, post(10, alice, func(x *social.Status) { x.Content = "a\x00b\xffc" }))
		got := must(s.StatusByID(t.Context(), 10))(t)
		if want := "a\uFFFDb\uFFFDc"; got.Content != want {
			t.Errorf("content is %q, want %q", got.Content, want)
		}
	})
}

func TestOpenAsksForIDs(t *testing.T) {
	t.Parallel()
	_, err := Open(t.Context(), Options{DSN: storagetest.SQLite(t)})
	if err == nil || !strings.Contains(err.Error(), "NewID") {
		t.Errorf("got %v, want an error that names NewID", err)
	}
}

func TestOpenAgainKeepsEverything(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		o := Options{DSN: dsn, Synchronous: "OFF", NewID: func() int64 { return 1 }}
		first := must(Open(t.Context(), o))(t)
		people(t, first)
		ok(t, first.Close())
		second := must(Open(t.Context(), o))(t)
		defer second.Close()
		if a := must(second.AccountByID(t.Context(), alice))(t); a.Username != "alice" {
			t.Errorf("got %q, want alice", a.Username)
		}
	})
}
