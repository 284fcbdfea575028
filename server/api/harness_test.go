package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/social/media"
	"orrery/social/richtext"
	"orrery/storage"
	"orrery/storage/files"
	"orrery/storage/storagetest/prepared"
)

// world is one instance's API over a real database, with alice, bob and locked lena here and rita on remote.test.
type world struct {
	*API
	t       testing.TB
	app     *fiber.App
	tokens  map[string]string // by username
	people  map[string]social.Account
	acts    []activitylog.Summary
	opened  []social.ID
	running *social.Crawl // what opening a thread leads to
	waiting []social.ID   // uploads to be made
	random  bool          // what comes of its requests proves nothing
}

func newWorld(t testing.TB) *world {
	t.Helper()
	return newWorldOn(t, prepared.SQLite(t))
}

func newWorldOn(t testing.TB, dsn string) *world {
	t.Helper()
	urls := social.URLs{Origin: "https://alpha.test"}
	ids := snowflake.New(clock.Real{}.Now)
	newID := func() social.ID { return social.ID(ids.Next()) }
	store, err := storage.Open(t.Context(), storage.Options{
		DSN: dsn, Synchronous: "OFF", Instance: "alpha", URLs: urls, NewID: ids.Next,
	})
	if err != nil {
		t.Fatalf("open storage: %v", err)
	}
	t.Cleanup(func() { store.Close() })
	now := clock.Real{}.Now
	known := func(ctx context.Context, user, domain string) (social.Account, error) {
		if domain == urls.Host() {
			domain = ""
		}
		return store.AccountByHandle(ctx, user, domain)
	}
	w := &world{t: t, tokens: map[string]string{}, people: map[string]social.Account{}}
	w.API = &API{
		Services: social.Services{
			Store: store, Reader: &social.Reader{Store: store, Shelf: social.NewShelf(1 << 20)}, URLs: urls, Now: now,
			Accounts: &social.Accounts{Store: store, Now: now, NewID: newID, URLs: urls,
				NewKey:       func(string) (string, string, error) { return "private", "public", nil },
				HashPassword: func(context.Context, string) (string, error) { return "hash", nil }},
			Statuses: &social.Statuses{Store: store, Now: now, NewID: newID, URLs: urls, Resolve: known, BoostFallOff: 40,
				Conversation: func(_ social.Account, id social.ID, _ time.Time) string { return "tag:alpha.test," + id.String() }},
			Follows:   &social.Follows{Store: store, Now: now, NewID: newID, MintURI: func() string { return "https://alpha.test/" + newID().String() }},
			Features:  &social.Features{Store: store, Now: now, NewID: newID},
			Reactions: &social.Reactions{Store: store, Now: now, NewID: newID},
			Mutes:     &social.Mutes{Store: store, Now: now, NewID: newID},
			Filters:   &social.Filters{Store: store, Now: now, NewID: newID},
			Regards:   &social.Regards{Store: store, Now: now, NewID: newID},
			Polls:     &social.Polls{Store: store, Now: now, NewID: newID},
			SignIns:   &social.SignIns{Store: store, Now: now, NewID: newID, Rand: rand.Reader},
			Searches:  &social.Searches{Store: store, Remote: nothing{store}, Host: urls.Host()},
		},
		Info: Info{Title: "Alpha", Version: "4.5.0+orrery.0.1.0", StreamingOrigin: "wss://alpha.test"},
		Text: richtext.Mastodon41,
		Act: func(ctx context.Context, what activitylog.Summary) (context.Context, func()) {
			w.acts = append(w.acts, what)
			return ctx, func() {}
		},
		Opened: func(_ context.Context, _, status social.ID) *social.Crawl {
			w.opened = append(w.opened, status)
			return w.running
		},
		Encoded: clientapi.NewEncoded(1 << 20), Answers: NewAnswers(1 << 20),
		PushKey: func(context.Context) (string, error) { return "the key of alpha", nil },
		Log:     slog.New(slog.NewTextHandler(logTo{t}, nil)),
	}
	w.Schedule = &social.Schedule{Store: store, Now: now, NewID: newID, Statuses: w.Statuses,
		Leave: func(context.Context, social.Tx, social.ID, time.Time) error { return nil }}
	w.Announcements = &social.Announcements{Store: store, Now: now, NewID: newID}
	w.Trends = &social.Trends{Store: store, Now: now}
	w.Lists = &social.Lists{Store: store, Now: now, NewID: newID}
	w.Media = &social.Media{
		Store: store, Now: now, NewID: newID, Rand: rand.Reader, Maker: media.NewMaker("", ""), Files: &files.Memory{}, MaxDescription: 1500,
		Process: func(_ context.Context, _ social.Tx, id social.ID) error {
			w.waiting = append(w.waiting, id)
			return nil
		},
		Expire: func(context.Context, social.Tx, social.ID, time.Time) error { return nil },
	}
	w.Statuses.Expire = w.Media.Expire
	w.Blocks = &social.Blocks{Store: store, Now: now, NewID: newID, Follows: w.Follows, MintURI: w.Follows.MintURI}
	w.Domains = &social.Domains{Store: store, Own: urls.Host()}
	w.Moderation = &social.Moderation{
		Store: store, Now: now, NewID: newID, Follows: w.Follows, Statuses: w.Statuses, Blocks: w.Blocks, Domains: w.Domains, MintURI: w.Follows.MintURI,
	}
	for _, name := range []string{"alice", "bob", "lena"} {
		w.join(name)
	}
	w.people["rita"] = w.remote("rita", "remote.test")
	w.app = fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, DisablePreParseMultipartForm: true, ReadBufferSize: 1 << 16})
	w.Register(w.app)
	return w
}

// withQuotes makes it an instance whose policy knows quotes.
func (w *world) withQuotes() {
	w.Quotes = &social.Quotes{Store: w.Store, Now: w.Now, NewID: w.Accounts.NewID, MintURI: w.Follows.MintURI}
	w.Statuses.Quotes = w.Quotes
}

func (w *world) join(name string) {
	w.t.Helper()
	a, err := w.Accounts.Create(w.t.Context(), social.NewAccount{Username: name, Locked: name == "lena"})
	if err != nil {
		w.t.Fatalf("create %s: %v", name, err)
	}
	w.people[name] = a
	w.tokens[name] = w.token(a.ID, "read write follow push")
}

func (w *world) token(account social.ID, scopes string) string {
	w.t.Helper()
	secret, _, err := w.SignIns.Token(w.t.Context(), account, 0, scopes)
	if err != nil {
		w.t.Fatalf("make token: %v", err)
	}
	return secret
}

func (w *world) remote(name, domain string) social.Account {
	w.t.Helper()
	uri := "https://" + domain + "/users/" + name
	a := social.Account{
		ID: w.Accounts.NewID(), Username: name, Domain: domain, URI: uri, ActorType: "Person", InboxURL: uri + "/inbox",
		CreatedAt: w.Now(), FetchedAt: w.Now(),
	}
	if err := w.Store.InsertAccount(w.t.Context(), a, ""); err != nil {
		w.t.Fatalf("insert %s: %v", uri, err)
	}
	return a
}

func (w *world) id(name string) string { return w.people[name].ID.String() }

// nothing lies elsewhere.
type nothing struct{ here social.Store }

func (r nothing) ByHandle(ctx context.Context, user, domain string) (social.Account, error) {
	return r.here.AccountByHandle(ctx, user, domain)
}

func (r nothing) ByURL(ctx context.Context, _ social.ID, address string) (*social.Account, social.ID, error) {
	s, err := r.here.StatusByURI(ctx, address)
	return nil, s.ID, err
}

type logTo struct{ t testing.TB }

func (l logTo) Write(p []byte) (int, error) {
	l.t.Log(strings.TrimSpace(string(p)))
	return len(p), nil
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request as somebody ("" is nobody; a word that is no name is sent as the token itself). form is "a=b&c=d".
func (w *world) do(as, method, target, form string) answer {
	w.t.Helper()
	req := httptest.NewRequest(method, target, strings.NewReader(form))
	if form != "" {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return w.send(as, req)
}

func (w *world) send(as string, req *http.Request) answer {
	w.t.Helper()
	if token, ok := w.tokens[as]; ok {
		as = token
	}
	if as != "" {
		req.Header.Set("Authorization", "Bearer "+as)
	}
	res, err := w.app.Test(req, -1)
	if err != nil {
		w.t.Fatalf("%s %s: %v", req.Method, req.URL, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatalf("%s %s: read the answer: %v", req.Method, req.URL, err)
	}
	got := answer{res.StatusCode, res.Header, body}
	w.holds(req.Method, req.URL.Path, got)
	if endpoint := w.endpoint(req.Method, req.URL.Path); endpoint != "" && got.status/100 == 2 && !w.random {
		called.add(w.t.Name(), endpoint)
	}
	return got
}

// ok sends and decodes what must be a 200.
func ok[T any](w *world, as, method, target, form string) T {
	w.t.Helper()
	got := w.do(as, method, target, form)
	if got.status != http.StatusOK {
		w.t.Fatalf("%s %s as %q: %d %s, want 200", method, target, as, got.status, got.body)
	}
	var v T
	if err := json.Unmarshal(got.body, &v); err != nil {
		w.t.Fatalf("%s %s: decode %s: %v", method, target, got.body, err)
	}
	return v
}

// fails sends what must be refused with status and a sentence.
func (w *world) fails(as, method, target, form string, status int) string {
	w.t.Helper()
	got := w.do(as, method, target, form)
	var e struct{ Error string }
	if got.status != status || json.Unmarshal(got.body, &e) != nil || e.Error == "" {
		w.t.Errorf("%s %s as %q: %d %s, want %d with a sentence", method, target, as, got.status, got.body, status)
	}
	return e.Error
}

// post publishes for as and returns the id.
func (w *world) post(as, text string, more ...string) string {
	w.t.Helper()
	form := url.Values{"status": {text}}
	for _, pair := range more {
		name, value, _ := strings.Cut(pair, "=")
		form.Add(name, value)
	}
	return ok[struct{ ID string }](w, as, "POST", "/api/v1/statuses", form.Encode()).ID
}

func (w *world) sendJSON(as, method, target, body string) answer {
	w.t.Helper()
	req := httptest.NewRequest(method, target, bytes.NewBufferString(body))
	req.Header.Set("Content-Type", "application/json")
	return w.send(as, req)
}
