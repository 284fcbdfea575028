package server_test

import (
	"strings"
	"testing"

	"orrery/federation/rules"
)

// followed is the usual company with alice following berta.
func followed(w *world) stage {
	s := plainStage(w)
	w.follows(w.here("alice"), s.berta.known())
	return s
}

func TestEdgeDocumentSignature(t *testing.T) {
	t.Parallel()
	// carol carries what berta wrote.
	carried := func(doc func(s stage) members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, doc(s))
		}
	}
	hello := func(s stage) members { return s.berta.creates(s.berta.note("1")) }
	run(t, []edge{
		{name: "§14.1/25 carried by another, nothing vouches for it", outcome: dropped, rule: rules.OriginActorMismatch, requests: "-", send: carried(hello)},
		{name: "§14.1/26 vouched for by its author", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-",
			send: carried(func(s stage) members { return s.berta.vouched(hello(s)) }),
			also: func(t *testing.T, w *world, s sent) {
				if s.entry.State.Carrier != "https://peer.test/users/carol" || s.entry.State.Author != "https://peer.test/users/berta" {
					t.Errorf("carried by %s, written by %s", s.entry.State.Carrier, s.entry.State.Author)
				}
				if strings.Join(s.entry.State.Badges, "") != "forwarded" {
					t.Errorf("badges are %q, want forwarded", s.entry.State.Badges)
				}
				if got := strings.Join(facts(s.entry), ", "); !strings.Contains(got, "learned learn.forwarded") {
					t.Errorf("facts are %s", got)
				}
			}},
		{name: "§14.1/26 by an author who is not known yet", outcome: accepted, rule: rules.AcceptRelayed, changed: "accounts+1 statuses+1",
			send: func(w *world) sent {
				s := plainStage(w)
				carol := s.p.actor("carol")
				w.follows(w.here("alice"), carol.known())
				return w.send(carol, s.berta.vouched(hello(s)))
			}},
		{name: "§14.1/27 vouched for by a third", outcome: dropped, rule: rules.OriginLDSWrongActor, requests: "-", send: carried(func(s stage) members {
			dora := s.p.actor("dora")
			dora.known()
			return dora.vouched(hello(s))
		})},
		{name: "§14.1/28 the document was changed after it was signed", outcome: dropped, rule: rules.LDSInvalid, requests: "-", send: carried(func(s stage) members {
			doc := s.berta.vouched(hello(s))
			doc["object"].(members)["content"] = "<p>something else</p>"
			return doc
		})},
		{name: "§14.1/28 the author cannot be found", outcome: dropped, rule: rules.LDSInvalid, send: carried(func(s stage) members {
			eve := s.p.actor("eve")
			doc := eve.vouched(eve.creates(eve.note("1")))
			delete(s.p.docs, "/users/eve")
			return doc
		})},
		{name: "§14.1/29 a kind of signature that is not checked", outcome: dropped, rule: rules.LDSWrongType, requests: "-", send: carried(func(s stage) members {
			doc := s.berta.vouched(hello(s))
			doc["signature"].(members)["type"] = "RsaSignature2018"
			return doc
		})},
		{name: "§14.1/29 the same from its own author", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: func(w *world) sent {
			s := followed(w)
			doc := s.berta.vouched(hello(s))
			doc["signature"].(members)["type"] = "RsaSignature2018"
			return w.send(s.berta, doc)
		}},
		{name: "§6.3 members that no context defines are not believed", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives,
			send: carried(func(s stage) members {
				doc := s.berta.vouched(hello(s))
				doc["object"].(members)["atomUri"] = "https://peer.test/forged" // the context does not define it
				return doc
			})},
		{name: "§6.3 a signature object that is a string", outcome: dropped, rule: rules.OriginActorMismatch, requests: "-", send: carried(func(s stage) members {
			return with(hello(s), members{"signature": "trust me"})
		})},
		{name: "§6.3 the creator is of this server", outcome: dropped, rule: rules.OriginLocalActor, requests: "-", send: carried(func(s stage) members {
			doc := s.berta.vouched(hello(s))
			doc["signature"].(members)["creator"] = "https://alpha.test/users/alice#main-key"
			return doc
		})},
		{name: "§6.5 a context that would have to be fetched", outcome: dropped, rule: rules.LDSInvalid, requests: "-", send: carried(func(s stage) members {
			return with(s.berta.vouched(hello(s)), members{"@context": []any{activityStreams, "https://peer.test/context"}})
		})},
		{name: "§16.2 blank nodes with names of their own", outcome: dropped, rule: rules.LDSGuard, requests: "-", send: carried(func(s stage) members {
			doc := s.berta.vouched(hello(s))
			doc["object"].(members)["tag"] = []any{members{"id": "_:a", "tag": members{"id": "_:b"}}}
			return doc
		})},
		{name: "§16.2 nested deeper than JSON-LD may be", outcome: dropped, rule: rules.LDSGuard, requests: "-", send: carried(func(s stage) members {
			doc := s.berta.vouched(hello(s))
			deep := any("x")
			for range 80 {
				deep = members{"tag": deep}
			}
			doc["object"].(members)["tag"] = deep
			return doc
		})},
	})
}

func TestEdgeEnvelope(t *testing.T) {
	t.Parallel()
	raw := func(body string) func(*world) sent {
		return func(w *world) sent { return w.post("/inbox", []byte(body), followed(w).berta) }
	}
	hello := func(change members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, with(s.berta.creates(s.berta.note("1")), change))
		}
	}
	drop := func(name string, rule rules.ID, send func(*world) sent) edge {
		return edge{name: name, outcome: dropped, rule: rule, send: send, requests: "-"}
	}
	keep := func(name string, send func(*world) sent) edge {
		return edge{name: name, outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: send, requests: "-"}
	}
	note := `"@context":"` + activityStreams + `","id":"https://peer.test/1","type":"Create","object":`
	run(t, []edge{
		drop("§14.2/43 not JSON", rules.JSONMalformed, raw(`{"type":`)),
		drop("§14.2/43 nothing at all", rules.JSONMalformed, raw(``)),
		drop("§14.2/43 two documents", rules.JSONMalformed, raw(`{} {}`)),
		drop("§14.2/43 binary", rules.JSONMalformed, raw("\x00\x01\xff\xfe")),
		drop("§14.2/44 an array", rules.JSONNotObject, raw(`[{"type":"Create"}]`)),
		drop("§14.2/44 a string", rules.JSONNotObject, raw(`"Create"`)),
		drop("§14.2/44 a number", rules.JSONNotObject, raw(`1e400`)),
		drop("§14.2/44 null", rules.JSONNotObject, raw(`null`)),
		drop("§14.2/45 no @context", rules.JSONContext, hello(members{"@context": nil})),
		drop("§14.2/45 another @context", rules.JSONContext, hello(members{"@context": "https://schema.org"})),
		keep("§14.2/45 ours among others", hello(members{"@context": []any{"https://schema.org", activityStreams}})),
		drop("§14.2/46 definitions only", rules.JSONContext, hello(members{"@context": members{"as": activityStreams + "#"}})),
		drop("§14.2/47 EmojiReact", rules.DropUnknownType, hello(members{"type": "EmojiReact"})),
		drop("§14.2/47 View", rules.DropUnknownType, hello(members{"type": "View"})),
		drop("§14.2/47 no type", rules.DropUnknownType, hello(members{"type": nil})),
		drop("§14.2/47 a type that is an object", rules.DropUnknownType, hello(members{"type": members{"id": "Create"}})),
		drop("§4.12 Add without a target", rules.DropOtherCollection, hello(members{"type": "Add"})),
		drop("§14.2/48 type as an array", rules.DropUnknownType, hello(members{"type": []any{"Create"}})),
		keep("§14.2/48 type as an array of one, in a signed document", func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.vouched(with(s.berta.creates(s.berta.note("1")), members{"type": []any{"Create"}})))
		}),
		keep("§14.2/50 no actor", hello(members{"actor": nil})),
		keep("§14.2/51 actor as an object", hello(members{"actor": members{"id": "https://peer.test/users/berta", "type": "Person"}})),
		drop("§14.2/52 the actor is of this server", rules.OriginLocalActor, hello(members{"actor": "https://alpha.test/users/alice"})),
		drop("§14.2/52 with a document signature", rules.OriginLocalActor, func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.vouched(with(s.berta.creates(s.berta.note("1")), members{"actor": "https://alpha.test/users/alice"})))
		}),
		drop("§14.2/54 nested more than a hundred deep", rules.JSONTooDeep, raw(`{`+note+strings.Repeat(`{"object":`, 100)+`1`+strings.Repeat(`}`, 100)+`}`)),
		drop("§14.2/54 nested half a million deep", rules.JSONTooDeep, raw(strings.Repeat(`[`, 500_000))),
		drop("§14.2/55 NUL in a string", rules.JSONMalformed, raw(`{`+note+`{"id":"https://peer.test/n","type":"Note","content":"a\u0000b"}}`)),
		{name: "§14.2/55 invalid UTF-8 in a string", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives,
			send: raw(`{` + note + `{"id":"https://peer.test/n","type":"Note","to":["` + public + `"],"content":"a` + "\xff" + `b"}}`)},
		{name: "§14.2/57 an activity id again, with another post", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, send: func(w *world) sent {
			s := followed(w)
			id := members{"id": "https://peer.test/activities/1"}
			w.send(s.berta, with(s.berta.creates(s.berta.note("1")), id))
			return w.send(s.berta, with(s.berta.creates(s.berta.note("2")), id))
		}},
		keep("§14.2/58 an activity id on another host", hello(members{"id": "https://elsewhere.test/activities/1"})),
		keep("§14.2/58 an activity id that is no address", hello(members{"id": 7})),
		drop("§4.1 no object", rules.DropNoObject, hello(members{"object": nil})),
		drop("§4.1 an object that is a number", rules.DropNoObject, hello(members{"object": 5})),
		keep("§14.2 members of the wrong kind", func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, with(s.berta.creates(s.berta.note("1", members{
				"summary": 4, "tag": "x", "inReplyTo": []any{7}, "attachment": members{"a": 1}, "replies": 3, "url": []any{nil, 7},
				"contentMap": "en", "sensitive": "no", "conversation": members{}, "updated": true,
			})), members{"published": 12, "cc": members{}}))
		}),
	})
}
