package activitypub

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp/fasthttputil"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
)

const publicKey = "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD9\n-----END PUBLIC KEY-----\n"

// world is one instance's door over a real database, reached through a listener in memory.
type world struct {
	*Documents
	t     *testing.T
	store *storage.Store
	clock *clock.Stepped
	alice social.Account
	net   *fasthttputil.InmemoryListener
	logs  *lockedBuffer
	ids   int64
}

func newWorld(t *testing.T, origin string, change ...func(d *Documents)) *world {
	t.Helper()
	w := &world{t: t, clock: clock.New(time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)), net: fasthttputil.NewInmemoryListener(), logs: &lockedBuffer{}}
	ids := snowflake.New(w.clock.Now)
	var err error
	w.store, err = storage.Open(t.Context(), storage.Options{DSN: prepared.SQLite(t), Synchronous: "OFF", Instance: "alpha", NewID: ids.Next})
	if err != nil {
		t.Fatal(err)
	}
	urls := social.URLs{Origin: origin}
	scheme, _, _ := strings.Cut(origin, "://")
	w.Documents = &Documents{
		Store: w.store, Reader: &social.Reader{Store: w.store}, Writer: translate.Writer{URLs: urls, Text: richtext.Mastodon41}, URLs: urls,
		RepliesEmbedded: 5, Software: Software{"orrery", "0.1.0", Upstream{"mastodon", "4.1.6"}}, Title: "Alpha", Description: "A server for a test.",
		Recorder: &activitylog.Recorder{
			Instance: "alpha", Now: w.clock.Now, NewID: ids.Next, Woken: func() {}, Log: slog.New(slog.NewTextHandler(w.logs, nil)),
			Write: func(ctx context.Context, fn func(context.Context, activitylog.Appender) error) error {
				return w.store.Tx(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, tx) })
			},
		},
		Scheme: scheme, Now: w.clock.Now,
	}
	for _, f := range change {
		f(w.Documents)
	}
	urls = w.URLs
	w.serve()
	w.ids = 1000
	accounts := social.Accounts{
		Store: w.store, Now: w.clock.Now, NewID: w.next, URLs: urls,
		NewKey: func(string) (string, string, error) { return "private", publicKey, nil },
	}
	name := urls.Host()
	if w.current() {
		name = "mastodon.internal"
	}
	if _, err := accounts.EnsureInstanceActor(t.Context(), name); err != nil {
		t.Fatal(err)
	}
	if w.alice, err = accounts.Create(t.Context(), social.NewAccount{Username: "Alice", DisplayName: "Alice of Alpha"}); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) next() social.ID { w.ids++; return social.ID(w.ids) }

func (w *world) serve() {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, DisableDefaultDate: true, ReadBufferSize: 16 << 10})
	w.Register(app)
	app.Get("/@:name/:id?", func(c *fiber.Ctx) error { return c.SendString("a page") })
	done := make(chan error, 1)
	go func() { done <- app.Listener(w.net) }()
	w.t.Cleanup(func() {
		if err := app.Shutdown(); err != nil {
			w.t.Errorf("shut down: %v", err)
		}
		if err := <-done; err != nil {
			w.t.Errorf("serve: %v", err)
		}
		if err := w.store.Close(); err != nil {
			w.t.Errorf("close storage: %v", err)
		}
	})
}

// reply is one answer as it came over the wire.
type reply struct {
	status int
	head   string // header lines, without the status line
	header http.Header
	body   string
}

// raw sends bytes as they are and reads one answer.
func (w *world) raw(request string) reply {
	w.t.Helper()
	conn, err := w.net.Dial()
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	return exchange(w.t, conn, request)
}

func exchange(t *testing.T, conn net.Conn, request string) reply {
	t.Helper()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	var seen bytes.Buffer
	method, _, _ := strings.Cut(request, " ")
	res, err := http.ReadResponse(bufio.NewReader(io.TeeReader(conn, &seen)), &http.Request{Method: method})
	if err != nil {
		t.Fatalf("read answer to %q: %v", request, err)
	}
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(seen.String(), "\r\n\r\n")
	_, head, _ = strings.Cut(head, "\r\n")
	return reply{res.StatusCode, strings.ReplaceAll(head, "\r\n", "\n"), res.Header, string(body)}
}

const anyDocument = "Accept: application/activity+json"

// get asks for target as another server does, with further header lines.
func (w *world) get(target string, lines ...string) reply {
	w.t.Helper()
	if len(lines) == 0 {
		lines = []string{anyDocument}
	}
	return w.raw("GET " + target + " HTTP/1.1\r\nHost: " + w.URLs.Host() + "\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n")
}

func (r reply) document(t *testing.T) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(r.body), &doc); err != nil {
		t.Fatalf("body of %d is no JSON object: %v\n%s", r.status, err, r.body)
	}
	return doc
}

// newest is the last recorded entry, whole.
func (w *world) newest() activitylog.Entry {
	w.t.Helper()
	es, err := w.store.Entries(w.t.Context(), activitylog.Filter{Limit: 1})
	if err != nil {
		w.t.Fatal(err)
	}
	if len(es) == 0 {
		w.t.Fatal("nothing is recorded")
	}
	e, err := w.store.Entry(w.t.Context(), es[0].Exchange.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return e
}

func (w *world) recordedCount() int {
	w.t.Helper()
	es, err := w.store.Entries(w.t.Context(), activitylog.Filter{Limit: 200})
	if err != nil {
		w.t.Fatal(err)
	}
	return len(es)
}

func joined(fs []activitylog.Field) string {
	var lines []string
	for _, f := range fs {
		lines = append(lines, f.Name+": "+f.Value)
	}
	return strings.Join(lines, "\n")
}

func (w *world) remote(name, domain string) social.Account {
	w.t.Helper()
	uri := "https://" + domain + "/users/" + name
	a := social.Account{
		ID: w.next(), Username: name, Domain: domain, URI: uri, URL: "https://" + domain + "/@" + name, ActorType: "Person",
		InboxURL: uri + "/inbox", FollowersURL: uri + "/followers", KeyID: uri + "#main-key", PublicKeyPEM: publicKey, CreatedAt: w.clock.Now(),
	}
	if err := w.store.InsertAccount(w.t.Context(), a, ""); err != nil {
		w.t.Fatal(err)
	}
	return a
}

func (w *world) follow(follower, target social.Account) {
	w.t.Helper()
	f := social.Follow{ID: w.next(), AccountID: follower.ID, TargetID: target.ID, URI: fmt.Sprintf("%s#follow-%d", follower.URI, w.ids), CreatedAt: w.clock.Now()}
	if err := w.store.InsertFollow(w.t.Context(), f); err != nil {
		w.t.Fatal(err)
	}
}

// post stores a post of author; change may make it anything else.
func (w *world) post(author social.Account, text string, change ...func(s *social.Status)) social.Status {
	w.t.Helper()
	id := w.next()
	s := social.Status{
		ID: id, URI: author.URI + "/statuses/" + id.String(), URL: author.URL + "/" + id.String(), AccountID: author.ID,
		Visibility: social.Public, Content: "<p>" + text + "</p>", ObjectType: "Note", Local: author.Local(), Language: "en",
		Conversation: "tag:alpha.test,2026-03-01:objectId=1:objectType=Conversation", CreatedAt: w.clock.Now(),
	}
	for _, f := range change {
		f(&s)
	}
	if err := w.store.InsertStatus(w.t.Context(), s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

func answering(p social.Status) func(s *social.Status) {
	return func(s *social.Status) { s.ReplyToID, s.ReplyToURI, s.ReplyToAccountID = p.ID, p.URI, p.AccountID }
}

func seenBy(v social.Visibility, mentions ...social.Account) func(s *social.Status) {
	return func(s *social.Status) {
		s.Visibility = v
		for _, a := range mentions {
			s.Mentions = append(s.Mentions, social.Mention{AccountID: a.ID})
		}
	}
}

func boosting(p social.Status) func(s *social.Status) {
	return func(s *social.Status) {
		s.BoostOfID, s.Content, s.ObjectType, s.Language, s.Conversation = p.ID, "", "", "", ""
		s.URI, s.URL = s.URI+"/activity", ""
	}
}

func path(s social.Status) string { return pathOf(s.URI) }

func pathOf(uri string) string {
	_, rest, _ := strings.Cut(uri, "://")
	return rest[strings.IndexByte(rest, '/'):]
}

// asCurrent makes it an instance of the current form, whose people have numbers.
func asCurrent(d *Documents) {
	d.URLs.Numeric, d.Software.Upstream.Version = true, "4.7.0"
	d.Writer = translate.Writer{URLs: d.URLs, Text: richtext.Current, Form: policy.FormCurrent}
}

// signedBy makes a requester that believes whatever name a header gives; checking signatures is not this package's.
func signedBy(w **world) func(d *Documents) {
	return func(d *Documents) {
		d.Requester = func(ctx context.Context, r signature.Request, from string) (*social.Account, error) {
			s, ok := r.Value("Signature")
			if !ok {
				return nil, nil
			}
			p, _ := signature.Parse(s)
			a, _, err := (*w).store.AccountByKeyID(ctx, p.KeyID)
			return &a, err
		}
	}
}

func signed(a social.Account) string {
	return `Signature: keyId="` + a.KeyID + `",headers="(request-target) host date",signature="eA=="`
}

// lockedBuffer is written by the server's goroutine.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
