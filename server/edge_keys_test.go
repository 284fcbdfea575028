package server_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"filippo.io/mldsa"
	"github.com/gowebpki/jcs"
	"github.com/valyala/fasthttp"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// message is a signature of RFC 9421 made by hand, so that it can be wrong in any way.
type message struct {
	keyID   string // the actor's when ""
	covered string // the usual when ""
	params  string // after the covered names; "" for created and keyid
	digest  string // "" for the right one
	ed      ed25519.PrivateKey
}

func (m message) sign(w *world, a *actor, body []byte) func(*http.Request) {
	return func(r *http.Request) {
		sum := sha256.Sum256(body)
		digest := m.digest
		if digest == "" {
			digest = "sha-256=:" + b64(sum[:]) + ":"
		}
		r.Header.Set("Content-Digest", digest)
		covered := m.covered
		if covered == "" {
			covered = `"@method" "@target-uri" "content-digest"`
		}
		keyID := m.keyID
		if keyID == "" {
			keyID = a.keyID
		}
		params := m.params
		if params == "" {
			params = fmt.Sprintf(";created=%d", w.clock.Now().Unix())
		}
		input := "(" + covered + ")" + params + fmt.Sprintf(";keyid=%q", keyID)
		var b strings.Builder
		for _, name := range strings.Fields(covered) {
			value := map[string]string{`"@method"`: r.Method, `"@target-uri"`: r.URL.String(), `"content-digest"`: digest}[name]
			b.WriteString(name + ": " + value + "\n")
		}
		b.WriteString(`"@signature-params": ` + input)
		var raw []byte
		if m.ed != nil {
			raw = ed25519.Sign(m.ed, []byte(b.String()))
		} else {
			hashed := sha256.Sum256([]byte(b.String()))
			var err error
			raw, err = rsa.SignPKCS1v15(nil, a.key, crypto.SHA256, hashed[:])
			w.must(err)
		}
		r.Header.Set("Signature-Input", "sig1="+input)
		r.Header.Set("Signature", "sig1=:"+b64(raw)+":")
	}
}

// edKey is an Ed25519 key that is the same every time.
func edKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed([]byte("thirty-two bytes for a test key!"))
}

// multikey lists key under an id, as FEP-521a does.
func multikey(id, controller string, key ed25519.PrivateKey) members {
	return members{"id": id, "type": "Multikey", "controller": controller, "publicKeyMultibase": multibase(append([]byte{0xed, 0x01}, key.Public().(ed25519.PublicKey)...))}
}

// multibase writes base58btc.
func multibase(b []byte) string {
	const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	var out []byte
	n, base, rest := new(big.Int).SetBytes(b), big.NewInt(58), new(big.Int)
	for n.Sign() > 0 {
		n.DivMod(n, base, rest)
		out = append([]byte{alphabet[rest.Int64()]}, out...)
	}
	return "z" + string(out)
}

// proven is activity with the author's integrity proof of FEP-8b32, by an Ed25519 key.
func proven(w *world, activity members, keyID string, key ed25519.PrivateKey, change ...members) members {
	return provenBy(w, activity, keyID, "eddsa-jcs-2022", func(text []byte) string { return multibase(ed25519.Sign(key, text)) }, change...)
}

// mlKey is an ML-DSA-44 key that is the same every time.
func mlKey(w *world) *mldsa.PrivateKey {
	key, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), []byte("thirty-two bytes for a test key!"))
	w.must(err)
	return key
}

// provenLattice is activity with an integrity proof by an ML-DSA-44 key.
func provenLattice(w *world, activity members, keyID string) members {
	return provenBy(w, activity, keyID, "mldsa44-jcs-2024", func(text []byte) string {
		raw, err := mlKey(w).SignDeterministic(text, crypto.Hash(0))
		w.must(err)
		return "u" + base64.RawURLEncoding.EncodeToString(raw)
	})
}

func provenBy(w *world, activity members, keyID, suite string, sign func(text []byte) string, change ...members) members {
	hash := func(v members) []byte {
		plain, err := jcs.Transform(encode(w.t, v))
		w.must(err)
		sum := sha256.Sum256(plain)
		return sum[:]
	}
	proof := members{
		"type": "DataIntegrityProof", "cryptosuite": suite, "proofPurpose": "assertionMethod", "verificationMethod": keyID,
		"created": "2026-01-01T12:00:00Z", "@context": activity["@context"],
	}
	for _, c := range change {
		proof = with(proof, c)
	}
	proof["proofValue"] = sign(append(hash(proof), hash(activity)...))
	return with(activity, members{"proof": proof})
}

// sends is a Create by followed berta under a signature of RFC 9421 that m describes.
func (m message) sends(prepare ...func(s stage)) func(*world) sent {
	return func(w *world) sent {
		s := plainStage(w)
		for _, p := range prepare {
			p(s)
		}
		w.follows(w.here("alice"), s.berta.known())
		body := encode(w.t, s.berta.creates(s.berta.note("1")))
		return w.post("/inbox", body, nil, func(r *http.Request) { m.sign(w, s.berta, body)(r) })
	}
}

// listsEd gives berta an Ed25519 key beside the usual one.
func listsEd(change members) func(s stage) {
	return func(s stage) {
		k := with(multikey(s.berta.uri+"#ed25519-key", s.berta.uri, edKey()), change)
		s.berta.doc = s.p.has(with(s.berta.doc, members{"assertionMethod": []any{k}}))
	}
}

// renewedEd is a Create under an Ed25519 key of berta's that took the place of one that is known here.
func renewedEd(change members) func(*world) sent {
	return func(w *world) sent {
		s := plainStage(w)
		listsEd(nil)(s)
		w.follows(w.here("alice"), s.berta.known())
		m := message{keyID: s.berta.uri + "#ed25519-key", ed: ed25519.NewKeyFromSeed([]byte("thirty-two bytes of another key!"))}
		k := with(multikey(m.keyID, s.berta.uri, m.ed), change)
		s.p.has(with(s.berta.doc, members{"assertionMethod": []any{k}}))
		body := encode(w.t, s.berta.creates(s.berta.note("1")))
		return w.post("/inbox", body, nil, m.sign(w, s.berta, body))
	}
}

func TestEdgeMessageSignatures(t *testing.T) {
	t.Parallel()
	ed := message{keyID: "https://peer.test/users/berta#ed25519-key", ed: edKey()}
	current := func(name string, m message, status int, rule rules.ID, requests string, prepare ...func(s stage)) edge {
		e := edge{name: name, policy: "mastodon", send: m.sends(prepare...), status: status, rule: rule, requests: requests}
		if e.outcome = rejected; status == 202 {
			e.outcome, e.changed = accepted, arrives
		}
		return e
	}
	unix := func(d time.Duration) string {
		return fmt.Sprint(time.Date(2026, 1, 1, 12, 0, 1, 0, time.UTC).Add(d).Unix())
	}
	run(t, []edge{
		current("§5.4 RFC 9421, RSA", message{}, 202, rules.AcceptFollowsAuthor, "-"),
		current("§5.4 RFC 9421, Ed25519", ed, 202, rules.AcceptFollowsAuthor, "-", listsEd(nil)),
		current("§14.1/40 no created", message{params: ";x=1"}, 401, rules.SigIncomplete, "-"),
		current("§14.1/41 Content-Digest is no dictionary", message{digest: "sha-256=:a:, ="}, 400, rules.SigDigestMalformed, "-"),
		current("§5.4 a digest of another body", message{digest: "sha-256=:" + b64(make([]byte, 32)) + ":"}, 401, rules.SigDigestMismatch, "-"),
		current("§5.4 SHA-512 only", message{digest: "sha-512=:" + b64(make([]byte, 64)) + ":"}, 401, rules.SigDigestAlgorithm, "-"),
		current("§5.4 the target is not covered", message{covered: `"@method" "content-digest"`}, 401, rules.SigTargetNotCovered, "-"),
		current("§5.4 the body is not covered", message{covered: `"@method" "@target-uri"`}, 401, rules.SigDigestNotCovered, "-"),
		current("§5.4 signed 70 minutes ago", message{params: ";created=" + unix(-70*time.Minute)}, 401, rules.SigStale, "-"),
		current("§5.4 signed 55 minutes ago", message{params: ";created=" + unix(-55*time.Minute)}, 202, rules.AcceptFollowsAuthor, "-"),
		current("§5.4 signed 65 minutes ahead", message{params: ";created=" + unix(65*time.Minute)}, 401, rules.SigFuture, "-"),
		current("§5.4 an algorithm that the key is not for", message{params: ";created=" + unix(0) + `;alg="ed25519"`}, 401, rules.SigMismatch, "GET /users/berta"),
		current("§5.4 signed with another key than was named", message{ed: edKey()}, 401, rules.SigMismatch, "GET /users/berta"),
		current("§5.6 a key that was taken back", ed, 401, rules.KeyRevoked, "-", listsEd(members{"revoked": "2025-12-01T00:00:00Z"})),
		{name: "§5.5/6 a new key that was taken back", policy: "mastodon", status: 401, outcome: rejected, rule: rules.KeyRevoked, requests: "GET /users/berta",
			send: renewedEd(members{"revoked": "2025-12-01T00:00:00Z"})},
		{name: "§5.5/6 a new key that has expired", policy: "mastodon", status: 401, outcome: rejected, rule: rules.KeyExpired, requests: "GET /users/berta",
			send: renewedEd(members{"expires": "2026-01-01T12:00:00Z"})},
		{name: "§5.5/6 a new key that holds", policy: "mastodon", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "GET /users/berta",
			send: renewedEd(nil)},
		current("§5.6 a key that has expired", ed, 401, rules.KeyExpired, "-", listsEd(members{"expires": "2026-01-01T12:00:00Z"})),
		current("§5.6 a key that will expire", ed, 202, rules.AcceptFollowsAuthor, "-", listsEd(members{"expires": "2026-02-01T12:00:00Z"})),
		current("§2.5 a key that somebody else controls", ed, 401, rules.SigMismatch, "GET /users/berta", listsEd(members{"controller": "https://peer.test/users/carol"})),
		current("§2.5 a key at an address of its own", message{keyID: "https://keys.test/berta", ed: edKey()}, 202, rules.AcceptFollowsAuthor, "-", func(s stage) {
			k := multikey("https://keys.test/berta", s.berta.uri, edKey())
			s.peer("keys.test").has(with(k, members{}))
			listsEd(k)(s)
		}),
		current("§2.5 a key at an address that does not know it", message{keyID: "https://keys.test/berta", ed: edKey()}, 401, rules.KeyNotFound, "-", func(s stage) {
			s.peer("keys.test")
			listsEd(multikey("https://keys.test/berta", s.berta.uri, edKey()))(s)
		}),
		current("§2.5 a key of another at its address", message{keyID: "https://keys.test/carol", ed: edKey()}, 401, rules.KeyNotFound, "GET /users/nobody", func(s stage) {
			s.peer("keys.test").has(multikey("https://keys.test/carol", "https://peer.test/users/nobody", edKey()))
			listsEd(multikey("https://keys.test/carol", s.berta.uri, edKey()))(s)
		}),
		{name: "§5.3 Ed25519 is for RFC 9421 only", policy: "mastodon", status: 401, outcome: rejected, rule: rules.SigMismatch, send: func(w *world) sent {
			s := plainStage(w)
			listsEd(nil)(s)
			w.follows(w.here("alice"), s.berta.known())
			s.berta.keyID = s.berta.uri + "#ed25519-key"
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§0.1 4.1 knows the first key only", policy: "mastodon-4.1", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			listsEd(nil)(s)
			w.follows(w.here("alice"), s.berta.known())
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}, also: func(t *testing.T, w *world, _ sent) {
			if got := w.keysOf("https://peer.test/users/berta"); len(got) != 1 {
				t.Errorf("kept %+v, want one key", got)
			}
		}},
	})
}

func (w *world) keysOf(uri string) []social.Key {
	w.t.Helper()
	a, err := w.in.Services.Store.AccountByURI(w.t.Context(), uri)
	w.must(err)
	keys, err := w.in.Services.Store.Keys(w.t.Context(), a.ID)
	w.must(err)
	return keys
}

func TestEdgeKeys(t *testing.T) {
	t.Parallel()
	const asked = "GET /users/berta, GET /users/berta, GET /.well-known/webfinger?resource=acct:berta@peer.test, GET /users/berta/outbox, GET /users/berta/following, GET /users/berta/followers"
	stranger := func(c cavage) func(*world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			body := encode(w.t, s.berta.creates(s.berta.note("1")))
			return w.post("/inbox", body, nil, func(r *http.Request) { c.sign(w, s.berta, body)(r) })
		}
	}
	unreachable := func(w *world) sent {
		s := plainStage(w)
		s.berta.keyID = "https://gone.test/users/berta#main-key"
		return w.send(s.berta, s.berta.creates(s.berta.note("1")))
	}
	skipped := func(wait time.Duration, from string) func(*world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			send := func(keyID, from string) sent {
				s.berta.keyID = keyID
				return w.send(s.berta, s.berta.creates(s.berta.note("1")), func(r *http.Request) { r.Header.Set("X-Forwarded-For", from) })
			}
			send("https://gone.test/users/berta#main-key", "1.1.1.1, 192.0.2.7")
			w.clock.Advance(wait)
			return send(s.berta.uri+"#main-key", from)
		}
	}
	run(t, []edge{
		{name: "§14.1/6 rsa-sha512 by somebody unknown", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.SigAlgorithm, requests: "-", send: stranger(cavage{algorithm: "rsa-sha512"})},
		{name: "§14.1/6 rsa-sha512 by somebody unknown, whose key is fetched first", policy: "mastodon", status: 401, outcome: rejected, rule: rules.SigAlgorithm,
			changed: "accounts+1", requests: asked, send: stranger(cavage{algorithm: "rsa-sha512"})},
		{name: "§5.5/8 a stale request by somebody unknown", policy: "mastodon", status: 401, outcome: rejected, rule: rules.SigStale,
			changed: "accounts+1", requests: asked, send: stranger(cavage{date: "Wed, 31 Dec 2025 12:00:00 GMT"})},
		{name: "§5.5/8 the same in 4.1", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.SigStale, requests: "-",
			send: stranger(cavage{date: "Wed, 31 Dec 2025 12:00:00 GMT"})},
		{name: "§14.1/20 the key's host cannot be reached", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.KeyUnreachable, send: unreachable},
		{name: "§14.1/20 the key's host cannot be reached", policy: "mastodon", status: 503, outcome: observe.Failed, rule: rules.KeyUnreachable, send: unreachable},
		{name: "§14.1/20 the key's host is ill", policy: "mastodon", status: 503, outcome: observe.Failed, rule: rules.KeyUnreachable, send: func(w *world) sent {
			s := plainStage(w)
			s.p.answers("/users/berta", func(c *fasthttp.RequestCtx) { c.SetStatusCode(500) })
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
		{name: "§14.1/20 the next look-up for the same address", policy: "mastodon", status: 503, outcome: observe.Failed, rule: rules.KeySourceSkipped, requests: "-",
			send: skipped(4*time.Minute, "192.0.2.7")},
		{name: "§14.1/20 the next look-up for the same address", policy: "mastodon-4.1", status: 401, outcome: rejected, rule: rules.KeySourceSkipped, requests: "-",
			send: skipped(4*time.Minute, "192.0.2.7")},
		{name: "§14.1/20 five minutes later", outcome: dropped, rule: rules.DropUnrelated, changed: "accounts+1", requests: asked, send: skipped(5*time.Minute, "192.0.2.7")},
		{name: "§14.1/20 for another address", outcome: dropped, rule: rules.DropUnrelated, changed: "accounts+1", requests: asked, send: skipped(0, "192.0.2.8")},
		{name: "§14.1/34 a query that was signed", policy: "mastodon", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			body := encode(w.t, s.berta.creates(s.berta.note("1")))
			return w.post("/inbox?x=1", body, nil, func(r *http.Request) { cavage{target: "/inbox?x=1"}.sign(w, s.berta, body)(r) })
		}},
		{name: "§5.5/2 an acct: key of somebody known", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", send: signed(cavage{keyID: "acct:berta@peer.test"})},
		{name: "§5.5/2 an acct: key of somebody unknown", outcome: dropped, rule: rules.DropUnrelated, changed: "accounts+1", send: stranger(cavage{keyID: "acct:berta@peer.test"})},
		{name: "§5.5/2 an acct: key of this server", status: 401, outcome: rejected, rule: rules.KeyLocal, requests: "-", send: signed(cavage{keyID: "acct:alice@alpha.test"})},
		{name: "§5.5/6 the key is read again with the handle when a day has passed", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 jobs+1 statuses+1",
			requests: "GET /.well-known/webfinger?resource=acct:berta@peer.test, GET /users/berta, GET /users/berta/outbox, GET /users/berta/following, GET /users/berta/followers",
			send: func(w *world) sent {
				s := plainStage(w)
				w.follows(w.here("alice"), s.berta.known())
				w.clock.Advance(25 * time.Hour)
				s.berta.rotate()
				return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"published": "2026-01-02T13:00:00Z"})))
			}},
		{name: "§5.6 the key does not fit and the document is gone", status: 401, outcome: rejected, rule: rules.KeyRefreshFailed, requests: "GET /users/berta", send: func(w *world) sent {
			s := plainStage(w)
			w.follows(w.here("alice"), s.berta.known())
			s.berta.rotate()
			delete(s.p.docs, "/users/berta")
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}},
	})
}

// federation.md §6.6: a proof vouches for what somebody else carried, when the document signature does not.
func TestEdgeProofs(t *testing.T) {
	t.Parallel()
	const keyID, latticeID = "https://peer.test/users/berta#ed25519-key", "https://peer.test/users/berta#ml-dsa-key"
	carried := func(doc func(s stage) members) func(*world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			lattice := append([]byte{0x90, 0x24}, mlKey(w).PublicKey().Bytes()...)
			s.berta.doc = s.p.has(with(s.berta.doc, members{"assertionMethod": []any{multikey(keyID, s.berta.uri, edKey()), members{
				"id": latticeID, "type": "Multikey", "controller": s.berta.uri, "publicKeyMultibase": "u" + base64.RawURLEncoding.EncodeToString(lattice),
			}}}))
			w.follows(w.here("alice"), s.berta.known())
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, doc(s))
		}
	}
	hello := func(s stage) members { return s.berta.creates(s.berta.note("1")) }
	verified := func(t *testing.T, _ *world, s sent) {
		if got := strings.Join(facts(s.entry), ", "); !strings.Contains(got, "document-verified "+string(rules.LDSProofOK)) {
			t.Errorf("facts are %s, want %s", got, rules.LDSProofOK)
		}
	}
	bad := func(name string, rule rules.ID, doc func(s stage) members) edge {
		return edge{name: name, policy: "mastodon", outcome: dropped, rule: rule, send: carried(doc)}
	}
	run(t, []edge{
		{name: "§6.6 a proof", policy: "mastodon", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", also: verified,
			send: carried(func(s stage) members { return proven(s.world, hello(s), keyID, edKey()) })},
		{name: "§6.6 a proof, which 4.1 does not know", policy: "mastodon-4.1", outcome: dropped, rule: rules.OriginActorMismatch, requests: "-",
			send: carried(func(s stage) members { return proven(s.world, hello(s), keyID, edKey()) })},
		{name: "§6.6 a proof beside a signature that does not hold", policy: "mastodon", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", also: verified,
			send: carried(func(s stage) members {
				doc := proven(s.world, hello(s), keyID, edKey())
				return with(doc, members{"signature": members{"type": "RsaSignature2018", "creator": s.berta.keyID}})
			})},
		{name: "§6.6 a proof by a lattice key", policy: "mastodon", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-", also: verified,
			send: carried(func(s stage) members { return provenLattice(s.world, hello(s), latticeID) })},
		bad("§6.6 a proof by a lattice key of a document that was changed", rules.LDSProofInvalid, func(s stage) members {
			return with(provenLattice(s.world, hello(s), latticeID), members{"published": "2026-01-01T00:00:00Z"})
		}),
		bad("§6.6 a proof that names a key of another kind", rules.LDSProofInvalid, func(s stage) members {
			return provenLattice(s.world, hello(s), keyID)
		}),
		bad("§6.6 a document changed after it was proved", rules.LDSProofInvalid, func(s stage) members {
			doc := proven(s.world, hello(s), keyID, edKey())
			object := maps.Clone(doc["object"].(members))
			object["content"] = "<p>something else</p>"
			return with(doc, members{"object": object})
		}),
		bad("§6.6 a proof that has expired", rules.LDSProofInvalid, func(s stage) members {
			return proven(s.world, hello(s), keyID, edKey(), members{"expires": "2025-12-31T00:00:00Z"})
		}),
		bad("§6.6 a proof for another purpose", rules.LDSProofInvalid, func(s stage) members {
			return proven(s.world, hello(s), keyID, edKey(), members{"proofPurpose": "authentication"})
		}),
		bad("§6.6 a proof in another context", rules.LDSProofInvalid, func(s stage) members {
			return proven(s.world, hello(s), keyID, edKey(), members{"@context": "https://peer.test/other"})
		}),
		bad("§6.6 a proof by somebody else", rules.LDSProofByAnother, func(s stage) members {
			dora := s.p.actor("dora")
			s.p.has(with(dora.doc, members{"assertionMethod": []any{multikey(dora.uri+"#k", dora.uri, edKey())}}))
			dora.known()
			return proven(s.world, hello(s), dora.uri+"#k", edKey())
		}),
		bad("§6.6 a proof of nobody's", rules.LDSProofInvalid, func(s stage) members {
			return proven(s.world, hello(s), "https://peer.test/nobody#k", edKey())
		}),
		bad("§6.6 a proof by a person of this server", rules.OriginLocalActor, func(s stage) members {
			return proven(s.world, hello(s), "https://alpha.test/users/alice#k", edKey())
		}),
		bad("§14.1/30 a document signature that has expired", rules.LDSExpired, func(s stage) members { return s.expired(hello(s)) }),
		{name: "§14.1/30 the same in 4.1", policy: "mastodon-4.1", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-",
			send: carried(func(s stage) members { return s.expired(hello(s)) })},
	})
}

// expired is activity with berta's document signature, which ended an hour ago.
func (s stage) expired(activity members) members {
	ended := s.clock.Now().Add(-time.Hour)
	return s.berta.vouchedUntil(activity, &ended)
}

// federation.md §14.2/56: what could make a part of the signed the whole spoils the document signature, here in 4.1 too.
func TestEdgeTurnedGraphs(t *testing.T) {
	t.Parallel()
	var rows []edge
	for _, name := range []string{"@graph", "@included", "@reverse"} {
		doc := func(s stage) members {
			return with(s.berta.vouched(s.berta.creates(s.berta.note("1"))), members{name: members{"as:name": "x"}})
		}
		rows = append(rows,
			edge{name: "§14.2/56 " + name + ", carried by another", outcome: dropped, rule: rules.LDSGuard, send: func(w *world) sent {
				s := followed(w)
				carol := s.p.actor("carol")
				carol.known()
				return w.send(carol, doc(s))
			}},
			edge{name: "§14.2/56 " + name + ", by its author", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: func(w *world) sent {
				s := followed(w)
				return w.send(s.berta, doc(s))
			}})
	}
	run(t, rows)
}

// federation.md §2.5: when all keys are new, it may be somebody else.
func TestKeys_all_replaced(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"mastodon", "mastodon-4.1"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(policy))
			s := plainStage(w)
			alice, berta := w.here("alice"), s.berta.known()
			w.follows(alice, berta)
			gone := s.berta.uri + "/statuses/gone"
			w.send(s.berta, s.berta.does("Delete", "gone", gone))
			if was, err := w.in.Services.Store.TakenBack(t.Context(), 0, gone, w.clock.Now()); err != nil || !was {
				t.Fatalf("the deletion is remembered: %v %v", was, err)
			}

			s.berta.rotate()
			got := w.send(s.berta, s.berta.creates(s.berta.note("1")))
			if got.entry.State.Rule != rules.AcceptFollowsAuthor || !strings.Contains(strings.Join(facts(got.entry), ", "), "queued "+string(rules.KeyAllReplaced)) {
				t.Errorf("decided by %s, facts %q", got.entry.State.Rule, facts(got.entry))
			}
			if was, err := w.in.Services.Store.TakenBack(t.Context(), 0, gone, w.clock.Now()); err != nil || was {
				t.Errorf("the deletion is still remembered: %v %v", was, err)
			}
			w.mail()
			w.advance(time.Second)
			w.wantMail("a second later", "peer.test/users/berta/inbox Follow")
			f, err := w.in.Services.Store.FollowBetween(t.Context(), alice.ID, berta.ID)
			w.must(err)
			if !f.Pending {
				t.Error("alice still follows, want that she asks")
			}
			w.send(s.berta, s.berta.does("Accept", "again", f.URI))
			if f, err = w.in.Services.Store.FollowBetween(t.Context(), alice.ID, berta.ID); err != nil || f.Pending {
				t.Errorf("after the Accept she still asks: %v %v", f.Pending, err)
			}
			w.readable()
		})
	}
}

// An Update signed with the known key is no reason to ask anew.
func TestKeys_replaced_by_an_Update(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under("mastodon"))
	s := plainStage(w)
	alice, berta := w.here("alice"), s.berta.known()
	w.follows(alice, berta)
	old := *s.berta
	s.berta.rotate()
	w.send(&old, s.berta.does("Update", "1", s.berta.doc))
	if got := w.keysOf(s.berta.uri); len(got) != 1 || got[0].PEM != w.pem(s.berta.key) {
		t.Errorf("kept %+v, want the new key", got)
	}
	w.mail()
	w.advance(time.Minute)
	w.wantMail("afterwards")
	s.p.forget()
	if got := w.send(s.berta, s.berta.creates(s.berta.note("1"))); got.entry.State.Rule != rules.AcceptFollowsAuthor || len(s.p.asked()) > 0 {
		t.Errorf("the new key: %s after asking %q", got.entry.State.Rule, s.p.asked())
	}
}

// A signature that does not fit is answered with the text that it was compared with.
func TestMismatch_shows_the_signing_string(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := signed(cavage{target: "/elsewhere"})(w)
	var body map[string]string
	w.must(json.Unmarshal([]byte(got.body), &body))
	if !strings.HasPrefix(body["signed_string"], "(request-target): post /inbox\nhost: alpha.test\n") {
		t.Errorf("answered %s, want signed_string", got.body)
	}
	if _, err := base64.StdEncoding.DecodeString(body["signature"]); err != nil || body["signature"] == "" {
		t.Errorf("answered %s, want the signature, %v", got.body, err)
	}
}
