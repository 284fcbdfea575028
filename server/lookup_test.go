package server_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
)

const (
	acceptDocument = "application/activity+json, application/ld+json"
	acceptPage     = `application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/activity+json, text/html;q=0.1`
)

// accepted are the targets of p's GETs with what each would take.
func (p *peer) wanted() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, s := range p.seen {
		for _, f := range s.Request.Header {
			if s.Method == http.MethodGet && strings.EqualFold(f.Name, "Accept") {
				kind := map[string]string{acceptDocument: "document", acceptPage: "page"}[f.Value]
				out = append(out, s.Target+" as "+kind)
			}
		}
	}
	return out
}

// An address may be a page, or a document of another id (F3 in federation.md §9.0).
func TestAnAddressMayBeAPage(t *testing.T) {
	t.Parallel()
	const post = "/users/berta/statuses/1"
	html := func(head string) func(*fasthttp.RequestCtx) {
		return func(c *fasthttp.RequestCtx) {
			c.SetContentType("text/html; charset=utf-8")
			c.SetBodyString("<!doctype html><title>x</title>" + head)
		}
	}
	for _, tt := range []struct {
		name       string
		answer     func(t *testing.T, w *world, doc members) func(*fasthttp.RequestCtx)
		found      bool
		is41, isIt []string // 4.1 and current; one for both when isIt is nil
	}{
		{"the document itself under another address", func(t *testing.T, w *world, doc members) func(*fasthttp.RequestCtx) {
			return func(c *fasthttp.RequestCtx) {
				c.SetContentType("application/activity+json")
				c.SetBody(encode(t, doc))
			}
		}, true, []string{"/x as page"}, []string{"/x as page", post + " as document"}},
		{"a page with a Link header", func(*testing.T, *world, members) func(*fasthttp.RequestCtx) {
			return func(c *fasthttp.RequestCtx) {
				html("")(c)
				c.Response.Header.Set("Link", `<https://peer.test`+post+`>; rel="alternate"; type="application/activity+json"`)
			}
		}, true, []string{"/x as page", post + " as page"}, nil},
		{"a page with a Link header of the long type", func(*testing.T, *world, members) func(*fasthttp.RequestCtx) {
			return func(c *fasthttp.RequestCtx) {
				html("")(c)
				c.Response.Header.Set("Link", `<https://peer.test`+post+`>; rel="alternate"; type="application/ld+json; profile=\"https://www.w3.org/ns/activitystreams\""`)
			}
		}, true, []string{"/x as page", post + " as page"}, nil},
		{"a page with a link in its head", func(*testing.T, *world, members) func(*fasthttp.RequestCtx) {
			return html(`<link rel="alternate" type="application/activity+json" href="https://peer.test` + post + `">`)
		}, true, []string{"/x as page", post + " as page"}, nil},
		{"a page that leads to itself", func(*testing.T, *world, members) func(*fasthttp.RequestCtx) {
			return html(`<link rel="alternate" type="application/activity+json" href="https://peer.test/x">`)
		}, false, []string{"/x as page", "/x as page"}, nil},
		{"a page without any", func(*testing.T, *world, members) func(*fasthttp.RequestCtx) { return html("") }, false, []string{"/x as page"}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, w *world, current bool) {
				s := followed(w)
				doc := s.p.has(s.berta.note("1", speaks))
				s.p.answers("/x", tt.answer(t, w, doc))
				found := w.searches("alice", "https://peer.test/x")
				if got := len(found.Statuses) == 1; got != tt.found {
					t.Errorf("found: %v, want %v", got, tt.found)
				}
				want := tt.is41
				if current && tt.isIt != nil {
					want = tt.isIt
				}
				if got := s.p.wanted(); !slices.Equal(got, want) {
					t.Errorf("asked for %q, want %q", got, want)
				}
			})
		})
	}
}

// A document of another host's id is read where it says it lives, under both policies: else anybody could speak for anybody.
func TestADocumentFromAnotherHostIsNotBelieved(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		w.peer("evil.test").answers("/x", func(c *fasthttp.RequestCtx) {
			c.SetContentType("application/activity+json")
			c.SetBody(encode(t, s.berta.note("1", speaks, members{"content": "forged"})))
		})
		if found := w.searches("alice", "https://evil.test/x"); len(found.Statuses) != 0 {
			t.Errorf("found %d posts, want none", len(found.Statuses))
		}
		if got, want := s.p.wanted(), []string{"/users/berta/statuses/1 as document"}; !slices.Equal(got, want) {
			t.Errorf("peer.test was asked for %q, want %q", got, want)
		}
	})
}

// A boost that is looked up stands for what it boosts; a boost of a boost for nothing, or a chain of them could make this
// server ask for ever (federation.md §9.0).
func TestAChainOfBoostsIsNotFollowed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		boosts := func(id string, object any) string {
			address := s.berta.uri + "/boosts/" + id
			s.p.has(with(s.berta.announces(id, object.(string)), members{"id": address}))
			return address
		}
		one := s.p.has(s.berta.note("1", speaks))["id"]
		two := s.p.has(s.berta.note("2", speaks))["id"]
		if found := w.searches("alice", boosts("1", one)); len(found.Statuses) != 1 || found.Statuses[0].Status.URI != one {
			t.Errorf("a boost led to %+v, want to what it boosts", found.Statuses)
		}
		s.p.forget()
		if found := w.searches("alice", boosts("3", boosts("2", two))); len(found.Statuses) != 0 {
			t.Errorf("a boost of a boost led to %+v, want to nothing", found.Statuses)
		}
		if got, want := s.p.asked(), []string{"GET /users/berta/boosts/3", "GET /users/berta/boosts/2"}; !slices.Equal(got, want) {
			t.Errorf("asked for %q, want %q", got, want)
		}
	})
}

// What serves when an address is not answered (federation.md §9.4).
func TestWhatIsKnownServesWhenAnAddressFails(t *testing.T) {
	t.Parallel()
	fails := func(status int) func(*fasthttp.RequestCtx) {
		return func(c *fasthttp.RequestCtx) { c.SetStatusCode(status) }
	}
	for _, tt := range []struct {
		name, path string
		status     int
		found      bool
	}{
		{"a post that its server keeps back", "/users/berta/statuses/1", 401, true},
		{"a post that its server refuses", "/users/berta/statuses/1", 403, true},
		{"a post that its server does not have", "/users/berta/statuses/1", 404, true},
		{"the page of one", "/@berta/1", 404, true},
		{"the page of another", "/@berta/2", 404, false},
		{"a post whose server is down", "/users/berta/statuses/1", 500, false},
		{"a person whose server is down", "/users/berta", 502, true},
		{"a person whom their server does not have", "/users/berta", 404, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, w *world, _ bool) {
				s := followed(w)
				private := members{"to": []any{s.berta.uri + "/followers"}, "cc": []any{}, "url": "https://peer.test/@berta/1"}
				w.send(s.berta, s.berta.creates(s.berta.note("1", private)))
				s.p.answers(tt.path, fails(tt.status))
				found := w.searches("alice", "https://peer.test"+tt.path)
				if got := len(found.Statuses)+len(found.Accounts) == 1; got != tt.found {
					t.Errorf("found: %v, want %v", got, tt.found)
				}
				w.person("stranger")
				if found := w.searches("stranger", "https://peer.test"+tt.path); len(found.Statuses) != 0 {
					t.Error("a stranger found what is for followers")
				}
			})
		})
	}
}

// Looking for a handle reads an account again that was read more than a day ago.
func TestLookingForAStaleHandle(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		w.searches("alice", "@berta@peer.test")
		if got := s.p.asked(); len(got) != 0 {
			t.Errorf("asked for %q, want nothing within a day", got)
		}
		w.clock.Advance(25 * time.Hour)
		w.searches("alice", "@berta@peer.test")
		if got := s.p.asked(); !slices.Contains(got, "GET /users/berta") {
			t.Errorf("asked for %q, want the actor", got)
		}
	})
}

// What is never fetched: the outbox of somebody newly followed, who reacted, who follows, the context (federation.md §9.9).
func TestWhatIsNeverFetched(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := plainStage(w)
		for _, list := range []string{"outbox", "followers", "following"} {
			uri := s.berta.uri + "/" + list
			s.p.has(members{"@context": activityStreams, "id": uri, "type": "OrderedCollection", "totalItems": 3, "first": uri + "?page=1"})
		}
		berta := s.berta.known()
		alice := w.here("alice")
		_, err := w.in.Services.Follows.Follow(t.Context(), alice.ID, berta.ID)
		w.must(err)
		w.settle()
		follow, err := w.in.Services.Store.FollowBetween(t.Context(), alice.ID, berta.ID)
		w.must(err)
		w.send(s.berta, s.berta.does("Accept", "1", members{"id": follow.URI, "type": "Follow", "actor": alice.URI, "object": berta.URI}))
		note := s.berta.note("1", originTotals(5, 5), members{"context": s.berta.uri + "/contexts/1"})
		w.send(s.berta, s.berta.creates(note))
		w.searches("alice", note["id"].(string))
		allowed := []string{"/users/berta", "/users/berta/outbox", "/users/berta/followers", "/users/berta/following", "/users/berta/statuses/1"}
		for _, target := range s.p.asked() {
			if target, get := strings.CutPrefix(target, "GET "); get && !slices.Contains(allowed, target) {
				t.Errorf("%s was asked for", target)
			}
		}
		if n, err := w.in.Services.Store.AccountByURI(t.Context(), s.berta.uri); err != nil || n.FollowersCount != 3 {
			t.Errorf("berta has %d followers, want the 3 that her server counts (%v)", n.FollowersCount, err)
		}
		if !w.named(rules.AcceptAnswer) {
			t.Error("the follow was not accepted")
		}
	})
}
