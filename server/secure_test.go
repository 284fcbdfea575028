package server_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/server"
	"orrery/social"
)

// set changes a knob of the instance's policy.
func set(name, value string) func(*server.Config, *server.World) {
	return func(c *server.Config, _ *server.World) {
		if err := c.Policy.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// ask gets a document of the instance, signed by by unless that is nil.
func (w *world) ask(target string, by *actor) (status int, body string) {
	w.t.Helper()
	w.clock.Advance(time.Second)
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "https://alpha.test"+strings.TrimPrefix(target, "https://alpha.test"), nil)
	w.must(err)
	req.Header.Set("Accept", "application/activity+json")
	if by != nil {
		w.must(signature.Sign(req, nil, signature.PrivateKey{ID: by.keyID, Key: by.key}, w.clock.Now(), signature.SignAsMastodon()))
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	w.must(err)
	return res.StatusCode, string(b)
}

// decided is why the last request for a document was answered as it was.
func (w *world) decided() rules.ID {
	w.t.Helper()
	es := w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.In}, Kind: activitylog.Fetch, Limit: 1})
	if len(es) == 0 {
		return ""
	}
	return w.entry(es[0]).State.Rule
}

// federation.md §5.7 and §14.5, rows 151, 153, 154.
func TestEdgeSecureMode(t *testing.T) {
	t.Parallel()
	const mine, berta, old, unreachable = "nobody", "berta", "an old key", "a key that cannot be had"
	for _, tt := range []struct {
		name       string
		secure     bool
		by         string
		visibility social.Visibility
		status     int
		rule       rules.ID
		policy     string
	}{
		{"§14.5/151 unsigned in secure mode", true, mine, social.Public, 401, rules.SigRequired, ""},
		{"§5.7 signed in secure mode", true, berta, social.Public, 200, "", ""},
		{"§5.7 signed with a key that does not fit", true, old, social.Public, 401, rules.SigMismatch, ""},
		{"§5.7 nobody looks without secure mode", false, old, social.Public, 200, "", ""},
		{"§5.7 the key cannot be had", true, unreachable, social.Public, 503, rules.KeyUnreachable, "mastodon"},
		{"§5.7 the key cannot be had", true, unreachable, social.Public, 401, rules.KeyUnreachable, "mastodon-4.1"},
		{"§14.5/153 a followers-only post for a follower", false, berta, social.Private, 200, "", ""},
		{"§14.5/153 and in secure mode", true, berta, social.Private, 200, "", ""},
		{"§14.5/154 a followers-only post for anybody", false, mine, social.Private, 404, "", ""},
		{"§14.5/154 and with a key that does not fit", false, old, social.Private, 404, rules.SigMismatch, ""},
		{"§14.5/154 a direct post for somebody who is not named", false, berta, social.Direct, 404, "", ""},
	} {
		for _, policy := range []string{"mastodon-4.1", "mastodon"} {
			if tt.policy != "" && tt.policy != policy {
				continue
			}
			t.Run(tt.name+"/"+policy, func(t *testing.T) {
				t.Parallel()
				onOff := map[bool]string{true: "on", false: "off"}[tt.secure]
				edges.add(t, tt.name, policy, fmt.Sprint(tt.status), "", rule(tt.rule))
				w := newWorld(t, under(policy), set("secure-mode", onOff))
				alice := w.person("alice")
				by := w.follower("peer.test", "berta", alice)
				post := w.publish(alice, social.Draft{Text: "hello", Visibility: tt.visibility})
				switch tt.by {
				case mine:
					by = nil
				case old:
					other := *by
					other.key, by = w.key(), &other
				case unreachable:
					by.keyID = "https://gone.test/k"
				}
				status, body := w.ask(post.URI, by)
				if status != tt.status {
					t.Errorf("answered %d %s, want %d", status, body, tt.status)
				}
				if got := w.decided(); got != tt.rule {
					t.Errorf("decided by %q, want %q", got, tt.rule)
				}
				if status == 200 != strings.Contains(body, `"type":"Note"`) {
					t.Errorf("answered %s", body)
				}
				w.readable()
			})
		}
	}
}

// federation.md §5.7, §6.2: in secure mode only what takes something back is signed as a document.
func TestSecure_mode_signs_what_is_taken_back(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("mastodon"), set("secure-mode", "on"))
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	post := w.say(alice, "hello")
	boost, err := w.in.Services.Statuses.Boost(t.Context(), alice.ID, post.ID, "")
	w.must(err)
	w.settle()
	w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, boost.ID))
	w.settle()
	w.must(w.in.Services.Statuses.Delete(t.Context(), alice.ID, post.ID))
	w.settle()
	signed := map[string]bool{}
	for _, doc := range received(w) {
		signed[doc["type"].(string)] = doc["signature"] != nil
	}
	for kind, want := range map[string]bool{"Create": false, "Announce": false, "Undo": true, "Delete": true} {
		if got, sent := signed[kind]; got != want || !sent {
			t.Errorf("%s: signed %v, sent %v; want signed %v", kind, got, sent, want)
		}
	}
}

// The knob clock: an instance whose clock is wrong dates, signs and judges by it, and works in the order of the world.
func TestClock_that_is_wrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		clock string
		by    time.Duration
		rule  rules.ID // for what somebody with a right clock sends
	}{
		{"0", 0, rules.AcceptFollowsAuthor},
		{"55m", 55 * time.Minute, rules.AcceptFollowsAuthor},
		{"2h", 2 * time.Hour, rules.SigStale},
		{"-55m", -55 * time.Minute, rules.AcceptFollowsAuthor},
		{"-2h", -2 * time.Hour, rules.SigFuture},
	} {
		t.Run(tt.clock, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, set("clock", tt.clock))
			alice := w.person("alice")
			berta := w.follower("peer.test", "berta", alice)
			w.follows(alice, berta.known())
			if got := w.send(berta, berta.creates(berta.note("1"))); got.entry.State.Rule != tt.rule {
				t.Errorf("judged by %s, want %s", got.entry.State.Rule, tt.rule)
			}
			w.peer("peer.test").answer = func(string) int { return 503 }
			post := w.say(alice, "hello")
			shown := w.clock.Now().Add(tt.by)
			if !post.CreatedAt.Equal(shown) {
				t.Errorf("dated %s, want %s", post.CreatedAt, shown)
			}
			since, due, err := w.in.Due(t.Context())
			if w.must(err); !due || !since.Equal(w.clock.Now()) {
				t.Errorf("work is due: %v since %s, want since %s", due, since, w.clock.Now())
			}
			w.settle()
			got := w.peer("peer.test").got()
			if len(got) != 1 {
				t.Fatalf("peer.test got %d deliveries, want 1", len(got))
			}
			date, _ := got[0].Request.Value("Date")
			if want := shown.Format(http.TimeFormat); date != want {
				t.Errorf("signed on %s, want %s", date, want)
			}
			_, _, next, err := w.in.Pending(t.Context())
			if wait := next.Sub(w.clock.Now()); err != nil || wait < 15*time.Second || wait > 24*time.Second {
				t.Errorf("tried again after %s, want 15 s and some chance", wait)
			}
			w.advance(time.Minute)
			if n := len(w.peer("peer.test").got()); n == 0 {
				t.Error("it was not tried again")
			}
		})
	}
}
