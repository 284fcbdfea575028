package web

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"orrery/activitylog"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
	"orrery/views"
)

const (
	origin = "http://academy.localhost:8080"
	host   = "academy.localhost:8080"
)

// site is an instance's pages over a real database, without federation.
type site struct {
	t     *testing.T
	app   *fiber.App
	web   *Web
	store *storage.Store
	clock *clock.Stepped
	ids   *snowflake.Generator

	mu     sync.Mutex
	acts   []activitylog.Summary
	opened []social.ID
}

func newSite(t *testing.T) *site {
	t.Helper()
	return newSiteOn(t, prepared.SQLite(t))
}

func newSiteOn(t *testing.T, dsn string) *site {
	t.Helper()
	s := &site{t: t, clock: clock.New(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))}
	s.ids = snowflake.New(s.clock.Now)
	store, err := storage.Open(t.Context(), storage.Options{
		DSN: dsn, Synchronous: "OFF", Instance: "academy", NewID: s.ids.Next,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	s.store = store
	s.web = &Web{
		Services: s.services(), Lab: true, Text: richtext.Mastodon41,
		Act: func(ctx context.Context, a activitylog.Summary) (context.Context, func()) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.acts = append(s.acts, a)
			return ctx, func() {}
		},
		Opened: func(_ context.Context, _, status social.ID) *social.Crawl {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.opened = append(s.opened, status)
			return nil
		},
		Switcher: func(context.Context) []views.Person {
			return []views.Person{
				{Name: "alice", Acct: "alice@academy", Server: "academy", Hue: 1},
				{Name: "berta", Acct: "berta@techhub", Server: "techhub", Hue: 2},
				{Name: "canon", Acct: "canon@masto", Server: "masto", Hue: 3},
			}
		},
		Servers: func() []views.ServerLink {
			return []views.ServerLink{
				{Name: "academy", Origin: origin, Hue: 1},
				{Name: "techhub", Origin: "http://techhub.localhost:8080", Hue: 2},
				{Name: "masto", Origin: "http://masto.localhost:8080", Hue: 3},
			}
		},
	}
	s.web.Lists = &social.Lists{Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID}
	s.web.Blocks = &social.Blocks{Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, Follows: s.web.Follows, MintURI: s.web.Follows.MintURI}
	s.web.Moves = &social.Moves{Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, Resolve: func(ctx context.Context, handle string) (social.Account, error) {
		user, domain, _ := strings.Cut(strings.TrimPrefix(handle, "@"), "@")
		return s.store.AccountByHandle(ctx, user, domain)
	}}
	s.web.Moderation.Domains = &social.Domains{Store: s.store, Own: host}
	s.web.Imports = &social.Imports{
		Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, Follows: s.web.Follows, Blocks: s.web.Blocks, Mutes: s.web.Mutes, Lists: s.web.Lists,
		Reactions: s.web.Reactions, Remote: nobody{s.store}, Host: host, Leave: func(context.Context, social.Tx, social.ID) error { return nil },
	}
	s.web.Info.Title, s.web.Info.Name, s.web.Info.Host = "The Academy", "academy", host
	s.app = fiber.New(fiber.Config{DisableStartupMessage: true})
	s.web.Register(s.app)
	s.app.Use(s.web.NotFound)
	return s
}

func (s *site) services() social.Services {
	now, newID := s.clock.Now, func() social.ID { return social.ID(s.ids.Next()) }
	urls := social.URLs{Origin: origin}
	keys := func(string) (string, string, error) { return "private", "public", nil }
	mint := func() string { return fmt.Sprintf("%s/%d", origin, s.ids.Next()) }
	follows := &social.Follows{Store: s.store, Now: now, NewID: newID, MintURI: mint}
	return social.Services{
		Blocks:     &social.Blocks{Store: s.store, Now: now, NewID: newID, Follows: follows, MintURI: mint},
		Moderation: &social.Moderation{Store: s.store, Now: now, NewID: newID, MintURI: mint},
		Store:      s.store, Reader: &social.Reader{Store: s.store}, URLs: urls, Now: now,
		Accounts: &social.Accounts{Store: s.store, Now: now, NewID: newID, URLs: urls, NewKey: keys,
			HashPassword: func(_ context.Context, p string) (string, error) { return "hash of " + p, nil }},
		Statuses: &social.Statuses{Store: s.store, Now: now, NewID: newID, URLs: urls, Text: richtext.Mastodon41,
			Resolve: func(ctx context.Context, user, domain string) (social.Account, error) {
				return s.store.AccountByHandle(ctx, user, domain)
			},
			Conversation: func(a social.Account, id social.ID, _ time.Time) string {
				return fmt.Sprintf("tag:%s:%d", host, id)
			},
			BoostFallOff: 40},
		Follows:   follows,
		Features:  &social.Features{Store: s.store, Now: now, NewID: newID},
		Reactions: &social.Reactions{Store: s.store, Now: now, NewID: newID},
		Mutes:     &social.Mutes{Store: s.store, Now: now, NewID: newID},
		Filters:   &social.Filters{Store: s.store, Now: now, NewID: newID},
		Regards:   &social.Regards{Store: s.store, Now: now, NewID: newID},
		Polls:     &social.Polls{Store: s.store, Now: now, NewID: newID},
		SignIns: &social.SignIns{Store: s.store, Now: now, NewID: newID, Rand: &counter{},
			Verify: func(_ context.Context, phc, p string) (bool, error) { return phc == "hash of "+p, nil }},
		Searches: &social.Searches{Store: s.store, Remote: nobody{s.store}},
		Trends:   &social.Trends{Store: s.store, Now: now},

		Announcements: &social.Announcements{Store: s.store, Now: now, NewID: newID},
	}
}

// nobody is the rest of the world when there is none.
type nobody struct{ here social.Store }

func (r nobody) ByHandle(ctx context.Context, user, domain string) (social.Account, error) {
	return r.here.AccountByHandle(ctx, user, domain)
}

func (r nobody) ByURL(ctx context.Context, _ social.ID, address string) (*social.Account, social.ID, error) {
	if a, err := r.here.AccountByURI(ctx, address); err == nil {
		return &a, 0, nil
	}
	s, err := r.here.StatusByURI(ctx, address)
	return nil, s.ID, err
}

// counter gives secrets that differ.
type counter struct {
	mu sync.Mutex
	n  byte
}

func (c *counter) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return copy(p, bytes.Repeat([]byte{c.n}, len(p))), nil
}

func (s *site) person(name string) social.Account {
	s.t.Helper()
	a, err := s.web.Accounts.Create(s.t.Context(), social.NewAccount{Username: name, Password: "correct horse"})
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

// remote stores an account of another server, as federation would.
func (s *site) remote(name, domain, display string) social.Account {
	s.t.Helper()
	uri := "http://" + domain + "/users/" + name
	a := social.Account{
		ID: social.ID(s.ids.Next()), Username: name, Domain: domain, DisplayName: display, URI: uri, URL: "http://" + domain + "/@" + name,
		ActorType: "Person", InboxURL: uri + "/inbox", FollowersURL: uri + "/followers", CreatedAt: s.clock.Now(), FetchedAt: s.clock.Now(),
	}
	if err := s.store.InsertAccount(s.t.Context(), a, ""); err != nil {
		s.t.Fatal(err)
	}
	return a
}

// arrive stores a post of another server, as federation would.
func (s *site) arrive(author social.Account, content string, with ...func(*social.Status)) social.Status {
	s.t.Helper()
	id := social.ID(s.ids.Next())
	st := social.Status{
		ID: id, URI: fmt.Sprintf("%s/statuses/%d", author.URI, id), URL: fmt.Sprintf("%s/%d", author.URL, id), AccountID: author.ID,
		Visibility: social.Public, Content: content, ObjectType: "Note", CreatedAt: s.clock.Now(),
	}
	for _, f := range with {
		f(&st)
	}
	if err := s.store.InsertStatus(s.t.Context(), st); err != nil {
		s.t.Fatal(err)
	}
	return st
}

func (s *site) post(author social.Account, text string, with ...func(*social.Draft)) social.Status {
	s.t.Helper()
	d := social.Draft{Text: text}
	for _, f := range with {
		f(&d)
	}
	st, err := s.web.Statuses.Publish(s.t.Context(), author.ID, d)
	if err != nil {
		s.t.Fatal(err)
	}
	return st
}

func (s *site) follow(a, b social.Account) {
	s.t.Helper()
	if _, err := s.web.Follows.Follow(s.t.Context(), a.ID, b.ID); err != nil {
		s.t.Fatal(err)
	}
}

// as is a browser signed in as a; with the zero Account, of a stranger.
func (s *site) as(a social.Account) *browser {
	s.t.Helper()
	b := &browser{site: s}
	if a.ID != 0 {
		cookie, err := s.web.SignIns.Open(s.t.Context(), a.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		b.cookie = cookie
	}
	return b
}

// browser sends what a browser would.
type browser struct {
	site   *site
	cookie string
}

// answer is what came back, read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   string
	doc    *html.Node
}

func (b *browser) get(path string) answer {
	return b.send(httptest.NewRequest(http.MethodGet, origin+path, nil))
}

// submit posts a form from one of our pages.
func (b *browser) submit(path string, form url.Values, with ...string) answer {
	r := httptest.NewRequest(http.MethodPost, origin+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Origin", origin)
	r.Header.Set("Referer", origin+"/home")
	for i := 0; i+1 < len(with); i += 2 {
		r.Header.Set(with[i], with[i+1])
	}
	return b.send(r)
}

func (b *browser) send(r *http.Request) answer {
	t := b.site.t
	t.Helper()
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: Cookie, Value: b.cookie})
	}
	res, err := b.site.app.Test(r, -1)
	if err != nil {
		t.Fatalf("%s %s: %v", r.Method, r.URL, err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return answer{t: t, status: res.StatusCode, header: res.Header, body: string(body), doc: doc}
}

// is fails the test unless the answer has this status.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status = %d, want %d; body:\n%s", a.status, status, a.body)
	}
	return a
}

// all finds elements by tests such as "article", ".post", "#feed", "a[href=/home]", all of which must hold.
func (a answer) all(tests ...string) []*html.Node {
	var found []*html.Node
	for n := range a.doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		ok := true
		for _, test := range tests {
			ok = ok && holds(n, test)
		}
		if ok {
			found = append(found, n)
		}
	}
	return found
}

// one fails the test unless there is exactly one such element.
func (a answer) one(tests ...string) *html.Node {
	a.t.Helper()
	found := a.all(tests...)
	if len(found) != 1 {
		a.t.Fatalf("%d elements are %v, want 1; body:\n%s", len(found), tests, a.body)
	}
	return found[0]
}

func (a answer) none(tests ...string) {
	a.t.Helper()
	if found := a.all(tests...); len(found) > 0 {
		a.t.Fatalf("%d elements are %v, want none; body:\n%s", len(found), tests, a.body)
	}
}

func holds(n *html.Node, test string) bool {
	switch {
	case strings.HasPrefix(test, "."):
		return strings.Contains(" "+attr(n, "class")+" ", " "+test[1:]+" ")
	case strings.HasPrefix(test, "#"):
		return attr(n, "id") == test[1:]
	case strings.HasPrefix(test, "["):
		name, value, hasValue := strings.Cut(strings.Trim(test, "[]"), "=")
		for _, at := range n.Attr {
			if at.Key == name {
				return !hasValue || at.Val == value
			}
		}
		return false
	}
	return n.Data == test
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text is what an element says, with single spaces.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// nothingLater leaves no job: what is published later is not published here.
func nothingLater(context.Context, social.Tx, social.ID, time.Time) error { return nil }
