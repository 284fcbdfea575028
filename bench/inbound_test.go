package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/federation/signature"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

const (
	notes       = social.FeedLength // more than that of a home cannot be read
	duplicates  = 10_000
	connections = 32
	remotes     = 200 // people elsewhere
	readers     = 3   // people here who follow all of them
)

// BenchmarkInbound measures how long signed posts by 200 known people, delivered over 32 connections, take until they are
// all in the homes of three followers, against a handler that checks one signature and commits one row for each.
func BenchmarkInbound(b *testing.B) {
	each(b, func(b *testing.B, s setting) { inbound(b, s, (*world).deliveries) })
}

// BenchmarkInbound_forwarded is the same with posts that somebody else brings: the document signature proves the author.
func BenchmarkInbound_forwarded(b *testing.B) {
	each(b, func(b *testing.B, s setting) { inbound(b, s, (*world).forwarded) })
}

func inbound(b *testing.B, s setting, prepare func(w *world, round int, authors []social.Account, address string) [][]byte) {
	w := newWorld(b, s)
	local, authors := w.followed(remotes)
	w.home(s, local)
	address, bare := w.bareInbox(b, s.dsn)
	var full, least cost
	var took waits
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		mine, theirs := prepare(w, n, authors, w.address), w.deliveries(n, authors, address)
		pos, newest := w.lastPosition(), social.ID(w.ids.Next())
		b.StartTimer()
		full = full.plus(w.meter.measure(b, func() { post(b, w.address, mine, http.StatusAccepted); w.settle() }))
		least = least.plus(w.meter.measure(b, func() { post(b, address, theirs, http.StatusAccepted) }))
		b.StopTimer()
		w.visible(local, newest, notes)
		took = append(took, w.decided(pos)...)
		b.StartTimer()
	}
	bare()
	full.against(b, least, b.N*notes, "notes")
	took.report(b)
}

// BenchmarkDuplicates measures 10,000 deliveries of posts that are known already.
func BenchmarkDuplicates(b *testing.B) {
	each(b, func(b *testing.B, s setting) {
		w := newWorld(b, s)
		local, authors := w.followed(remotes)
		known, newest := w.deliveries(0, authors, w.address), social.ID(w.ids.Next())
		post(b, w.address, known, http.StatusAccepted)
		w.settle()
		address, bare := w.bareInbox(b, s.dsn)
		var full, least cost
		var took waits
		for n := 0; b.Loop(); n++ {
			b.StopTimer()
			mine, theirs := w.deliveries(0, authors, w.address), w.deliveries(0, authors, address)
			for len(mine) < duplicates {
				n := min(notes, duplicates-len(mine))
				mine, theirs = append(mine, mine[:n]...), append(theirs, theirs[:n]...)
			}
			pos := w.lastPosition()
			b.StartTimer()
			full = full.plus(w.meter.measure(b, func() { post(b, w.address, mine, http.StatusAccepted); w.settle() }))
			least = least.plus(w.meter.measure(b, func() { post(b, address, theirs, http.StatusAccepted) }))
			b.StopTimer()
			w.visible(local, newest, notes)
			took = append(took, w.decided(pos)...)
			b.StartTimer()
		}
		bare()
		full.against(b, least, b.N*duplicates, "duplicates")
		took.report(b)
	})
}

// BenchmarkRecording measures what the log costs on the same path: with it, against with nothing kept.
func BenchmarkRecording(b *testing.B) {
	with, without := newWorld(b, setting{dsn: prepared.SQLite(b)}), newWorld(b, setting{dsn: prepared.SQLite(b), unrecorded: true})
	_, withAuthors := with.followed(remotes)
	_, withoutAuthors := without.followed(remotes)
	var kept, dropped cost
	for n := 0; b.Loop(); n++ {
		b.StopTimer()
		a, c := with.deliveries(n, withAuthors, with.address), without.deliveries(n, withoutAuthors, without.address)
		b.StartTimer()
		kept = kept.plus(with.meter.measure(b, func() { post(b, with.address, a, http.StatusAccepted); with.settle() }))
		dropped = dropped.plus(with.meter.measure(b, func() { post(b, without.address, c, http.StatusAccepted); without.settle() }))
	}
	total := b.N * notes
	b.ReportMetric(kept.cpuPer1000(total), "recorded-cpu-s/1000")
	b.ReportMetric(dropped.cpuPer1000(total), "unrecorded-cpu-s/1000")
	b.ReportMetric(float64(kept.cpu)/float64(dropped.cpu), "cpu-ratio")
	b.ReportMetric(float64(kept.wall)/float64(dropped.wall), "time-ratio")
}

// followed are n people elsewhere and those here who follow them, so that what they write is kept.
func (w *world) followed(n int) (local, authors []social.Account) {
	local = []social.Account{w.alice}
	for i := 1; i < readers; i++ {
		local = append(local, w.person(fmt.Sprintf("reader%d", i)))
	}
	authors = w.people(n, func(int) string { return "beta.example:8080" })
	var pairs [][2]social.Account
	for _, p := range authors {
		for _, r := range local {
			pairs = append(pairs, [2]social.Account{r, p})
		}
	}
	w.follow(pairs...)
	return local, authors
}

// deliveries are signed requests for the shared inbox at address, as they go over the wire, one post each, new in each
// round.
func (w *world) deliveries(round int, authors []social.Account, address string) [][]byte {
	w.b.Helper()
	out := make([][]byte, notes)
	spread(w.b, notes, 2, func(_, i int) (err error) {
		out[i], err = w.request(address, authors[i%len(authors)], note(authors[i%len(authors)], round*notes+i, time.Now()))
		return err
	})
	return out
}

// forwarded are as deliveries, but each post carries its author's signature and is brought by somebody else.
func (w *world) forwarded(round int, authors []social.Account, address string) [][]byte {
	w.b.Helper()
	out, profile := make([][]byte, notes), signature.Documents41()
	spread(w.b, notes, 2, func(_, i int) error {
		author, carrier := authors[i%len(authors)], authors[(i+1)%len(authors)]
		body, err := signature.SignDocument(note(author, round*notes+i, time.Now()), signature.PrivateKey{ID: author.KeyID, Key: w.key}, time.Now(), nil, profile)
		if err != nil {
			return err
		}
		out[i], err = w.request(address, carrier, body)
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

// visible checks that the homes of people here, as the client API reads them, hold n posts that came after since.
func (w *world) visible(people []social.Account, since social.ID, n int) {
	w.b.Helper()
	for _, p := range people {
		entries, err := w.instance.Services.Store.Home(w.b.Context(), p.ID, social.Page{SinceID: since, Limit: n + 1})
		must(w.b, err)
		if len(entries) != n {
			w.b.Fatalf("%d posts are in the home of %s, want %d", len(entries), p.Username, n)
		}
	}
	entries, err := w.instance.Services.Store.Home(w.b.Context(), people[0].ID, social.Page{SinceID: since, Limit: 40})
	must(w.b, err)
	ids := make([]social.ID, len(entries))
	for i, e := range entries {
		ids[i] = e.StatusID
	}
	views, err := w.instance.Services.Reader.Statuses(w.b.Context(), people[0].ID, ids)
	must(w.b, err)
	if len(views) != len(ids) {
		w.b.Fatalf("%d of %d posts can be read", len(views), len(ids))
	}
}

func (w *world) lastPosition() int64 {
	w.b.Helper()
	pos, err := w.instance.Source().LastPosition(w.b.Context())
	must(w.b, err)
	return pos
}
