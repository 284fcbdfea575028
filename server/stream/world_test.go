package stream_test

import (
	"bufio"
	"context"
	"encoding/json"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/fasthttp/websocket"

	"orrery/federation/policy"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/server"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

// patience bounds how long a failing test waits for what should come at once.
const patience = time.Minute

// world is an instance that listens on loopback, with alice, bob and carol.
type world struct {
	t      *testing.T
	in     *server.Instance
	at     string // host:port
	people map[string]social.Account
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := join(t, prepared.SQLite(t))
	for _, name := range []string{"alice", "bob", "carol"} {
		a, err := w.in.Services.Accounts.Create(t.Context(), social.NewAccount{Username: name})
		w.must(err)
		w.people[name] = a
	}
	return w
}

// join makes one more process that serves from the database.
func join(t *testing.T, dsn string) *world {
	t.Helper()
	c := clock.New(lab.Epoch())
	in, err := server.New(t.Context(), server.Config{
		Origin: "https://alpha.test", Name: "alpha", Database: dsn, Synchronous: "OFF", Policy: policy.Mastodon41(),
	}, server.World{
		Clock: c, IDs: snowflake.New(clock.Real{}.Now), Transport: lab.NewNetwork().Transport(),
		SchemeOf: func(string) string { return "https" }, Rand: rand.NewChaCha8([32]byte{1}), Keys: lab.FixedKeys(), Stepped: true,
		Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan struct{})
	go func() { defer close(served); _ = server.Serve(ctx, l, in.HandleFast, in.EndStreams) }()
	t.Cleanup(func() {
		stop()
		<-served
		in.Close()
	})
	return &world{t: t, in: in, at: l.Addr().String(), people: map[string]social.Account{}}
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) token(name, scopes string) string {
	w.t.Helper()
	secret, _, err := w.in.Services.SignIns.Token(w.t.Context(), w.people[name].ID, 0, scopes)
	w.must(err)
	return secret
}

func (w *world) follow(name, target string) {
	w.t.Helper()
	_, err := w.in.Services.Follows.Follow(w.t.Context(), w.people[name].ID, w.people[target].ID)
	w.must(err)
}

func (w *world) post(name, text string, more ...func(*social.Draft)) social.Status {
	w.t.Helper()
	d := social.Draft{Text: text, Visibility: social.Public}
	for _, f := range more {
		f(&d)
	}
	s, err := w.in.Services.Statuses.Publish(w.t.Context(), w.people[name].ID, d)
	w.must(err)
	return s
}

func (w *world) request(path, token string) *http.Response {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.t.Context(), patience)
	w.t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, "GET", "http://"+w.at+path, nil)
	w.must(err)
	req.Host = "alpha.test"
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	transport := &http.Transport{}
	w.t.Cleanup(transport.CloseIdleConnections)
	res, err := (&http.Client{Transport: transport}).Do(req)
	w.must(err)
	w.t.Cleanup(func() { res.Body.Close() })
	return res
}

// event is what came on a stream.
type event struct {
	Stream  []string
	Event   string
	Payload string
	Error   string
	Status  int
}

func (e event) entity() (v struct {
	ID, Type, Content string
	Favourited        *bool
	Status            struct{ ID string }
	LastStatus        struct{ ID string } `json:"last_status"`
}) {
	_ = json.Unmarshal([]byte(e.Payload), &v)
	return v
}

// events is one stream over SSE.
type events struct {
	w *world
	r *bufio.Reader
}

func (w *world) listen(path, token string) *events {
	w.t.Helper()
	res := w.request(path, token)
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" {
		w.t.Fatalf("%s: %d %v", path, res.StatusCode, res.Header)
	}
	e := &events{w, bufio.NewReader(res.Body)}
	if line, err := e.r.ReadString('\n'); err != nil || !strings.HasPrefix(line, ":") {
		w.t.Fatalf("%s begins with %q, %v, want a comment", path, line, err)
	}
	return e
}

// next is the next event; Event is "" when the stream is over.
func (e *events) next() (got event) {
	e.w.t.Helper()
	for {
		line, err := e.r.ReadString('\n')
		if err != nil {
			return event{}
		}
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case name == "event":
			got.Event = value
		case name == "data":
			got.Payload = value
		case name == "" && got.Event != "":
			return got
		}
	}
}

// socket is a WebSocket.
type socket struct {
	w    *world
	conn *websocket.Conn
}

func (w *world) dial(query string, protocols ...string) (*socket, *http.Response, error) {
	d := websocket.Dialer{Subprotocols: protocols, HandshakeTimeout: patience}
	conn, res, err := d.DialContext(w.t.Context(), "ws://"+w.at+"/api/v1/streaming"+query, http.Header{"Host": {"alpha.test"}})
	if err != nil {
		return nil, res, err
	}
	w.t.Cleanup(func() { conn.Close() })
	w.must(conn.SetReadDeadline(clock.Real{}.Now().Add(patience)))
	return &socket{w, conn}, res, nil
}

func (w *world) socket(query string, protocols ...string) *socket {
	w.t.Helper()
	s, _, err := w.dial(query, protocols...)
	w.must(err)
	return s
}

func (s *socket) say(frame string) {
	s.w.t.Helper()
	s.w.must(s.conn.WriteMessage(websocket.TextMessage, []byte(frame)))
}

func (s *socket) next() (got event) {
	s.w.t.Helper()
	s.w.must(s.conn.ReadJSON(&got))
	return got
}

// heard makes sure that all frames before were obeyed: they are in order, and this one is refused.
func (s *socket) heard() {
	s.w.t.Helper()
	s.say(`{"type":"nothing"}`)
	if got := s.next(); got.Status != 400 || got.Error == "" {
		s.w.t.Fatalf("a frame of no type was answered %+v, want an error 400", got)
	}
}
