package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// Every family has Mastodon's number and period (behaviours.md §3): the last that is left is given, the next refused until the
// period is over, and the headers say so. What was counted before is put there, as hundreds of requests would take long.
func TestLimits_everyFamily(t *testing.T) {
	t.Parallel()
	const here = "192.0.2.1"
	minutes := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	tests := []struct {
		family               string
		most                 int
		period               time.Duration
		sender               func(w *world) string
		as                   string
		method, target, form string
		fits                 int // the status of the one that is let through
	}{
		{"people", 1500, minutes(5), theirID, "alice", "GET", "/api/v1/preferences", "", 200},
		{"tokens", 300, minutes(5), theirToken, "alice", "GET", "/api/v1/preferences", "", 200},
		{"strangers", 300, minutes(5), theirAddress, "", "GET", "/api/v1/timelines/public", "", 200},
		{"paging", 300, minutes(15), theirID, "alice", "GET", "/api/v1/timelines/home?max_id=9", "", 200},
		{"paging", 300, minutes(15), theirID, "alice", "GET", "/api/v1/timelines/home?min_id=9", "", 200},
		{"paging", 300, minutes(15), theirID, "alice", "GET", "/api/v1/notifications?since_id=9", "", 200},
		{"paging", 300, minutes(15), theirID, "alice", "GET", "/api/v2/search?q=x&offset=1", "", 200},
		{"strangers' paging", 300, minutes(15), theirAddress, "", "GET", "/api/v1/timelines/public?max_id=9", "", 200},
		{"uploads", 30, minutes(30), theirID, "alice", "POST", "/api/v1/media", "", 422},
		{"uploads", 30, minutes(30), theirID, "alice", "POST", "/api/v2/media", "", 422},
		{"deletes", 30, minutes(30), theirID, "alice", "DELETE", "/api/v1/statuses/17", "", 404},
		{"deletes", 30, minutes(30), theirID, "alice", "POST", "/api/v1/statuses/17/unreblog", "", 404},
		{"programs", 5, minutes(10), theirAddress, "", "POST", "/api/v1/apps", "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob", 200},
		{"sign-ups", 5, minutes(30), theirAddress, "program", "POST", "/api/v1/accounts", "username=NAME&email=NAME@mail.test&password=correct+horse&agreement=1", 200},
		{"statuses", 300, 3 * time.Hour, theirID, "alice", "POST", "/api/v1/statuses", "status=hello", 200},
		{"statuses", 300, 3 * time.Hour, theirID, "alice", "POST", "/api/v1/statuses/POST/reblog", "", 200},
		{"follows", 400, 24 * time.Hour, theirID, "alice", "POST", "/api/v1/accounts/BOB/follow", "", 200},
		{"reports", 400, 24 * time.Hour, theirID, "alice", "POST", "/api/v1/reports", "account_id=BOB", 200},
	}
	covered := map[string]bool{}
	for _, tt := range tests {
		covered[tt.family] = true
		t.Run(tt.family+" "+tt.method+" "+tt.target, func(t *testing.T) {
			t.Parallel()
			w, pass := limited(t)
			w.opens(social.Registration{Mode: social.RegistrationsForAll})
			w.program()
			post, n := w.post("bob", "hello"), 0
			key := tt.family + " " + tt.sender(w)
			w.Limits.mu.Lock()
			w.Limits.sweep(w.Now())
			clear(w.Limits.windows)
			w.Limits.windows[key] = window{ends: w.Now().Truncate(tt.period).Add(tt.period), n: tt.most - 1}
			w.Limits.mu.Unlock()
			send := func() answer {
				n++
				say := strings.NewReplacer("NAME", fmt.Sprintf("p%d", n), "BOB", w.id("bob"), "POST", post).Replace
				return w.from(here, tt.as, tt.method, say(tt.target), say(tt.form))
			}
			says := func(got answer, status int) {
				t.Helper()
				want := [3]string{strconv.Itoa(tt.most), "0", w.Now().Truncate(tt.period).Add(tt.period).UTC().Format("2006-01-02T15:04:05.000000Z")}
				header := [3]string{got.header.Get("X-RateLimit-Limit"), got.header.Get("X-RateLimit-Remaining"), got.header.Get("X-RateLimit-Reset")}
				if got.status != status || tt.fits == status && status/100 == 2 && header != want || status == 429 && header != want {
					t.Errorf("answered %d %v %.200s, want %d %v", got.status, header, got.body, status, want)
				}
			}
			says(send(), tt.fits)
			got := send()
			says(got, http.StatusTooManyRequests)
			if string(got.body) != `{"error":"Too many requests"}` {
				t.Errorf("says %s", got.body)
			}
			pass(tt.period)
			if got := send(); got.status != tt.fits {
				t.Errorf("in the next period: %d %s, want %d", got.status, got.body, tt.fits)
			}
		})
	}
	for _, f := range families {
		if !covered[f.name] {
			t.Errorf("the family %s has no test", f.name)
		}
	}
}

func theirID(w *world) string    { return w.id("alice") }
func theirToken(w *world) string { return social.Hash(w.tokens["alice"]) }
func theirAddress(*world) string { return "192.0.2.1" }

// program gives a token to a program that nobody is behind.
func (w *world) program() {
	w.t.Helper()
	app, _, err := w.SignIns.App(w.t.Context(), social.App{Name: "toot", RedirectURIs: []string{social.OutOfBand}, Scopes: "read write"})
	if err == nil {
		w.tokens["program"], _, err = w.SignIns.Token(w.t.Context(), 0, app.ID, "read write")
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// Pages and programs of one person share what they may do.
func TestLimits_countPagesToo(t *testing.T) {
	t.Parallel()
	w, pass := limited(t)
	w.Limits.Generosity = 0.01 // 4 follows
	for range 3 {
		if _, err := w.Limits.Count(w.Now(), "follows", w.people["alice"].ID); err != nil {
			t.Fatal(err)
		}
	}
	undo, err := w.Limits.Count(w.Now(), "follows", w.people["alice"].ID)
	if err != nil {
		t.Fatal(err)
	}
	w.fails("alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", "", http.StatusTooManyRequests)
	undo()
	if got := w.do("alice", "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", ""); got.status != http.StatusOK {
		t.Errorf("after one was taken back: %d %s", got.status, got.body)
	}
	if _, err := w.Limits.Count(w.Now(), "follows", w.people["alice"].ID); !errors.Is(err, social.ErrThrottled) {
		t.Errorf("a fifth on a page: %v, want throttled", err)
	}
	if _, err := w.Limits.Count(w.Now(), "follows", w.people["bob"].ID); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	pass(24 * time.Hour)
	if _, err := w.Limits.Count(w.Now(), "follows", w.people["alice"].ID); err != nil {
		t.Errorf("the next day: %v", err)
	}
}
