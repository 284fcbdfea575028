package observatory

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// secret stands in everything of what is not public.
const secret = "sesame"

// private adds alice's message to canon, with what it caused, as both servers recorded it.
func (w *world) private() (action, sent, received activitylog.ID, object string) {
	w.t.Helper()
	alice, canon := actor("alice", "academy"), actor("canon", "masto")
	s := activitylog.Summary{ID: alice + "/statuses/" + secret + "/activity", Type: "Create", Actor: alice, Object: alice + "/statuses/" + secret, ObjectType: "Note",
		To: []string{canon}, Excerpt: "<p>open " + secret + "</p>"}
	action = w.add(note{server: "academy", st: activitylog.State{Carrier: alice, Author: alice, Outcome: observe.Accepted}, answer: &activitylog.Answer{},
		facts: []observe.Fact{
			observe.Learned{Rule: rules.LearnLocal, Object: s.Object, ObjectType: "Note", Author: alice, Visibility: "direct"},
			observe.Queued{Rule: rules.DeliverMention, What: "deliver", Target: "http://" + host("masto") + "/" + secret, Activity: s.ID, For: []string{canon}}},
		x: activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: s, Carrier: alice}})
	sent, received = w.deliver("academy", "masto", s, alice, rules.DeliverMention, action, action, activitylog.State{Outcome: observe.Accepted, Rule: rules.AcceptAddressed},
		verified(alice), observe.Learned{Rule: rules.LearnDelivered, Object: s.Object, ObjectType: "Note", Author: alice, Visibility: "direct"})
	return action, sent, received, s.Object
}

// served makes w the log of servers that strangers look at; X-Me says who does.
func (w *world) served() {
	w.o.Lab = nil
	w.o.Viewer = func(c *fiber.Ctx) (string, bool) { return c.Get("X-Me"), c.Get("X-Me") == "operator" }
}

// shownTo asks for path as somebody.
func (w *world) shownTo(me, path string) (status int, body string) {
	w.t.Helper()
	res, body := w.ask(w.t, http.MethodGet, path, "", "X-Me", me)
	return res.StatusCode, body
}

// Whatever address of the log somebody asks for: of what is private, only those who took part in it and the operator hear.
func TestEveryAddress_keeps_what_is_private(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.served()
	w.story()
	action, sent, received, object := w.private()
	asked := 0
	query := "?" + url.Values{
		"object": {object}, "server": {"academy"}, "actor": {actor("alice", "academy")}, "limit": {"200"}, "since": {"1"},
	}.Encode()
	query2 := "?" + url.Values{"object": {object}, "server": {"masto"}, "of": {"likes"}}.Encode()
	shown := map[string]bool{}
	for _, route := range w.app().GetRoutes(true) {
		if route.Method != http.MethodGet || strings.Contains(route.Path, "*") || strings.HasSuffix(route.Path, "/stream") || strings.Contains(route.Path, ":run") {
			continue // streams have a test of their own; runs have no people
		}
		ids, halves := []activitylog.ID{action, sent, received}, []string{"request", "response"}
		if !strings.Contains(route.Path, ":id") {
			ids = ids[:1]
		}
		if !strings.Contains(route.Path, ":half") {
			halves = halves[:1]
		}
		for _, id := range ids {
			for _, half := range halves {
				for _, q := range []string{"", query, query2} {
					path := strings.NewReplacer(":id", fmt.Sprint(id), ":half", half, ":name", "x").Replace(route.Path) + q
					for _, me := range []string{"", actor("berta", "techhub"), actor("alice", "techhub")} {
						asked++
						status, body := w.shownTo(me, path)
						if q != "" && strings.HasPrefix(path, "/lab") { // forms repeat what was asked for
							body = strings.ReplaceAll(strings.ReplaceAll(body, object, ""), url.QueryEscape(object), "")
						}
						if strings.Contains(body, secret) || status >= 500 || strings.HasSuffix(route.Path, "/why") && status < 400 {
							t.Errorf("%q asks for %s and is answered %d: %.300s", me, path, status, around(body))
						}
					}
					if status, body := w.shownTo(actor("alice", "academy"), path); status == 200 && strings.Contains(body, secret) {
						shown[route.Path] = true
					}
				}
			}
		}
	}
	// The test would see it: to alice herself these show it.
	for _, path := range []string{"/lab/log", "/lab/log/rows", "/lab/e/:id", "/lab/e/:id/:half.txt", "/lab/matrix", "/lab/why", "/lab/trace", "/api/orrery/v1/log", "/api/orrery/v1/log/:id", "/api/orrery/v1/matrix", "/api/orrery/v1/why"} {
		if !shown[path] {
			t.Errorf("%s does not show alice her own message: the test sees nothing there", path)
		}
	}
	t.Logf("%d addresses asked for", asked)
}

// around is where the secret stands in body.
func around(body string) string {
	i := strings.Index(body, secret)
	return body[max(0, i-150):min(len(body), i+150)]
}

// What is streamed is what may be read.
func TestStreams_keep_what_is_private(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.served()
	w.story()
	base := w.serve()
	for me, sees := range map[string]bool{"": false, actor("berta", "techhub"): false, actor("alice", "academy"): true, "operator": true} {
		for _, path := range []string{"/lab/log/stream?since=1", "/api/orrery/v1/log/stream?since=1"} {
			w.private()
			w.fanOut(1) // is for all, and comes after it
			events, stop := listen(t, base+path, "X-Me", me)
			saw := false
			for {
				e := next(t, events)
				saw = saw || strings.Contains(e.data, "statuses/"+secret) || strings.Contains(e.data, "open "+secret)
				if strings.Contains(e.data, "server0.example") {
					break
				}
			}
			stop()
			if saw != sees {
				t.Errorf("%q at %s: saw the private message: %v, want %v", me, path, saw, sees)
			}
		}
	}
}

// Whoever signs out, or may not sign in any more, hears nothing further by a stream that is open.
func TestStreams_end_with_the_session(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/lab/log/stream?since=1", "/api/orrery/v1/log/stream?since=1", "/lab/trace/stream?actor=" + url.QueryEscape(actor("alice", "academy"))} {
		t.Run(path, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.served()
			var out atomic.Bool
			w.o.Still = func(*fiber.Ctx) func(context.Context) bool { return func(context.Context) bool { return !out.Load() } }
			w.private()
			events, _ := listen(t, w.serve()+path, "X-Me", "operator")
			next(t, events)
			out.Store(true)
			before := activitylog.ID(0)
			for range 3 {
				before, _, _, _ = w.private()
			}
			for e := range events { // until it ends
				if strings.Contains(e.data, fmt.Sprintf(`"id":"%d"`, before)) || strings.Contains(e.data, fmt.Sprintf("/lab/e/%d", before)) {
					t.Errorf("after signing out came %s", e.data)
				}
			}
		})
	}
}

// Under limited federation the log is for those who are signed in.
func TestClosed_log(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.served()
	w.o.Closed = true
	s := w.story()
	alice, post := actor("alice", "academy"), actor("alice", "academy")+"/statuses/1"
	again := create("alice", "academy", "1", "Hello world", "")
	w.add(note{server: "academy", st: activitylog.State{Carrier: alice, Author: alice, Outcome: observe.Accepted}, answer: &activitylog.Answer{},
		facts: []observe.Fact{observe.Learned{Rule: rules.LearnLocal, Object: post, ObjectType: "Note", Author: alice, Visibility: "public"}},
		x:     activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: again, Carrier: alice}})
	for _, path := range []string{"/lab/log", "/api/orrery/v1/log?limit=200", "/api/orrery/v1/matrix", fmt.Sprintf("/api/orrery/v1/log/%d", s.sent), "/lab/trace?actor=" + url.QueryEscape(actor("alice", "academy"))} {
		if _, body := w.shownTo("", path); strings.Contains(body, "statuses/1") || strings.Contains(body, "Hello world") {
			t.Errorf("a stranger at %s is shown %s", path, post)
		}
		if _, body := w.shownTo(actor("berta", "techhub"), path); !strings.Contains(body, "statuses/1") && !strings.Contains(body, "Hello world") {
			t.Errorf("berta at %s is shown nothing of %s", path, post)
		}
	}
}

// Every stream reads the log whenever it grows: nobody keeps open as many as they like.
func TestListeners_are_bounded(t *testing.T) {
	t.Parallel()
	var l listeners
	var leave []func()
	for i := range perAddress {
		out, ok := l.admit("198.51.100.7")
		if !ok {
			t.Fatalf("stream %d of %d is refused", i+1, perAddress)
		}
		leave = append(leave, out)
	}
	if _, ok := l.admit("198.51.100.7"); ok {
		t.Errorf("one address has more than %d streams", perAddress)
	}
	leave[0]()
	leave[0]() // once
	if _, ok := l.admit("198.51.100.7"); !ok {
		t.Error("there is no room although a stream ended")
	}
	if _, ok := l.admit("198.51.100.7"); ok {
		t.Error("a stream that ended twice made room for two")
	}
	for i := range perLog - perAddress {
		if _, ok := l.admit(""); !ok {
			t.Fatalf("stream %d of all is refused", i)
		}
	}
	if _, ok := l.admit("198.51.100.8"); ok {
		t.Errorf("there are more than %d streams", perLog)
	}
	for _, f := range leave[1:] {
		f()
	}
	if _, ok := l.admit("198.51.100.8"); !ok {
		t.Error("there is no room although streams ended")
	}
}

func TestStreams_too_many_are_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.served()
	base := w.serve()
	for range perAddress {
		if _, ok := w.o.watching.admit("198.51.100.7"); !ok {
			t.Fatal("refused too early")
		}
	}
	for _, path := range []string{"/lab/log/stream", "/api/orrery/v1/log/stream", "/lab/trace/stream"} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, base+path, nil)
		req.Header.Set("X-Forwarded-For", "198.51.100.7")
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusTooManyRequests || res.Header.Get("Retry-After") == "" {
			t.Errorf("%s: %d, Retry-After %q; want 429 and a time", path, res.StatusCode, res.Header.Get("Retry-After"))
		}
		listen(t, base+path, "X-Forwarded-For", "198.51.100.8")
	}
}

// A visitor who throws the cookie away is still the same address.
func TestRuns_are_bounded_by_address(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	desk := w.withRuns()
	desk.AtOnce, desk.Most, desk.Each = 0, 100, 2
	base := w.serve()
	ask := func(from string) int {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/api/orrery/v1/runs", strings.NewReader(`{"scenario":"boost"}`))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("X-Forwarded-For", from)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	for _, tt := range []struct {
		from string
		want int
	}{
		{"198.51.100.7", 202}, {"198.51.100.7", 202}, {"198.51.100.7", 429}, {"198.51.100.8", 202},
		{"2001:db8:1:2::1", 202}, {"2001:db8:1:2::2", 202}, {"2001:db8:1:2::3", 429}, {"10.0.0.1", 202}, {"10.0.0.1", 202}, {"10.0.0.1", 202},
	} {
		if got := ask(tt.from); got != tt.want {
			t.Errorf("from %s: %d, want %d", tt.from, got, tt.want)
		}
	}
}
