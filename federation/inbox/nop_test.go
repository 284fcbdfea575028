package inbox_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/hosts"
	"orrery/federation/inbox"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/outbox"
	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/clock"
	"orrery/internal/jobs"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/storage"
)

// unwatched is an instance made of federation's packages alone: observe.Nop in place of the log, no HTTP server, no pages.
// It is what proves that federation does not need the log.
type unwatched struct {
	t        *testing.T
	host     string
	store    *storage.Store
	statuses *social.Statuses
	follows  *social.Follows
	accounts *social.Accounts
	ingest   *ingest.Ingest
	inbox    *inbox.Inbox
	outbox   *outbox.Outbox
	queue    *jobs.Queue
	urls     social.URLs
	now      func() time.Time
	dir      string // of its database
}

// domain gives the domain its transactions.
type domain struct{ *storage.Store }

func (d domain) Atomically(ctx context.Context, fn func(ctx context.Context, tx social.Tx) error) error {
	return d.Tx(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, tx) })
}

func atomic[T any](s *storage.Store) func(context.Context, func(context.Context, T) error) error {
	return func(ctx context.Context, fn func(context.Context, T) error) error {
		return s.Tx(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, any(tx).(T)) })
	}
}

// wire brings requests to the other instance's functions.
type wire map[string]*unwatched

func newUnwatched(t *testing.T, host string, c *clock.Stepped, ids *snowflake.Generator, keys func(string) string, net wire) *unwatched {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	dir := t.TempDir()
	store, err := storage.Open(t.Context(), storage.Options{
		DSN: "sqlite:" + filepath.Join(dir, host+".db"), Synchronous: "OFF", Instance: host, NewID: ids.Next, Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	u := &unwatched{t: t, host: host, dir: dir, store: store, urls: social.URLs{Origin: "https://" + host}, now: c.Now}
	newID := func() social.ID { return social.ID(ids.Next()) }
	d := domain{store}
	u.accounts = &social.Accounts{
		Store: d, Now: c.Now, NewID: newID, URLs: u.urls, HashPassword: func(context.Context, string) (string, error) { return "", nil },
		NewKey: func(name string) (string, string, error) {
			private := keys(name)
			key, err := signature.ParsePrivatePEM(private)
			if err != nil {
				return "", "", err
			}
			public, err := signature.MarshalPublicPEM(&key.PublicKey)
			return private, public, err
		},
	}
	u.follows = &social.Follows{Store: d, Now: c.Now, NewID: newID, MintURI: func() string { return fmt.Sprintf("https://%s/%d", host, ids.Next()) }}
	u.statuses = &social.Statuses{
		Store: d, Now: c.Now, NewID: newID, URLs: u.urls, Text: richtext.Mastodon41,
		Resolve: func(context.Context, string, string) (social.Account, error) {
			return social.Account{}, social.ErrNotFound
		},
		Conversation: func(social.Account, social.ID, time.Time) string { return "" },
		Wrote:        func(context.Context, social.Account, social.Status) {},
	}
	client := &fetch.Client{Transport: net, UserAgent: "test", Now: c.Now, Sign: signature.SignAsMastodon41(), SchemeOf: func(string) string { return "https" }}
	u.ingest = &ingest.Ingest{
		Fetch: client, Store: store, Atomic: atomic[ingest.Tx](store), Statuses: u.statuses, Policy: policy.Mastodon41(),
		Observer: observe.Nop{}, URLs: u.urls, Now: c.Now, NewID: newID, NewIDAt: func(at time.Time) social.ID { return social.ID(ids.At(at)) },
	}
	known := &hosts.Hosts{Store: store, Observer: observe.Nop{}, Now: c.Now}
	if err := known.Load(t.Context()); err != nil {
		t.Fatal(err)
	}
	u.inbox = &inbox.Inbox{
		Ingest: u.ingest, Store: store, Atomic: atomic[ingest.Tx](store), Body: store.Body, Statuses: u.statuses, Follows: u.follows,
		Relays:    &social.Relays{Store: d, Now: c.Now, NewID: newID},
		Reactions: &social.Reactions{Store: d, Now: c.Now, NewID: newID}, Policy: policy.Mastodon41(),
		Profile: signature.Mastodon41(), Documents: signature.Documents41(), Observer: observe.Nop{}, URLs: u.urls, Now: c.Now,
		Hosts: known,
	}
	u.outbox = &outbox.Outbox{
		Fetch: client, Store: store, Atomic: atomic[outbox.Tx](store), Body: store.Body, Signer: u.ingest.Signer,
		Writer: u.writer(), Policy: policy.Mastodon41(), Documents: signature.Documents41(), Observer: observe.Nop{}, Now: c.Now,
		Retry: jobs.Deliveries(nil), Trickle: jobs.Trickle(nil), Hosts: known,
	}
	u.queue = &jobs.Queue{Store: store, Now: c.Now, At: c.At, Log: log}
	silent := func(ctx context.Context, _ observe.ExchangeID, j jobs.Job) (context.Context, func() error) {
		return observe.WithCause(ctx, work.Cause(j)), func() error { return nil }
	}
	u.inbox.Handle(u.queue, jobs.Ingress(nil), func(ctx context.Context, _ work.Received, j jobs.Job) (context.Context, func() error) {
		return silent(ctx, 0, j)
	})
	u.outbox.Handle(u.queue, silent)
	if _, err := u.accounts.EnsureInstanceActor(t.Context(), host); err != nil {
		t.Fatal(err)
	}
	net[host] = u
	return u
}

func (u *unwatched) writer() translate.Writer {
	return translate.Writer{URLs: u.urls, Text: richtext.Mastodon41}
}

// RoundTrip answers as an instance would: deliveries, actors and WebFinger, nothing else.
func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body)
	}
	if w[r.URL.Host] == nil {
		return nil, fmt.Errorf("nobody is at %s", r.URL.Host)
	}
	status, answer := w[r.URL.Host].handle(r, body)
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
}

func (u *unwatched) handle(r *http.Request, body []byte) (int, []byte) {
	ctx := context.Background()
	if r.Method == http.MethodPost {
		personal, _ := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/users/"), "/inbox")
		if r.URL.Path == "/inbox" {
			personal = ""
		}
		doc, err := vocab.Decode(body)
		if err != nil {
			u.t.Error(err)
		}
		judged, verdict := u.inbox.Judge(ctx, inbox.Delivery{Request: signature.FromHTTP(r, body, "https"), Document: doc, Personal: personal})
		if judged != nil {
			if err := u.inbox.Take(ctx, judged); err != nil {
				u.t.Error(err)
			}
		}
		return verdict.Status, []byte(verdict.Reason)
	}
	if r.URL.Path == "/.well-known/webfinger" {
		acct := r.URL.Query().Get("resource")
		name, _, _ := strings.Cut(strings.TrimPrefix(acct, "acct:"), "@")
		self := u.urls.Account(name, 0)
		if name == u.host {
			self = u.urls.InstanceActor()
		}
		return 200, fmt.Appendf(nil, `{"subject":%q,"links":[{"rel":"self","type":"application/activity+json","href":%q}]}`, acct, self)
	}
	a, err := u.store.AccountByURI(ctx, "https://"+u.host+r.URL.Path)
	if err != nil {
		return 404, nil
	}
	doc, err := vocab.Encode(u.writer().Actor(a))
	if err != nil {
		u.t.Error(err)
	}
	return 200, doc
}

func (u *unwatched) person(name string) social.Account {
	u.t.Helper()
	a, err := u.accounts.Create(u.t.Context(), social.NewAccount{Username: name})
	if err != nil {
		u.t.Fatal(err)
	}
	return a
}

// settle lets both work until neither has anything to do.
func settle(t *testing.T, all ...*unwatched) {
	t.Helper()
	for busy := true; busy; {
		busy = false
		for _, u := range all {
			did, err := u.queue.Step(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			busy = busy || did
		}
	}
}

func TestFederation_works_with_nobody_watching(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, keys, net := clock.New(lab.Epoch()), lab.FixedKeys(), wire{}
	ids := snowflake.New(c.Now)
	alpha, beta, gamma := newUnwatched(t, "alpha.test", c, ids, keys, net), newUnwatched(t, "beta.test", c, ids, keys, net), newUnwatched(t, "gamma.test", c, ids, keys, net)
	alice, berta, canon := alpha.person("alice"), beta.person("berta"), gamma.person("canon")
	everybody := []*unwatched{alpha, beta, gamma}

	for _, f := range []struct {
		at  *unwatched
		who social.Account
	}{{beta, berta}, {gamma, canon}} {
		known, err := f.at.ingest.ByHandle(ctx, "alice", "alpha.test")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.at.follows.Follow(ctx, f.who.ID, known.ID); err != nil {
			t.Fatal(err)
		}
	}
	settle(t, everybody...)
	if n, err := alpha.store.RemoteFollowers(ctx, alice.ID); err != nil || len(n) != 2 {
		t.Fatalf("alice has %d followers (%v), want two", len(n), err)
	}

	post, err := alpha.statuses.Publish(ctx, alice.ID, social.Draft{Text: "hello", Visibility: social.Public})
	if err != nil {
		t.Fatal(err)
	}
	settle(t, everybody...)
	seen, err := beta.store.StatusByURI(ctx, post.URI)
	if err != nil {
		t.Fatalf("the post did not reach beta.test: %v", err)
	}

	c.Advance(time.Second)
	reply, err := beta.statuses.Publish(ctx, berta.ID, social.Draft{Text: "hi", Visibility: social.Public, ReplyTo: seen.ID})
	if err != nil {
		t.Fatal(err)
	}
	settle(t, everybody...)
	for _, u := range []*unwatched{alpha, gamma} { // to gamma.test alpha.test forwards it
		if _, err := u.store.StatusByURI(ctx, reply.URI); err != nil {
			t.Errorf("the reply did not reach %s: %v", u.host, err)
		}
	}

	if err := beta.statuses.Delete(ctx, berta.ID, reply.ID); err != nil {
		t.Fatal(err)
	}
	settle(t, everybody...)
	for _, u := range everybody {
		if _, err := u.store.StatusByURI(ctx, reply.URI); err == nil {
			t.Errorf("the deletion did not reach %s", u.host)
		}
	}
}

// silence is a wire on which nobody answers.
type silence struct{ asked int }

func (s *silence) RoundTrip(r *http.Request) (*http.Response, error) {
	s.asked++
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// federation.md §14.3/73, bounded: a post that names a thousand strangers on servers that never answer does not hold its
// worker for longer than the instance is patient.
func TestNeedNote_does_not_wait_for_ever(t *testing.T) {
	t.Parallel()
	c := clock.New(lab.Epoch())
	u := newUnwatched(t, "alpha.test", c, snowflake.New(c.Now), lab.FixedKeys(), wire{})
	alice, mute := u.person("alice"), &silence{}
	u.ingest.Fetch.Transport, u.ingest.Patience = mute, time.Millisecond
	n := vocab.Note{}
	for i := range 1000 {
		n.Mentions = append(n.Mentions, vocab.Tag{Href: fmt.Sprintf("https://host%d.test/users/x", i)})
	}
	n.Mentions = append(n.Mentions, vocab.Tag{Href: alice.URI})
	need, err := u.ingest.NeedNote(t.Context(), n)
	if err != nil || len(need.Mentioned) != 1 || mute.asked > 1 {
		t.Errorf("found %d after %d requests (%v), want alice alone after one", len(need.Mentioned), mute.asked, err)
	}
}
