package server_test

import (
	"slices"
	"testing"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// Rows for rules that no other row would miss: each was seen to fail with the rule taken out of the code.

func TestEdgeFlag_whomItConcerns(t *testing.T) {
	t.Parallel()
	uri := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			var got string
			w.must(w.db.QueryRow(t.Context(), "select uri from reports").Scan(&got))
			if got != want {
				t.Errorf("the report is kept as %q, want %q", got, want)
			}
		}
	}
	run(t, []edge{
		{name: "§4.10 about somebody who is suspended here", outcome: dropped, rule: rules.DropReportNobody, send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.must(w.in.Services.Moderation.Suspend(w.t.Context(), owner, w.here("alice").ID))
			w.settle()
			return w.send(s.berta, s.berta.does("Flag", "1", alicesURI))
		}},
		{name: "§4.10 about somebody elsewhere, with an answer that another wrote", outcome: dropped, rule: rules.DropReportNobody, send: func(w *world) sent {
			s := followed(w)
			dora, carol := s.p.actor("dora"), w.peer("other.test").actor("carol")
			w.follows(w.here("alice"), dora.known())
			carol.known()
			post := w.say(w.here("alice"), "hello")
			w.send(dora, dora.creates(dora.note("1", members{"inReplyTo": post.URI})))
			return w.send(carol, carol.does("Flag", "1", []any{s.berta.uri, dora.uri + "/statuses/1"}))
		}},
		{name: "§4.10 with an id of the reporter's server", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", also: uri("https://peer.test/users/berta#flag/1"), send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.send(s.berta, s.berta.does("Flag", "1", alicesURI))
		}},
		{name: "§4.10 with an id of another server", outcome: accepted, rule: rules.AcceptReport, changed: "reports+1", also: uri(""), send: func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.send(s.berta, s.berta.does("Flag", "1", alicesURI, members{"id": "https://other.test/flags/1"}))
		}},
	})
}

// Whose consent to a quote counts (federation.md §4.13).
func TestEdgeQuotes_whoseConsent(t *testing.T) {
	t.Parallel()
	stands := func(want social.QuoteState, consent string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			w.settle()
			var got, uri string
			w.must(w.db.QueryRow(t.Context(), "select state, approval_uri from quotes").Scan(&got, &uri))
			if got != string(want) || uri != consent {
				t.Errorf("the quote is %s by %q, want %s by %q", got, uri, want, consent)
			}
		}
	}
	// berta, whom alice follows, quotes a post of carla's with a consent that lies on host and says otherwise.
	const quoted = "https://other.test/users/carla/statuses/9"
	claiming := func(name, at string, says members) edge {
		return edge{name: name, policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "accounts+1 home+1 quotes+1 statuses+2", also: stands(social.QuotePending, at), send: func(w *world) sent {
			s := followed(w)
			carla := w.peer("other.test").actor("carla")
			carla.p.has(carla.note("9", members{"@context": activityStreams}))
			n := s.berta.quotes("1", quoted, members{"quoteAuthorization": at})
			w.peer(social.HostOf(at)).has(with(members{"@context": activityStreams, "id": at, "type": "QuoteAuthorization",
				"attributedTo": carla.uri, "interactingObject": n["id"], "interactionTarget": quoted}, says))
			return w.send(s.berta, s.berta.creates(n))
		}}
	}
	// alice quotes berta's post, and an answer comes.
	asking := func(outcome observe.Outcome, rule rules.ID, name string, result string, also func(*testing.T, *world, sent)) edge {
		return edge{name: name, policy: current, outcome: outcome, rule: rule, also: also, send: func(w *world) sent {
			s := followed(w)
			note := s.berta.note("1", members{"interactionPolicy": members{"canQuote": members{"automaticApproval": []any{public}}}})
			w.send(s.berta, s.berta.creates(note))
			w.publish(w.here("alice"), social.Draft{Text: "Look", Quote: w.status("1").ID})
			w.settle()
			var request string
			w.must(w.db.QueryRow(w.t.Context(), "select request_uri from quotes").Scan(&request))
			return w.send(s.berta, s.berta.does("Accept", "1", request, members{"result": result}))
		}}
	}
	run(t, []edge{
		claiming("§4.13 a consent on the server of who quotes", "https://peer.test/consents/1", nil),
		claiming("§4.13 a consent by somebody else of that server", "https://other.test/consents/1", members{"attributedTo": "https://other.test/users/mallory"}),
		claiming("§4.13 a consent to quote another post", "https://other.test/consents/1", members{"interactionTarget": "https://other.test/users/carla/statuses/8"}),
		claiming("§4.13 something that is no consent", "https://other.test/consents/1", members{"type": "Note"}),
		{name: "§4.13 a consent of somebody here that is only claimed", policy: current, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "home+1 quotes+1 statuses+1", requests: "-",
			also: stands(social.QuotePending, ""), send: func(w *world) sent {
				s := followed(w)
				post := w.say(w.here("alice"), "I said something.")
				w.settle()
				n := s.berta.quotes("1", post.URI, members{"quoteAuthorization": alicesURI + "/quote_authorizations/1"})
				return w.send(s.berta, s.berta.creates(n))
			}},
		{name: "§4.13 a request with a post that another wrote", policy: current, outcome: dropped, rule: rules.DropNotQuoting, send: func(w *world) sent {
			s, post := said(w, social.QuotableByAll)
			n := s.berta.quotes("1", post.URI, members{"attributedTo": "https://peer.test/users/mallory"})
			return w.send(s.berta, s.berta.requests("1", post.URI, n))
		}},
		asking(accepted, rules.AcceptQuoteAnswer, "§4.13 yes, with a consent on the author's server", "https://peer.test/consents/1", stands(social.QuoteAccepted, "https://peer.test/consents/1")),
		asking(dropped, rules.OriginMismatch, "§4.13 yes, with a consent on another server", "https://other.test/consents/1", stands(social.QuotePending, "")),
		asking(dropped, rules.OriginMismatch, "§4.13 yes, without any consent", "", stands(social.QuotePending, "")),
	})
}

// What a boost is kept under, and for whose sake (federation.md §4.4).
func TestEdgeAnnounce_whose(t *testing.T) {
	t.Parallel()
	run(t, []edge{
		{name: "§4.4 somebody's boost that a relay carries brings the post alone", outcome: accepted, rule: rules.AcceptRelayAnnounce, changed: "accounts+2 statuses+1", send: func(w *world) sent {
			relay := w.subscribed()
			berta, dora := w.peer("peer.test").actor("berta"), w.peer("third.test").actor("dora")
			dora.p.has(dora.note("1", members{"@context": activityStreams}))
			return w.send(relay, berta.vouched(berta.announces("1", dora.uri+"/statuses/1")))
		}},
		{name: "§4.4 under an id of this server", outcome: dropped, rule: rules.OriginMismatch, requests: "-", send: func(w *world) sent {
			s := followed(w)
			post := w.say(w.here("alice"), "hello")
			w.settle()
			return w.send(s.berta, with(s.berta.announces("1", post.URI), members{"id": post.URI + "/activity"}))
		}},
		{name: "§4.4 with a post in it that lies on another server", outcome: dropped, rule: rules.OriginMismatch, requests: "-", send: func(w *world) sent {
			s := followed(w)
			n := s.berta.note("1", members{"id": "https://other.test/statuses/1"})
			a := s.berta.announces("1", "")
			a["object"] = n
			return w.send(s.berta, a)
		}},
	})
}

// A list of replies is read on the post's own server, and nowhere else (federation.md §9.5).
func TestOpening_listsElsewhere(t *testing.T) {
	t.Parallel()
	for what, list := range map[string]any{
		"the list":       "https://other.test/replies",
		"its first page": members{"id": "https://peer.test/users/berta/statuses/1/replies", "type": "Collection", "first": "https://other.test/replies?page=1"},
		"its second":     members{"type": "Collection", "first": members{"type": "CollectionPage", "items": []any{}, "next": "https://other.test/replies?page=2"}},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, under(current))
			th := opening(w, 5*time.Minute)
			other := w.peer("other.test")
			th.p.has(th.berta.note("1", members{"@context": activityStreams, "replies": list}))
			if th.opens() == "" {
				t.Error("nothing is looked for")
			}
			w.settle()
			if got := th.p.asked(); len(got) == 0 {
				t.Error("the post was not read again")
			}
			if got := other.asked(); len(got) != 0 {
				t.Errorf("other.test was asked %q, want nothing", got)
			}
		})
	}
}

// Of known replies those are read again that are five minutes old and were not asked for within a quarter of an hour
// (federation.md §9.5).
func TestOpening_knownReplies(t *testing.T) {
	t.Parallel()
	w := newWorld(t, under(current))
	th := opening(w, 10*time.Minute)
	reply := func(id string) members {
		return th.p.has(th.berta.note(id, members{"@context": activityStreams, "inReplyTo": th.root, "published": vocabTime(w.clock.Now())}))
	}
	old := reply("old")
	w.send(th.berta, th.berta.creates(old))
	w.clock.Advance(6 * time.Minute)
	young := reply("young")
	w.send(th.berta, th.berta.creates(young))
	th.lists(th.p, th.berta.note("1"), []any{old["id"], young["id"]})
	asks := func(when string, again time.Duration, want ...string) {
		t.Helper()
		w.clock.Advance(again)
		th.p.forget()
		th.opens()
		w.settle()
		for _, path := range []string{"/users/berta/statuses/old", "/users/berta/statuses/young"} {
			if got := slices.Contains(th.p.asked(), "GET "+path); got != slices.Contains(want, path) {
				t.Errorf("%s: %s asked for: %v", when, path, got)
			}
		}
	}
	asks("at first", 0, "/users/berta/statuses/old")
	asks("five minutes later", 5*time.Minute)
	asks("when the post may be asked for again", 11*time.Minute, "/users/berta/statuses/old", "/users/berta/statuses/young")
}

// Whose a key is (federation.md §2.5, §5.5).
func TestEdgeKeys_whose(t *testing.T) {
	t.Parallel()
	run(t, []edge{{name: "§5.5 a new key, and the name leads to somebody else by now", status: 401, outcome: observe.Rejected, rule: rules.KeyRefreshFailed, send: func(w *world) sent {
		s := followed(w)
		w.clock.Advance(25 * time.Hour)
		s.berta.rotate()
		s.p.says("berta@peer.test", s.p.actor("mallory").uri)
		return w.send(s.berta, s.berta.creates(s.berta.note("1")))
	}}})
}

// Who lists somebody else's key does not have it (federation.md §2.5).
func TestKeys_listedByAnother(t *testing.T) {
	eachPolicy(t, func(t *testing.T, name string) {
		w := newWorld(t, under(name))
		s := plainStage(w)
		const key = "https://peer.test/users/berta/main-key"
		s.p.has(with(s.berta.doc["publicKey"].(members), members{"@context": "https://w3id.org/security/v1", "id": key}))
		mallory := s.p.actor("mallory")
		s.p.has(with(mallory.doc, members{"publicKey": key}))
		mallory.known()
		var kept int
		w.must(w.db.QueryRow(t.Context(), "select count(*) from accounts where username = 'mallory' and (key_id <> '' or public_key <> '')").Scan(&kept))
		if kept != 0 {
			t.Error("mallory has berta's key, because she lists it")
		}
	})
}

// By whom a post is that was fetched, and who vouches for one that was carried (federation.md §6.6, §9.0).
func TestEdgeFetched_whose(t *testing.T) {
	t.Parallel()
	const keyID = "https://peer.test/users/berta#ed25519-key"
	run(t, []edge{
		{name: "§9.0 a boosted post of somebody who is suspended here", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := plainStage(w)
			carla := w.peer("other.test").actor("carla")
			w.follows(w.here("alice"), carla.known())
			w.must(w.in.Services.Moderation.Suspend(w.t.Context(), owner, s.berta.known().ID))
			w.settle()
			n := s.p.has(s.berta.note("1", members{"@context": activityStreams}))
			return w.send(carla, carla.announces("1", n["id"].(string)))
		}},
		{name: "§9.0 a Create that lies on another server than its actor and its post", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := followed(w)
			carla := w.peer("other.test").actor("carla")
			create := with(carla.creates(carla.note("1")), members{"id": "https://peer.test/forged/1"})
			s.p.has(create)
			return w.send(s.berta, s.berta.announces("1", "https://peer.test/forged/1"))
		}},
		{name: "§6.6 a proof by a key that was taken back", policy: current, outcome: dropped, rule: rules.LDSProofInvalid, send: func(w *world) sent {
			s := plainStage(w)
			key := with(multikey(keyID, s.berta.uri, edKey()), members{"revoked": "2025-12-01T00:00:00Z"})
			s.berta.doc = s.p.has(with(s.berta.doc, members{"assertionMethod": []any{key}}))
			w.follows(w.here("alice"), s.berta.known())
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, proven(s.world, s.berta.creates(s.berta.note("1")), keyID, edKey()))
		}},
	})
}
