package api

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// limited is a world with Mastodon's limits whose clock stands still until it is moved.
func limited(t *testing.T) (w *world, pass func(time.Duration)) {
	w = newWorld(t)
	now := time.Date(2026, 3, 1, 12, 0, 30, 0, time.UTC)
	w.Now = func() time.Time { return now }
	w.Limits.Generosity = 1
	return w, func(d time.Duration) { now = now.Add(d) }
}

// from sends as somebody behind a proxy.
func (w *world) from(address, as, method, target, form string) answer {
	req := httptest.NewRequest(method, target, strings.NewReader(form))
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("X-Forwarded-For", "192.0.2.99, "+address)
	return w.send(as, req)
}

// Each family gives as much as Mastodon's, then 429, and again as much when its window is over.
func TestLimits_families(t *testing.T) {
	t.Parallel()
	const here, stranger = "192.0.2.1", "192.0.2.2"
	for _, tt := range []struct {
		name, as, method, target, form string
		most                           int
		period                         time.Duration
		first                          string // what is left after the first
	}{
		{"a token", "alice", "GET", "/api/v1/preferences", "", 300, 5 * time.Minute, "299"},
		{"a stranger", "", "GET", "/api/v1/instance/rules", "", 300, 5 * time.Minute, "299"},
		{"an upload that is none", "alice", "POST", "/api/v2/media", "", 30, 30 * time.Minute, "29"},
		{"a delete of nothing", "alice", "DELETE", "/api/v1/statuses/17", "", 30, 30 * time.Minute, "29"},
		{"unreblogs", "alice", "POST", "/api/v1/statuses/17/unreblog", "", 30, 30 * time.Minute, "29"},
		{"programs", "", "POST", "/api/v1/apps", "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob", 5, 10 * time.Minute, "4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w, pass := limited(t)
			send := func() answer { return w.from(here, tt.as, tt.method, tt.target, tt.form) }
			got := send()
			if got.header.Get("X-RateLimit-Limit") != strconv.Itoa(tt.most) || got.header.Get("X-RateLimit-Remaining") != tt.first {
				t.Errorf("first: %d %v, want %s of %d left", got.status, got.header, tt.first, tt.most)
			}
			if reset, want := got.header.Get("X-RateLimit-Reset"), w.Now().Truncate(tt.period).Add(tt.period).Format("2006-01-02T15:04:05.000000Z"); reset != want {
				t.Errorf("X-RateLimit-Reset %s, want %s", reset, want)
			}
			for i := range tt.most - 1 {
				if got = send(); got.status == http.StatusTooManyRequests {
					t.Fatalf("request %d of %d is refused", i+2, tt.most)
				}
			}
			got = send()
			if got.status != http.StatusTooManyRequests || string(got.body) != `{"error":"Too many requests"}` || got.header.Get("X-RateLimit-Remaining") != "0" {
				t.Errorf("one too many: %d %s %v", got.status, got.body, got.header)
			}
			if got := w.from(stranger, "bob", tt.method, tt.target, tt.form); got.status == http.StatusTooManyRequests {
				t.Errorf("somebody else is refused too: %s", got.body)
			}
			pass(tt.period)
			if got := send(); got.status == http.StatusTooManyRequests {
				t.Errorf("in the next window: %d %s", got.status, got.body)
			}
		})
	}
}

// What people do is counted when it was done.
func TestLimits_countWhatWasDone(t *testing.T) {
	t.Parallel()
	w, _ := limited(t)
	w.Limits.Generosity = 0.01 // 3 posts, 4 follows, 4 reports, 3 requests of a token
	left := func(got answer) string { return got.header.Get("X-RateLimit-Remaining") }
	again := func() { // as if with another token
		w.Limits.mu.Lock()
		defer w.Limits.mu.Unlock()
		delete(w.Limits.windows, "tokens "+social.Hash(w.tokens["alice"]))
	}
	for range 5 {
		w.fails("alice", "POST", "/api/v1/statuses", "status=", 422)
		again()
	}
	for i := range 3 {
		got := w.do("alice", "POST", "/api/v1/statuses", "status=hello")
		again()
		if got.status != http.StatusOK || left(got) != strconv.Itoa(2-i) {
			t.Errorf("post %d: %d, %s left, want %d", i+1, got.status, left(got), 2-i)
		}
	}
	if got := w.do("alice", "POST", "/api/v1/statuses", "status=hello"); got.status != http.StatusTooManyRequests {
		t.Errorf("a fourth post: %d %s, want 429", got.status, got.body)
	}
}

func TestLimits_offUnlessAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for range 8 {
		if got := w.from("192.0.2.1", "", "POST", "/api/v1/apps", "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob"); got.status != http.StatusOK || got.header.Get("X-RateLimit-Limit") != "" {
			t.Fatalf("%d %v, want no limit", got.status, got.header)
		}
	}
}

// Who comes through a proxy that does not say for whom shares no limit with others; an IPv6 network is one sender.
func TestLimits_senders(t *testing.T) {
	t.Parallel()
	w, _ := limited(t)
	apply := func(address string) answer {
		return w.from(address, "", "POST", "/api/v1/apps", "client_name=x&redirect_uris=urn:ietf:wg:oauth:2.0:oob")
	}
	for _, address := range []string{"", "10.0.0.1", "nonsense", "127.0.0.1"} {
		if got := apply(address); got.header.Get("X-RateLimit-Limit") != "" {
			t.Errorf("from %q: %v, want no limit", address, got.header)
		}
	}
	for i, address := range []string{"2001:db8::1", "2001:db8::2", "2001:db8::3:4", "2001:db8::5", "2001:db8::6"} {
		if got := apply(address); got.header.Get("X-RateLimit-Remaining") != strconv.Itoa(4-i) {
			t.Errorf("from %s: %v, want %d left", address, got.header, 4-i)
		}
	}
	if got := apply("2001:db8:0:1::1"); got.status != http.StatusOK {
		t.Errorf("from another network: %d, want 200", got.status)
	}
}
