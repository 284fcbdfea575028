package observatory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/internal/broadcast"
	"orrery/storage"
	"orrery/storage/storagetest/prepared"
	"orrery/views"
	"orrery/views/static"
)

const publicIRI = "https://www.w3.org/ns/activitystreams#Public"

var began = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

// world is three servers whose logs are real and whose traffic is made up.
type world struct {
	t       testing.TB
	stores  map[string]*storage.Store
	signal  *broadcast.Signal
	lab     *fakeLab
	o       *Observatory
	halt    func() // ends the streams
	mu      sync.Mutex
	next    activitylog.ID
	elapsed time.Duration
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, stores: map[string]*storage.Store{}, signal: &broadcast.Signal{}, lab: &fakeLab{}}
	stop := make(chan struct{})
	w.halt = sync.OnceFunc(func() { close(stop) })
	positions := activitylog.NewPositions(0)
	var named []activitylog.Named
	var links []views.ServerLink
	for i, name := range []string{"academy", "techhub", "masto"} {
		s, err := storage.Open(t.Context(), storage.Options{
			DSN: prepared.SQLite(t), Synchronous: "OFF", Instance: name, Positions: positions,
			NewID: func() int64 { return 1 },
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		w.stores[name] = s
		named = append(named, activitylog.Named{Name: name, Host: host(name), Source: s})
		links = append(links, views.ServerLink{Name: name, Origin: "http://" + host(name), Hue: i + 1})
	}
	w.o = &Observatory{
		Log: activitylog.NewLog(w.signal, named...), Lab: w.lab, Servers: links,
		Viewer: func(*fiber.Ctx) (string, bool) { return "", true },
		Stop:   stop, Slog: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}
	return w
}

// app is the observatory as a Fiber app.
func (w *world) app() *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true, Immutable: true})
	w.o.Register(app)
	app.Get("/static/*", func(c *fiber.Ctx) error {
		f, ok := static.Open(c.Params("*"))
		if !ok {
			return c.SendStatus(http.StatusNotFound)
		}
		c.Set(fiber.HeaderContentType, f.Type)
		return c.Send(f.Body)
	})
	return app
}

// serve listens on the loopback interface and returns the address.
func (w *world) serve() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.t.Fatal(err)
	}
	app := w.app()
	go func() { _ = app.Listener(l) }()
	w.t.Cleanup(func() {
		w.halt() // a stop waits for open streams
		_ = app.Shutdown()
	})
	return "http://" + l.Addr().String()
}

func host(name string) string { return name + ".localhost:8080" }

func actor(name, server string) string { return "http://" + host(server) + "/users/" + name }

// note is one exchange as the log gets it.
type note struct {
	server string
	x      activitylog.Exchange
	st     activitylog.State
	facts  []observe.Fact
	answer *activitylog.Answer
	body   string
}

// add writes n and returns its id.
func (w *world) add(n note) activitylog.ID {
	w.t.Helper()
	w.mu.Lock()
	w.next++
	w.elapsed += 3 * time.Millisecond
	n.x.ID, n.x.At = w.next, began.Add(w.elapsed)
	w.mu.Unlock()
	n.x.Instance = n.server
	n.x.Attempt = max(n.x.Attempt, 1)
	if n.x.Root == 0 {
		n.x.Root = n.x.ID
	}
	if n.body != "" {
		sum := sha256.Sum256([]byte(n.body))
		n.x.Body = activitylog.Content{Bytes: []byte(n.body), Size: len(n.body), SHA256: hex.EncodeToString(sum[:])}
	}
	if n.x.Header == nil && n.x.Direction != activitylog.Local {
		n.x.Header = []activitylog.Field{{Name: "Host", Value: n.x.Peer}, {Name: "User-Agent", Value: "Orrery"}, {Name: "Date", Value: n.x.At.Format(http.TimeFormat)}}
	}
	err := w.stores[n.server].Tx(context.Background(), func(ctx context.Context, tx *storage.Store) error {
		if err := tx.AppendExchange(ctx, n.x, nil, nil, n.st); err != nil {
			return err
		}
		var facts []activitylog.Fact
		for _, f := range n.facts {
			detail, err := json.Marshal(f)
			if err != nil {
				return err
			}
			var about struct{ Object string }
			_ = json.Unmarshal(detail, &about)
			facts = append(facts, activitylog.Fact{Exchange: n.x.ID, At: n.x.At, Kind: f.Kind(), Rule: observe.RuleOf(f), Object: about.Object, Detail: detail})
		}
		if len(facts) > 0 {
			if err := tx.AppendFacts(ctx, n.x.ID, facts, n.st); err != nil {
				return err
			}
		}
		if n.answer != nil {
			return tx.AppendAnswer(ctx, n.x.ID, *n.answer, n.st)
		}
		return nil
	})
	if err != nil {
		w.t.Fatalf("add to the log of %s: %v", n.server, err)
	}
	w.signal.Notify()
	return n.x.ID
}

// decide adds what was decided later about an entry.
func (w *world) decide(server string, id activitylog.ID, f observe.Decided) {
	w.t.Helper()
	detail, _ := json.Marshal(f)
	st := activitylog.State{Outcome: f.Outcome, Rule: f.Rule}
	err := w.stores[server].AppendFacts(context.Background(), id, []activitylog.Fact{{Exchange: id, At: began, Kind: f.Kind(), Rule: f.Rule, Detail: detail}}, st)
	if err != nil {
		w.t.Fatalf("decide about %d: %v", id, err)
	}
	w.signal.Notify()
}

func ok202(took time.Duration) *activitylog.Answer {
	return &activitylog.Answer{Status: 202, Took: took, Header: []activitylog.Field{{Name: "Date", Value: "Sat, 21 Nov 2026 09:00:00 GMT"}}}
}

func create(author, server, id, text, inReplyTo string, cc ...string) activitylog.Summary {
	a := actor(author, server)
	return activitylog.Summary{ID: a + "/statuses/" + id + "/activity", Type: "Create", Actor: a, Object: a + "/statuses/" + id, ObjectType: "Note",
		InReplyTo: inReplyTo, To: []string{publicIRI}, Cc: append([]string{a + "/followers"}, cc...), Excerpt: "<p>" + text + "</p>"}
}

func bodyOf(s activitylog.Summary) string {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams"}, "id": s.ID, "type": s.Type, "actor": s.Actor, "to": s.To, "cc": s.Cc,
		"object": map[string]any{"id": s.Object, "type": s.ObjectType, "content": s.Excerpt, "inReplyTo": s.InReplyTo, "attributedTo": s.Actor, "tag": []any{}, "likes": 0, "sensitive": false},
	})
	return b.String()
}

// deliver adds both sides of a delivery and returns their ids.
func (w *world) deliver(from, to string, s activitylog.Summary, carrier string, rule rules.ID, cause activitylog.ID, root activitylog.ID, st activitylog.State, facts ...observe.Fact) (out, in activitylog.ID) {
	w.t.Helper()
	pair := fmt.Sprintf("pair-%s-%s-%s", from, to, s.ID)
	url := "http://" + host(to) + "/inbox"
	sent := activitylog.State{Carrier: carrier, Author: s.Actor, Outcome: observe.Accepted, Rule: rule}
	if carrier != s.Actor {
		sent.Badges = []string{activitylog.Forwarded}
	}
	header := []activitylog.Field{{Name: "Host", Value: host(to)}, {Name: "User-Agent", Value: "Orrery"}, {Name: "Content-Length", Value: "1020"},
		{Name: "Content-Type", Value: "application/activity+json"}, {Name: "Date", Value: "Sat, 21 Nov 2026 09:00:00 GMT"},
		{Name: "Digest", Value: "SHA-256=ELIj7bB9KbJZ2L1JqzyjUq6qVFYxqUZ2Jc0yR5q0hJE="},
		{Name: "Signature", Value: `keyId="` + carrier + `#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest content-type",signature="c2lnbmF0dXJl"`}}
	out = w.add(note{server: from, st: sent, answer: ok202(14 * time.Millisecond), body: bodyOf(s), x: activitylog.Exchange{
		Peer: host(to), Direction: activitylog.Out, Kind: activitylog.Delivery, Method: "POST", URL: url, Header: header,
		Cause: cause, Root: root, Pair: pair, Rule: rule, Carrier: carrier, Activity: s}})
	st.Carrier, st.Author, st.Badges = carrier, s.Actor, sent.Badges
	in = w.add(note{server: to, st: st, answer: ok202(4 * time.Millisecond), body: bodyOf(s), facts: facts, x: activitylog.Exchange{
		Peer: host(from), Direction: activitylog.In, Kind: activitylog.Delivery, Method: "POST", URL: url, Header: header, Pair: pair, Activity: s}})
	return out, in
}

func verified(owner string) observe.Verified {
	margin := int64(43195)
	return observe.Verified{Rule: rules.SigOK, KeyID: owner + "#main-key", Owner: owner, OK: true, Report: map[string]any{
		"dialect": "draft-cavage", "algorithm": "rsa-sha256", "key_id": owner + "#main-key", "ok": true, "margin_seconds": margin,
		"covered": []map[string]any{{"name": "(request-target)", "value": "post /inbox", "present": true}, {"name": "host", "value": "techhub.localhost:8080", "present": true},
			{"name": "date", "value": "Sat, 21 Nov 2026 09:00:00 GMT", "present": true}, {"name": "digest", "value": "SHA-256=ELIj7bB9KbJZ2L1JqzyjUq6qVFYxqUZ2Jc0yR5q0hJE=", "present": true}},
		"signing_string": "(request-target): post /inbox\nhost: techhub.localhost:8080\ndate: Sat, 21 Nov 2026 09:00:00 GMT\ndigest: SHA-256=ELIj7bB9KbJZ2L1JqzyjUq6qVFYxqUZ2Jc0yR5q0hJE=",
		"digest":         map[string]any{"algorithm": "SHA-256", "given": "ELIj7bB9KbJZ2L1JqzyjUq6qVFYxqUZ2Jc0yR5q0hJE=", "computed": "ELIj7bB9KbJZ2L1JqzyjUq6qVFYxqUZ2Jc0yR5q0hJE=", "match": true},
	}}
}

func (w *world) look(from, to, kind, path string, rule rules.ID, cause, root activitylog.ID) activitylog.ID {
	pair := fmt.Sprintf("look-%s-%s-%s-%d", from, to, path, cause)
	url := "http://" + host(to) + path
	st := activitylog.State{Outcome: observe.Accepted, Rule: rule, Carrier: "http://" + host(from) + "/actor"}
	id := w.add(note{server: from, st: st, answer: &activitylog.Answer{Status: 200, Took: 3 * time.Millisecond, Body: content(`{"id":"` + url + `","type":"Person"}`)},
		x: activitylog.Exchange{Peer: host(to), Direction: activitylog.Out, Kind: kind, Method: "GET", URL: url, Cause: cause, Root: root, Pair: pair, Rule: rule, Activity: activitylog.Summary{Object: url}}})
	w.add(note{server: to, st: activitylog.State{Outcome: observe.Accepted}, answer: &activitylog.Answer{Status: 200, Took: time.Millisecond},
		x: activitylog.Exchange{Peer: host(from), Direction: activitylog.In, Kind: activitylog.Fetch, Method: "GET", URL: url, Pair: pair}})
	return id
}

func content(s string) activitylog.Content {
	sum := sha256.Sum256([]byte(s))
	return activitylog.Content{Bytes: []byte(s), Size: len(s), SHA256: hex.EncodeToString(sum[:])}
}

// story is alice's post and berta's reply, as in the article; it returns the ids that tests look at.
type story struct{ setUp, post, sent, received, reply, forwarded, taken, refused, failed activitylog.ID }

func (w *world) story() story {
	w.t.Helper()
	var s story
	alice, berta := actor("alice", "academy"), actor("berta", "techhub")
	_, s.setUp = w.deliver("techhub", "academy", activitylog.Summary{ID: berta + "#follows/1", Type: "Follow", Actor: berta, Object: alice}, berta,
		rules.DeliverFollowTarget, 0, 0, activitylog.State{Outcome: observe.Accepted, Rule: rules.AcceptFollow}, observe.Followed{Follower: berta, Target: alice})
	w.lab.setUp = s.setUp

	hello := create("alice", "academy", "1", "Hello world", "")
	techhub, masto := "http://"+host("techhub")+"/inbox", "http://"+host("masto")+"/inbox"
	s.post = w.add(note{server: "academy", st: activitylog.State{Carrier: alice, Author: alice, Outcome: observe.Accepted}, answer: &activitylog.Answer{},
		facts: []observe.Fact{
			observe.Learned{Rule: rules.LearnLocal, Object: hello.Object, ObjectType: "Note", Author: alice, Excerpt: "Hello world"},
			observe.Queued{Rule: rules.DeliverFollowers, What: "deliver", Target: techhub, Activity: hello.ID, For: []string{"berta@techhub.localhost:8080", "blaine@techhub.localhost:8080"}},
			observe.Queued{Rule: rules.DeliverFollowers, What: "deliver", Target: masto, Activity: hello.ID, For: []string{"canon@masto.localhost:8080"}}},
		x: activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: hello, Carrier: alice}})
	kept := activitylog.State{Outcome: observe.Accepted, Rule: rules.AcceptFollowsAuthor}
	decided := observe.Decided{Rule: rules.AcceptFollowsAuthor, Outcome: observe.Accepted}
	s.sent, s.received = w.deliver("academy", "techhub", hello, alice, rules.DeliverFollowers, s.post, s.post, kept, verified(alice), decided,
		observe.Learned{Rule: rules.LearnDelivered, Object: hello.Object, ObjectType: "Note", Author: alice, Excerpt: "Hello world"})
	w.look("techhub", "academy", activitylog.Key, "/users/alice", rules.FetchKey, s.received, s.received)
	w.look("techhub", "academy", activitylog.Fetch, "/users/alice/followers", rules.FetchCounts, s.received, s.received)
	w.deliver("academy", "masto", hello, alice, rules.DeliverFollowers, s.post, s.post, kept, verified(alice), decided)

	answer := create("berta", "techhub", "2", `<span class="h-card">@alice</span> Hello alice`, hello.Object, alice)
	s.reply = w.add(note{server: "techhub", st: activitylog.State{Carrier: berta, Author: berta, Outcome: observe.Accepted}, answer: &activitylog.Answer{},
		facts: []observe.Fact{observe.Queued{Rule: rules.DeliverMention, What: "deliver", Target: "http://" + host("academy") + "/inbox", Activity: answer.ID, For: []string{"@alice@academy"}}},
		x:     activitylog.Exchange{Direction: activitylog.Local, Kind: activitylog.Action, Activity: answer, Carrier: berta}})
	_, in := w.deliver("techhub", "academy", answer, berta, rules.DeliverMention, s.reply, s.reply, activitylog.State{Outcome: observe.Accepted, Rule: rules.AcceptRepliesToKnown},
		verified(berta), observe.Decided{Rule: rules.AcceptRepliesToKnown, Outcome: observe.Accepted},
		observe.Queued{Rule: rules.ForwardParentFollowers, What: "forward", Target: masto, Activity: answer.ID, For: []string{"canon@masto.localhost:8080"}},
		observe.Skipped{Rule: rules.ForwardNobody, What: "forward", Target: techhub})
	s.forwarded, s.taken = w.deliver("academy", "masto", answer, alice, rules.ForwardParentFollowers, in, in, activitylog.State{Outcome: observe.Accepted, Rule: rules.AcceptRelayed},
		verified(alice), observe.DocumentVerified{Rule: rules.LDSOK, Creator: berta + "#main-key", Author: berta, OK: true},
		observe.Decided{Rule: rules.AcceptRelayed, Outcome: observe.Accepted}, observe.Skipped{Rule: rules.ForwardNotLocalParent, What: "forward"})
	w.look("masto", "techhub", activitylog.WebFinger, "/.well-known/webfinger?resource=acct:berta@techhub.localhost:8080", rules.FetchWebFinger, s.taken, s.taken)
	w.look("masto", "techhub", activitylog.Key, "/users/berta", rules.FetchKey, s.taken, s.taken)
	w.look("masto", "techhub", activitylog.Fetch, "/users/berta/outbox", rules.FetchCounts, s.taken, s.taken)

	mallory := "https://evil.test/users/mallory"
	like := activitylog.Summary{ID: "https://evil.test/likes/1", Type: "Like", Actor: mallory, Object: hello.Object}
	bad := verified(mallory)
	bad.OK, bad.Rule = false, rules.SigDigestMismatch
	bad.Report.(map[string]any)["digest"].(map[string]any)["match"] = false
	bad.Report.(map[string]any)["error"] = "digest mismatch: compare the Digest header with the SHA-256 of the body"
	s.refused = w.add(note{server: "academy", st: activitylog.State{Author: mallory, Outcome: observe.Rejected, Rule: rules.SigDigestMismatch}, facts: []observe.Fact{bad},
		answer: &activitylog.Answer{Status: 401, Took: time.Millisecond, Body: content(`{"error":"Digest mismatch"}`)}, body: `{"type":"Like","actor":"https://evil.test/users/mallory"}`,
		x: activitylog.Exchange{Peer: "evil.test", Direction: activitylog.In, Kind: activitylog.Delivery, Method: "POST", URL: "http://" + host("academy") + "/inbox", Activity: like}})
	s.failed = w.add(note{server: "academy", st: activitylog.State{Carrier: alice, Author: alice, Outcome: observe.Failed, Rule: rules.DeliverRetry, Badges: []string{activitylog.Retry}},
		facts:  []observe.Fact{observe.Retried{Rule: rules.DeliverRetry, Attempt: 2, NextAt: "2026-11-21T09:01:40Z"}},
		answer: &activitylog.Answer{Err: "dial tcp 203.0.113.7:443: connection refused", Took: 2 * time.Second}, body: bodyOf(hello),
		x: activitylog.Exchange{Peer: "gone.example", Direction: activitylog.Out, Kind: activitylog.Delivery, Method: "POST", URL: "https://gone.example/inbox", Attempt: 2,
			Cause: s.post, Root: s.post, Rule: rules.DeliverFollowers, Carrier: alice, Activity: hello}})
	return s
}

// fanOut adds deliveries of one post to many inboxes.
func (w *world) fanOut(n int) {
	post := create("canon", "masto", "9", "To everybody", "")
	for i := range n {
		st := activitylog.State{Carrier: post.Actor, Author: post.Actor, Outcome: observe.Accepted, Rule: rules.DeliverFollowers}
		a := ok202(9 * time.Millisecond)
		if i == 3 {
			st.Outcome, a = observe.Failed, &activitylog.Answer{Status: 503}
		}
		peer := fmt.Sprintf("server%d.example", i)
		w.add(note{server: "masto", st: st, answer: a, x: activitylog.Exchange{Peer: peer, Direction: activitylog.Out, Kind: activitylog.Delivery, Method: "POST",
			URL: "https://" + peer + "/inbox", Rule: rules.DeliverFollowers, Carrier: post.Actor, Activity: post}})
	}
}

// hostile adds a delivery with a body that nobody should have to read.
func (w *world) hostile(body string) activitylog.ID {
	s := activitylog.Summarize([]byte(body))
	return w.add(note{server: "academy", st: activitylog.State{Author: s.Actor, Outcome: observe.Rejected, Rule: rules.JSONMalformed}, body: body,
		answer: &activitylog.Answer{Status: 400}, x: activitylog.Exchange{Peer: "evil.test", Direction: activitylog.In, Kind: activitylog.Delivery, Method: "POST",
			URL: "http://" + host("academy") + "/inbox", Activity: s, Header: []activitylog.Field{{Name: "X-<b>", Value: "\x00\xff<script>alert(1)</script>"}}}})
}

// fakeLab is a lab whose people do nothing.
type fakeLab struct {
	setUp  activitylog.ID
	graph  string
	resets int
}

func (l *fakeLab) People() []LabPerson {
	var all []LabPerson
	for _, p := range [][4]string{{"alice", "Alice", "academy", "1"}, {"berta", "Berta", "techhub", "2"}, {"blaine", "Blaine", "techhub", "2"}, {"canon", "Canon", "masto", "3"}} {
		all = append(all, LabPerson{Name: p[0], Display: p[1], Server: p[2], Origin: "http://" + host(p[2]), Hue: int(p[3][0] - '0')})
	}
	return all
}

func (l *fakeLab) Graphs() []LabGraph {
	return []LabGraph{
		{"everyone", "Everyone follows alice", "A reply to alice reaches everybody, because her server passes it on to her followers.", []string{"berta follows alice", "blaine follows alice", "canon follows alice"}},
		{"canon", "canon follows berta only", "Whoever does not follow alice sees only a part of the conversation.", []string{"canon follows berta"}},
	}
}

func (l *fakeLab) Graph() string {
	if l.graph == "" {
		return "everyone"
	}
	return l.graph
}

func (l *fakeLab) SetGraph(_ context.Context, name string) error {
	if name != "everyone" && name != "canon" {
		return fmt.Errorf("set graph %q: there is none of that name", name)
	}
	l.graph = name
	return nil
}

func (l *fakeLab) Reset(context.Context) error { l.resets++; return nil }

func (l *fakeLab) Enter(_ context.Context, person string) (string, error) {
	if person != "alice@academy" {
		return "", fmt.Errorf("enter as %q: nobody of that name", person)
	}
	return "http://" + host("academy") + "/lab/enter?ticket=t1", nil
}

func (l *fakeLab) UseTicket(_ context.Context, host, ticket string) (string, string, error) {
	if ticket != "t1" {
		return "", "", errors.New("ticket is unknown")
	}
	return "cookie-of-" + host, "/home", nil
}

func (l *fakeLab) Token(_ context.Context, account string) (TokenAnswer, error) {
	if account != "alice@academy" {
		return TokenAnswer{}, errors.New("nobody")
	}
	return TokenAnswer{AccessToken: "secret", TokenType: "Bearer", Scope: "read write follow push", Account: account, Origin: "http://" + host("academy")}, nil
}

func (l *fakeLab) Script(context.Context) ([]byte, error) { return []byte(little), nil }

func (l *fakeLab) Data() string {
	return "The data live in /tmp/orrery-lab and are removed when you stop the lab."
}
func (l *fakeLab) SetUpUntil() activitylog.ID { return l.setUp }
