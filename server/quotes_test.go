package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
	"orrery/social"
)

// quoteState is what is kept of the only quote.
func (w *world) quoteState() string {
	w.t.Helper()
	var got string
	w.must(w.db.QueryRow(w.t.Context(), "select state from quotes").Scan(&got))
	return got
}

// quotingPost is a post by berta, followed by alice, that quotes one by carla with her consent.
type quotingPost struct {
	stage
	carla   *actor
	consent string
	id      social.ID
	uri     string
}

func newQuotingPost(w *world) quotingPost {
	w.t.Helper()
	s := plainStage(w)
	w.follows(w.here("alice"), s.berta.known())
	carla := w.peer("other.test").actor("carla")
	quoted := carla.note("9")
	carla.p.has(with(quoted, members{"@context": activityStreams}))
	n := s.berta.quotes("1", quoted["id"].(string))
	consent := carla.authorizes(n["id"].(string), quoted["id"].(string))
	n["quoteAuthorization"] = consent
	w.send(s.berta, s.berta.creates(n))
	q := quotingPost{stage: s, carla: carla, consent: consent, uri: n["id"].(string)}
	q.id = w.status("1").ID
	if got := w.quoteState(); got != "accepted" {
		w.t.Fatalf("the quote is %s, want it accepted", got)
	}
	return q
}

// federation.md §4.13: an approval is read again once a week, when somebody looks.
func TestQuoteIsProvedAgainAfterAWeek(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		after   time.Duration
		meanly  func(q quotingPost) // what happens meanwhile
		asked   int
		want    string
		reading string // how alice reads
	}{
		{"too early", 6 * 24 * time.Hour, nil, 0, "accepted", "app"},
		{"in an app", 8 * 24 * time.Hour, nil, 1, "accepted", "app"},
		{"taken back, which nobody told", 8 * 24 * time.Hour, func(q quotingPost) { q.carla.p.docs = map[string]any{} }, 1, "revoked", "app"},
		{"for another post now", 8 * 24 * time.Hour, func(q quotingPost) { q.carla.authorizes("https://peer.test/another", q.carla.uri+"/statuses/9") }, 1, "revoked", "app"},
		{"her server is out of order", 8 * 24 * time.Hour, func(q quotingPost) {
			q.carla.p.on["/users/carla/quote_authorizations/1"] = func(c *fasthttp.RequestCtx) { c.SetStatusCode(http.StatusServiceUnavailable) }
		}, 1, "accepted", "app"},
		{"nobody looks", 8 * 24 * time.Hour, nil, 0, "accepted", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(current))
			q := newQuotingPost(w)
			w.advance(tt.after)
			if tt.meanly != nil {
				tt.meanly(q)
			}
			q.carla.p.forget()
			if tt.reading != "" {
				path := "/api/v1/statuses/" + q.id.String()
				for range 2 { // the second look is soon after the first
					if status, _, body := w.app(path, w.token("alice")); status != http.StatusOK {
						t.Fatalf("answered %d %s", status, body)
					}
					w.settle()
				}
			}
			asked := 0
			for _, a := range q.carla.p.asked() {
				if strings.Contains(a, "quote_authorizations") {
					asked++
				}
			}
			if asked != tt.asked {
				t.Errorf("carla's server was asked %d times %q, want %d", asked, q.carla.p.asked(), tt.asked)
			}
			if got := w.quoteState(); got != tt.want {
				t.Errorf("the quote is %s, want %s", got, tt.want)
			}
		})
	}
}

// What quotes what quotes is followed two deep.
func TestQuotesAreFollowedTwoDeep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under(current))
	s := plainStage(w)
	w.follows(w.here("alice"), s.berta.known())
	carla := w.peer("other.test").actor("carla")
	for i := 1; i <= 4; i++ {
		change := members{"@context": activityStreams}
		if i < 4 {
			change["quote"] = fmt.Sprintf("%s/statuses/%d", carla.uri, i+1)
		}
		carla.p.has(carla.note(fmt.Sprint(i), change))
	}
	w.send(s.berta, s.berta.creates(s.berta.quotes("1", carla.uri+"/statuses/1")))
	w.advance(time.Hour)
	asked := carla.p.asked()
	for i, want := range []bool{true, true, false, false} {
		path := fmt.Sprintf("GET /users/carla/statuses/%d", i+1)
		if got := slices.Contains(asked, path); got != want {
			t.Errorf("%s: %v, want %v; asked %q", path, got, want, asked)
		}
	}
	w.readable()
}

// Somebody here quotes a post of elsewhere: its author agrees, changes it, and takes the consent back.
func TestQuoteOfAPostElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under(current))
	s := followed(w)
	alice := w.here("alice")
	note := s.berta.note("1", members{"interactionPolicy": members{"canQuote": members{"automaticApproval": []any{public}}}})
	w.send(s.berta, s.berta.creates(note))
	w.mail()
	quoting := w.publish(alice, social.Draft{Text: "Look", Quote: w.status("1").ID})
	w.settle()
	path := strings.TrimPrefix(quoting.URI, "https://alpha.test")
	life := func() string {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, quoting.URI, nil)
		w.must(err)
		req.Header.Set("Accept", "application/activity+json")
		res, err := w.wire.RoundTrip(req)
		w.must(err)
		w.must(res.Body.Close())
		return res.Header.Get("Cache-Control")
	}
	if got := life(); got != "max-age=5, public" {
		t.Errorf("while it is pending the post may be kept %q, want 5 seconds", got)
	}
	var request members
	for _, m := range s.p.got() {
		if doc := decode(t, m.Request.Body); doc["type"] == "QuoteRequest" {
			request = doc
			if m.Target != "/users/berta/inbox" {
				t.Errorf("asked at %s, want berta's own inbox", m.Target)
			}
		}
	}
	if request == nil || request["object"] != note["id"] || request["instrument"].(members)["id"] != quoting.URI {
		t.Fatalf("asked %v, want a QuoteRequest for berta's post with alice's in it", request)
	}
	consent := s.berta.authorizes(quoting.URI, note["id"].(string))
	w.send(s.berta, s.berta.does("Accept", "1", request, members{"result": consent}))
	if got := life(); got != "max-age=180, public" {
		t.Errorf("once accepted the post may be kept %q, want 3 minutes", got)
	}
	if _, body := w.reads(path); !strings.Contains(body, `"quoteAuthorization":"`+consent+`"`) {
		t.Errorf("the document is %s, want the consent in it", body)
	}

	told := func() []social.NotificationView {
		ns, err := w.in.Services.Reader.Notifications(t.Context(), alice.ID, social.NotificationFilter{Types: []social.NotificationType{social.NotifyQuotedUpdate}}, social.Page{Limit: 9})
		w.must(err)
		return ns
	}
	changed := with(note, members{"content": "<p>something else</p>", "updated": vocabTime(w.clock.Now())})
	for range 2 {
		w.send(s.berta, s.berta.changes(changed))
		if ns := told(); len(ns) != 1 || ns[0].From.URI != s.berta.uri || ns[0].Status == nil || ns[0].Status.Status.ID != quoting.ID {
			t.Errorf("told %d times, want alice told once that berta changed what her post quotes", len(ns))
		}
	}
	w.advance(time.Minute)
	w.send(s.berta, s.berta.changes(with(note, members{"content": "<p>again</p>", "updated": vocabTime(w.clock.Now())})))
	if ns := told(); len(ns) != 1 {
		t.Errorf("after the second change alice has %d notifications, want the newest alone", len(ns))
	}

	s.p.forget()
	w.send(s.berta, s.berta.does("Delete", "9", members{"id": consent, "type": "Tombstone"}))
	if got := w.quoteState(); got != "revoked" {
		t.Errorf("the quote is %s, want revoked", got)
	}
	status, _, body := w.app("/api/v1/statuses/"+quoting.ID.String(), w.token("alice"))
	var shown struct {
		Quote struct {
			State  string          `json:"state"`
			Quoted json.RawMessage `json:"quoted_status"`
		} `json:"quote"`
	}
	w.must(json.Unmarshal(body, &shown))
	if status != 200 || shown.Quote.State != "revoked" || string(shown.Quote.Quoted) != "null" {
		t.Errorf("shown as %+v, want it revoked", shown)
	}
	if _, body := w.reads(path); strings.Contains(body, "quoteAuthorization\":\"") {
		t.Errorf("the document is %s, want no consent in it", body)
	}
	w.readable()
}

// vocabTime is a date as documents have it.
func vocabTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// The consent of somebody here is served for 30 seconds, and not any more once it is taken back.
func TestConsentIsServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under(current))
	s, post := said(w, social.QuotableByAll)
	w.send(s.berta, s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI)))
	answer := decode(t, []byte(answered(w, "Accept")))
	consent, _ := answer["result"].(string)
	ask := func() (int, string, members) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, consent, nil)
		w.must(err)
		req.Header.Set("Accept", "application/activity+json")
		res, err := w.wire.RoundTrip(req)
		w.must(err)
		defer res.Body.Close()
		var doc members
		if res.StatusCode == 200 {
			doc = decode(t, []byte(read(t, res)))
		}
		return res.StatusCode, res.Header.Get("Cache-Control"), doc
	}
	status, life, doc := ask()
	if status != 200 || life != "max-age=30, public" || doc["type"] != "QuoteAuthorization" || doc["interactionTarget"] != post.URI || doc["interactingObject"] != s.berta.uri+"/statuses/1" {
		t.Errorf("answered %d for %q: %v", status, life, doc)
	}
	quoting := w.status("1")
	w.mail()
	w.must(w.in.Services.Quotes.Revoke(t.Context(), w.here("alice").ID, post.ID, quoting.ID))
	w.settle()
	ended := decode(t, []byte(answered(w, "Delete")))
	object, _ := ended["object"].(members)
	if ended["id"] != consent+"#delete" || object["type"] != "QuoteAuthorization" || object["id"] != consent || ended["signature"] == nil {
		t.Errorf("told %v, want a signed Delete of the consent", ended)
	}
	if status, _, _ := ask(); status != 404 {
		t.Errorf("the consent that was taken back is answered %d, want 404", status)
	}
}

// What is said of a quote whose post is gone, and of a consent that ends.
func TestEdgeQuotesEnd(t *testing.T) {
	t.Parallel()
	state := func(want social.QuoteState) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.quoteState(); got != string(want) {
				t.Errorf("the quote is %s, want %s", got, want)
			}
		}
	}
	ends := func(name string, object func(q quotingPost) any) edge {
		return edge{name: name, policy: current, outcome: accepted, rule: rules.AcceptQuoteEnded, also: state(social.QuoteRevoked), send: func(w *world) sent {
			q := newQuotingPost(w)
			return w.send(q.carla, q.carla.does("Delete", "9", object(q)))
		}}
	}
	gone := members{"type": "Tombstone"}
	run(t, []edge{
		ends("§4.13 the end of a consent, by its address", func(q quotingPost) any { return q.consent }),
		ends("§4.13 the end of a consent, as a Tombstone", func(q quotingPost) any { return members{"id": q.consent, "type": "Tombstone"} }),
		ends("§4.13 the end of a consent, in full", func(q quotingPost) any {
			return members{"id": q.consent, "type": "QuoteAuthorization", "attributedTo": q.carla.uri, "interactingObject": q.uri, "interactionTarget": q.carla.uri + "/statuses/9"}
		}),
		{name: "§4.13 the end of a consent, by somebody else", policy: current, outcome: dropped, rule: rules.DropUnknownObject, also: state(social.QuoteAccepted), send: func(w *world) sent {
			q := newQuotingPost(w)
			return w.send(q.berta, q.berta.does("Delete", "9", q.consent))
		}},
		{name: "§3.1 a post that quoted what is gone", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 quotes+1 statuses+1", also: state(social.QuoteDeleted), send: func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.creates(s.berta.note("1", members{"quote": gone})))
		}},
		{name: "§3.1 word that what a post quoted is gone", policy: current, outcome: accepted, rule: rules.AcceptUpdate, also: state(social.QuoteDeleted), send: func(w *world) sent {
			q := newQuotingPost(w)
			return w.send(q.berta, q.berta.changes(q.berta.note("1", members{"quote": gone})))
		}},
	})
}
