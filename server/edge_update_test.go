package server_test

import (
	"orrery/activitylog"
	"strings"
	"testing"
	"time"

	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// totals is what is asked about an actor whose document is taken in.
const totals = "GET /users/berta/outbox, GET /users/berta/following, GET /users/berta/followers"

// changes is an Update by the actor.
func (a *actor) changes(object any, change ...members) members {
	return a.does("Update", "1", object, append([]members{{"to": []any{public}}}, change...)...)
}

func TestEdgeUpdate(t *testing.T) {
	t.Parallel()
	later := members{"content": "<p>other</p>", "updated": "2026-01-01T13:00:00Z"}
	// edit sends berta's post, and then what she says of it later.
	edit := func(first members, change ...members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1", first)))
			s.p.forget()
			return w.send(s.berta, s.berta.changes(s.berta.note("1", change...)))
		}
	}
	reads := func(want string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.status("1").Content; got != want {
				t.Errorf("the post says %q, want %q", got, want)
			}
		}
	}
	drop := func(name string, rule rules.ID, send func(*world) sent) edge {
		return edge{name: name, outcome: dropped, rule: rule, send: send, requests: "-"}
	}
	unchanged := func(e edge) edge {
		e.also = reads("<p>1</p>")
		return e
	}
	article := func(w *world) sent {
		s := followed(w)
		w.send(s.berta, s.berta.creates(s.berta.note("1", members{"type": "Article", "name": "Title"})))
		return w.send(s.berta, s.berta.changes(s.berta.note("1", members{"type": "Article", "name": "Another title", "updated": "2026-01-01T13:00:00Z"})))
	}
	named := func(uris ...any) members {
		var tags []any
		for _, uri := range uris {
			tags = append(tags, members{"type": "Mention", "href": uri, "name": "@x"})
		}
		return members{"tag": tags}
	}
	run(t, []edge{
		{name: "§4.2 step 4 an explicit edit", outcome: accepted, rule: rules.AcceptUpdate, requests: "-", changed: "tags+1 versions+2",
			send: edit(nil, later, members{"summary": "careful", "contentMap": members{"de": "<p>other</p>"}, "tag": []any{members{"type": "Hashtag", "name": "#New"}}}),
			also: func(t *testing.T, w *world, _ sent) {
				got := w.status("1")
				if got.Content != "<p>other</p>" || got.SpoilerText != "careful" || !got.Sensitive || got.Language != "de" || !got.EditedAt.Equal(time.Date(2026, 1, 1, 13, 0, 0, 0, time.UTC)) {
					t.Errorf("kept as %+v", got)
				}
			}},
		{name: "§4.2 step 4 whom it names no more stays addressed, silently; whom it names now is told", outcome: accepted, rule: rules.AcceptUpdate,
			changed: "notifications+1 silent+1 versions+2", send: func(w *world) sent {
				w.person("anna")
				return edit(named(alicesURI), later, named("https://alpha.test/users/anna"))(w)
			}},
		{name: "§4.2 step 4 an edit of tags alone", outcome: accepted, rule: rules.AcceptUpdate, changed: "tags+1",
			send: edit(nil, members{"updated": "2026-01-01T13:00:00Z", "tag": []any{members{"type": "Hashtag", "name": "#New"}}}),
			also: func(t *testing.T, w *world, _ sent) {
				if at := w.status("1").EditedAt; !at.IsZero() {
					t.Errorf("edited at %s, want never: it reads the same", at)
				}
			}},
		{name: "§4.2 step 4 an edit in the second in which it was written", outcome: accepted, rule: rules.AcceptUpdate, requests: "-", changed: "versions+2",
			send: edit(nil, members{"content": "<p>other</p>", "updated": "2026-01-01T12:00:00Z"}), also: reads("<p>other</p>")},
		{name: "§10.1 who boosted it is told, once for every edit", outcome: accepted, rule: rules.AcceptUpdate, changed: "versions+1", send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			_, err := w.in.Services.Statuses.Boost(w.t.Context(), w.here("alice").ID, w.status("1").ID, "")
			w.must(err)
			w.settle()
			if got := w.send(s.berta, s.berta.changes(s.berta.note("1", later))).changed; got != "notifications+1 versions+2" {
				w.t.Errorf("the first edit changed %q, want a notification", got)
			}
			return w.send(s.berta, s.berta.changes(s.berta.note("1", members{"content": "again", "updated": "2026-01-01T14:00:00Z"})))
		}, also: reads("again")},
		drop("§14.3/86 of a post of another host", rules.OriginMismatch, edit(nil, later, members{"id": "https://elsewhere.test/1"})),
		drop("§14.3/86 of a post of this server", rules.OriginMismatch, edit(nil, later, members{"id": alicesURI + "/statuses/1"})),
		unchanged(drop("§14.3/87 by somebody else of the same host", rules.DropOtherOwner, func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.changes(s.berta.note("1", later)))
		})),
		only("mastodon-4.1", drop("§14.3/88 of a post that is not known (≤4.5)", rules.DropUnknownObject, func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.changes(s.berta.note("1", later)))
		})),
		{policy: "mastodon", name: "§14.3/88 of a post that is not known: as its Create", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: arrives, requests: "-",
			also: reads("<p>other</p>"), send: func(w *world) sent {
				s := followed(w)
				return w.send(s.berta, s.berta.changes(s.berta.note("1", later)))
			}},
		only("mastodon", drop("§14.3/88 of a post that is not known and more than a day old", rules.DropUnknownObject, func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.changes(s.berta.note("1", later, members{"published": "2025-12-30T12:00:00Z"})))
		})),
		only("mastodon", drop("§14.3/88 of a post that is not known and concerns nobody here", rules.DropUnrelated, func(w *world) sent {
			s := plainStage(w)
			s.berta.known()
			return w.send(s.berta, s.berta.changes(s.berta.note("1", later)))
		})),
		drop("§14.3/88 of a boost", rules.DropUnknownObject, func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			boost := s.berta.announces("b", s.berta.uri+"/statuses/1")
			w.send(s.berta, boost)
			return w.send(s.berta, s.berta.changes(s.berta.note("1", later, members{"id": boost["id"]})))
		}),
		unchanged(drop("§14.3/89 older than what is known", rules.DropOutdated,
			edit(members{"updated": "2026-01-01T14:00:00Z"}, later))),
		unchanged(drop("§14.3/89 as old as what is known", rules.DropDuplicate,
			edit(members{"updated": "2026-01-01T13:00:00Z"}, later))),
		unchanged(drop("§14.3/90 without a date", rules.DropEditUndated, edit(nil, later, members{"updated": nil}))),
		unchanged(drop("§14.3/90 with a date that is none", rules.DropEditUndated, edit(nil, later, members{"updated": "yesterday"}))),
		{name: "§14.3/93 visibility, parent and author stay", outcome: accepted, rule: rules.AcceptUpdate, changed: "versions+2", send: edit(nil, later, direct(alicesURI),
			members{"inReplyTo": "https://peer.test/users/berta/statuses/0", "attributedTo": "https://peer.test/users/other", "published": "2020-01-01T00:00:00Z"}),
			also: func(t *testing.T, w *world, _ sent) {
				got := w.status("1")
				author, err := w.in.Services.Store.AccountByID(t.Context(), got.AccountID)
				if err != nil || author.Username != "berta" || got.Visibility != social.Public || got.Reply() || got.CreatedAt.Year() != 2026 || got.Content != "<p>other</p>" {
					t.Errorf("kept as %+v, by %s (%v)", got, author.Username, err)
				}
			}},
		only("mastodon-4.1", drop("§4.2 step 3 of an Article (≤4.4)", rules.DropEditConverted, article)),
		{policy: "mastodon", name: "§4.2 step 3 of an Article", outcome: accepted, rule: rules.AcceptUpdate, changed: "jobs+1 versions+2", send: article, // its address is to be shown as a card
			also: func(t *testing.T, w *world, _ sent) {
				if got := w.status("1").Content; !strings.Contains(got, "Another title") {
					t.Errorf("the post says %q, want its new title", got)
				}
			}},
		drop("§4.2 of a Place", rules.DropUnsupportedObj, edit(nil, later, members{"type": "Place"})),
		drop("§4.2 of nothing", rules.DropNoObject, func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.changes(nil))
		}),
		{name: "§4.2 step 1 an object that is only named", outcome: accepted, rule: rules.AcceptUpdate, changed: "versions+2", requests: "GET /users/berta/statuses/1", also: reads("<p>other</p>"),
			send: func(w *world) sent {
				s := followed(w)
				w.send(s.berta, s.berta.creates(s.berta.note("1")))
				s.p.forget()
				s.p.has(s.berta.note("1", later, members{"@context": activityStreams}))
				return w.send(s.berta, s.berta.changes(s.berta.uri+"/statuses/1"))
			}},
	})
}

func TestEdgeUpdateActor(t *testing.T) {
	t.Parallel()
	change := func(change members) func(*world) sent {
		return func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.changes(with(s.berta.doc, change)))
		}
	}
	berta := func(w *world) social.Account {
		a, err := w.in.Services.Store.AccountByURI(w.t.Context(), "https://peer.test/users/berta")
		w.must(err)
		return a
	}
	run(t, []edge{
		{name: "§4.2 step 2 a new name", outcome: accepted, rule: rules.AcceptUpdate, requests: totals, send: change(members{"@context": nil, "name": "Berta B.", "summary": "<p>x</p>", "manuallyApprovesFollowers": true}),
			also: func(t *testing.T, w *world, _ sent) {
				if a := berta(w); a.DisplayName != "Berta B." || a.Note != "<p>x</p>" || !a.Locked || a.Acct() != "berta@peer.test" {
					t.Errorf("kept as %+v", a)
				}
			}},
		{name: "§4.2 step 2 with a new key, signed with the known one", outcome: accepted, rule: rules.AcceptUpdate, requests: totals, send: func(w *world) sent {
			s := followed(w)
			old := *s.berta
			key, err := signature.GenerateRSA(strings.NewReader(strings.Repeat("orrery", 40000)), 2048)
			w.must(err)
			s.berta.key = key
			got := w.send(&old, old.changes(with(old.doc, members{"publicKey": members{"id": old.keyID, "owner": old.uri, "publicKeyPem": w.pem(key)}})))
			requests := len(s.p.asked())
			if after := w.drop("/inbox", encode(w.t, s.berta.creates(s.berta.note("1"))), s.berta); after.status != 202 {
				w.t.Errorf("signed with the new key: answered %d %s", after.status, after.body)
			}
			if n := len(s.p.asked()); n != requests {
				w.t.Errorf("the new key was looked up: %q", s.p.asked())
			}
			return got
		}},
		{name: "§14.3/91 somebody else of the same host", outcome: dropped, rule: rules.OriginAnotherActor, requests: "-", send: change(members{"id": "https://peer.test/users/other"})},
		{name: "§14.3/91 somebody of this server", outcome: dropped, rule: rules.OriginAnotherActor, requests: "-", send: change(members{"id": alicesURI, "name": "stolen"})},
		{policy: "mastodon-4.1", name: "§14.3/92 a new handle is not taken (4.1)", outcome: accepted, rule: rules.AcceptUpdate, requests: totals, send: change(members{"preferredUsername": "bertha", "name": "B"}),
			also: func(t *testing.T, w *world, _ sent) {
				if a := berta(w); a.Acct() != "berta@peer.test" || a.DisplayName != "B" {
					t.Errorf("kept as %s, %q", a.Acct(), a.DisplayName)
				}
			}},
		{name: "§2.5 without an inbox", outcome: dropped, rule: rules.DropInvalid, requests: "-", send: change(members{"inbox": nil})},
	})
}

// federation.md §7, third row.
func TestForward_edits(t *testing.T) {
	t.Parallel()
	edit := func(th thread, change members) members {
		n := th.berta.note("1", members{"inReplyTo": th.post.URI, "sensitive": false}, change)
		return with(th.berta.changes(n), members{"@context": noteContext})
	}
	other := members{"content": "<p>other</p>", "updated": "2026-01-01T13:00:00Z"}
	for _, tt := range []struct {
		name string
		doc  func(th thread) members
		rule rules.ID
		mail []string
	}{
		{"of a reply, to the parent author's followers", func(th thread) members { return th.berta.vouched(edit(th, other)) }, "", []string{"third.test/inbox Update"}},
		{"not without a document signature", func(th thread) members { return edit(th, other) }, rules.ForwardNoSignature, nil},
		{"not when it reads the same", func(th thread) members { return th.berta.vouched(edit(th, members{"updated": "2026-01-01T13:00:00Z"})) }, "", nil},
		{"not when it claims to be older than the post", func(th thread) members {
			return th.berta.vouched(edit(th, members{"content": "other", "updated": "2020-01-01T13:00:00Z"}))
		}, "", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := newThread(t, social.Public)
			th.send(th.berta, th.reply())
			th.mail()
			doc := tt.doc(th)
			s := th.send(th.berta, doc)
			if s.entry.State.Rule != rules.AcceptUpdate || skipped(s) != string(tt.rule) {
				t.Errorf("%s by %s, not forwarded by %q, want %q", s.entry.State.Outcome, s.entry.State.Rule, skipped(s), tt.rule)
			}
			th.wantMail("the edit", tt.mail...)
			sent := th.entries(activitylog.Filter{Type: "Update", Directions: []activitylog.Direction{activitylog.Out}})
			if len(sent) != len(tt.mail) || len(sent) > 0 && sent[0].Exchange.Rule != rules.ForwardUpdateSharers {
				t.Errorf("passed on %v, want %d by %s", sent, len(tt.mail), rules.ForwardUpdateSharers)
			}
			th.send(th.berta, doc)
			th.wantMail("the second time")
			th.readable()
		})
	}
}

// federation.md §8.3: followers and those named lately, five seconds later, however often the profile changed meanwhile.
func TestUpdate_of_a_profile_is_told(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	named := w.peer("third.test").actor("fred")
	named.known()
	w.peer("fourth.test").actor("greta").known()
	w.say(alice, "hello @fred@third.test")
	w.say(alice, "hello @greta@fourth.test")
	w.settle()
	w.mail()
	rename := func(name string) {
		_, err := w.in.Services.Accounts.Update(t.Context(), alice.ID, social.Profile{DisplayName: &name})
		w.must(err)
	}
	rename("A")
	w.advance(4 * time.Second)
	rename("Alice")
	rename("Alice") // says nothing new
	w.advance(4 * time.Second)
	w.wantMail("before five seconds have passed since the last change")
	w.advance(time.Second)
	peer := w.peers["peer.test"].seen
	if len(peer) != 1 {
		t.Fatalf("peer.test got %d requests, want one", len(peer))
	}
	body := peer[0].Request.Body
	doc, err := signature.DecodeDocument(body)
	w.must(err)
	key, err := signature.ParsePublicKeyPEM(w.here("alice").PublicKeyPEM)
	w.must(err)
	w.must(signature.VerifyDocument(doc, key, w.clock.Now(), signature.Documents41()))
	if got := decode(t, body); got["object"].(members)["name"] != "Alice" || !strings.HasPrefix(got["id"].(string), alicesURI+"#updates/") {
		t.Errorf("told %s", body)
	}
	for _, e := range w.deliveries()[len(w.deliveries())-3:] {
		want := rules.DeliverNamedLately
		if e.Exchange.Peer == "peer.test" {
			want = rules.DeliverFollowers
		}
		if e.Exchange.Rule != want {
			t.Errorf("%s by %s, want %s", e.Exchange.Peer, e.Exchange.Rule, want)
		}
	}
	w.wantMail("once", "fourth.test/inbox Update", "peer.test/inbox Update", "third.test/inbox Update")

	w.advance(48 * time.Hour)
	rename("A")
	w.advance(5 * time.Second)
	w.wantMail("two days later", "peer.test/inbox Update")
	w.readable()
}
