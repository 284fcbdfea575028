package server_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/server"
)

// Whoever brings a delivery must be found first, by documents that strangers wrote. None of these may be kept.
func TestHostile_actors_are_not_kept(t *testing.T) {
	t.Parallel()
	actorDoc := func(change members) func(*world, *actor) {
		return func(_ *world, a *actor) { a.p.docs["/users/berta"] = with(a.doc, change) }
	}
	at := func(path string, f func(*fasthttp.RequestCtx)) func(*world, *actor) {
		return func(_ *world, a *actor) { a.p.answers(path, f) }
	}
	big := strings.Repeat("x", 2<<20)
	bomb := zipped(bytes.Repeat([]byte(" "), 64<<20))
	redirect := func(to string) func(*fasthttp.RequestCtx) {
		return func(c *fasthttp.RequestCtx) {
			c.SetStatusCode(302)
			c.Response.Header.Set("Location", to)
		}
	}
	const finger = "/.well-known/webfinger"
	for name, arrange := range map[string]func(*world, *actor){
		"an actor of two mebibytes": actorDoc(members{"summary": big}),
		"an actor packed into a bomb": at("/users/berta", func(c *fasthttp.RequestCtx) {
			c.SetContentType("application/activity+json")
			c.Response.Header.Set("Content-Encoding", "gzip")
			c.SetBody(bomb)
		}),
		"an actor that says gzip and is not": at("/users/berta", func(c *fasthttp.RequestCtx) {
			c.Response.Header.Set("Content-Encoding", "gzip")
			c.SetBodyString(`{"id":"x"}`)
		}),
		"an actor that ends too early":      at("/users/berta", func(c *fasthttp.RequestCtx) { c.SetBodyString(`{"id":"https://peer.test/users/berta",`) }),
		"an actor that is a page":           at("/users/berta", func(c *fasthttp.RequestCtx) { c.SetBodyString(`<html>`) }),
		"an actor nested very deep":         at("/users/berta", func(c *fasthttp.RequestCtx) { c.SetBodyString(strings.Repeat(`{"a":`, 100_000)) }),
		"an actor that redirects to itself": at("/users/berta", redirect("https://peer.test/users/berta")),
		"an actor that redirects in circles": func(w *world, a *actor) {
			a.p.answers("/users/berta", redirect("/users/b"))
			a.p.answers("/users/b", redirect("/users/berta"))
		},
		"an actor that redirects to a host that is not there": at("/users/berta", redirect("https://10.0.0.1/")),
		"an actor that redirects to another scheme":           at("/users/berta", redirect("file:///etc/passwd")),
		"an actor found on another host": func(w *world, a *actor) {
			eve := w.peer("evil.test")
			eve.docs["/users/berta"] = with(a.doc, members{"id": "https://evil.test/users/berta"})
			a.p.answers("/users/berta", redirect("https://evil.test/users/berta"))
		},
		"another id":                  actorDoc(members{"id": "https://peer.test/users/other"}),
		"an id on another host":       actorDoc(members{"id": "https://elsewhere.test/users/berta"}),
		"an id of this server":        actorDoc(members{"id": "https://alpha.test/users/alice"}),
		"no id":                       actorDoc(members{"id": nil}),
		"no inbox":                    actorDoc(members{"inbox": nil}),
		"an inbox that is no address": actorDoc(members{"inbox": "mailto:berta@peer.test"}),
		"no @context":                 actorDoc(members{"@context": nil}),
		"no name":                     actorDoc(members{"preferredUsername": nil}),
		"a name with markup":          actorDoc(members{"preferredUsername": "<b>"}),
		"a name with a slash":         actorDoc(members{"preferredUsername": "a/../b"}),
		"not an actor's type":         actorDoc(members{"type": "Note"}),
		"WebFinger of two mebibytes":  at(finger, func(c *fasthttp.RequestCtx) { c.SetBodyString(big) }),
		"WebFinger packed into a bomb": at(finger, func(c *fasthttp.RequestCtx) {
			c.Response.Header.Set("Content-Encoding", "gzip")
			c.SetBody(bomb)
		}),
		"WebFinger that redirects in circles": at(finger, func(c *fasthttp.RequestCtx) { redirect("https://peer.test" + string(c.RequestURI()))(c) }),
		"WebFinger without a subject":         at(finger, func(c *fasthttp.RequestCtx) { c.SetBodyString(`{"links":[]}`) }),
		"WebFinger that is no JSON":           at(finger, func(c *fasthttp.RequestCtx) { c.SetBodyString(`x`) }),
		"WebFinger without a link":            at(finger, func(c *fasthttp.RequestCtx) { c.SetBodyString(`{"subject":"acct:berta@peer.test"}`) }),
		"WebFinger that names somebody else":  func(w *world, a *actor) { a.p.says("berta@peer.test", "https://peer.test/users/other") },
		"WebFinger that leads from handle to handle": func(w *world, a *actor) {
			for from, to := range map[string]string{"berta": "b2", "b2": "b3", "b3": "berta"} {
				a.p.finger["acct:"+from+"@peer.test"] = members{"subject": "acct:" + to + "@peer.test",
					"links": []any{members{"rel": "self", "type": "application/activity+json", "href": a.uri}}}
			}
		},
		"WebFinger that claims a handle of another host": func(w *world, a *actor) {
			// evil: a subject on victim.test, which knows nothing of it
			w.peer("victim.test")
			a.p.finger["acct:berta@peer.test"] = members{"subject": "acct:berta@victim.test",
				"links": []any{members{"rel": "self", "type": "application/activity+json", "href": a.uri}}}
		},
		"WebFinger that claims a handle of this server": func(w *world, a *actor) {
			a.p.finger["acct:berta@peer.test"] = members{"subject": "acct:alice@alpha.test",
				"links": []any{members{"rel": "self", "type": "application/activity+json", "href": a.uri}}}
		},
		"host-meta that points in circles": func(w *world, a *actor) {
			clear(a.p.finger)
			a.p.answers("/.well-known/host-meta", func(c *fasthttp.RequestCtx) {
				c.SetBodyString(`<XRD><Link rel="lrdd" template="https://peer.test/.well-known/host-meta?{uri}"/></XRD>`)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := plainStage(w)
			arrange(w, s.berta)
			got := w.sendTo(w.here("alice"), s.berta, s.berta.creates(s.berta.note("1")))
			if got.status != 401 || got.entry.State.Outcome != rejected || got.changed != "" {
				t.Errorf("answered %d, %s by %s, changed %q; want 401 and nothing", got.status, got.entry.State.Outcome, got.entry.State.Rule, got.changed)
			}
			wellAnswered(t, got)
			if n := len(s.p.asked()); n > 8 {
				t.Errorf("%d requests were made for it: %q", n, s.p.asked())
			}
			w.readable()
		})
	}
}

func zipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b)
	_ = z.Close()
	return out.Bytes()
}

// A key id on another host than its actor's would take that host's signatures for this actor's (federation.md §2.5).
func TestHostile_key_of_somebody_else(t *testing.T) {
	t.Parallel()
	for _, when := range []string{"from the start", "after a refresh"} {
		t.Run(when, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := plainStage(w)
			victim := w.peer("victim.test").actor("vera")
			steal := func() {
				s.p.has(with(s.berta.doc, members{"publicKey": members{"id": victim.keyID, "owner": s.berta.uri, "publicKeyPem": w.pem(s.berta.key)}}))
			}
			if when == "from the start" {
				steal()
				s.berta.known()
			} else {
				s.berta.known()
				s.berta.key = w.key()
				steal()
				w.send(s.berta, s.berta.creates(s.berta.note("0")))
			}
			if got := w.sendTo(w.here("alice"), victim, victim.creates(victim.note("1"))); got.status != 202 || got.entry.State.Outcome != accepted {
				t.Errorf("vera is answered %d, %s by %s", got.status, got.entry.State.Outcome, got.entry.State.Rule)
			}
			eve := *s.berta
			eve.keyID = victim.keyID
			if got := w.send(&eve, victim.creates(victim.note("2"))); got.status != 401 {
				t.Errorf("berta in vera's name is answered %d, %s by %s", got.status, got.entry.State.Outcome, got.entry.State.Rule)
			}
		})
	}
}

// contracts.md 4, dependencies.md: refused before anything is routed, and before it is recorded.
func TestHostile_targets_and_hosts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		name, request string
		status        int
	}{
		{"an absolute target", "POST http://alpha.test/inbox HTTP/1.1\r\nHost: alpha.test\r\nContent-Length: 2\r\n\r\n{}", 400},
		{"an absolute target of another host", "GET https://evil.test/users/alice HTTP/1.1\r\nHost: alpha.test\r\n\r\n", 400},
		{"an asterisk", "OPTIONS * HTTP/1.1\r\nHost: alpha.test\r\n\r\n", 400},
		{"an unknown host", "POST /inbox HTTP/1.1\r\nHost: evil.test\r\nContent-Length: 2\r\n\r\n{}", 421},
		{"no host", "POST /inbox HTTP/1.1\r\nHost:\r\nContent-Length: 2\r\n\r\n{}", 421},
		{"our host in capitals", "GET /.well-known/nodeinfo HTTP/1.1\r\nHost: ALPHA.test\r\n\r\n", 200},
		{"our host with the port of its scheme", "GET /.well-known/nodeinfo HTTP/1.1\r\nHost: alpha.test:443\r\n\r\n", 200},
		{"our host with another port", "GET /.well-known/nodeinfo HTTP/1.1\r\nHost: alpha.test:8080\r\n\r\n", 421},
	} {
		conn, err := w.wire.(*http.Transport).DialContext(t.Context(), "tcp", "alpha.test:443")
		w.must(err)
		_, err = io.WriteString(conn, tt.request)
		w.must(err)
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			conn.Close()
			continue
		}
		if res.StatusCode != tt.status {
			t.Errorf("%s is answered %d, want %d", tt.name, res.StatusCode, tt.status)
		}
		conn.Close()
	}
	for _, e := range w.entries(activitylog.Filter{Limit: 50}) {
		if e.Exchange.Kind == activitylog.Delivery {
			t.Errorf("%s %s was recorded", e.Exchange.Method, e.Exchange.URL)
		}
	}
}

// federation.md §4.14: the lock of Mastodon is here the one writer.
func TestConcurrent_copies_of_one_Create(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	body := encode(t, s.berta.creates(s.berta.note("1")))
	before := w.counts()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			path := "/inbox"
			if i%2 == 0 {
				path = "/users/alice/inbox"
			}
			if got := w.drop(path, body, s.berta); got.status != 202 {
				t.Errorf("copy %d is answered %d", i, got.status)
			}
		})
	}
	all.Wait()
	w.atOnce(8)
	if got := w.counts().since(before); got != "home+1 silent+1 statuses+1" {
		t.Errorf("changed %q, want one status, in one home", got)
	}
	outcomes := map[string]int{}
	for _, e := range w.entries(activitylog.Filter{Kind: activitylog.Delivery, Limit: 200}) {
		outcomes[fmt.Sprint(e.State.Outcome, " ", e.State.Rule)]++
	}
	one := outcomes["accepted accept.follows-author"] + outcomes["accepted accept.addressed"]
	if one != 1 || outcomes["dropped drop.duplicate"] != 19 {
		t.Errorf("outcomes are %v, want one accepted and 19 duplicates", outcomes)
	}
	w.readable()
}

// atOnce does all work that is due with n hands.
func (w *world) atOnce(n int) {
	w.t.Helper()
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			for {
				did, err := w.in.Step(context.Background())
				if err != nil {
					w.t.Error(err)
				}
				if !did || err != nil {
					return
				}
			}
		})
	}
	all.Wait()
	w.settle()
}

func TestConcurrent_Create_and_Delete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	before := w.counts()
	var all sync.WaitGroup
	for i := range 20 {
		id := fmt.Sprint(i)
		for _, body := range [][]byte{
			encode(t, s.berta.creates(s.berta.note(id))), encode(t, s.berta.does("Delete", id, s.berta.uri+"/statuses/"+id)),
			encode(t, s.berta.creates(s.berta.note(id))),
		} {
			all.Go(func() { w.drop("/inbox", body, s.berta) })
		}
	}
	all.Wait()
	w.atOnce(8)
	if got := w.counts().since(before); got != "suppressed+20 tombstones+20" {
		t.Errorf("changed %q, want every post gone and remembered as gone", got)
	}
	w.readable()
}

// The same stranger's key is looked for by many requests at once: one account.
func TestConcurrent_first_contact(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := plainStage(w)
	before := w.counts()
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			if got := w.drop("/users/alice/inbox", encode(t, s.berta.creates(s.berta.note(fmt.Sprint(i)))), s.berta); got.status != 202 {
				t.Errorf("request %d is answered %d %s", i, got.status, got.body)
			}
		})
	}
	all.Wait()
	w.atOnce(4)
	if got := w.counts().since(before); got != "accounts+1 silent+12 statuses+12" {
		t.Errorf("changed %q", got)
	}
	w.readable()
}

// panicking is a wire on which some requests end in a panic of whoever makes them.
type panicking struct {
	http.RoundTripper
	mu   sync.Mutex
	left int
}

func (p *panicking) RoundTrip(r *http.Request) (*http.Response, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.Method == http.MethodPost && p.left > 0 {
		p.left--
		panic("a bug")
	}
	return p.RoundTripper.RoundTrip(r)
}

func TestPanic_in_a_job_is_tried_again(t *testing.T) {
	t.Parallel()
	wire := &panicking{left: 2}
	w := newWorld(t, func(_ *server.Config, o *server.World) {
		wire.RoundTripper, o.Transport = o.Transport, wire
	})
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	w.say(alice, "hello")
	w.settle()
	w.wantMail("at once")
	w.advance(time.Minute)
	w.wantMail("after two panics", "peer.test/inbox Create")
	if c := w.counts(); c["jobs"] != 0 {
		t.Errorf("%d jobs are left", c["jobs"])
	}
}

// stuck is a wire on which a host takes requests and never answers.
type stuck struct {
	http.RoundTripper
	host    string
	entered chan struct{}
}

func (s *stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host != s.host {
		return s.RoundTripper.RoundTrip(r)
	}
	s.entered <- struct{}{}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// A server that never answers keeps nobody else waiting: neither other deliveries nor other requests.
func TestStuck_peer_blocks_nobody(t *testing.T) {
	t.Parallel()
	wire := &stuck{host: "stuck.test", entered: make(chan struct{}, 1)}
	w := newWorld(t, func(_ *server.Config, o *server.World) {
		wire.RoundTripper, o.Transport = o.Transport, wire
	})
	s := followed(w)
	eve := w.peer("stuck.test").actor("eve")
	ctx, cancel := context.WithCancel(t.Context())
	waiting := make(chan error, 1)
	go func() {
		_, err := w.in.Services.Searches.Remote.ByHandle(ctx, eve.name, "stuck.test")
		waiting <- err
	}()
	<-wire.entered
	got := w.send(s.berta, s.berta.creates(s.berta.note("1")))
	if got.status != 202 || got.changed != arrives {
		t.Errorf("meanwhile berta is answered %d, changed %q", got.status, got.changed)
	}
	cancel()
	if err := <-waiting; err == nil || errors.Is(err, io.EOF) {
		t.Errorf("the look-up ended with %v", err)
	}
	w.readable()
}

// An inbox that takes a delivery and answers with nonsense has still taken it.
func TestDelivery_taken_with_a_strange_answer(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func(*fasthttp.RequestCtx){
		"two mebibytes":     func(c *fasthttp.RequestCtx) { c.SetBody(make([]byte, 2<<20)) },
		"gzip that is none": func(c *fasthttp.RequestCtx) { c.Response.Header.Set("Content-Encoding", "gzip"); c.SetBodyString("x") },
		"gzip that is a bomb": func(c *fasthttp.RequestCtx) {
			c.Response.Header.Set("Content-Encoding", "gzip")
			c.SetBody(zipped(make([]byte, 32<<20)))
		},
		"a redirect and 202": func(c *fasthttp.RequestCtx) { c.Response.Header.Set("Location", "https://evil.test/") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			w.peer("peer.test").answers("/inbox", func(c *fasthttp.RequestCtx) {
				answer(c)
				c.SetStatusCode(202)
			})
			w.say(alice, "hello")
			w.advance(time.Hour)
			w.wantMail("one delivery", "peer.test/inbox Create")
			es := w.deliveries()
			if len(es) != 1 || es[0].State.Outcome != accepted || es[0].Answer.Status != 202 {
				t.Errorf("recorded %d, the first %s with %d", len(es), es[0].State.Outcome, es[0].Answer.Status)
			}
			w.readable()
		})
	}
}

// What cannot be carried out is tried eight times more, and then the log says that it was given up (federation.md §4.0).
func TestApply_is_given_up_in_the_end(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	s.p.answers("/users/berta/statuses/1", func(c *fasthttp.RequestCtx) { c.SetStatusCode(503) })
	got := w.send(s.berta, s.berta.does("Create", "1", s.berta.uri+"/statuses/1"))
	if got.status != 202 || got.entry.State.Outcome != observe.Pending || got.changed != "jobs+1" {
		t.Errorf("answered %d, %s by %s, changed %q; want it to be tried again", got.status, got.entry.State.Outcome, got.entry.State.Rule, got.changed)
	}
	w.advance(24 * time.Hour)
	e := w.newest()
	if e.State.Outcome != observe.Failed || e.State.Rule != rules.FaultGaveUp {
		t.Errorf("in the end %s by %s; facts %q", e.State.Outcome, e.State.Rule, facts(e))
	}
	if n := len(s.p.asked()); n != 9 {
		t.Errorf("asked %d times, want 9", n)
	}
	if c := w.counts(); c["jobs"] != 0 || c["statuses"] != 0 {
		t.Errorf("left behind: %v", c)
	}
	w.readable()
}
