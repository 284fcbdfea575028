package server_test

import (
	"strings"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/social"
)

const current = "mastodon"

// said is a post by alice, who lives here, that berta wants to quote.
func said(w *world, policy social.QuotePolicy) (stage, social.Status) {
	w.t.Helper()
	s := plainStage(w)
	s.berta.known()
	post := w.publish(w.here("alice"), social.Draft{Text: "I said something.", QuotePolicy: policy})
	w.settle()
	return s, post
}

// quotes is a note of the actor that quotes a post.
func (a *actor) quotes(id, quoted string, change ...members) members {
	return a.note(id, append([]members{{"quote": quoted}}, change...)...)
}

// requests asks to quote.
func (a *actor) requests(id, quoted string, instrument any) members {
	return members{"@context": activityStreams, "id": a.uri + "/quote_requests/" + id, "type": "QuoteRequest", "actor": a.uri, "object": quoted, "instrument": instrument}
}

// answered is what the peer was sent last of a type.
func answered(w *world, kind string) string {
	out := "nothing"
	for _, x := range w.peer("peer.test").got() {
		if doc := decode(w.t, x.Request.Body); doc["type"] == kind {
			out = string(x.Request.Body)
		}
	}
	return out
}

func TestEdgeQuoteRequests(t *testing.T) {
	t.Parallel()
	says := func(kind string, words ...string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			got := answered(w, kind)
			for _, word := range words {
				if !strings.Contains(got, word) {
					t.Errorf("the answer is %s, want a %s with %s", got, kind, word)
				}
			}
		}
	}
	run(t, []edge{
		{name: "§14.5/147 a request whose id is on another host", policy: current, outcome: dropped, rule: rules.OriginMismatch, requests: "-", send: func(w *world) sent {
			s, post := said(w, social.QuotableByAll)
			r := s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI))
			r["id"] = "https://other.test/1"
			return w.send(s.berta, r)
		}},
		{name: "§14.5/148 a request that the author does not allow", policy: current, outcome: rejected, rule: rules.DropQuoteDenied, changed: "",
			also: says("Reject", "#rejects/quote_requests/", "quote_requests/1"), send: func(w *world) sent {
				s, post := said(w, social.QuotableByNobody)
				return w.send(s.berta, s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI)))
			}},
		{name: "§14.5/148 of followers only, by somebody who is none", policy: current, outcome: rejected, rule: rules.DropQuoteDenied,
			also: says("Reject"), send: func(w *world) sent {
				s, post := said(w, social.QuotableByFollowers)
				return w.send(s.berta, s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI)))
			}},
		{name: "§4.13 of followers only, by one", policy: current, outcome: accepted, rule: rules.AcceptQuoteRequest, changed: "notifications+1 quotes+1 statuses+1",
			also: says("Accept", "/quote_authorizations/"), send: func(w *world) sent {
				s, post := said(w, social.QuotableByFollowers)
				w.follows(s.berta.known(), w.here("alice"))
				return w.send(s.berta, s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI)))
			}},
		{name: "§4.13 with a post that is only named", policy: current, outcome: accepted, rule: rules.AcceptQuoteRequest, changed: "notifications+1 quotes+1 statuses+1",
			also: func(t *testing.T, w *world, _ sent) {
				asked := w.entries(activitylog.Filter{Kind: activitylog.Fetch, Directions: []activitylog.Direction{activitylog.Out}})
				if len(asked) == 0 || asked[0].Exchange.Rule != rules.FetchQuoteInstrument {
					t.Errorf("the newest of %d look-ups is not by %s", len(asked), rules.FetchQuoteInstrument)
				}
			}, send: func(w *world) sent {
				s, post := said(w, social.QuotableByAll)
				note := s.berta.quotes("1", post.URI)
				s.p.has(with(note, members{"@context": activityStreams}))
				return w.send(s.berta, s.berta.requests("1", post.URI, note["id"]))
			}},
		{name: "§4.13 with a post that quotes something else", policy: current, outcome: dropped, rule: rules.DropNotQuoting, send: func(w *world) sent {
			s, post := said(w, social.QuotableByAll)
			return w.send(s.berta, s.berta.requests("1", post.URI, s.berta.note("1")))
		}},
		{name: "§4.13 the same request again", policy: current, outcome: dropped, rule: rules.DropDuplicate, send: func(w *world) sent {
			s, post := said(w, social.QuotableByAll)
			r := s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI))
			w.send(s.berta, r)
			return w.send(s.berta, r)
		}},
		{name: "§4.13 4.1 knows no such request", policy: "mastodon-4.1", outcome: dropped, rule: rules.DropUnknownType, requests: "-", send: func(w *world) sent {
			s, post := said(w, "")
			return w.send(s.berta, s.berta.requests("1", post.URI, s.berta.quotes("1", post.URI)))
		}},
		{name: "§0.1 4.1 keeps a post that quotes as any other", policy: "mastodon-4.1", outcome: accepted, rule: rules.AcceptAddressed, changed: "mentions+1 notifications+1 statuses+1", requests: "-",
			send: func(w *world) sent {
				s, post := said(w, "")
				n := s.berta.quotes("1", post.URI, members{"to": []any{public, alicesURI}, "tag": []any{members{"type": "Mention", "href": alicesURI}}})
				return w.send(s.berta, s.berta.creates(n))
			}},
	})
}

// authorizes makes the peer serve the actor's consent to a quote.
func (a *actor) authorizes(quoting, quoted string) string {
	id := a.uri + "/quote_authorizations/1"
	a.p.has(members{"@context": activityStreams, "id": id, "type": "QuoteAuthorization", "attributedTo": a.uri, "interactingObject": quoting, "interactionTarget": quoted})
	return id
}

func TestEdgeQuotesOfOthers(t *testing.T) {
	t.Parallel()
	state := func(want social.QuoteState, rule rules.ID) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, s sent) {
			w.advance(time.Hour)
			var got string
			w.must(w.db.QueryRow(t.Context(), "select state from quotes").Scan(&got))
			if got != string(want) {
				t.Errorf("the quote is %s, want %s", got, want)
			}
			if rule != "" && !strings.Contains(strings.Join(facts(w.entry(s.entry)), " "), string(rule)) {
				t.Errorf("the log has %q, want %s", facts(w.entry(s.entry)), rule)
			}
		}
	}
	// berta's post, with the consent of carla, is sent by berta.
	quoting := func(consent func(carla *actor, n members)) func(w *world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.follows(w.here("alice"), s.berta.known())
			carla := w.peer("other.test").actor("carla")
			quoted := carla.note("9")
			carla.p.has(with(quoted, members{"@context": activityStreams}))
			n := s.berta.quotes("1", quoted["id"].(string))
			consent(carla, n)
			return w.send(s.berta, s.berta.creates(n))
		}
	}
	const kept = "accounts+1 home+1 quotes+1 statuses+2"
	run(t, []edge{
		{name: "§4.13 the consent is read where it must be", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: kept, also: state(social.QuoteAccepted, rules.AcceptQuoteProved),
			send: quoting(func(carla *actor, n members) {
				n["quoteAuthorization"] = carla.authorizes(n["id"].(string), n["quote"].(string))
			})},
		{name: "§4.13 the consent is to another post", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: kept, also: state(social.QuotePending, rules.DropQuoteUnproved),
			send: quoting(func(carla *actor, n members) {
				n["quoteAuthorization"] = carla.authorizes("https://peer.test/another", n["quote"].(string))
			})},
		{name: "§4.13 there is no such consent", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: kept, also: state(social.QuoteRejected, ""),
			send: quoting(func(carla *actor, n members) { n["quoteAuthorization"] = carla.uri + "/quote_authorizations/none" })},
		{name: "§4.13 no consent is named, in old words", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: kept, also: state(social.QuotePending, rules.FetchQuoted),
			send: quoting(func(_ *actor, n members) { n["_misskey_quote"], n["quote"] = n["quote"], nil })},
	})
}

// An approval that is taken back ends the quote, and is passed on to the followers of whoever here boosted the quoting post.
func TestEdgeQuoteEnds(t *testing.T) {
	t.Parallel()
	run(t, []edge{{name: "§7 Delete of a QuoteAuthorization", policy: current, outcome: accepted, rule: rules.AcceptQuoteEnded, send: func(w *world) sent {
		s := plainStage(w)
		w.follows(w.here("alice"), s.berta.known())
		carla, dora := w.peer("other.test").actor("carla"), w.peer("third.test").actor("dora")
		w.follows(dora.known(), w.here("alice"))
		quoted := carla.note("9")
		carla.p.has(with(quoted, members{"@context": activityStreams}))
		n := s.berta.quotes("1", quoted["id"].(string))
		consent := carla.authorizes(n["id"].(string), quoted["id"].(string))
		n["quoteAuthorization"] = consent
		w.send(s.berta, s.berta.creates(n))
		status, err := w.in.Services.Store.StatusByURI(w.t.Context(), n["id"].(string))
		w.must(err)
		_, err = w.in.Services.Statuses.Boost(w.t.Context(), w.here("alice").ID, status.ID, "")
		w.must(err)
		w.settle()
		dora.p.forget()
		return w.send(carla, carla.vouched(members{"@context": activityStreams, "id": consent + "#delete", "type": "Delete", "actor": carla.uri, "to": []any{public}, "object": consent}))
	}, also: func(t *testing.T, w *world, _ sent) {
		if got := w.peer("third.test").got(); len(got) != 1 || !strings.Contains(string(got[0].Request.Body), "#delete") {
			t.Errorf("third.test got %d deliveries, want the Delete", len(got))
		}
		var state string
		w.must(w.db.QueryRow(t.Context(), "select state from quotes").Scan(&state))
		if state != string(social.QuoteRevoked) {
			t.Errorf("the quote is %s, want revoked", state)
		}
	}}})
}
