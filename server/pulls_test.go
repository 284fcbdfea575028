package server_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/social"
)

// both runs a test under both of Mastodon's policies; current says under which.
func both(t *testing.T, test func(t *testing.T, w *world, current bool)) {
	t.Helper()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, newWorld(t, under(name)), name == "mastodon")
		})
	}
}

var speaks = members{"@context": activityStreams}

// gets are the GETs that p got since it forgot, without what is looked up about people.
func (p *peer) gets() []string {
	var out []string
	for _, a := range p.asked() {
		if target, ok := strings.CutPrefix(a, "GET "); ok && strings.Contains(target, "/statuses/") {
			out = append(out, target)
		}
	}
	return out
}

// named reports whether a fact or a request of the instance's log names the rule.
func (w *world) named(rule rules.ID) bool {
	w.t.Helper()
	facts, err := w.in.Source().FactsSince(w.t.Context(), 0, nil, 100_000)
	w.must(err)
	return slices.ContainsFunc(facts, func(f activitylog.Fact) bool { return f.Rule == rule }) ||
		slices.ContainsFunc(w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.Out}, Limit: activitylog.MaxLimit}),
			func(e activitylog.Entry) bool { return e.Exchange.Rule == rule })
}

// searches looks for q as name would, and resolves it elsewhere.
func (w *world) searches(name, q string) social.Found {
	w.t.Helper()
	ctx, done := w.in.Recorder.Action(w.t.Context(), activitylog.Summary{Type: "Search", Object: q})
	found, err := w.in.Services.Searches.Find(ctx, w.here(name).ID, q, true, 20)
	done()
	w.must(err)
	return found
}

func TestAnEndlessThreadEnds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		carol := s.p.actor("carol")
		at := func(n int) string { return fmt.Sprintf("%s/statuses/%d", carol.uri, n) }
		for n := range 1010 {
			s.p.has(carol.note(fmt.Sprint(n), speaks, members{"inReplyTo": at(n + 1)}))
		}
		got := w.send(s.berta, s.berta.creates(s.berta.note("1", members{"inReplyTo": at(0)})))
		if want := "accounts+1 statuses+1001"; got.changed != want {
			t.Errorf("changed %q, want %q", got.changed, want)
		}
		if n := len(s.p.gets()); n != 1001 {
			t.Errorf("%d posts were asked for, want 1000 and the one too many", n)
		}
		if !w.named(rules.LimitDiscoveries) {
			t.Errorf("no fact names %s", rules.LimitDiscoveries)
		}
	})
}

func TestAPostThatNamesHundredsOfStrangers(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		var tags []any
		for n := range 450 {
			tags = append(tags, members{"type": "Mention", "href": fmt.Sprintf("https://peer.test/users/s%d", n), "name": "@s"})
		}
		w.send(s.berta, s.berta.creates(s.berta.note("1", members{"tag": tags})))
		if n := len(s.p.asked()); n != 400 {
			t.Errorf("%d people were looked up, want 400", n)
		}
		if !w.named(rules.LimitActorsFound) {
			t.Errorf("no fact names %s", rules.LimitActorsFound)
		}
	})
}

// A reply whose parent is found later is in the home of those who follow its author since 4.3; nobody is told.
func TestALateThreadReachesHomes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		s := followed(w)
		first := s.p.has(s.berta.note("first", speaks))
		second := w.send(s.berta, s.berta.creates(s.berta.note("second", members{"inReplyTo": first["id"]})))
		want := "home+1 statuses+2"
		if current {
			want = "home+2 statuses+2"
		}
		if second.changed != want {
			t.Errorf("changed %q, want %q", second.changed, want)
		}
	})
}

func TestAnOldLateThreadStaysOutOfHomes(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		w.clock.Advance(7 * time.Hour)
		first := s.p.has(s.berta.note("first", speaks))
		second := w.send(s.berta, s.berta.creates(s.berta.note("second", members{"inReplyTo": first["id"]})))
		if want := "statuses+2"; second.changed != want {
			t.Errorf("changed %q, want %q", second.changed, want)
		}
	})
}

// What has become known while its look-up waited is not asked for since 4.3.
func TestAParentThatArrivedMeanwhile(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		s := followed(w)
		first := s.p.has(s.berta.note("first", speaks))
		w.drop("/inbox", encode(t, s.berta.creates(s.berta.note("second", members{"inReplyTo": first["id"]}))), s.berta)
		w.drop("/inbox", encode(t, s.berta.creates(s.berta.note("first"))), s.berta)
		w.settle()
		want := 1
		if current {
			want = 0
		}
		if got := s.p.gets(); len(got) != want {
			t.Errorf("asked for %q, want %d requests", got, want)
		}
	})
}

// replies that are only named are read by a job: the list and its first page, or since 4.6 that page alone.
func TestListsOfRepliesThatAreOnlyNamed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name       string
		replies    func(list string) any
		is41, isIt []string
	}{
		{"the first page", func(list string) any { return members{"id": list, "type": "Collection", "first": list + "?page=1"} },
			[]string{"/replies", "/replies?page=1"}, []string{"/replies?page=1"}},
		{"the list", func(list string) any { return list },
			[]string{"/replies", "/replies?page=1"}, []string{"/replies", "/replies?page=1"}},
		{"a list elsewhere", func(string) any { return "https://elsewhere.test/replies" }, nil, nil},
		{"an empty page", func(list string) any {
			return members{"id": list, "type": "Collection", "first": members{"type": "CollectionPage", "items": []any{}}}
		}, nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, w *world, current bool) {
				s := followed(w)
				note := s.berta.note("1")
				list := note["id"].(string) + "/replies"
				reply := s.p.has(s.berta.note("2", speaks, members{"inReplyTo": note["id"]}))
				s.p.answers("/users/berta/statuses/1/replies", func(c *fasthttp.RequestCtx) {
					c.SetContentType("application/activity+json")
					doc := members{"id": list, "type": "Collection", "first": list + "?page=1"}
					if c.QueryArgs().Has("page") {
						doc = members{"id": list + "?page=1", "type": "CollectionPage", "items": []any{reply["id"], "https://elsewhere.test/3"}}
					}
					c.SetBody(encode(t, doc))
				})
				w.send(s.berta, s.berta.creates(with(note, members{"replies": tt.replies(list)})))
				want := tt.is41
				if current {
					want = tt.isIt
				}
				var got []string
				for _, target := range s.p.gets() {
					got = append(got, strings.TrimPrefix(target, "/users/berta/statuses/1"))
				}
				if want = slices.Clone(want); len(want) > 0 {
					want = append(want, "/users/berta/statuses/2")
				}
				if !slices.Equal(got, want) {
					t.Errorf("asked for %q, want %q", got, want)
				}
			})
		})
	}
}

// A listed reply is read even if it is known, and then counts as an Update.
func TestAKnownReplyThatIsListedIsRefreshed(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := followed(w)
		w.send(s.berta, s.berta.creates(s.berta.note("2")))
		s.p.has(s.berta.note("2", speaks, members{"content": "<p>better</p>", "updated": "2026-01-01T12:00:30Z"}))
		page := members{"type": "CollectionPage", "items": []any{s.berta.uri + "/statuses/2"}}
		w.send(s.berta, s.berta.creates(s.berta.note("1", members{"replies": members{"type": "Collection", "first": page}})))
		known, err := w.in.Services.Store.StatusByURI(t.Context(), s.berta.uri+"/statuses/2")
		w.must(err)
		if known.Content != "<p>better</p>" {
			t.Errorf("it says %q, want what it says now", known.Content)
		}
		if !w.named(rules.AcceptRefreshed) {
			t.Errorf("no fact names %s", rules.AcceptRefreshed)
		}
	})
}

func TestAQuietRefresh(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		s := followed(w)
		w.clock.Advance(8 * 24 * time.Hour)
		for n := range 3 {
			w.send(s.berta, s.berta.creates(s.berta.note(fmt.Sprint(n))))
		}
		s.p.forget()
		w.advance(6 * time.Hour)
		want := 0
		if current {
			want = 1
		}
		got := 0
		for _, a := range s.p.asked() {
			if a == "GET /users/berta" {
				got++
			}
		}
		if got != want {
			t.Errorf("berta was looked up %d times within six hours, want %d; asked: %q", got, want, s.p.asked())
		}
		if w.named(rules.FetchActorQuietly) != current {
			t.Errorf("a fact names %s: %v, want %v", rules.FetchActorQuietly, !current, current)
		}
	})
}
