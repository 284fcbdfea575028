package activitypub

import (
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
)

func TestRecorded_request_is_the_one_on_the_wire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	lines := []string{
		"zeta: 1", "Date: Sun, 01 Mar 2026 12:29:58 GMT", "hOsT: alpha.test", "Accept: application/activity+json", "X-Twice: a",
		"accept-Language: de", "X-Twice: b", "Authorization: Bearer abc", "Cookie: session=abc", "proxy-authorization: abc",
		"User-Agent: http.rb/5.1.1 (Mastodon/4.1.6; +https://Masto.test:8443/)", "X-Empty:",
	}
	target := "/users/alice?q=%7e%2F;a=b&&x=%C3%A4#"
	got := w.raw("GET " + target + " HTTP/1.1\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n")
	if got.status != 200 {
		t.Fatalf("got %d %s", got.status, got.body)
	}
	e := w.newest()
	var want []activitylog.Field
	for _, l := range lines {
		name, value, _ := strings.Cut(l, ":")
		want = append(want, activitylog.Field{Name: name, Value: strings.TrimSpace(value)})
	}
	x := e.Exchange
	if g, v := joined(x.Header), joined(redacted(append([]activitylog.Field(nil), want...))); g != v {
		t.Errorf("header lines:\n%s\nwant\n%s", g, v)
	}
	if strings.Contains(joined(x.Header), "abc") {
		t.Errorf("a secret is recorded:\n%s", joined(x.Header))
	}
	if x.URL != "https://alpha.test"+target || x.Method != "GET" || x.Peer != "masto.test:8443" || x.Kind != "fetch" || x.Direction != activitylog.In {
		t.Errorf("recorded as %s %s from %q, %s %s", x.Method, x.URL, x.Peer, x.Kind, x.Direction)
	}
	if v := activitylog.PairOf("GET", "alpha.test", target, want); x.Pair != v {
		t.Errorf("pair %q, want %q, as the sender computes it", x.Pair, v)
	}
	if !x.At.Equal(w.clock.Now()) {
		t.Errorf("at %v, want %v", x.At, w.clock.Now())
	}
}

// The instance refuses such a target before it routes; should one come through, its address is not written twice.
func TestRecorded_absolute_target_is_the_address(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	w.raw("GET http://evil.test/users/alice HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\n\r\n")
	if got, want := w.newest().Exchange.URL, "http://evil.test/users/alice"; got != want {
		t.Errorf("recorded for %q, want %q", got, want)
	}
}

func TestRecorded_peer_is_who_the_request_names(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	ua := "User-Agent: Fedi (+https://agent.test/about; bot)"
	for _, tt := range []struct {
		name, want string
		lines      []string
	}{
		{"key before agent", "beta.test:81", []string{`Signature: keyId="https://BETA.test:81/users/b#main-key",signature="eA=="`, ua}},
		{"key of a broken signature", "beta.test", []string{`Signature: keyId="https://beta.test/actor#main-key",signature="?"`, ua}},
		{"key that is no address", "agent.test", []string{`Signature: keyId="acct:b@beta.test",signature="eA=="`, ua}},
		{"nonsense for a signature", "agent.test", []string{"Signature: ,,,", ua}},
		{"agent with a hostile address", "", []string{"User-Agent: x (+https://a<script>/)"}},
		{"agent without address", "", []string{"User-Agent: curl/8"}},
		{"nothing", "", nil},
	} {
		w.get("/actor", append([]string{anyDocument}, tt.lines...)...)
		if got := w.newest().Exchange.Peer; got != tt.want {
			t.Errorf("%s: peer %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestRecorded_answer_is_the_one_on_the_wire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "https://alpha.test")
	note := w.post(w.alice, "Hello")
	for name, request := range map[string]string{
		"keep alive":  "GET /users/alice HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\n\r\n",
		"close":       "GET /users/alice HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\nConnection: close\r\n\r\n",
		"HTTP/1.0":    "GET /users/alice HTTP/1.0\r\nHost: alpha.test\r\nAccept: application/json\r\nConnection: keep-alive\r\n\r\n",
		"HEAD":        "HEAD " + path(note) + " HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\n\r\n",
		"empty body":  "GET /.well-known/webfinger HTTP/1.1\r\nHost: alpha.test\r\n\r\n",
		"GET + body":  "GET /users/alice HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\nContent-Length: 3\r\n\r\nabc",
		"with cookie": "GET /users/alice HTTP/1.1\r\nHost: alpha.test\r\nAccept: application/json\r\nCookie: a=b\r\n\r\n",
	} {
		w.clock.Advance(time.Second)
		got := w.raw(request)
		e := w.newest()
		if e.Answer == nil || joined(e.Answer.Header) != got.head || string(e.Answer.Body.Bytes) != got.body {
			t.Errorf("%s: recorded %+v, sent\n%s\n\n%s", name, e.Answer, got.head, got.body)
		}
		if want := w.clock.Now().Format("Mon, 02 Jan 2006 15:04:05 GMT"); got.header.Get("Date") != want {
			t.Errorf("%s: Date %q, want %q", name, got.header.Get("Date"), want)
		}
		if method, _, _ := strings.Cut(request, " "); e.Exchange.Method != method {
			t.Errorf("%s: recorded method %s", name, e.Exchange.Method)
		}
		switch cache := got.header.Get("Cache-Control"); {
		case name == "with cookie" && cache != "private, no-store":
			t.Errorf("%s: Cache-Control %q, want private, no-store: Vary names Cookie", name, cache)
		case name == "GET + body" && string(e.Exchange.Body.Bytes) != "abc":
			t.Errorf("%s: recorded body %q", name, e.Exchange.Body.Bytes)
		}
	}
}
