package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

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

// Of several who ask for the same at once, one has it made, and all get it; what failed is nobody's answer but that one's.
func TestAnswersAreMadeOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var made atomic.Int32
	list := w.kept(func(r *request) error {
		if made.Add(1) == 1 && r.Path() == "/broken" {
			return errNotFound
		}
		return r.json("made")
	})
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true})
	app.Get("/*", func(c *fiber.Ctx) error { return list(&request{Ctx: c, api: w.API, ctx: c.UserContext()}) })
	ask := func(path string) int {
		res, err := app.Test(httptest.NewRequest(http.MethodGet, path, nil), -1)
		if err != nil {
			t.Error(err)
			return 0
		}
		defer res.Body.Close()
		return res.StatusCode
	}
	if got := ask("/broken"); got == http.StatusOK || ask("/broken") != http.StatusOK {
		t.Errorf("what failed was answered %d, and is to be made again", got)
	}
	made.Store(0)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if got := ask("/list"); got != http.StatusOK {
				t.Errorf("answered %d", got)
			}
		})
	}
	all.Wait()
	if n := made.Load(); n != 1 {
		t.Errorf("made %d times for 8 who asked at once, want 1", n)
	}
}
