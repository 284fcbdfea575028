package api

import (
	"strings"
	"testing"
	"time"

	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

// A list that was answered is answered again after two questions to the database: who asks, and whether it changed at all.
func TestAnswersAreRepeatedUntilSomethingChanges(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		w := newWorldOn(t, dsn)
		other, err := storage.Open(t.Context(), storage.Options{DSN: dsn, Synchronous: "OFF", Instance: "alpha", URLs: w.URLs, NewID: snowflake.New(w.Now).Next})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { other.Close() })
		ahead := time.Duration(0)
		now := w.Now
		w.Now = func() time.Time { return now().Add(ahead) }
		poll := w.post("alice", "Which?", "poll[options][]=one", "poll[options][]=two", "poll[expires_in]=1800")
		const home, public, news = "/api/v1/timelines/home", "/api/v1/timelines/public", "/api/v1/notifications"
		store := w.Store.(*storage.Store)
		ask := func(as, target string) (body string, queries uint64) {
			before := store.Stats().Queries
			got := w.do(as, "GET", target, "")
			if got.status != 200 {
				t.Fatalf("%s was answered %d: %s", target, got.status, got.body)
			}
			return string(got.body), store.Stats().Queries - before
		}
		again := func(why, as, target string, want bool) string {
			t.Helper()
			body, queries := ask(as, target)
			// All databases of one PostgreSQL count together, so other tests may keep answers from being repeated there.
			if repeated := queries <= 2; repeated != want && (repeated || store.Dialect() == "sqlite") {
				t.Errorf("%s: %s for %q took %d queries, repeated: %t, want %t", why, target, as, queries, repeated, want)
			}
			return body
		}
		for _, target := range []string{home, public, news} {
			again("at first", "alice", target, false)
			again("then", "alice", target, true)
		}
		again("of somebody else", "bob", public, false)
		again("of nobody", "", public, false)
		again("of nobody, then", "", public, true)
		again("another address", "", public+"?limit=1", false)
		brief, _ := social.ParseID(w.post("alice", "Not for long."))
		if body := again("after a post", "alice", home, false); !strings.Contains(body, "Not for long.") {
			t.Errorf("a new post is not shown: %s", body)
		}
		if _, err := other.MarkDeleted(t.Context(), brief, w.Now()); err != nil {
			t.Fatal(err)
		}
		if body := again("after another process changed something", "alice", home, false); strings.Contains(body, "Not for long.") {
			t.Errorf("what another process deleted is shown: %s", body)
		}
		again("after that", "alice", home, true)
		ahead = 31 * time.Minute
		if body := again("when a poll is over", "alice", home, false); !strings.Contains(body, `"expired":true`) {
			t.Errorf("the poll %s is not over: %s", poll, body)
		}
		again("when it has been over", "alice", home, true)
	})
}
