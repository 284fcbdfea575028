package server_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// cavage is a signature made by hand, so that it can be wrong in any way.
type cavage struct {
	keyID, algorithm string // "-" leaves the parameter out; "" is the actor's key, rsa-sha256
	headers          string // "-" leaves the parameter out
	more             string // further parameters, after a comma
	date             string // "-" for no Date; "" for now
	created, expires string // values of (created) and (expires) in the signed text
	digest           string // "" for the right one, "-" for none
	target           string // in the signed text; "" for the path
	covered          string // what is really signed, when headers is "-"
}

const usual = "(request-target) host date digest"

func (c cavage) sign(w *world, a *actor, body []byte) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Del("Signature")
		switch c.date {
		case "-":
		case "":
			r.Header.Set("Date", w.clock.Now().Format(http.TimeFormat))
		default:
			r.Header.Set("Date", c.date)
		}
		sum := sha256.Sum256(body)
		switch c.digest {
		case "-":
		case "":
			r.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
		default:
			r.Header.Set("Digest", c.digest)
		}
		names := c.headers
		if names == "" {
			names = usual
		}
		if names == "-" {
			names = c.covered
		}
		var lines []string
		for _, name := range strings.Fields(names) {
			switch name {
			case "(request-target)":
				target := c.target
				if target == "" {
					target = r.URL.Path
				}
				lines = append(lines, "(request-target): post "+target)
			case "host":
				lines = append(lines, "host: "+r.URL.Host)
			case "(created)":
				lines = append(lines, "(created): "+c.created)
			case "(expires)":
				lines = append(lines, "(expires): "+c.expires)
			default:
				lines = append(lines, name+": "+r.Header.Get(name))
			}
		}
		hashed := sha256.Sum256([]byte(strings.Join(lines, "\n")))
		raw, err := rsa.SignPKCS1v15(nil, a.key, crypto.SHA256, hashed[:])
		w.must(err)
		param := func(name, value, usual string) string {
			switch value {
			case "-":
				return ""
			case "":
				value = usual
			}
			return fmt.Sprintf("%s=%q,", name, value)
		}
		r.Header.Set("Signature", param("keyId", c.keyID, a.keyID)+param("algorithm", c.algorithm, "rsa-sha256")+
			param("headers", c.headers, usual)+c.more+`signature="`+base64.StdEncoding.EncodeToString(raw)+`"`)
	}
}

// signed sends a Create by followed berta under a signature that c describes.
func signed(c cavage) func(*world) sent {
	return func(w *world) sent {
		alice, p := w.person("alice"), w.peer("peer.test")
		berta := p.actor("berta")
		w.follows(alice, berta.known())
		body := encode(w.t, berta.creates(berta.note("1")))
		return w.post("/inbox", body, nil, func(r *http.Request) { c.sign(w, berta, body)(r) })
	}
}

const (
	rejected = observe.Rejected
	accepted = observe.Accepted
	dropped  = observe.Dropped
	// arrives is what a Create by somebody whom alice follows changes.
	arrives = "home+1 statuses+1"
)

func TestEdgeTransport(t *testing.T) {
	t.Parallel()
	now := func(d time.Duration) string {
		return time.Date(2026, 1, 1, 12, 0, 1, 0, time.UTC).Add(d).Format(http.TimeFormat)
	}
	unix := func(d time.Duration) string {
		return fmt.Sprint(time.Date(2026, 1, 1, 12, 0, 1, 0, time.UTC).Add(d).Unix())
	}
	bad := func(name string, c cavage, rule rules.ID) edge {
		return edge{name: name, send: signed(c), status: 401, outcome: rejected, rule: rule, requests: "-"}
	}
	good := func(name string, c cavage) edge {
		return edge{name: name, send: signed(c), outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-"}
	}
	run(t, []edge{
		{name: "§14.1/1 unsigned", status: 401, outcome: rejected, rule: rules.SigMissing, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), nil)
		}},
		{name: "§14.1/2 unsigned Delete of an unknown actor by itself", outcome: dropped, rule: rules.SigUnknownActor, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.does("Delete", "1", s.berta.uri)), nil)
		}},
		{name: "§14.1/2 the same with the actor embedded", outcome: dropped, rule: rules.SigUnknownActor, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.does("Delete", "1", members{"id": s.berta.uri, "type": "Person"})), nil)
		}},
		{name: "§14.1/2 but not of a known one", status: 401, outcome: rejected, rule: rules.SigMissing, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.post("/inbox", encode(w.t, s.berta.does("Delete", "1", s.berta.uri)), nil)
		}},
		{name: "§14.1/3 unsigned Update of an unknown actor by itself", outcome: dropped, rule: rules.SigUnknownActor, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.does("Update", "1", s.berta.doc)), nil)
		}},
		{name: "§14.1/4 a Signature header that cannot be read", status: 401, outcome: rejected, rule: rules.SigParse, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta, func(r *http.Request) { r.Header.Set("Signature", `keyId="x`) })
		}},
		bad("§14.1/5 no keyId", cavage{keyID: "-"}, rules.SigIncomplete),
		{name: "§14.1/5 no signature", status: 401, outcome: rejected, rule: rules.SigIncomplete, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta, func(r *http.Request) {
				before, _, _ := strings.Cut(r.Header.Get("Signature"), ",signature=")
				r.Header.Set("Signature", before)
			})
		}},
		bad("§14.1/6 rsa-sha512", cavage{algorithm: "rsa-sha512"}, rules.SigAlgorithm),
		good("§14.1/7 no algorithm, date covered", cavage{algorithm: "-"}),
		good("§14.1/7 hs2019", cavage{algorithm: "hs2019"}),
		good("§14.1/7 hs2019 with (created)", cavage{algorithm: "hs2019", headers: "(request-target) host (created) digest", created: unix(0), more: "created=" + unix(0) + ","}),
		{name: "§14.1/8 neither algorithm nor headers", status: 401, outcome: rejected, rule: rules.SigTargetNotCovered, requests: "-",
			send: signed(cavage{algorithm: "-", headers: "-", covered: "(created)", created: unix(0), more: "created=" + unix(0) + ","})},
		bad("§14.1/9 digest not covered", cavage{headers: "(request-target) host date"}, rules.SigDigestNotCovered),
		{name: "§14.1/10 body altered", status: 401, outcome: rejected, rule: rules.SigDigestMismatch, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			body := encode(w.t, s.berta.creates(s.berta.note("1")))
			return w.post("/inbox", append(body, ' '), nil, func(r *http.Request) { cavage{}.sign(w, s.berta, body)(r) })
		}, also: func(t *testing.T, w *world, s sent) {
			for _, b := range [][]byte{s.entry.Exchange.Body.Bytes, bytes.TrimRight(s.entry.Exchange.Body.Bytes, " ")} {
				sum := sha256.Sum256(b)
				if want := base64.StdEncoding.EncodeToString(sum[:]); !strings.Contains(s.body, strings.ReplaceAll(want, "+", `+`)) {
					t.Errorf("the answer %s does not say %s", s.body, want)
				}
			}
		}},
		bad("§14.1/11 SHA-512 only", cavage{digest: "SHA-512=" + b64(sha512.New().Sum(nil))}, rules.SigDigestAlgorithm),
		bad("§14.1/12 digest not base64", cavage{digest: "SHA-256=%%%"}, rules.SigDigestMalformed),
		bad("§14.1/12 hex digest", cavage{digest: "SHA-256=" + hex.EncodeToString(sha256.New().Sum(nil))}, rules.SigDigestMalformed),
		bad("§14.1/12 digest header missing", cavage{digest: "-"}, rules.SigDigestMissing),
		bad("§14.1/13 signed 70 minutes ago", cavage{date: now(-70 * time.Minute)}, rules.SigStale),
		good("§14.1/14 signed 55 minutes ago", cavage{date: now(-55 * time.Minute)}),
		good("§5.3 the last second of the window", cavage{date: now(-65 * time.Minute)}),
		bad("§5.3 a second later", cavage{date: now(-65*time.Minute - time.Second)}, rules.SigStale),
		bad("§14.1/15 signed 65 minutes ahead", cavage{date: now(65 * time.Minute)}, rules.SigFuture),
		bad("§14.1/16 expires beyond twelve hours", cavage{algorithm: "hs2019", headers: "(request-target) host (created) digest", created: unix(-14 * time.Hour),
			more: "created=" + unix(-14*time.Hour) + ",expires=" + unix(10*time.Hour) + ","}, rules.SigStale),
		bad("§14.1/17 Date is no date", cavage{date: "yesterday"}, rules.SigDateInvalid),
		bad("§5.3 date not covered", cavage{headers: "(request-target) host digest"}, rules.SigDateNotCovered),
		bad("§5.3 neither target nor digest covered", cavage{headers: "host date"}, rules.SigTargetNotCovered),

		{name: "§14.1/21 the key's document is not there", status: 401, outcome: rejected, rule: rules.KeyNotFound, requests: "GET /nobody", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.keyID = "https://peer.test/nobody#main-key"
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/22 the actor is gone", status: 401, outcome: rejected, rule: rules.KeyNotFound, send: func(w *world) sent {
			s := plainStage(w)
			s.p.answers("/users/berta", func(c *fasthttp.RequestCtx) { c.SetStatusCode(410) })
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/23 WebFinger leads to another actor", status: 401, outcome: rejected, rule: rules.KeyNotFound, send: func(w *world) sent {
			s := plainStage(w)
			s.p.says("berta@peer.test", "https://peer.test/users/other")
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/23 WebFinger knows nobody", status: 401, outcome: rejected, rule: rules.KeyNotFound, send: func(w *world) sent {
			s := plainStage(w)
			clear(s.p.finger)
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/24 a key of this server", status: 401, outcome: rejected, rule: rules.KeyLocal, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.keyID = "https://alpha.test/users/alice#main-key"
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/31 a new key that is published", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 jobs+1 statuses+1", requests: "GET /users/berta", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			s.berta.rotate()
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}, also: func(t *testing.T, w *world, s sent) {
			if got := facts(s.entry); got[1] != "verified key.rotated" {
				t.Errorf("facts are %q, want the second to be verified key.rotated", got)
			}
		}},
		{name: "§14.1/32 the old key after that", status: 401, outcome: rejected, rule: rules.SigMismatch, requests: "GET /users/berta", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			old := *s.berta
			s.berta.rotate()
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			w.advance(time.Second)
			s.p.forget()
			return w.send(&old, old.creates(old.note("2")))
		}},
		{name: "§14.1/33 another path than was signed", status: 401, outcome: rejected, rule: rules.SigMismatch, requests: "GET /users/berta", send: signed(cavage{target: "/users/alice/inbox"})},
		{name: "§14.1/34 a query that was not signed", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			body := encode(w.t, s.berta.creates(s.berta.note("1")))
			return w.post("/inbox?x=1", body, nil, func(r *http.Request) { cavage{}.sign(w, s.berta, body)(r) })
		}},
		{name: "§14.1/34 a query that was signed, which 4.1 does not take", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.SigMismatch, send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			body := encode(w.t, s.berta.creates(s.berta.note("1")))
			return w.post("/inbox?x=1", body, nil, func(r *http.Request) { cavage{target: "/inbox?x=1"}.sign(w, s.berta, body)(r) })
		}},
		{name: "§14.1/35 a body of 1 MiB and one byte", status: 413, outcome: rejected, rule: rules.OriginTooLarge, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/inbox", bytes.Repeat([]byte{'a'}, activitylog.MaxBody+1), s.berta)
		}, also: func(t *testing.T, w *world, s sent) {
			b := s.entry.Exchange.Body
			if !b.Truncated || len(b.Bytes) != activitylog.MaxBody || b.Size != activitylog.MaxBody+1 {
				t.Errorf("kept %d of %d bytes, truncated %v", len(b.Bytes), b.Size, b.Truncated)
			}
		}},
		{name: "§14.1/35 a body of 1 MiB to the byte", outcome: dropped, rule: rules.JSONMalformed, send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.post("/inbox", bytes.Repeat([]byte{'a'}, activitylog.MaxBody), s.berta)
		}},
		{name: "§14.1/36 the inbox of nobody", status: 404, outcome: rejected, rule: rules.OriginUnknownInbox, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.post("/users/nobody/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta)
		}},
		{name: "§14.1/36 a personal inbox, in capitals", outcome: accepted, rule: rules.AcceptAddressed, changed: "silent+1 statuses+1", send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.post("/users/ALICE/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta)
		}},
		{name: "§5.5 the inbox of the server itself", outcome: dropped, rule: rules.DropUnrelated, send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.post("/actor/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta)
		}},
		{name: "§14.1/42 RFC 9421, which 4.1 does not know", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.SigParse, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			return w.send(s.berta, s.berta.creates(s.berta.note("1")), func(r *http.Request) {
				r.Header.Set("Signature-Input", `sig1=("@method" "@target-uri");created=1;keyid="`+s.berta.keyID+`"`)
				r.Header.Set("Signature", "sig1=:YWJj:")
			})
		}},
	})
}

func b64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

func TestEdgeInboxesTakeDeliveriesOnly(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			edges.add(t, "§14.1/39 anything but a POST to an inbox", name, "404", "", rule(""))
			takesDeliveriesOnly(t, newWorld(t, under(name)))
		})
	}
}

func takesDeliveriesOnly(t *testing.T, w *world) {
	t.Helper()
	w.person("alice")
	for _, tt := range []struct{ method, path string }{
		{"GET", "/inbox"}, {"GET", "/users/alice/inbox"}, {"GET", "/actor/inbox"}, {"PUT", "/inbox"}, {"DELETE", "/inbox"},
		{"POST", "/users/alice/outbox"}, {"POST", "/users/alice"}, {"POST", "/users//inbox"},
	} {
		res, err := w.wire.RoundTrip(request(t, tt.method, "https://alpha.test"+tt.path))
		w.must(err)
		res.Body.Close()
		if res.StatusCode != 404 {
			t.Errorf("§14.1/39 %s %s is answered %d, want 404", tt.method, tt.path, res.StatusCode)
		}
	}
}

func request(t *testing.T, method, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
