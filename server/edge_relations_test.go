package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/social"
)

// blocks makes somebody here block somebody known here, and settles.
func (w *world) blocks(who, whom social.Account) {
	w.t.Helper()
	_, err := w.in.Services.Blocks.Block(w.t.Context(), who.ID, whom.ID)
	w.must(err)
	w.settle()
}

func TestEdgeBlock(t *testing.T) {
	t.Parallel()
	const alice = "https://alpha.test/users/alice"
	// told checks what berta's server got since it last forgot, by type.
	told := func(want ...string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			t.Helper()
			var got []string
			for _, s := range w.peer("peer.test").got() {
				got = append(got, decode(t, s.Request.Body)["type"].(string)+" "+s.Target)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("berta was told (-want +got):\n%s", diff)
			}
		}
	}
	// friends follow each other.
	friends := func(w *world) stage {
		s := followed(w)
		berta, err := w.in.Services.Store.AccountByURI(w.t.Context(), s.berta.uri)
		w.must(err)
		w.follows(berta, w.here("alice"))
		return s
	}
	known := func(w *world) (stage, social.Account) {
		s := plainStage(w)
		return s, s.berta.known()
	}
	block := func(s stage, id string) members { return s.berta.does("Block", id, alice) }
	blocked := func(w *world) stage {
		s := friends(w)
		w.send(s.berta, block(s, "1"))
		s.p.forget()
		return s
	}
	run(t, []edge{
		{name: "§14.5/135 of somebody here, by a friend", outcome: accepted, rule: rules.AcceptBlock, changed: "blocks+1 follows-2",
			also: told("Reject /users/berta/inbox", "Undo /users/berta/inbox"), send: func(w *world) sent {
				s := friends(w)
				return w.send(s.berta, block(s, "1"))
			}},
		{name: "§14.5/135 of somebody here, by a stranger", outcome: accepted, rule: rules.AcceptBlock, changed: "blocks+1", also: told(), send: func(w *world) sent {
			s, _ := known(w)
			return w.send(s.berta, block(s, "1"))
		}},
		{name: "§4.9 once more", outcome: dropped, rule: rules.DropDuplicate, also: func(t *testing.T, w *world, _ sent) {
			if _, err := w.in.Services.Store.BlockByURI(t.Context(), "https://peer.test/users/berta#block/2"); err != nil {
				t.Errorf("the block has not the new address: %v", err)
			}
		}, send: func(w *world) sent {
			s := blocked(w)
			return w.send(s.berta, block(s, "2"))
		}},
		{name: "§4.9 taken back before it came", outcome: dropped, rule: rules.DropUndoneBefore, changed: "follows-2", send: func(w *world) sent {
			s := friends(w)
			w.send(s.berta, s.berta.does("Undo", "1", block(s, "1")))
			return w.send(s.berta, block(s, "1"))
		}},
		{name: "§14.5/136 of somebody elsewhere", outcome: dropped, rule: rules.DropNotLocal, send: func(w *world) sent {
			s, _ := known(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(s.berta, s.berta.does("Block", "1", carol.uri))
		}},
		{name: "§14.5/136 of nobody", outcome: dropped, rule: rules.DropNotLocal, send: func(w *world) sent {
			s, _ := known(w)
			return w.send(s.berta, s.berta.does("Block", "1", "https://alpha.test/users/nobody"))
		}},
		{name: "§4.8 taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "blocks-1", send: func(w *world) sent {
			s := blocked(w)
			return w.send(s.berta, s.berta.does("Undo", "1", block(s, "1")))
		}},
		{name: "§14.4/120 taken back by its address", outcome: accepted, rule: rules.AcceptUndo, changed: "blocks-1", send: func(w *world) sent {
			s := blocked(w)
			return w.send(s.berta, s.berta.does("Undo", "1", s.berta.uri+"#block/1"))
		}},
		{name: "§4.8 taken back by somebody else", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s := blocked(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Undo", "1", s.berta.uri+"#block/1"))
		}},
		{name: "§4.8 the end of one that is not known", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s, _ := known(w)
			return w.send(s.berta, s.berta.does("Undo", "1", block(s, "1")))
		}},
		{name: "§14.5/126 a follow of somebody who blocks the follower", outcome: rejected, rule: rules.RejectFollowBlocked, also: told("Reject /users/berta/inbox"), send: func(w *world) sent {
			s, berta := known(w)
			w.blocks(w.here("alice"), berta)
			s.p.forget()
			return w.send(s.berta, s.berta.does("Follow", "1", alice))
		}},
		{name: "§14.5/126 a follow of somebody who blocks the follower's domain", outcome: rejected, rule: rules.RejectFollowBlocked, also: told("Reject /users/berta/inbox"), send: func(w *world) sent {
			s, _ := known(w)
			w.must(w.in.Services.Blocks.BlockDomain(w.t.Context(), w.here("alice").ID, "peer.test"))
			return w.send(s.berta, s.berta.does("Follow", "1", alice))
		}},
		{name: "§14.5/129 a follow by somebody silenced", outcome: accepted, rule: rules.AcceptFollowPending, changed: "notifications+1 requests+1", also: told(), send: func(w *world) sent {
			s, berta := known(w)
			w.must(w.in.Services.Store.SetStanding(w.t.Context(), berta.ID, social.Standing{SilencedAt: w.clock.Now()}))
			return w.send(s.berta, s.berta.does("Follow", "1", alice))
		}},
		{name: "§14.5/127 a follow of somebody who moved", outcome: rejected, rule: rules.RejectFollow, also: told("Reject /users/berta/inbox"), send: func(w *world) sent {
			s, berta := known(w)
			w.must(w.in.Services.Store.SetMoved(w.t.Context(), w.here("alice").ID, berta.ID, w.clock.Now()))
			return w.send(s.berta, s.berta.does("Follow", "1", alice))
		}},
		{name: "§14.4/117 a like by somebody whom the author blocks", outcome: accepted, rule: rules.AcceptLocalObject, changed: "favourites+1", send: func(w *world) sent {
			s, berta := known(w)
			post := w.say(w.here("alice"), "hello")
			w.blocks(w.here("alice"), berta)
			return w.send(s.berta, s.berta.does("Like", "1", post.URI))
		}},
		{name: "§14.3/85 an answer by somebody whom the author blocks", outcome: accepted, rule: rules.AcceptRepliesToKnown, changed: "mentions+1 statuses+1", send: func(w *world) sent {
			s, berta := known(w)
			post := w.say(w.here("alice"), "hello")
			w.follower("far.test", "carl", w.here("alice"))
			w.blocks(w.here("alice"), berta)
			note := s.berta.note("1", members{"inReplyTo": post.URI}, mention(alice))
			return w.send(s.berta, s.berta.vouched(s.berta.creates(note)))
		}, also: func(t *testing.T, w *world, _ sent) {
			got := strings.Join(w.mail(), ", ")
			if !strings.Contains(got, "far.test/inbox Create") {
				t.Errorf("alice's followers got %q, want the answer all the same", got)
			}
			a := w.here("alice")
			_, down, err := w.in.Services.Reader.Thread(t.Context(), a.ID, w.status(w.status("1").ReplyToURI).ID)
			w.must(err)
			if len(down) != 0 {
				t.Errorf("alice sees %d answers, want none", len(down))
			}
		}},
	})
}

// What a person here does leaves for the person's own inbox, and its end names it.
func TestBlock_leaves(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := plainStage(w)
	berta, alice := s.berta.known(), w.here("alice")
	w.follows(alice, berta)
	w.follows(berta, alice)
	w.blocks(alice, berta)
	_, err := w.in.Services.Blocks.Unblock(t.Context(), alice.ID, berta.ID)
	w.must(err)
	w.settle()
	var got []members
	for _, p := range s.p.got() {
		if p.Target != "/users/berta/inbox" {
			t.Errorf("delivered to %s, want berta's own inbox", p.Target)
		}
		got = append(got, decode(t, p.Request.Body))
	}
	if len(got) != 4 {
		t.Fatalf("berta got %d activities, want Undo(Follow), Reject(Follow), Block, Undo(Block)", len(got))
	}
	block, undo := got[2], got[3]
	if block["type"] != "Block" || block["object"] != berta.URI || block["to"] != nil {
		t.Errorf("got %v, want a Block of berta, addressed to nobody", block)
	}
	if undo["type"] != "Undo" || undo["object"].(members)["id"] != block["id"] {
		t.Errorf("got %v, want the Undo of %v", undo, block["id"])
	}
	if e := w.deliveries()[2]; e.Exchange.Rule != rules.DeliverBlocked {
		t.Errorf("the Block left by %s, want %s", e.Exchange.Rule, rules.DeliverBlocked)
	}
}

// A public post is not served to a signer whom its author blocks (federation.md §10.4, §14.5/152), secure mode or not.
func TestEdgeBlockHidesDocuments(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mastodon-4.1", "mastodon"} {
		for _, mode := range []string{"off", "on"} {
			t.Run(name+"/secure mode "+mode, func(t *testing.T) {
				t.Parallel()
				edges.add(t, "§14.5/152 a public post for a signer whom its author blocks, secure mode "+mode, name, "404", "", rule(""))
				hiddenFromWhoSigns(t, newWorld(t, under(name), set("secure-mode", mode)), mode == "on")
			})
		}
	}
}

func hiddenFromWhoSigns(t *testing.T, w *world, secure bool) {
	t.Helper()
	s := plainStage(w)
	berta, alice := s.berta.known(), w.here("alice")
	post := w.say(alice, "hello")
	w.settle()
	get := func(by *actor) int {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, post.URI, nil)
		w.must(err)
		req.Header.Set("Accept", "application/activity+json")
		if by != nil {
			w.must(signature.Sign(req, nil, signature.PrivateKey{ID: by.keyID, Key: by.key}, w.clock.Now(), signature.SignAsMastodon41()))
		}
		res, err := w.wire.RoundTrip(req)
		w.must(err)
		res.Body.Close()
		return res.StatusCode
	}
	if got := get(s.berta); got != http.StatusOK {
		t.Errorf("before: %d, want 200", got)
	}
	w.blocks(alice, berta)
	unsigned := map[bool]int{false: http.StatusOK, true: http.StatusUnauthorized}[secure]
	for who, want := range map[*actor]int{nil: unsigned, s.berta: http.StatusNotFound, s.p.actor("carol"): http.StatusOK} {
		if got := get(who); got != want {
			t.Errorf("signed by %v: %d, want %d", who, got, want)
		}
	}
}
