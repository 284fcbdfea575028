package server_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/server"
)

// edge is one row of spec/federation.md §14: what arrives, what is answered, what is decided and by which rule, and what
// changed. Whatever is not listed in changed must not have changed.
type edge struct {
	name    string // "§14.1/12 a hex digest": paragraph, row, what arrives
	policy  string // the only policy under which the row is so; both of Mastodon's when ""
	send    func(w *world) sent
	status  int // 202 when 0
	outcome observe.Outcome
	rule    rules.ID
	changed string
	// requests are what the peer was asked for, peer.test; "-" when it must not have been asked anything.
	requests string
	also     func(t *testing.T, w *world, s sent)
}

// eachPolicy runs test under either policy of Mastodon's.
func eachPolicy(t *testing.T, test func(t *testing.T, policy string)) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, name)
		})
	}
}

func run(t *testing.T, edges []edge) {
	t.Helper()
	for _, e := range edges {
		for _, name := range []string{"mastodon-4.1", "mastodon"} {
			if e.policy == "" || e.policy == name {
				t.Run(e.name+"/"+name, func(t *testing.T) {
					t.Parallel()
					e.run(t, name)
				})
			}
		}
	}
}

// only is e under one policy.
func only(policy string, e edge) edge {
	e.policy = policy
	return e
}

// run sends what the row sends to an instance of that policy and compares everything that the row says.
func (e edge) run(t *testing.T, name string) {
	t.Helper()
	w := newWorld(t, under(name), atOnce(name == "mastodon"))
	s := e.send(w)
	if e.status == 0 {
		e.status = 202
	}
	if s.status != e.status {
		t.Errorf("answered %d %s, want %d", s.status, s.body, e.status)
	}
	wellAnswered(t, s)
	edges.add(t, e.name, name, fmt.Sprintf("%d, %s", e.status, e.outcome), e.changed, rule(e.rule))
	if s.entry.State.Outcome != e.outcome || s.entry.State.Rule != e.rule {
		t.Errorf("decided %s by %s, want %s by %s\nfacts: %q", s.entry.State.Outcome, s.entry.State.Rule, e.outcome, e.rule, facts(s.entry))
	}
	if s.changed != e.changed {
		t.Errorf("changed %q, want %q", s.changed, e.changed)
	}
	if e.requests != "" {
		want := strings.TrimPrefix(e.requests, "-")
		if got := strings.Join(w.peer("peer.test").asked(), ", "); got != want {
			t.Errorf("peer.test was asked %q, want %q", got, want)
		}
	}
	if e.also != nil {
		e.also(t, w, s)
	}
	w.readable()
}

// atOnce carries out what arrives before the answer. Rows must hold either way: those of one policy run so, of the other by jobs.
func atOnce(yes bool) func(*server.Config, *server.World) {
	return func(_ *server.Config, w *server.World) { w.AtOnce = yes }
}

// wellAnswered holds an answer to contracts.md: empty below 400, a JSON error from there on.
func wellAnswered(t *testing.T, s sent) {
	t.Helper()
	if s.status < 400 {
		if s.body != "" {
			t.Errorf("the answer %d has a body: %q", s.status, s.body)
		}
		return
	}
	var body struct{ Error string }
	if err := json.Unmarshal([]byte(s.body), &body); err != nil || body.Error == "" || !strings.HasPrefix(s.header.Get("Content-Type"), "application/json") {
		t.Errorf("the answer %d is not a JSON error: %q (%s)", s.status, s.body, s.header.Get("Content-Type"))
	}
}

// stage is the usual company: alice lives here, berta on peer.test is known and followed by alice, unless the row says else.
type stage struct {
	*world
	p     *peer
	berta *actor
}

func plainStage(w *world) stage {
	w.person("alice")
	p := w.peer("peer.test")
	return stage{w, p, p.actor("berta")}
}
