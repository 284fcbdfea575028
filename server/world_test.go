package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/policy"
	"orrery/federation/signature"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/server"
	"orrery/social"
	"orrery/storage/sqldb"
	"orrery/storage/storagetest/prepared"
)

// world is one instance, https://alpha.test, on a network of memory among servers that the test plays (peer_test.go).
type world struct {
	t     *testing.T
	clock *clock.Stepped
	net   *lab.Network
	in    *server.Instance
	db    sqldb.DB // a second look at the instance's database
	wire  http.RoundTripper
	keys  func(string) string
	peers map[string]*peer
	// log is what the instance says to its operator.
	log *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newWorld(t *testing.T, change ...func(*server.Config, *server.World)) *world {
	t.Helper()
	ctx := t.Context()
	c := clock.New(lab.Epoch())
	w := &world{t: t, clock: c, net: lab.NewNetwork(), keys: lab.FixedKeys(), peers: map[string]*peer{}, log: &safeBuffer{}}
	w.wire = w.net.Transport()
	dsn := prepared.SQLite(t)
	config := server.Config{Origin: "https://alpha.test", Name: "alpha", Database: dsn, Synchronous: "OFF", Policy: policy.Mastodon41(), Alone: true}
	outside := server.World{
		Clock: c, IDs: snowflake.New(c.Now), Transport: w.net.Transport(), SchemeOf: func(string) string { return "https" },
		Rand: rand.NewChaCha8([32]byte{1}), Keys: w.keys, Stepped: true, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	}
	for _, f := range change {
		f(&config, &outside)
	}
	in, err := server.New(ctx, config, outside)
	if err != nil {
		t.Fatal(err)
	}
	w.in = in
	if err := w.net.Serve(in); err != nil {
		t.Fatal(err)
	}
	if w.db, err = sqldb.Open(ctx, config.Database, sqldb.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.net.Close()
		w.db.Close()
		in.Close()
		if t.Failed() && testing.Verbose() {
			t.Log(w.log.String())
		}
	})
	return w
}

// under lets the instance follow the policy of that name. Its people have addresses by name, as those have whose server began
// before there were numbers: so a row can write them down. address_test.go is about the numbers.
func under(name string) func(*server.Config, *server.World) {
	return func(c *server.Config, _ *server.World) {
		p, err := policy.Named(name)
		if err != nil {
			panic(err)
		}
		c.Policy, c.Policy.NumericURIs = p, false
	}
}

// person makes somebody live on the instance.
func (w *world) person(name string) social.Account { return w.resident(name, false) }

func (w *world) resident(name string, locked bool) social.Account {
	w.t.Helper()
	a, err := w.in.Services.Accounts.Create(w.t.Context(), social.NewAccount{Username: name, Locked: locked})
	w.must(err)
	return a
}

// here is somebody who lives on the instance.
func (w *world) here(name string) social.Account {
	w.t.Helper()
	a, err := w.in.Services.Store.AccountByHandle(w.t.Context(), name, "")
	w.must(err)
	return a
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// publish writes a post here.
func (w *world) publish(author social.Account, d social.Draft) social.Status {
	w.t.Helper()
	w.clock.Advance(time.Second)
	if d.Visibility == "" {
		d.Visibility = social.Public
	}
	ctx, done := w.in.Recorder.Action(w.t.Context(), activitylog.Summary{Type: "Create", Actor: author.URI})
	s, err := w.in.Services.Statuses.Publish(ctx, author.ID, d)
	done()
	w.must(err)
	return s
}

func (w *world) say(author social.Account, text string) social.Status {
	w.t.Helper()
	return w.publish(author, social.Draft{Text: text})
}

// follows puts an edge into the instance's graph, without any message.
func (w *world) follows(follower, target social.Account) social.Follow {
	w.t.Helper()
	f := social.Follow{
		ID: w.in.Services.Follows.NewID(), AccountID: follower.ID, TargetID: target.ID,
		URI: fmt.Sprintf("%s#follows/of/%d", follower.URI, target.ID), CreatedAt: w.clock.Now(),
	}
	w.must(w.in.Services.Store.Atomically(w.t.Context(), func(ctx context.Context, tx social.Tx) error { return tx.InsertFollow(ctx, f) }))
	return f
}

// settle does all the work that is due.
func (w *world) settle() {
	w.t.Helper()
	for range 5000 {
		did, err := w.in.Step(w.t.Context())
		w.must(err)
		if !did {
			return
		}
	}
	w.t.Fatal("there is always more work")
}

// advance moves the clock by d and does what falls due on the way, at its time.
func (w *world) advance(d time.Duration) {
	w.t.Helper()
	until := w.clock.Now().Add(d)
	for {
		w.settle()
		_, _, next, err := w.in.Pending(w.t.Context())
		w.must(err)
		if next.IsZero() || next.After(until) {
			next = until
		}
		if !next.After(w.clock.Now()) {
			return
		}
		w.clock.Set(next)
	}
}

// counts is how many rows there are of what an instance knows.
type counts map[string]int64

var counted = map[string]string{
	"accounts":      "select count(*) from accounts",
	"statuses":      "select count(*) from statuses where deleted_at = 0 and boost_of_id = 0",
	"boosts":        "select count(*) from statuses where deleted_at = 0 and boost_of_id <> 0",
	"marked":        "select count(*) from statuses where deleted_at <> 0",
	"mentions":      "select count(*) from status_mentions where not silent",
	"silent":        "select count(*) from status_mentions where silent",
	"attachments":   "select count(*) from attachments",
	"emojis":        "select count(*) from emojis",
	"tags":          "select count(*) from status_tags",
	"follows":       "select count(*) from follows where not pending",
	"requests":      "select count(*) from follows where pending",
	"favourites":    "select count(*) from favourites",
	"notifications": "select count(*) from notifications",
	"home":          "select count(*) from home_entries",
	"blocks":        "select count(*) from blocks",
	"mutes":         "select count(*) from mutes",
	"tombstones":    "select count(*) from tombstones",
	"suppressed":    "select count(*) from suppressions",
	"quotes":        "select count(*) from quotes",
	"votes":         "select count(*) from poll_votes",
	"reports":       "select count(*) from reports",
	"versions":      "select count(*) from status_edits",
	"jobs":          "select count(*) from jobs",
	"pins":          "select count(*) from pins",
	"featured":      "select count(*) from featured_tags",
}

func (w *world) counts() counts {
	w.t.Helper()
	c := counts{}
	for name, q := range counted {
		var n int64
		w.must(w.db.QueryRow(w.t.Context(), q).Scan(&n))
		c[name] = n
	}
	return c
}

// since says what changed: "home+1 statuses+1".
func (c counts) since(before counts) string {
	var out []string
	for name, n := range c {
		if n != before[name] {
			out = append(out, fmt.Sprintf("%s%+d", name, n-before[name]))
		}
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

// sent is one delivery to the instance, what was answered at once, and what had become of it when all was settled.
type sent struct {
	status  int
	body    string
	header  http.Header
	entry   activitylog.Entry
	changed string
}

// post delivers body, signed by by unless that is nil, and settles. Tweaks see the request after it was signed.
func (w *world) post(path string, body []byte, by *actor, tweaks ...func(*http.Request)) sent {
	w.t.Helper()
	w.clock.Advance(time.Second)
	before := w.counts()
	s := w.drop(path, body, by, tweaks...)
	w.settle()
	s.changed = w.counts().since(before)
	s.entry = w.newest()
	return s
}

// drop delivers without doing any work afterwards.
func (w *world) drop(path string, body []byte, by *actor, tweaks ...func(*http.Request)) sent {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "https://alpha.test"+path, bytes.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/activity+json")
	if by != nil {
		w.must(signature.Sign(req, body, signature.PrivateKey{ID: by.keyID, Key: by.key}, w.clock.Now(), signature.SignAsMastodon41()))
	}
	for _, tweak := range tweaks {
		tweak(req)
	}
	res, err := w.wire.RoundTrip(req)
	w.must(err)
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	w.must(err)
	return sent{status: res.StatusCode, body: string(answer), header: res.Header}
}

// send delivers an activity to the shared inbox and settles.
func (w *world) send(by *actor, activity map[string]any, tweaks ...func(*http.Request)) sent {
	w.t.Helper()
	return w.post("/inbox", encode(w.t, activity), by, tweaks...)
}

// sendTo delivers an activity to a personal inbox and settles.
func (w *world) sendTo(to social.Account, by *actor, activity map[string]any) sent {
	w.t.Helper()
	return w.post("/users/"+to.Username+"/inbox", encode(w.t, activity), by)
}

// newest is the last delivery in the log.
func (w *world) newest() activitylog.Entry {
	w.t.Helper()
	es := w.entries(activitylog.Filter{Directions: []activitylog.Direction{activitylog.In}, Kind: activitylog.Delivery, Limit: 1})
	if len(es) == 0 {
		return activitylog.Entry{}
	}
	return w.entry(es[0])
}

func (w *world) entries(f activitylog.Filter) []activitylog.Entry {
	w.t.Helper()
	es, err := w.in.Source().Entries(w.t.Context(), f)
	w.must(err)
	return es
}

// entry reads an entry again with its bodies and facts.
func (w *world) entry(e activitylog.Entry) activitylog.Entry {
	w.t.Helper()
	e, err := w.in.Source().Entry(w.t.Context(), e.Exchange.ID)
	w.must(err)
	return e
}

// readable reads the whole log, as pages and the stream do.
func (w *world) readable() {
	w.t.Helper()
	all := []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}
	es := w.entries(activitylog.Filter{Directions: all, Limit: 200})
	for _, e := range es {
		e = w.entry(e)
		if activitylog.Sentence(e, activitylog.NewLog(nil).Names()) == "" {
			w.t.Errorf("entry %d has no sentence", e.Exchange.ID)
		}
		if e.Exchange.At.IsZero() || e.Exchange.URL == "" && e.Exchange.Direction != activitylog.Local {
			w.t.Errorf("entry %d is incomplete: %+v", e.Exchange.ID, e.Exchange)
		}
		if e.Answer == nil {
			w.t.Errorf("entry %d, %s %s, was never answered", e.Exchange.ID, e.Exchange.Method, e.Exchange.URL)
		}
	}
}

// facts are the kinds and rules of an entry's facts, in order: "decided drop.duplicate".
func facts(e activitylog.Entry) []string {
	var out []string
	for _, f := range e.Facts {
		out = append(out, strings.TrimSpace(f.Kind+" "+string(f.Rule)))
	}
	return out
}

func encode(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func decode(t *testing.T, b []byte) members {
	t.Helper()
	var m members
	if err := json.Unmarshal(b, &m); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
	return m
}
