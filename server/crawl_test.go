package server_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
	"orrery/server"
	"orrery/social"
)

// token lets somebody who lives here use the client API.
func (w *world) token(name string) string {
	w.t.Helper()
	secret, _, err := w.in.Services.SignIns.Token(w.t.Context(), w.here(name).ID, 0, "read write follow")
	w.must(err)
	return secret
}

// app sends a GET to the instance as an app; token "" is anonymous.
func (w *world) app(path, token string) (status int, header http.Header, body []byte) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "https://alpha.test"+path, nil)
	w.must(err)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	w.must(err)
	return res.StatusCode, res.Header, body
}

// openThread is a post by berta, known here, and what her server says of the replies to each post.
type openThread struct {
	stage
	root string // URI
	id   social.ID
}

// opening makes alice know a post of berta's, some time ago.
func opening(w *world, ago time.Duration) *openThread {
	w.t.Helper()
	th := &openThread{stage: followed(w)}
	note := th.berta.note("1")
	th.root = note["id"].(string)
	w.send(th.berta, th.berta.creates(note))
	w.clock.Advance(ago)
	s, err := w.in.Services.Store.StatusByURI(w.t.Context(), th.root)
	w.must(err)
	th.id = s.ID
	th.p.forget()
	return th
}

// lists gives the post at uri pages of replies, the first of them embedded; a page leads to the next.
func (th *openThread) lists(p *peer, note members, pages ...[]any) members {
	uri := note["id"].(string)
	page := func(n int) members {
		doc := members{"type": "CollectionPage", "partOf": uri + "/replies", "items": pages[n]}
		if n > 0 {
			doc["id"] = fmt.Sprintf("%s/replies?page=%d", uri, n)
		}
		if n+1 < len(pages) {
			doc["next"] = fmt.Sprintf("%s/replies?page=%d", uri, n+1)
		}
		return doc
	}
	path := strings.TrimPrefix(uri, "https://"+p.host)
	p.answers(path+"/replies", func(c *fasthttp.RequestCtx) {
		c.SetContentType("application/activity+json")
		n := c.QueryArgs().GetUintOrZero("page")
		c.SetBody(encode(th.t, page(n)))
	})
	return p.has(with(note, members{"@context": activityStreams, "replies": members{"id": uri + "/replies", "type": "Collection", "first": page(0)}}))
}

// opens is alice looking at the thread in her app; the header is what it says of a search.
func (th *openThread) opens() string {
	th.t.Helper()
	status, header, body := th.app("/api/v1/statuses/"+th.id.String()+"/context", th.token("alice"))
	if status != 200 {
		th.t.Fatalf("context: %d %s", status, body)
	}
	return header.Get("Mastodon-Async-Refresh")
}

func TestOpeningAThreadFetchesAllReplies(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		th := opening(w, 5*time.Minute)
		q := w.peer("other.test")
		carol := q.actor("carol")
		root := members{"inReplyTo": th.root}
		r1 := th.p.has(th.berta.note("r1", speaks, root))
		r2 := carol.note("r2", root)
		r3 := q.has(carol.note("r3", speaks, members{"inReplyTo": r2["id"]}))
		th.lists(q, carol.note("r2", root), []any{r3["id"]})
		th.lists(th.p, th.berta.note("1", originTotals(9, 8)), []any{r1["id"]}, []any{r2["id"], "https://alpha.test/users/alice/statuses/1"})
		header := th.opens()
		if !current {
			w.settle()
			if got := th.p.gets(); header != "" || len(got) != 0 {
				t.Errorf("4.1 says %q and asked for %q, want nothing", header, got)
			}
			return
		}
		m := regexp.MustCompile(`^id="(\d+)", retry=3, result_count=0$`).FindStringSubmatch(header)
		if m == nil {
			t.Fatalf("the header says %q", header)
		}
		refresh := func(want string) {
			t.Helper()
			status, _, body := w.app("/api/v1_alpha/async_refreshes/"+m[1], w.token("alice"))
			if got := fmt.Sprint(status, " ", string(body)); got != want {
				t.Errorf("the refresh says %s, want %s", got, want)
			}
		}
		refresh(`200 {"async_refresh":{"id":"` + m[1] + `","status":"running","result_count":0}}`)
		if again := th.opens(); again != header {
			t.Errorf("looked at again, the header says %q, want %q", again, header)
		}
		w.settle()
		refresh(`200 {"async_refresh":{"id":"` + m[1] + `","status":"finished","result_count":2}}`)
		if got, want := th.p.gets(), []string{
			"/users/berta/statuses/1", "/users/berta/statuses/1/replies?page=1", "/users/berta/statuses/r1", "/users/berta/statuses/r1",
		}; !slices.Equal(got, want) {
			t.Errorf("peer.test was asked for %q, want %q", got, want)
		}
		// Two were found by the crawl; r3 came with r2, which lists it.
		// r2 twice, once to be kept and once for its replies; r3 because r2 lists it at first sight, because the crawl found it,
		// and for its replies.
		if got, want := q.gets(), []string{
			"/users/carol/statuses/r2", "/users/carol/statuses/r2", "/users/carol/statuses/r3", "/users/carol/statuses/r3", "/users/carol/statuses/r3",
		}; !slices.Equal(got, want) {
			t.Errorf("other.test was asked for %q, want %q", got, want)
		}
		if got := w.shown(th.root); got != [2]int64{8, 9} {
			t.Errorf("the opened post shows %v, want what its server counts", got)
		}
		known, err := w.in.Services.Store.StatusesByURI(t.Context(), []string{r1["id"].(string), r2["id"].(string), r3["id"].(string)})
		w.must(err)
		if len(known) != 3 {
			t.Errorf("%d of the 3 replies are known", len(known))
		}
		for _, rule := range []rules.ID{rules.FetchThreadOpened, rules.FetchThreadReply, rules.LearnThreadOpened} {
			if !w.named(rule) {
				t.Errorf("no fact names %s", rule)
			}
		}
		w.clock.Advance(61 * time.Minute)
		refresh(`404 {"error":"Record not found"}`)
		w.readable()
	})
}

func TestWhenNothingIsFetchedOnOpening(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		ago  time.Duration
		do   func(w *world, th *openThread)
		rule rules.ID
		asks bool
	}{
		{"a post of four minutes", 4 * time.Minute, func(w *world, th *openThread) { th.opens() }, rules.LimitOpenedYoung, false},
		{"nobody is signed in", time.Hour, func(w *world, th *openThread) { w.app("/api/v1/statuses/"+th.id.String()+"/context", "") }, "", false},
		{"a quarter of an hour has not passed", time.Hour, func(w *world, th *openThread) {
			th.opens()
			w.settle()
			th.p.forget()
			w.clock.Advance(14 * time.Minute)
			th.opens()
		}, rules.LimitOpenedLately, false},
		{"a quarter of an hour has passed", time.Hour, func(w *world, th *openThread) {
			th.opens()
			w.settle()
			th.p.forget()
			w.clock.Advance(15 * time.Minute)
			th.opens()
		}, rules.FetchThreadOpened, true},
		{"a post of this server", time.Hour, func(w *world, th *openThread) {
			mine := w.say(w.here("alice"), "mine")
			w.clock.Advance(time.Hour)
			w.app("/api/v1/statuses/"+mine.ID.String()+"/context", w.token("alice"))
		}, "", false},
		{"on a page", time.Hour, func(w *world, th *openThread) {
			cookie, err := w.in.Services.SignIns.Open(w.t.Context(), w.here("alice").ID)
			w.must(err)
			w.page("/@berta@peer.test/"+th.id.String(), cookie)
		}, rules.FetchThreadOpened, true},
		{"on a page, by nobody", time.Hour, func(w *world, th *openThread) { w.page("/@berta@peer.test/"+th.id.String(), "") }, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under("mastodon"))
			th := opening(w, tt.ago)
			th.lists(th.p, th.berta.note("1"), []any{})
			tt.do(w, th)
			w.settle()
			if got := len(th.p.gets()) > 0; got != tt.asks {
				t.Errorf("asked for %q, want something: %v", th.p.gets(), tt.asks)
			}
			if tt.rule != "" && !w.named(tt.rule) {
				t.Errorf("no fact names %s", tt.rule)
			}
		})
	}
}

// page loads a page as a browser does.
func (w *world) page(path, session string) {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, "https://alpha.test"+path, nil)
	w.must(err)
	req.Header.Set("Accept", "text/html")
	if session != "" {
		req.AddCookie(&http.Cookie{Name: "orrery_session", Value: session})
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	if res.StatusCode != 200 {
		w.t.Fatalf("%s: %d", path, res.StatusCode)
	}
}

// A walk over pages ends with the page that brings the fifth reply; the knob moves that.
func TestTheWalkEndsAtTheCutoff(t *testing.T) {
	t.Parallel()
	for cutoff, want := range map[string]int{"1": 0, "5": 1, "6": 2, "500": 3} {
		t.Run(cutoff, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under("mastodon"), knob("page-cutoff", cutoff))
			th := opening(w, time.Hour)
			page := func(from, n int) (items []any) {
				for i := range n {
					items = append(items, fmt.Sprintf("https://other.test/%d", from+i))
				}
				return items
			}
			w.peer("other.test")
			th.lists(th.p, th.berta.note("1"), page(0, 2), page(2, 3), page(5, 1), page(6, 2))
			th.opens()
			w.settle()
			if got := len(th.p.gets()) - 1; got != want {
				t.Errorf("%d further pages were read, want %d: %q", got, want, th.p.gets())
			}
		})
	}
}

func TestFetchingAllIsAKnob(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"mastodon-4.1": "on", "mastodon": "off"} {
		t.Run(name+" "+value, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(name), knob("fetch-all", value))
			th := opening(w, time.Hour)
			th.lists(th.p, th.berta.note("1"), []any{})
			th.opens()
			w.settle()
			if got := len(th.p.gets()) == 1; got != (value == "on") {
				t.Errorf("asked for %q with fetch-all %s", th.p.gets(), value)
			}
		})
	}
}

func knob(name, value string) func(*server.Config, *server.World) {
	return func(c *server.Config, _ *server.World) {
		if err := c.Policy.Set(name, value); err != nil {
			panic(err)
		}
	}
}

// Hostile lists: pages without end, thousands of addresses, a page elsewhere, a page that leads to itself.
func TestACrawlIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("mastodon"))
	th := opening(w, time.Hour)
	n := 0
	th.p.answers("/users/berta/statuses/1/replies", func(c *fasthttp.RequestCtx) {
		n++
		c.SetContentType("application/activity+json")
		c.SetBody(encode(t, members{"type": "CollectionPage", "items": []any{}, "next": fmt.Sprintf("%s/replies?n=%d", th.root, n)}))
	})
	th.p.has(th.berta.note("1", speaks, members{"replies": th.root + "/replies"}))
	th.opens()
	w.settle()
	if n != social.CrawlPages {
		t.Errorf("%d pages were read, want %d", n, social.CrawlPages)
	}
	if !w.named(rules.LimitCrawl) {
		t.Errorf("no fact names %s", rules.LimitCrawl)
	}
	th.p.forget()
	w.clock.Advance(time.Hour)
	var items []any
	for i := range 3000 {
		items = append(items, fmt.Sprintf("https://peer.test/many/%d", i))
	}
	th.lists(th.p, th.berta.note("1"), items)
	th.opens()
	w.settle()
	met := map[string]bool{}
	for _, a := range th.p.asked() {
		if strings.Contains(a, "/many/") {
			met[a] = true
		}
	}
	if len(met) != social.CrawlAtOnce {
		t.Errorf("%d listed posts were asked for, want %d", len(met), social.CrawlAtOnce)
	}
	for name, next := range map[string]string{"elsewhere": "https://elsewhere.test/page", "itself": th.root + "/replies?page=0"} {
		th.p.forget()
		w.clock.Advance(time.Hour)
		th.p.has(th.berta.note("1", speaks, members{"replies": members{"type": "Collection", "first": members{
			"type": "CollectionPage", "items": []any{}, "next": next}}}))
		th.p.answers("/users/berta/statuses/1/replies", func(c *fasthttp.RequestCtx) {
			c.SetContentType("application/activity+json")
			c.SetBody(encode(t, members{"type": "CollectionPage", "items": []any{}, "next": next}))
		})
		th.opens()
		w.settle()
		if got := len(th.p.gets()); got > 2 {
			t.Errorf("a page that leads %s: %d requests", name, got)
		}
	}
}

// A server that does not answer is asked again; the crawl ends all the same.
func TestACrawlWhoseServerIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("mastodon"))
	th := opening(w, time.Hour)
	th.p.answers("/users/berta/statuses/1", func(c *fasthttp.RequestCtx) { c.SetStatusCode(503) })
	header := th.opens()
	w.advance(time.Hour)
	if got := len(th.p.gets()); got != 4 {
		t.Errorf("the post was asked for %d times, want 4", got)
	}
	id := regexp.MustCompile(`\d+`).FindString(header)
	var answer struct {
		Refresh struct{ Status string } `json:"async_refresh"`
	}
	_, _, body := w.app("/api/v1_alpha/async_refreshes/"+id, w.token("alice"))
	w.must(json.Unmarshal(body, &answer))
	if answer.Refresh.Status != "finished" {
		t.Errorf("the crawl is %q, want finished", answer.Refresh.Status)
	}
}
