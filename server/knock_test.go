package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
	"orrery/federation/signature"
)

// dialect of a request's signature: "cavage", "rfc9421", "none".
func dialect(r signature.Request) string {
	if _, ok := r.Value("Signature-Input"); ok {
		return "rfc9421"
	}
	if _, ok := r.Value("Signature"); ok {
		return "cavage"
	}
	return "none"
}

// federation.md §5.2: once more in the newer dialect after 400 and 401, at once, and the second answer is final.
func TestDelivery_knocks_twice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, policy string
		first        int // the answer to a signature of the older kind
		second       int
		want         string
		rule         rules.ID // of the last exchange
	}{
		{"the newer kind is taken", "mastodon", 401, 202, "cavage rfc9421", rules.SigSecondKnock},
		{"after 400, too", "mastodon", 400, 202, "cavage rfc9421", rules.SigSecondKnock},
		{"neither is taken", "mastodon", 401, 401, "cavage rfc9421", rules.DeliverRetry},
		{"it is refused for good", "mastodon", 401, 403, "cavage rfc9421", rules.DeliverRefused},
		{"another answer is final", "mastodon", 403, 202, "cavage", rules.DeliverRefused},
		{"4.1 knows one kind", "mastodon-4.1", 401, 202, "cavage", rules.DeliverRetry},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(tt.policy))
			alice := w.person("alice")
			berta := w.follower("peer.test", "berta", alice)
			p := w.peer("peer.test")
			p.answers("/inbox", func(c *fasthttp.RequestCtx) {
				c.SetStatusCode(tt.first)
				if len(c.Request.Header.Peek("Signature-Input")) > 0 {
					c.SetStatusCode(tt.second)
				}
			})
			w.say(alice, "hello")
			w.settle()
			got := p.got()
			var dialects []string
			for _, s := range got {
				dialects = append(dialects, dialect(s.Request))
			}
			if s := strings.Join(dialects, " "); s != tt.want {
				t.Fatalf("%s got %q, want %q", berta.p.host, s, tt.want)
			}
			a, err := w.in.Services.Store.AccountByID(t.Context(), alice.ID)
			w.must(err)
			key, err := signature.ParsePublicKeyPEM(a.PublicKeyPEM)
			w.must(err)
			for _, s := range got {
				v, err := signature.Check(s.Request, w.clock.Now(), signature.Mastodon())
				w.must(err)
				w.must(v.Verify(key))
			}
			es := w.deliveries()
			if len(es) != len(got) {
				t.Fatalf("the log has %d deliveries, want %d", len(es), len(got))
			}
			if e := es[0]; e.Answer == nil || e.Answer.Status != tt.first {
				t.Errorf("the first try was answered %+v in the log, want %d", e.Answer, tt.first)
			}
			if e := es[len(es)-1]; e.State.Rule != tt.rule && !slices.Contains(facts(e), "retried "+string(tt.rule)) {
				t.Errorf("the last is told by %s, facts %q, want %s", e.State.Rule, facts(e), tt.rule)
			}
			w.readable()
		})
	}
}

// A GET is repeated like a POST, with the same things asked for.
func TestFetch_knocks_twice(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"mastodon", "mastodon-4.1"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			p := w.peer("peer.test")
			berta := p.actor("berta")
			body := encode(t, berta.doc)
			p.answers("/users/berta", func(c *fasthttp.RequestCtx) {
				if len(c.Request.Header.Peek("Signature-Input")) == 0 || len(c.Request.Header.Peek("Accept")) == 0 {
					c.SetStatusCode(401)
					return
				}
				c.SetContentType("application/activity+json")
				c.SetBody(body)
			})
			_, err := w.in.Services.Searches.Remote.ByHandle(t.Context(), "berta", "peer.test")
			if want := policy == "mastodon"; (err == nil) != want {
				t.Errorf("found berta: %v, want %v", err, want)
			}
			w.readable()
		})
	}
}

// federation.md §5.1: three redirects; each is signed for its new address, but 4.1 sends its first signature again.
func TestFetch_signs_redirects(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy string
		holds  bool
	}{{"mastodon", true}, {"mastodon-4.1", false}} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(tt.policy))
			p := w.peer("peer.test")
			berta := p.actor("berta")
			moved := strings.TrimPrefix(berta.uri, "https://peer.test") + "?moved"
			body := encode(t, berta.doc)
			p.answers("/users/berta", func(c *fasthttp.RequestCtx) {
				if c.QueryArgs().Has("moved") {
					c.SetContentType("application/activity+json")
					c.SetBody(body)
					return
				}
				c.Redirect("https://peer.test/away", http.StatusFound)
			})
			p.answers("/away", func(c *fasthttp.RequestCtx) { c.Redirect("https://peer.test"+moved, http.StatusFound) })
			_, err := w.in.Services.Searches.Remote.ByHandle(t.Context(), "berta", "peer.test")
			w.must(err)
			own, err := w.in.Services.Store.AccountByID(t.Context(), -99)
			w.must(err)
			key, err := signature.ParsePublicKeyPEM(own.PublicKeyPEM)
			w.must(err)
			hops := 0
			for _, s := range p.seen {
				if s.Target != "/away" {
					continue
				}
				hops++
				v, err := signature.Check(s.Request, w.clock.Now(), signature.Mastodon())
				w.must(err)
				if err := v.Verify(key); (err == nil) != tt.holds {
					t.Errorf("the signature of the redirected request: %v, want it to hold: %v", err, tt.holds)
				}
			}
			if hops == 0 {
				t.Error("nobody went /away")
			}
		})
	}
}

// federation.md §9.0 F1: since 4.3 a document must come as ActivityPub.
func TestFetch_content_types(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		contentType string
		current     bool
	}{
		{"application/activity+json; charset=utf-8", true},
		{`application/ld+json; profile="https://www.w3.org/ns/activitystreams"`, true},
		{"application/ld+json", false},
		{"application/json", false},
		{"text/html", false},
	} {
		for _, policy := range []string{"mastodon", "mastodon-4.1"} {
			t.Run(tt.contentType+"/"+policy, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, under(policy))
				p := w.peer("peer.test")
				body := encode(t, p.actor("berta").doc)
				p.answers("/users/berta", func(c *fasthttp.RequestCtx) {
					c.SetContentType(tt.contentType)
					c.SetBody(body)
				})
				_, err := w.in.Services.Searches.Remote.ByHandle(t.Context(), "berta", "peer.test")
				if want := tt.current || policy == "mastodon-4.1"; (err == nil) != want {
					t.Errorf("taken: %v, want %v", err, want)
				}
			})
		}
	}
}

// federation.md §6.1 and §6.2: boosts are signed since 4.6, and signatures say since when they no longer hold.
func TestDocumentSignatures_of_boosts(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		policy  string
		signed  bool
		expires any
	}{{"mastodon", true, 48 * time.Hour}, {"mastodon-4.1", false, nil}} {
		t.Run(tt.policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(tt.policy))
			alice := w.person("alice")
			w.follower("peer.test", "berta", alice)
			post := w.say(alice, "hello")
			_, err := w.in.Services.Statuses.Boost(t.Context(), alice.ID, post.ID, "")
			w.must(err)
			w.settle()
			got := received(w)
			if len(got) != 2 {
				t.Fatalf("peer.test got %d activities, want a Create and an Announce", len(got))
			}
			create, ok := got[0]["signature"].(members)
			if !ok {
				t.Fatal("the Create is not signed")
			}
			if text, has := create["expires"].(string); has != (tt.expires != nil) {
				t.Errorf("the Create's signature expires: %v, want %v", text, tt.expires)
			} else if has {
				at, err := time.Parse(time.RFC3339, text)
				w.must(err)
				created, err := time.Parse(time.RFC3339, create["created"].(string))
				w.must(err)
				if got := at.Sub(created); got != tt.expires {
					t.Errorf("it holds for %v, want %v", got, tt.expires)
				}
			}
			if _, has := got[1]["signature"]; has != tt.signed {
				t.Errorf("the Announce is signed: %v, want %v", has, tt.signed)
			}
			for _, doc := range got {
				if doc["signature"] != nil {
					key, err := signature.ParsePublicKeyPEM(alice.PublicKeyPEM)
					w.must(err)
					w.must(signature.VerifyDocument(doc, key, w.clock.Now(), signature.DocumentsCurrent()))
				}
			}
		})
	}
}

// received is what peer.test got in its inbox.
func received(w *world) []members {
	var out []members
	for _, s := range w.peer("peer.test").got() {
		out = append(out, decode(w.t, s.Request.Body))
	}
	return out
}
