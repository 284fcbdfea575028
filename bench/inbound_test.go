package bench

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/signature"
	"orrery/server"
	"orrery/social"
	"orrery/storage/sqldb"
)

const (
	notes       = 2000
	connections = 32
)

// BenchmarkInbound measures how long signed posts, delivered over 32 connections by 50 known people, take until they are
// all in the federated timeline, against a handler that checks one signature and commits one row for each.
func BenchmarkInbound(b *testing.B) {
	w := newWorld(b, true)
	authors := w.followed(50)
	address, bare := bareInbox(b, &w.key.PublicKey)
	var full, least cost
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		mine, theirs := w.deliveries(n, authors, w.address), w.deliveries(n, authors, address)
		b.StartTimer()
		full = full.plus(measure(b, func() { post(b, w.address, mine, http.StatusAccepted); w.settle() }))
		least = least.plus(measure(b, func() { post(b, address, theirs, http.StatusAccepted) }))
		b.StopTimer()
		w.visible((n + 1) * notes)
		b.StartTimer()
	}
	bare()
	total := b.N * notes
	b.ReportMetric(full.perSecond(total), "notes/s")
	b.ReportMetric(full.cpuPer1000(total), "cpu-s/1000")
	b.ReportMetric(least.perSecond(total), "bare-notes/s")
	b.ReportMetric(least.cpuPer1000(total), "bare-cpu-s/1000")
	b.ReportMetric(float64(full.cpu)/float64(least.cpu), "cpu-ratio")
	b.ReportMetric(float64(full.wall)/float64(least.wall), "time-ratio")
}

// BenchmarkRecording measures what the log costs on the same path: with it, against with nothing kept.
func BenchmarkRecording(b *testing.B) {
	with, without := newWorld(b, true), newWorld(b, false)
	withAuthors, withoutAuthors := with.followed(50), without.followed(50)
	var kept, dropped cost
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		a, c := with.deliveries(n, withAuthors, with.address), without.deliveries(n, withoutAuthors, without.address)
		b.StartTimer()
		kept = kept.plus(measure(b, func() { post(b, with.address, a, http.StatusAccepted); with.settle() }))
		dropped = dropped.plus(measure(b, func() { post(b, without.address, c, http.StatusAccepted); without.settle() }))
	}
	total := b.N * notes
	b.ReportMetric(kept.cpuPer1000(total), "recorded-cpu-s/1000")
	b.ReportMetric(dropped.cpuPer1000(total), "unrecorded-cpu-s/1000")
	b.ReportMetric(float64(kept.cpu)/float64(dropped.cpu), "cpu-ratio")
	b.ReportMetric(float64(kept.wall)/float64(dropped.wall), "time-ratio")
}

// followed are n people elsewhere whom alice follows, so that what they write is kept.
func (w *world) followed(n int) []social.Account {
	people := w.people(n, "beta.example:8080")
	pairs := make([][2]social.Account, n)
	for i, p := range people {
		pairs[i] = [2]social.Account{w.alice, p}
	}
	w.follow(pairs...)
	return people
}

// deliveries are signed requests for the shared inbox at address, as they go over the wire, one new post each.
func (w *world) deliveries(round int, authors []social.Account, address string) [][]byte {
	w.b.Helper()
	out := make([][]byte, notes)
	spread(w.b, notes, 2, func(_, i int) (err error) {
		out[i], err = w.request(address, authors[i%len(authors)], note(authors[i%len(authors)], round*notes+i, time.Now()))
		return err
	})
	return out
}

// request is body, signed by author as Mastodon does, as bytes on the wire.
func (w *world) request(address string, author social.Account, body []byte) ([]byte, error) {
	req, err := http.NewRequest(http.MethodPost, "http://"+address+"/inbox", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", "http.rb/5.1.1 (Mastodon/4.1.6; +http://beta.example:8080/)")
	req.Header.Set("Content-Type", "application/activity+json")
	if err := signature.Sign(req, body, signature.PrivateKey{ID: author.KeyID, Key: w.key}, time.Now(), signature.SignAsMastodon41()); err != nil {
		return nil, err
	}
	var wire bytes.Buffer
	err = req.Write(&wire)
	return wire.Bytes(), err
}

// note is a post as Mastodon writes it, document signature and all (2 KB).
func note(author social.Account, i int, at time.Time) []byte {
	id := fmt.Sprintf("%s/statuses/%d", author.URI, 109_000_000_000_000_000+i)
	when := at.UTC().Format(time.RFC3339)
	return []byte(strings.NewReplacer("ACTOR", author.URI, "ID", id, "WHEN", when, "NUMBER", fmt.Sprint(i)).Replace(`{"@context":["https://www.w3.org/ns/activitystreams",{"ostatus":"http://ostatus.org#","atomUri":"ostatus:atomUri","inReplyToAtomUri":"ostatus:inReplyToAtomUri","conversation":"ostatus:conversation","sensitive":"as:sensitive","toot":"http://joinmastodon.org/ns#","votersCount":"toot:votersCount"}],"id":"ID/activity","type":"Create","actor":"ACTOR","published":"WHEN","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["ACTOR/followers"],"object":{"id":"ID","type":"Note","summary":null,"inReplyTo":null,"published":"WHEN","url":"ID","attributedTo":"ACTOR","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":["ACTOR/followers"],"sensitive":false,"atomUri":"ID","inReplyToAtomUri":null,"conversation":"tag:beta.example,2026-03-01:objectId=NUMBER:objectType=Conversation","content":"\u003cp\u003ePost number NUMBER, which says about as much as posts do: the weather is fine, the train was late, and somebody should write it all down.\u003c/p\u003e","contentMap":{"en":"\u003cp\u003ePost number NUMBER, which says about as much as posts do: the weather is fine, the train was late, and somebody should write it all down.\u003c/p\u003e"},"attachment":[],"tag":[],"replies":{"id":"ID/replies","type":"Collection","first":{"type":"CollectionPage","next":"ID/replies?only_other_accounts=true\u0026page=true","partOf":"ID/replies","items":[]}}},"signature":{"type":"RsaSignature2017","creator":"ACTOR#main-key","created":"WHEN","signatureValue":"` + strings.Repeat("QUJDREVGR0hJSktM", 21) + `QUJDREVG=="}}`))
}

// post sends requests over a few connections and checks the answers.
func post(b *testing.B, address string, requests [][]byte, want int) {
	b.Helper()
	type conn struct {
		net.Conn
		in *bufio.Reader
	}
	conns := make([]conn, connections)
	for i := range conns {
		c, err := net.Dial("tcp", address)
		must(b, err)
		defer c.Close()
		conns[i] = conn{c, bufio.NewReader(c)}
	}
	spread(b, len(requests), connections, func(worker, i int) error {
		c := conns[worker]
		if _, err := c.Write(requests[i]); err != nil {
			return err
		}
		res, err := http.ReadResponse(c.in, nil)
		if err != nil {
			return err
		}
		if res.StatusCode != want {
			return fmt.Errorf("delivery %d was answered %d, want %d", i, res.StatusCode, want)
		}
		return res.Body.Close()
	})
}

// visible checks that the federated timeline, as the client API reads it, holds n posts.
func (w *world) visible(n int) {
	w.b.Helper()
	seen, page := 0, social.Page{Limit: 40}
	for {
		ids, err := w.instance.Services.Store.PublicTimeline(w.b.Context(), 0, false, true, page)
		must(w.b, err)
		views, err := w.instance.Services.Reader.Statuses(w.b.Context(), 0, ids)
		must(w.b, err)
		if seen += len(views); len(ids) == 0 {
			break
		}
		page.MaxID = ids[len(ids)-1]
	}
	if seen != n {
		w.b.Fatalf("%d posts are visible, want %d", seen, n)
	}
}

// bareInbox does the least that an inbox must: it checks the digest and the signature of a request with a key at hand
// and commits one row. done checks that it did and stops it.
func bareInbox(b *testing.B, key *rsa.PublicKey) (address string, done func()) {
	b.Helper()
	db, err := sqldb.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "bare.db"), sqldb.Options{Synchronous: "FULL"})
	must(b, err)
	_, err = db.Exec(b.Context(), "CREATE TABLE notes (id INTEGER PRIMARY KEY, body BLOB NOT NULL)")
	must(b, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	must(b, err)
	srv := server.NewHTTP(func(c *fasthttp.RequestCtx) {
		if !server.Admit(c) {
			return
		}
		body := append([]byte(nil), c.Request.Body()...)
		if !holds(c, body, key) {
			c.SetStatusCode(http.StatusUnauthorized)
			return
		}
		if _, err := db.Exec(context.Background(), "INSERT INTO notes (body) VALUES ($1)", body); err != nil {
			c.SetStatusCode(http.StatusInternalServerError)
			return
		}
		c.SetStatusCode(http.StatusAccepted)
	})
	stopped := make(chan struct{})
	go func() { defer close(stopped); _ = srv.Serve(l) }()
	return l.Addr().String(), func() {
		must(b, srv.Shutdown())
		<-stopped
		must(b, db.Close())
	}
}

// holds checks a signature in the one form that request makes.
func holds(c *fasthttp.RequestCtx, body []byte, key *rsa.PublicKey) bool {
	h := &c.Request.Header
	sum := sha256.Sum256(body)
	if string(h.Peek("Digest")) != "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]) {
		return false
	}
	_, names, _ := strings.Cut(string(h.Peek("Signature")), `headers="`)
	names, value, _ := strings.Cut(names, `"`)
	_, value, _ = strings.Cut(value, `signature="`)
	value, _, _ = strings.Cut(value, `"`)
	var lines []string
	for _, name := range strings.Fields(names) {
		if name == "(request-target)" {
			lines = append(lines, name+": post "+string(h.RequestURI()))
		} else {
			lines = append(lines, name+": "+string(h.Peek(name)))
		}
	}
	sig, err := base64.StdEncoding.DecodeString(value)
	sum = sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return err == nil && rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], sig) == nil
}
