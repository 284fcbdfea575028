package server_test

import (
	"slices"
	"testing"

	"orrery/federation/rules"
	"orrery/social"
)

// federation.md §7: what is never passed on, whoever vouches for it.
func TestForward_never(t *testing.T) { eachPolicy(t, forwardNever) }

func forwardNever(t *testing.T, policy string) {
	const tombstone = "Tombstone"
	for _, tt := range []struct {
		name string
		does func(th thread) members
	}{
		{"the end of a like", func(th thread) members {
			like := th.berta.does("Like", "1", th.post.URI)
			th.send(th.berta, like)
			return th.berta.does("Undo", "1", like)
		}},
		{"the end of a boost", func(th thread) members {
			boost := th.berta.announces("1", th.post.URI)
			th.send(th.berta, boost)
			return th.berta.does("Undo", "1", boost)
		}},
		{"the end of a follow", func(th thread) members {
			follow := th.berta.does("Follow", "1", alicesURI)
			th.send(th.berta, follow)
			return th.berta.does("Undo", "1", follow)
		}},
		{"a report", func(th thread) members { return th.berta.does("Flag", "1", []any{alicesURI, th.post.URI}) }},
		{"a pinned post", func(th thread) members {
			return th.berta.does("Add", "1", th.post.URI, members{"target": th.berta.uri + "/collections/featured"})
		}},
		{"one that is pinned no longer", func(th thread) members {
			return th.berta.does("Remove", "1", th.post.URI, members{"target": th.berta.uri + "/collections/featured"})
		}},
		{"a block", func(th thread) members { return th.berta.does("Block", "1", alicesURI) }},
		{"a changed profile", func(th thread) members { return th.berta.does("Update", "1", th.berta.doc) }},
		{"the deletion of a private reply", func(th thread) members {
			th.send(th.berta, th.reply(members{"to": []any{alicesURI}, "cc": []any{}}))
			th.mail()
			return th.berta.does("Delete", "1", members{"id": th.berta.uri + "/statuses/1", "type": tombstone})
		}},
		{"the deletion of what is not known", func(th thread) members {
			return th.berta.does("Delete", "1", members{"id": th.berta.uri + "/statuses/9", "type": tombstone})
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			th := newThreadUnder(t, social.Public, policy)
			doc := tt.does(th)
			th.mail()
			th.send(th.berta, th.berta.vouched(with(doc, members{"@context": noteContext})))
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

// A reply whose parent is found only later was not passed on when it came, and is not when the parent has come.
func TestForward_not_when_the_parent_comes_later(t *testing.T) {
	t.Parallel()
	th := newThread(t, social.Public)
	carol := th.peer("other.test").actor("carol")
	th.follows(th.alice, carol.known())
	parent := carol.note("1", members{"inReplyTo": th.post.URI})
	carol.p.has(with(parent, members{"@context": activityStreams}))
	n := th.berta.note("1", members{"inReplyTo": carol.uri + "/statuses/1", "to": []any{public, alicesURI}})
	th.send(th.berta, th.berta.vouched(with(th.berta.creates(n), members{"@context": noteContext})))
	th.status(carol.uri + "/statuses/1") // it was fetched, and stands below alice's post
	th.wantMail("neither the reply, nor the parent that was fetched, is passed on")
}

// A deletion is signed by the first of this server who boosted the post, not by the newest (federation.md §7).
func TestForward_by_the_first_who_boosted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	berta := w.peer("peer.test").actor("berta")
	first, second := w.person("zoe"), w.person("anna")
	w.follows(first, berta.known())
	w.follower("third.test", "fred", first)
	w.follower("fourth.test", "greta", second)
	w.send(berta, berta.creates(berta.note("1")))
	for _, who := range []social.Account{first, second} {
		_, err := w.in.Services.Statuses.Boost(t.Context(), who.ID, w.status("1").ID, "")
		w.must(err)
		w.settle()
	}
	w.mail()
	s := w.send(berta, berta.vouched(berta.does("Delete", "1", members{"id": berta.uri + "/statuses/1", "type": "Tombstone"}, members{"to": []any{public}})))
	if !slices.Contains(facts(s.entry), "queued "+string(rules.ForwardDeleteBooster)) {
		t.Errorf("the facts are %q, want deliveries by %s", facts(s.entry), rules.ForwardDeleteBooster)
	}
	for _, host := range []string{"third.test", "fourth.test"} {
		got := w.peers[host].got()
		if len(got) != 1 || signedBy(t, got[0]) != first.URI+"#main-key" {
			t.Errorf("%s got %d requests, want one signed by the first who boosted it", host, len(got))
		}
	}
}
