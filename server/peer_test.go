package server_test

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/signature"
	"orrery/social"
)

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	public          = activityStreams + "#Public"
)

// peer is a server that the test plays: it serves what it was given, takes every POST and remembers all that it was asked.
type peer struct {
	w    *world
	host string

	mu     sync.Mutex
	docs   map[string]any                        // by path: what GET answers, as JSON
	on     map[string]func(*fasthttp.RequestCtx) // by path: instead of that
	finger map[string]any                        // by acct: what WebFinger answers
	answer func(path string) int                 // to POSTs
	seen   []seen
}

// seen is one request that a peer got.
type seen struct {
	Method, Target string
	Request        signature.Request
}

func (w *world) peer(host string) *peer {
	w.t.Helper()
	if p := w.peers[host]; p != nil {
		return p
	}
	p := &peer{w: w, host: host, docs: map[string]any{}, on: map[string]func(*fasthttp.RequestCtx){}, finger: map[string]any{}}
	p.answer = func(string) int { return http.StatusAccepted }
	w.peers[host] = p
	w.net.Handle(host, p.handle)
	return p
}

func (p *peer) handle(ctx *fasthttp.RequestCtx) {
	r := signature.Request{
		Method: string(ctx.Method()), Host: string(ctx.Host()), Scheme: "https", Target: string(ctx.Request.Header.RequestURI()),
		Body: append([]byte(nil), ctx.Request.Body()...),
	}
	ctx.Request.Header.VisitAllInOrder(func(k, v []byte) {
		r.Header = append(r.Header, signature.Field{Name: string(k), Value: string(v)})
	})
	path, _, _ := strings.Cut(r.Target, "?")
	p.mu.Lock()
	p.seen = append(p.seen, seen{r.Method, r.Target, r})
	on, doc, answer := p.on[path], p.docs[path], p.answer
	if path == "/.well-known/webfinger" {
		doc = p.finger[strings.ToLower(string(ctx.QueryArgs().Peek("resource")))]
	}
	p.mu.Unlock()
	switch {
	case on != nil:
		on(ctx)
	case r.Method == http.MethodPost:
		ctx.SetStatusCode(answer(path))
	case doc != nil:
		ctx.SetContentType("application/activity+json")
		body, _ := json.Marshal(doc)
		ctx.SetBody(body)
	default:
		ctx.SetStatusCode(http.StatusNotFound)
	}
}

// asked are the requests of a method that p got, "METHOD /path".
func (p *peer) asked() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []string
	for _, s := range p.seen {
		out = append(out, s.Method+" "+s.Target)
	}
	return out
}

// got are the POSTs that p got, and forgets them with everything else.
func (p *peer) got() []seen {
	p.mu.Lock()
	defer p.mu.Unlock()
	var out []seen
	for _, s := range p.seen {
		if s.Method == http.MethodPost {
			out = append(out, s)
		}
	}
	p.seen = nil
	return out
}

func (p *peer) forget() { p.got() }

// has puts a document onto the peer, at its id.
func (p *peer) has(doc map[string]any) map[string]any {
	path := strings.TrimPrefix(doc["id"].(string), "https://"+p.host)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.docs[path] = doc
	return doc
}

func (p *peer) answers(path string, f func(*fasthttp.RequestCtx)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.on[path] = f
}

// actor is somebody on a peer, whose key the test holds.
type actor struct {
	p     *peer
	name  string
	uri   string
	keyID string
	key   *rsa.PrivateKey
	doc   map[string]any
}

// actor makes somebody live on p, with actor document and WebFinger.
func (p *peer) actor(name string) *actor {
	p.w.t.Helper()
	uri := "https://" + p.host + "/users/" + name
	a := &actor{p: p, name: name, uri: uri, keyID: uri + "#main-key", key: p.w.key()}
	a.doc = map[string]any{
		"@context": []any{activityStreams, "https://w3id.org/security/v1"}, "id": uri, "type": "Person", "preferredUsername": name,
		"inbox": uri + "/inbox", "outbox": uri + "/outbox", "followers": uri + "/followers", "following": uri + "/following",
		"endpoints": map[string]any{"sharedInbox": "https://" + p.host + "/inbox"}, "url": "https://" + p.host + "/@" + name,
		"publicKey": map[string]any{"id": a.keyID, "owner": uri, "publicKeyPem": p.w.pem(a.key)},
	}
	p.has(a.doc)
	p.says(name+"@"+p.host, uri)
	return a
}

// says makes WebFinger on p name uri for an acct.
func (p *peer) says(acct, uri string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finger["acct:"+strings.ToLower(acct)] = map[string]any{
		"subject": "acct:" + acct,
		"links":   []any{map[string]any{"rel": "self", "type": "application/activity+json", "href": uri}},
	}
}

func (w *world) key() *rsa.PrivateKey {
	w.t.Helper()
	key, err := signature.ParsePrivatePEM(w.keys("peer"))
	w.must(err)
	return key
}

func (w *world) pem(key *rsa.PrivateKey) string {
	w.t.Helper()
	text, err := signature.MarshalPublicPEM(&key.PublicKey)
	w.must(err)
	return text
}

// known brings the actor into the instance, and forgets the requests that this took.
func (a *actor) known() social.Account {
	w := a.p.w
	w.t.Helper()
	account, err := w.in.Services.Searches.Remote.ByHandle(w.t.Context(), a.name, a.p.host)
	w.must(err)
	a.p.forget()
	return account
}

// rotate gives the actor another key, which its document has at once.
func (a *actor) rotate() {
	a.key = a.p.w.key()
	doc := maps.Clone(a.doc)
	doc["publicKey"] = map[string]any{"id": a.keyID, "owner": a.uri, "publicKeyPem": a.p.w.pem(a.key)}
	a.doc = doc
	a.p.has(doc)
}

type members = map[string]any

// with returns doc with other members; nil removes one.
func with(doc members, change members) members {
	out := maps.Clone(doc)
	for k, v := range change {
		if out[k] = v; v == nil {
			delete(out, k)
		}
	}
	return out
}

// note is a public post of the actor.
func (a *actor) note(id string, change ...members) members {
	n := members{
		"id": a.uri + "/statuses/" + id, "type": "Note", "attributedTo": a.uri, "content": "<p>" + id + "</p>",
		"published": "2026-01-01T12:00:00Z", "to": []any{public}, "cc": []any{a.uri + "/followers"},
	}
	for _, c := range change {
		n = with(n, c)
	}
	return n
}

// does is an activity by the actor.
func (a *actor) does(kind, id string, object any, change ...members) members {
	act := members{"@context": activityStreams, "id": fmt.Sprintf("%s#%s/%s", a.uri, strings.ToLower(kind), id), "type": kind, "actor": a.uri, "object": object}
	for _, c := range change {
		act = with(act, c)
	}
	return act
}

// creates is a Create of a note, addressed like it.
func (a *actor) creates(note members) members {
	return a.does("Create", note["id"].(string), note, members{"to": note["to"], "cc": note["cc"]})
}

// announces is a public boost.
func (a *actor) announces(id, object string) members {
	return a.does("Announce", id, object, members{"to": []any{public}, "cc": []any{a.uri + "/followers"}, "published": "2026-01-01T12:00:00Z"})
}

// vouched is activity with the actor's document signature.
func (a *actor) vouched(activity members) members { return a.vouchedUntil(activity, nil) }

// vouchedUntil is vouched by a signature that says when it ends.
func (a *actor) vouchedUntil(activity members, expires *time.Time) members {
	w := a.p.w
	w.t.Helper()
	b, err := signature.SignDocument(encode(w.t, activity), signature.PrivateKey{ID: a.keyID, Key: a.key}, w.clock.Now(), expires, signature.Documents41())
	w.must(err)
	var out members
	w.must(json.Unmarshal(b, &out))
	return out
}
