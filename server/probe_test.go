package server_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"orrery/federation/rules"
	"orrery/federation/signature"
)

// raw sends bytes over a connection of their own and returns the status of the answer.
func (w *world) raw(request string) int {
	w.t.Helper()
	conn, err := w.wire.(*http.Transport).DialContext(w.t.Context(), "tcp", "alpha.test:443")
	w.must(err)
	defer conn.Close()
	go func() { _, _ = io.WriteString(conn, request) }() // the answer may come before all of it is taken
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		w.t.Errorf("no answer: %v", err)
		return 0
	}
	return res.StatusCode
}

// onTheWire is a signed delivery as bytes, with a body framed by frame.
func (w *world) onTheWire(by *actor, body []byte, frame func(head *strings.Builder)) string {
	w.t.Helper()
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "https://alpha.test/inbox", bytes.NewReader(body))
	w.must(err)
	req.Header.Set("Content-Type", "application/activity+json")
	w.must(signature.Sign(req, body, signature.PrivateKey{ID: by.keyID, Key: by.key}, w.clock.Now(), signature.SignAsMastodon41()))
	var b strings.Builder
	b.WriteString("POST /inbox HTTP/1.1\r\nHost: alpha.test\r\n")
	for name := range req.Header {
		fmt.Fprintf(&b, "%s: %s\r\n", name, req.Header.Get(name))
	}
	frame(&b)
	return b.String()
}

func chunked(body []byte) func(*strings.Builder) {
	return func(b *strings.Builder) {
		b.WriteString("Transfer-Encoding: chunked\r\n\r\n")
		for len(body) > 0 {
			n := min(len(body), 8<<10)
			fmt.Fprintf(b, "%x\r\n%s\r\n", n, body[:n])
			body = body[n:]
		}
		b.WriteString("0\r\n\r\n")
	}
}

func TestFraming_of_deliveries(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	body := encode(t, s.berta.creates(s.berta.note("1")))
	if got := w.raw(w.onTheWire(s.berta, body, chunked(body))); got != 202 {
		t.Errorf("chunked: answered %d, want 202", got)
	}
	w.settle()
	if e := w.newest(); e.State.Outcome != accepted || string(e.Exchange.Body.Bytes) != string(body) {
		t.Errorf("chunked: %s by %s", e.State.Outcome, e.State.Rule)
	}
	big := bytes.Repeat([]byte("x"), 3<<20)
	if got := w.raw(w.onTheWire(s.berta, big, chunked(big))); got != 413 {
		t.Errorf("chunked and too long: answered %d, want 413", got)
	}
	if e := w.newest(); e.State.Rule != rules.OriginTooLarge || !e.Exchange.Body.Truncated {
		t.Errorf("chunked and too long: by %s, truncated %v", e.State.Rule, e.Exchange.Body.Truncated)
	}
	declared := func(n int) func(*strings.Builder) {
		return func(b *strings.Builder) { fmt.Fprintf(b, "Content-Length: %d\r\n\r\n%s", n, big[:min(n, len(big))]) }
	}
	if got := w.raw(w.onTheWire(s.berta, big, declared(1<<40))); got != 413 {
		t.Errorf("a terabyte that is announced: answered %d, want 413", got)
	}
	twice := w.onTheWire(s.berta, body, func(b *strings.Builder) {
		fmt.Fprintf(b, "Signature: keyId=\"x\",signature=\"eA==\"\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	})
	if got := w.raw(twice); got != 401 {
		t.Errorf("two Signature lines: answered %d, want 401", got)
	}
	both := w.onTheWire(s.berta, body, func(b *strings.Builder) {
		fmt.Fprintf(b, "Digest: SHA-256=AAAA\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
	})
	if got := w.raw(both); got != 401 {
		t.Errorf("two Digest lines: answered %d, want 401", got)
	}
	w.readable()
}

// What one delivery can make the server do is bounded, whatever fits into a mebibyte.
func TestBounds_of_one_delivery(t *testing.T) {
	t.Parallel()
	many := func(n int, f func(int) any) []any {
		out := make([]any, n)
		for i := range out {
			out[i] = f(i)
		}
		return out
	}
	address := func(i int) any { return fmt.Sprint("https://a.test/", i) }
	for name, tt := range map[string]struct {
		change   members
		requests int
	}{
		"addressed to very many":                 {members{"to": append([]any{public}, many(18_000, address)...)}, 0},
		"addressed to very many of this server":  {members{"to": append([]any{public}, many(16_000, func(i int) any { return fmt.Sprint("https://alpha.test/u/", i) })...)}, 0},
		"twenty thousand hashtags":               {members{"tag": many(20_000, func(i int) any { return members{"type": "Hashtag", "name": fmt.Sprint("#t", i)} })}, 0},
		"a hashtag of half a mebibyte":           {members{"tag": []any{members{"type": "Hashtag", "name": "#" + strings.Repeat("a", 1<<19)}}}, 0},
		"forty thousand replies of another host": {members{"replies": members{"type": "Collection", "items": many(40_000, address)}}, 0},
		"twenty thousand replies of its own":     {members{"replies": members{"type": "Collection", "items": many(20_000, func(i int) any { return fmt.Sprint("https://peer.test/", i) })}}, 5},
		"content of nearly a mebibyte":           {members{"content": strings.Repeat("<p><b><i>", 20_000)}, 0},
		"an address of half a mebibyte":          {members{"url": "https://peer.test/" + strings.Repeat("a", 1<<19), "inReplyTo": "https://peer.test/" + strings.Repeat("b", 1<<18)}, 1},
		"an answer to something that is no URL":  {members{"inReplyTo": "::::not a url\x01"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := followed(w)
			w.peer("a.test")
			got := w.send(s.berta, s.berta.creates(s.berta.note("1", tt.change)))
			if got.status != 202 || got.entry.State.Outcome != accepted {
				t.Errorf("answered %d, %s by %s", got.status, got.entry.State.Outcome, got.entry.State.Rule)
				t.Log(w.log.String())
			}
			if n := len(got.entry.Facts); n > 100 {
				t.Errorf("it left %d facts", n)
			}
			if n := len(s.p.asked()) + len(w.peer("a.test").asked()); n > tt.requests {
				t.Errorf("%d requests were made, want at most %d", n, tt.requests)
			}
			w.readable()
		})
	}
}

// Nobody elsewhere may take an address of this server for what they do.
func TestAddresses_of_this_server(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := followed(w)
	post := w.say(w.here("alice"), "hello")
	w.settle()
	squat := alicesURI + "/statuses/123456"
	got := w.send(s.berta, with(s.berta.announces("1", post.URI), members{"id": squat}))
	if got.changed != "" || got.entry.State.Rule != rules.OriginMismatch {
		t.Errorf("changed %q by %s, want nothing", got.changed, got.entry.State.Rule)
	}
	w.readable()
}

// A body far beyond the limit is answered, not cut off.
func TestBounds_a_body_of_four_mebibytes_is_answered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := plainStage(w)
	got := w.post("/inbox", bytes.Repeat([]byte("x"), 4<<20), s.berta)
	if got.status != 413 || got.entry.State.Rule != rules.OriginTooLarge {
		t.Errorf("answered %d by %s", got.status, got.entry.State.Rule)
	}
	wellAnswered(t, got)
}
