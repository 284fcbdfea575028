package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/federation/rules"
	"orrery/social"
)

// What somebody would try who wants to pass for another, to be heard though shut out, or to have this server ask others.
func TestEdgeAttacks(t *testing.T) {
	t.Parallel()
	// carried is what carol brings: berta's signed Create, rewritten.
	carried := func(rewrite func(s stage, doc members) members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, rewrite(s, s.berta.vouched(s.berta.creates(s.berta.note("1")))))
		}
	}
	// turned is a boost that berta took back, as carol makes it of the signed Undo: both make the same statements.
	turned := func(around func(undo members) members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			carol.known()
			boost := with(s.berta.announces("1", w.say(w.here("alice"), "hello").URI), members{"@context": nil})
			w.settle()
			s.p.forget()
			undo := s.berta.vouched(s.berta.does("Undo", "1", boost))
			rest := around(with(undo, members{"@context": nil, "signature": nil, "object": nil}))
			return w.send(carol, with(with(boost, rest), members{"signature": undo["signature"]}))
		}
	}
	bad := func(name string, c cavage, status int, rule rules.ID) edge {
		return edge{name: name, send: signed(c), status: status, outcome: rejected, rule: rule, requests: "-"}
	}
	// shutOut is a request under a key of a server that is suspended here, whose address is spelt in another way.
	shutOut := func(keyID string) func(*world) sent {
		return func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			w.decides(social.DomainBlock{Severity: social.SeveritySuspend})
			s.p.forget()
			s.berta.keyID = keyID
			return w.send(s.berta, s.berta.creates(s.berta.note("1")))
		}
	}
	// again is the last of several requests in berta's name that somebody else made, wait after the one before.
	again := func(wait time.Duration) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			eve := *s.berta
			eve.key = w.key()
			w.send(&eve, eve.creates(eve.note("1")))
			w.clock.Advance(wait)
			return w.send(&eve, eve.creates(eve.note("2")))
		}
	}
	run(t, []edge{
		bad("§5.5/2 an acct: key without a server", cavage{keyID: "acct:alice"}, 401, rules.KeyLocal),
		bad("§5.5/2 an acct: key of a server with a path", cavage{keyID: "acct:berta@peer.test/users/berta?x="}, 401, rules.KeyNotFound),
		bad("§14.1/24 a key of this server with a strange fragment", cavage{keyID: "https://alpha.test/users/alice#%zz"}, 401, rules.KeyLocal),
		{name: "§14.1/18 keyId on a suspended domain, with port and dot", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-",
			send: shutOut("https://peer.test.:443/users/berta#main-key")},
		{name: "§14.1/18 keyId on a suspended domain, in wide letters", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-",
			send: shutOut("https://ｐｅｅｒ.test/users/berta#main-key")},
		{name: "§14.1/18 keyId on a suspended domain, with a strange fragment", status: 403, outcome: rejected, rule: rules.OriginDomainRefused, requests: "-",
			send: shutOut("https://peer.test/users/berta#%zz")},
		{name: "§5.5/6 keys that did not fit are not read again at once", status: 401, outcome: rejected, rule: rules.SigMismatch, requests: "GET /users/berta",
			send: again(0), also: func(t *testing.T, _ *world, s sent) {
				if got := facts(s.entry); !slices.Contains(got, "skipped "+string(rules.KeyReadLately)) {
					t.Errorf("facts are %q, want %s", got, rules.KeyReadLately)
				}
			}},
		{name: "§5.5/6 but a minute later", status: 401, outcome: rejected, rule: rules.SigMismatch, requests: "GET /users/berta, GET /users/berta", send: again(time.Minute)},
		{name: "§6.3 words that the document's own context takes away and gives anew", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-",
			send: carried(func(s stage, doc members) members {
				return with(doc, members{
					"@context": []any{activityStreams, members{"object": nil, "thing": members{"@id": "as:object", "@type": "@id"}}},
					"thing":    doc["object"], "object": s.berta.note("forged"),
				})
			}),
			also: func(t *testing.T, w *world, _ sent) {
				if got := w.status("1").Content; got != "<p>1</p>" {
					t.Errorf("kept %q, want what berta signed", got)
				}
			}},
		{name: "§6.3 a part of what was signed, turned into the whole", outcome: dropped, rule: rules.LDSGuard, requests: "-",
			send: turned(func(undo members) members {
				return members{"@context": activityStreams, "@reverse": members{"object": undo}}
			})},
		{name: "§6.3 the same by a word of its own", outcome: dropped, rule: rules.LDSGuard, requests: "-", send: turned(func(undo members) members {
			return members{"@context": []any{activityStreams, members{"undoneBy": members{"@reverse": "as:object"}}}, "undoneBy": undo}
		})},
		{name: "§6.3 a pin whose collection is not the signed one", outcome: dropped, rule: rules.DropOtherCollection, requests: "-", send: func(w *world) sent {
			s := profiled(w)
			carol := s.p.actor("carol")
			carol.known()
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			add := with(s.berta.adds("Add", s.berta.uri+"/statuses/1"), members{"id": s.berta.uri + "#add/1", "target": s.berta.uri + "/collections/other"})
			return w.send(carol, with(s.berta.vouched(add), members{
				"@context": []any{activityStreams, members{"target": nil, "place": members{"@id": "as:target", "@type": "@id"}}},
				"place":    add["target"], "target": s.berta.uri + "/collections/featured",
			}))
		}},
		{name: "§4.4 a boost under the id of a post that is not known here yet", outcome: dropped, rule: rules.OriginMismatch, requests: "-", send: func(w *world) sent {
			s := followed(w)
			hello := w.say(w.here("alice"), "hello")
			w.settle()
			s.p.forget()
			return w.send(s.berta, with(s.berta.announces("1", hello.URI), members{"id": "https://victim.test/users/vera/statuses/1"}))
		}},
		{name: "§6.6 two proofs", policy: "mastodon", outcome: dropped, rule: rules.LDSProofInvalid, requests: "-", send: func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			carol.known()
			doc := proven(w, s.berta.creates(s.berta.note("1")), s.berta.uri+"#ed25519-key", edKey())
			return w.send(carol, with(doc, members{"proof": []any{doc["proof"], doc["proof"]}}))
		}},
	})
}

// Nobody tells this server of who lives on it, whoever names their address and however it is come to.
func TestHostile_nobodyTellsOfWhoLivesHere(t *testing.T) {
	t.Parallel()
	const alices = "https://alpha.test/users/alice"
	redirect := func(to string) func(*fasthttp.RequestCtx) {
		return func(c *fasthttp.RequestCtx) {
			c.SetStatusCode(http.StatusFound)
			c.Response.Header.Set("Location", to)
		}
	}
	for name, attack := range map[string]func(s stage, post string){
		"a key whose owner is somebody here": func(s stage, _ string) {
			s.p.docs["/key"] = members{"id": "https://peer.test/key", "type": "Key", "owner": alices, "publicKeyPem": s.pem(s.berta.key)}
			s.berta.keyID = "https://peer.test/key"
			s.send(s.berta, s.berta.creates(s.berta.note("1")))
		},
		"an actor that says it is somebody here": func(s stage, _ string) {
			s.p.docs["/users/berta"] = with(s.berta.doc, members{"id": alices})
			s.send(s.berta, s.berta.creates(s.berta.note("1")))
		},
		"an actor at another spelling of this server": func(s stage, _ string) {
			s.berta.keyID = "https://alpha.test:443/users/alice#main-key"
			s.send(s.berta, s.berta.creates(s.berta.note("1")))
		},
		"a handle that leads here": func(s stage, _ string) {
			s.p.says("berta@peer.test", alices)
			if found := s.searches("alice", "@berta@peer.test"); len(found.Accounts) != 0 {
				s.t.Errorf("found %+v, want nobody", found.Accounts)
			}
		},
		"an actor who moved here": func(s stage, _ string) {
			s.p.has(with(s.berta.doc, members{"movedTo": alices}))
			s.searches("alice", "@berta@peer.test")
		},
		"a page that leads to a person here": func(s stage, _ string) {
			s.p.answers("/x", redirect(alices))
			if found := s.searches("alice", "https://peer.test/x"); len(found.Accounts) != 1 || !found.Accounts[0].Local() {
				s.t.Errorf("found %+v, want alice as she is here", found.Accounts)
			}
		},
		"a page that leads to a post here": func(s stage, post string) {
			s.p.answers("/x", redirect(post))
			if found := s.searches("alice", "https://peer.test/x"); len(found.Statuses) != 1 {
				s.t.Errorf("found %d posts, want alice's own", len(found.Statuses))
			}
		},
		"a document that says it is a post here": func(s stage, post string) {
			s.p.answers("/x", func(c *fasthttp.RequestCtx) {
				c.SetContentType("application/activity+json")
				c.SetBody(encode(s.t, members{"@context": activityStreams, "id": post, "type": "Note", "attributedTo": alices, "content": "forged"}))
			})
			s.searches("alice", "https://peer.test/x")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, w *world, _ bool) {
				s := plainStage(w)
				hello := w.say(w.here("alice"), "hello")
				w.settle()
				row := func() string { return fmt.Sprintf("%+v\n%+v", w.here("alice"), w.status(hello.URI)) }
				before := row()
				attack(s, hello.URI)
				w.settle()
				if after := row(); after != before {
					t.Errorf("kept\n%s\nwant\n%s", after, before)
				}
			})
		})
	}
}

// A redirect to another host proves nothing about the first: Mastodon leads from the address of a boost to the page of what
// was boosted, wherever that is.
func TestHostile_redirectsToAnotherHost(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, host string
		found      int
	}{{"to another host", "evil.test", 0}, {"on the same host", "peer.test", 1}} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			both(t, func(t *testing.T, w *world, _ bool) {
				s := followed(w)
				boost := s.berta.uri + "/statuses/9"
				s.p.answers("/users/berta/statuses/9", func(c *fasthttp.RequestCtx) {
					c.SetStatusCode(http.StatusFound)
					c.Response.Header.Set("Location", "https://"+tt.host+"/9")
				})
				w.peer(tt.host).answers("/9", func(c *fasthttp.RequestCtx) {
					c.SetContentType("application/activity+json")
					c.SetBody(encode(t, s.berta.note("9", speaks)))
				})
				w.send(s.berta, s.berta.announces("1", boost))
				w.searches("alice", boost)
				if _, err := w.in.Services.Store.StatusByURI(t.Context(), boost); (err == nil) != (tt.found == 1) {
					t.Errorf("kept as berta's: %v", err == nil)
				}
			})
		})
	}
}
