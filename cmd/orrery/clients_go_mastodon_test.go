package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/mattn/go-mastodon"
)

// goMastodon is a person who uses go-mastodon v0.0.13.
type goMastodon struct {
	*mastodon.Client
	somebody
	t   *testing.T
	ctx context.Context
}

const outOfBand = "urn:ietf:wg:oauth:2.0:oob"

// goMastodonAs registers an app and signs in with it: the code is shown on a page, and carried over by hand.
func goMastodonAs(t *testing.T, ctx context.Context, s *stage, who somebody) *goMastodon {
	t.Helper()
	reach := reaching(t)
	app, err := mastodon.RegisterApp(ctx, &mastodon.AppConfig{Client: reach, Server: who.origin, ClientName: "go-mastodon", Scopes: "read write follow"})
	if err != nil {
		t.Fatalf("register the app at %s: %v", who.origin, err)
	}
	c := mastodon.NewClient(&mastodon.Config{Server: who.origin, ClientID: app.ClientID, ClientSecret: app.ClientSecret})
	c.Client = reach
	g := &goMastodon{c, who, t, ctx}
	if i, err := c.GetInstance(ctx); err != nil || i.URI != who.host() {
		t.Fatalf("the instance says %+v, %v; want uri %s", i, err, who.host())
	}
	g.must(c.GetUserAccessToken(ctx, s.authorise(t, who, app.AuthURI), outOfBand))
	me, err := c.GetAccountCurrentUser(ctx)
	if err != nil || me.Username != who.name {
		t.Fatalf("signed in as %+v, %v; want %s", me, err, who.name)
	}
	return g
}

func (g *goMastodon) must(err error) {
	g.t.Helper()
	if err != nil {
		g.t.Fatal(err)
	}
}

func (g *goMastodon) post(toot mastodon.Toot) *mastodon.Status {
	g.t.Helper()
	s, err := g.PostStatus(g.ctx, &toot)
	g.must(err)
	return s
}

// follow finds somebody of another server and follows them, until they have accepted.
func (g *goMastodon) follow(who somebody) *mastodon.Account {
	g.t.Helper()
	found, err := g.Search(g.ctx, "@"+who.handle(), true)
	if err != nil || len(found.Accounts) != 1 || found.Accounts[0].Acct != who.handle() {
		g.t.Fatalf("%s looks for %s: %+v, %v", g.handle(), who.handle(), found, err)
	}
	a := found.Accounts[0]
	_, err = g.AccountFollow(g.ctx, a.ID)
	g.must(err)
	eventually(g.t, g.handle()+" follows "+who.handle(), func(ctx context.Context) bool {
		rs, err := g.GetAccountRelationships(ctx, []string{string(a.ID)})
		return err == nil && len(rs) == 1 && rs[0].Following
	})
	return a
}

// receives waits until a post of somebody is in the home timeline.
func (g *goMastodon) receives(from somebody, words string) (found *mastodon.Status) {
	g.t.Helper()
	eventually(g.t, words+" is in the home of "+g.handle(), func(ctx context.Context) bool {
		home, err := g.GetTimelineHome(ctx, nil)
		i := slices.IndexFunc(home, func(s *mastodon.Status) bool {
			return s.Account.Acct == from.handle() && strings.Contains(s.Content, words)
		})
		if err != nil || i < 0 {
			return false
		}
		found = home[i]
		return true
	})
	return found
}

// isTold waits for a notification.
func (g *goMastodon) isTold(kind string, by somebody) (found *mastodon.Notification) {
	g.t.Helper()
	eventually(g.t, g.handle()+" is told of a "+kind, func(ctx context.Context) bool {
		all, err := g.GetNotifications(ctx, nil)
		i := slices.IndexFunc(all, func(n *mastodon.Notification) bool { return n.Type == kind && n.Account.Acct == by.handle() })
		if err != nil || i < 0 {
			return false
		}
		found = all[i]
		return true
	})
	return found
}

// stream is what came over one stream so far.
type stream struct {
	mu  sync.Mutex
	all []mastodon.Event
}

// listen opens the stream of a person over SSE or as a WebSocket, and returns when events come.
func (g *goMastodon) listen(name string, open func(context.Context) (chan mastodon.Event, error)) *stream {
	g.t.Helper()
	ctx, cancel := context.WithCancel(g.ctx)
	events, err := open(ctx)
	g.must(err)
	heard := &stream{}
	drained := make(chan struct{})
	go func() {
		defer close(drained)
		for e := range events {
			heard.mu.Lock()
			heard.all = append(heard.all, e)
			heard.mu.Unlock()
		}
	}()
	g.t.Cleanup(func() { cancel(); <-drained })
	// The client does not say when it is connected: posts are repeated until one is heard.
	tries := 0
	eventually(g.t, name+" is open", func(context.Context) bool {
		if tries++; tries%25 == 1 {
			g.post(mastodon.Toot{Status: fmt.Sprintf("Is %s open? %d", name, tries), Visibility: "private"})
		}
		return heard.has(func(e mastodon.Event) bool { _, ok := e.(*mastodon.UpdateEvent); return ok })
	})
	return heard
}

func (s *stream) has(is func(mastodon.Event) bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(s.all, is)
}

// hears waits for an event.
func (s *stream) hears(t *testing.T, what string, is func(mastodon.Event) bool) {
	t.Helper()
	eventually(t, what+" is heard", func(context.Context) bool { return s.has(is) })
}

// pages reads a timeline page by page to its end and says how often something came.
func (g *goMastodon) pages(name string, want []mastodon.ID, page func(*mastodon.Pagination) ([]*mastodon.Status, error)) {
	g.t.Helper()
	count := map[mastodon.ID]int{}
	pg := &mastodon.Pagination{Limit: 2}
	n := 0
	for ; n < 100; n++ {
		got, err := page(pg)
		if err != nil {
			g.t.Fatalf("page %d of %s: %v", n, name, err)
		}
		for _, s := range got {
			count[s.ID]++
		}
		if pg.MaxID == "" {
			break
		}
		pg = &mastodon.Pagination{MaxID: pg.MaxID, Limit: 2}
	}
	for id, times := range count {
		if times != 1 {
			g.t.Errorf("%s shows %s on %d pages", name, id, times)
		}
	}
	for _, id := range want {
		if count[id] != 1 {
			g.t.Errorf("%s shows %s %d times on %d pages of 2, want once; it has %v", name, id, count[id], n+1, count)
		}
	}
}

// picture is a PNG of 64 by 48 pixels.
func picture(t *testing.T) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	for x := range 64 {
		for y := range 48 {
			m.Set(x, y, color.RGBA{uint8(x * 4), uint8(y * 5), 90, 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// isPicture fetches an address as an app shows it.
func (g *goMastodon) isPicture(address string) {
	g.t.Helper()
	req, err := http.NewRequestWithContext(g.ctx, http.MethodGet, address, nil)
	g.must(err)
	res, err := g.Do(req)
	g.must(err)
	defer res.Body.Close()
	if _, kind, err := image.Decode(res.Body); err != nil || res.StatusCode != http.StatusOK || kind != "png" {
		g.t.Errorf("%s is %q, status %d, %v; want a PNG", address, kind, res.StatusCode, err)
	}
	if at, err := url.Parse(address); err != nil || at.Host != g.host() {
		g.t.Errorf("the picture is at %s, %v; want it on %s", address, err, g.host())
	}
}
