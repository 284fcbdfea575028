package server_test

import (
	"slices"
	"strings"
	"testing"

	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// thread is a post by alice, who has followers on third.test and on peer.test, where berta, whom nobody follows, lives.
type thread struct {
	*world
	berta *actor
	alice social.Account
	post  social.Status
}

func newThread(t *testing.T, v social.Visibility) thread {
	t.Helper()
	return newThreadUnder(t, v, "mastodon-4.1")
}

func newThreadUnder(t *testing.T, v social.Visibility, policy string) thread {
	t.Helper()
	w := newWorld(t, under(policy))
	alice := w.person("alice")
	w.follower("third.test", "fred", alice)
	w.follower("third.test", "frida", alice)
	w.follower("peer.test", "gina", alice)
	berta := w.peer("peer.test").actor("berta")
	berta.known()
	post := w.publish(alice, social.Draft{Text: "hello", Visibility: v})
	w.settle()
	w.mail()
	return thread{w, berta, alice, post}
}

// noteContext is what Mastodon 4.1 writes for a Note.
var noteContext = []any{activityStreams, members{
	"ostatus": "http://ostatus.org#", "atomUri": "ostatus:atomUri", "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
	"conversation": "ostatus:conversation", "sensitive": "as:sensitive", "toot": "http://joinmastodon.org/ns#", "votersCount": "toot:votersCount",
}}

// reply is berta's Create of an answer to the post, with her document signature.
func (th thread) reply(change ...members) members {
	n := th.berta.note("1", append([]members{{"inReplyTo": th.post.URI, "atomUri": th.berta.uri + "/statuses/1", "sensitive": false, "summary": nil, "attachment": []any{}}}, change...)...)
	return th.berta.vouched(with(th.berta.creates(n), members{"@context": noteContext}))
}

// skipped is the rule by which nothing was forwarded, "" when something was.
func skipped(s sent) string {
	for _, f := range s.entry.Facts {
		if f.Kind == "skipped" && strings.Contains(string(f.Detail), `"what":"forward"`) {
			return string(f.Rule)
		}
	}
	return ""
}

// federation.md §7, first row.
func TestForward_a_reply_to_the_followers_of_the_author_it_answers(t *testing.T) {
	t.Parallel()
	th := newThread(t, social.Public)
	body := encode(t, th.reply())
	s := th.world.post("/inbox", body, th.berta)
	if s.entry.State.Rule != rules.AcceptRepliesToKnown {
		t.Errorf("kept by %s, want %s", s.entry.State.Rule, rules.AcceptRepliesToKnown)
	}
	third := th.peers["third.test"].got()
	if len(third) != 1 || third[0].Target != "/inbox" {
		t.Fatalf("third.test got %d posts, want one in its shared inbox", len(third))
	}
	th.wantMail("berta's own server, where gina lives, has it already")
	r := third[0].Request

	// Carried by alice …
	if id := signedBy(t, third[0]); id != alicesURI+"#main-key" {
		t.Errorf("carried by %s, want alice", id)
	}
	alices, err := signature.ParsePublicKeyPEM(th.here("alice").PublicKeyPEM)
	th.must(err)
	v, err := signature.Check(r, th.clock.Now(), signature.Mastodon41())
	th.must(err)
	th.must(v.Verify(alices))
	// … vouched for by berta, in this server's own terms.
	doc, err := signature.DecodeDocument(r.Body)
	th.must(err)
	th.must(signature.VerifyDocument(doc, &th.berta.key.PublicKey, th.clock.Now(), signature.Documents41()))
	if doc["actor"] != th.berta.uri || doc["type"] != "Create" {
		t.Errorf("forwarded %s", r.Body)
	}
	context, _ := doc["@context"].([]any)
	if len(context) != 3 || context[1] != "https://w3id.org/security/v1" || string(body) == string(r.Body) {
		t.Errorf("its @context is %v, want the full one of 4.1 (§6.4 iii)", context)
	}
	note := doc["object"].(members)
	if to, ok := note["to"].([]any); !ok || len(to) != 1 || to[0] != public {
		t.Errorf("to is %v, want a list with the public collection, as berta wrote it", note["to"])
	}
	out := th.deliveries()
	last := out[len(out)-1]
	if last.Exchange.Rule != rules.ForwardParentFollowers || last.Exchange.Cause != s.entry.Exchange.ID || !slices.Contains(last.State.Badges, "forwarded") {
		t.Errorf("recorded by %s, caused by %d, badges %q", last.Exchange.Rule, last.Exchange.Cause, last.State.Badges)
	}

	// Once more changes nothing and is not passed on again.
	if s = th.world.post("/inbox", body, th.berta); s.changed != "" || s.entry.State.Rule != rules.DropDuplicate {
		t.Errorf("the second time: changed %q by %s", s.changed, s.entry.State.Rule)
	}
	th.wantMail("the second time")
	th.readable()
}

func TestForward_from_a_third_server_where_it_is_answered(t *testing.T) {
	t.Parallel()
	th := newThread(t, social.Public)
	// carol, whom alice follows, carries berta's reply to this server: it is forwarded all the same, but not to berta's.
	carol := th.peer("other.test").actor("carol")
	th.follows(th.alice, carol.known())
	th.send(carol, th.reply())
	th.wantMail("carried here by carol", "third.test/inbox Create")
}

func TestForward_not(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		of   social.Visibility
		doc  func(th thread) members
		rule rules.ID
		kept bool
	}{
		{"without a document signature", social.Public, func(th thread) members {
			return with(th.reply(), members{"signature": nil})
		}, rules.ForwardNoSignature, true},
		{"a private reply", social.Private, func(th thread) members {
			return th.reply(members{"to": []any{th.berta.uri + "/followers", alicesURI}, "cc": []any{}})
		}, rules.ForwardNotPublic, true},
		{"a direct reply", social.Public, func(th thread) members {
			return th.reply(members{"to": []any{alicesURI}, "cc": []any{}})
		}, rules.ForwardNotPublic, true},
		{"an answer to something that is not known", social.Public, func(th thread) members {
			return th.reply(members{"inReplyTo": alicesURI + "/statuses/7", "to": []any{public, alicesURI}})
		}, rules.ForwardNotLocalParent, true},
		{"no answer at all", social.Public, func(th thread) members {
			return th.reply(members{"inReplyTo": nil, "to": []any{public, alicesURI}})
		}, "", true},
		{"a document with an interactionPolicy (§6.4 i)", social.Public, func(th thread) members {
			n := th.berta.note("1", members{"inReplyTo": th.post.URI, "interactionPolicy": members{"canQuote": members{"automaticApproval": []any{public}}}})
			terms := with(noteContext[1].(members), members{
				"gts": "https://gotosocial.org/ns#", "interactionPolicy": members{"@id": "gts:interactionPolicy", "@type": "@id"},
				"canQuote":          members{"@id": "gts:canQuote", "@type": "@id"},
				"automaticApproval": members{"@id": "gts:automaticApproval", "@type": "@id"},
			})
			return th.berta.vouched(with(th.berta.creates(n), members{"@context": []any{activityStreams, terms}}))
		}, rules.LDSUnsafe, true},
		{"a member that no context defines", social.Public, func(th thread) members {
			return th.reply(members{"nonsense": "x"})
		}, rules.LDSUnsafe, true},
		{"a member added after it was signed", social.Public, func(th thread) members {
			doc := th.reply()
			doc["object"].(members)["nonsense"] = "x"
			return doc
		}, rules.LDSUnsafe, true},
		{"a signed Like", social.Public, func(th thread) members { return th.berta.vouched(th.berta.does("Like", "1", th.post.URI)) }, "", false},
		{"a signed Announce", social.Public, func(th thread) members { return th.berta.vouched(th.berta.announces("1", th.post.URI)) }, "", false},
		{"a signed Follow", social.Public, func(th thread) members { return th.berta.vouched(th.berta.does("Follow", "1", alicesURI)) }, "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := newThread(t, tt.of)
			s := th.send(th.berta, tt.doc(th))
			if s.status != 202 || s.entry.State.Outcome != accepted {
				t.Errorf("answered %d, %s by %s; facts %q", s.status, s.entry.State.Outcome, s.entry.State.Rule, facts(s.entry))
			}
			if got := skipped(s); got != string(tt.rule) {
				t.Errorf("not forwarded by %q, want %q", got, tt.rule)
			}
			if got := strings.Contains(s.changed, "statuses+1"); got != tt.kept {
				t.Errorf("changed %q, kept %v, want %v", s.changed, got, tt.kept)
			}
			for host, p := range th.peers {
				for _, m := range p.got() {
					if decode(t, m.Request.Body)["actor"] == th.berta.uri {
						t.Errorf("%s got %s", host, m.Request.Body)
					}
				}
			}
			th.readable()
		})
	}
}

// What a proof vouches for is not passed on, whatever signature stands beside it (federation.md §6.6): it does not hold, or
// nobody would have looked at the proof.
func TestForward_not_what_a_proof_vouches_for(t *testing.T) {
	t.Parallel()
	for _, broken := range []struct {
		name  string
		spoil members
	}{{"of a kind that is not checked", members{"type": "RsaSignature2018"}}, {"that does not fit", members{"signatureValue": "AAAA"}}} {
		t.Run(broken.name, func(t *testing.T) {
			t.Parallel()
			th := newThreadUnder(t, social.Public, "mastodon")
			carol, dora := th.peer("other.test").actor("carol"), th.peer("other.test").actor("dora")
			th.follows(th.alice, carol.known())
			keyID := dora.uri + "#ed25519-key"
			dora.doc = dora.p.has(with(dora.doc, members{"assertionMethod": []any{multikey(keyID, dora.uri, edKey())}}))
			dora.known()
			reply := func(id string) members {
				return with(dora.creates(dora.note(id, members{"inReplyTo": th.post.URI})), members{"@context": noteContext})
			}
			th.send(carol, dora.vouched(reply("1")))
			th.wantMail("a signature that holds", "peer.test/inbox Create", "third.test/inbox Create")

			doc := proven(th.world, reply("2"), keyID, edKey())
			spoilt := with(dora.vouched(reply("2"))["signature"].(members), broken.spoil)
			s := th.send(carol, with(doc, members{"signature": spoilt}))
			if s.entry.State.Outcome != accepted || skipped(s) != string(rules.LDSUnsafe) {
				t.Errorf("%s by %s, not passed on by %q", s.entry.State.Outcome, s.entry.State.Rule, skipped(s))
			}
			th.wantMail("a proof beside one that does not")
		})
	}
}

// A reply to a post from elsewhere is not passed on, even if the thread began here.
func TestForward_not_below_a_remote_reply(t *testing.T) {
	t.Parallel()
	th := newThread(t, social.Public)
	th.send(th.berta, th.reply())
	th.mail()
	carol := th.peer("other.test").actor("carol")
	n := carol.note("2", members{"inReplyTo": th.berta.uri + "/statuses/1", "to": []any{public, alicesURI}})
	s := th.send(carol, carol.vouched(with(carol.creates(n), members{"@context": noteContext})))
	if got := skipped(s); got != string(rules.ForwardNotLocalParent) {
		t.Errorf("not forwarded by %q, want %q; facts %q", got, rules.ForwardNotLocalParent, facts(s.entry))
	}
	th.wantMail("a reply to berta")
}

// federation.md §7, second row.
func TestForward_deletions(t *testing.T) {
	t.Parallel()
	t.Run("of a reply, to the parent author's followers", func(t *testing.T) {
		t.Parallel()
		th := newThread(t, social.Public)
		th.send(th.berta, th.reply())
		th.mail()
		gone := th.berta.vouched(th.berta.does("Delete", "1", members{"id": th.berta.uri + "/statuses/1", "type": "Tombstone"}, members{"to": []any{public}}))
		s := th.send(th.berta, gone)
		if s.entry.State.Rule != rules.AcceptByAuthor {
			t.Errorf("done by %s", s.entry.State.Rule)
		}
		for _, m := range th.peers["third.test"].seen {
			if id := signedBy(t, m); id != alicesURI+"#main-key" {
				t.Errorf("carried by %s", id)
			}
			doc, err := signature.DecodeDocument(m.Request.Body)
			th.must(err)
			th.must(signature.VerifyDocument(doc, &th.berta.key.PublicKey, th.clock.Now(), signature.Documents41()))
		}
		th.wantMail("the deletion", "third.test/inbox Delete")
		if s = th.send(th.berta, gone); s.changed != "" {
			t.Errorf("the second time changed %q", s.changed)
		}
		th.wantMail("the second time")
	})
	t.Run("of a boosted post, to the boosters' followers", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		alice, anna := w.person("alice"), w.person("anna")
		w.follower("third.test", "fred", alice)
		w.follower("fourth.test", "greta", anna)
		berta := w.peer("peer.test").actor("berta")
		w.follows(alice, berta.known())
		w.send(berta, berta.creates(berta.note("1")))
		for _, who := range []social.Account{alice, anna} {
			_, err := w.in.Services.Statuses.Boost(t.Context(), who.ID, w.status("1").ID, "")
			w.must(err)
		}
		w.settle()
		w.mail()
		w.send(berta, berta.vouched(berta.does("Delete", "1", members{"id": berta.uri + "/statuses/1", "type": "Tombstone"}, members{"to": []any{public}})))
		for _, host := range []string{"third.test", "fourth.test"} {
			for _, m := range w.peers[host].seen {
				if id := signedBy(t, m); id != alicesURI+"#main-key" && id != "https://alpha.test/users/anna#main-key" {
					t.Errorf("carried by %s", id)
				}
			}
		}
		w.wantMail("the deletion", "fourth.test/inbox Delete", "third.test/inbox Delete")
	})
	t.Run("not without a document signature", func(t *testing.T) {
		t.Parallel()
		th := newThread(t, social.Public)
		th.send(th.berta, th.reply())
		th.mail()
		s := th.send(th.berta, th.berta.does("Delete", "1", th.berta.uri+"/statuses/1"))
		if got := skipped(s); got != string(rules.ForwardNoSignature) {
			t.Errorf("not forwarded by %q", got)
		}
		th.wantMail("the deletion")
	})
}
