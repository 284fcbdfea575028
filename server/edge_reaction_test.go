package server_test

import (
	"testing"
	"time"

	"orrery/federation/rules"
	"orrery/social"
)

func TestEdgeDelete(t *testing.T) {
	t.Parallel()
	one := "https://peer.test/users/berta/statuses/1"
	// kept is berta followed by alice, with a post that is known here.
	kept := func(w *world) stage {
		s := followed(w)
		w.send(s.berta, s.berta.creates(s.berta.note("1")))
		return s
	}
	const gone = "home-1 statuses-1 suppressed+1 tombstones+1"
	run(t, []edge{
		{name: "§4.3 of a known post", outcome: accepted, rule: rules.AcceptByAuthor, changed: gone, requests: "-", send: func(w *world) sent {
			s := kept(w)
			return w.send(s.berta, s.berta.does("Delete", "1", members{"id": one, "type": "Tombstone"}))
		}},
		{name: "§4.3 any type of object will do", outcome: accepted, rule: rules.AcceptByAuthor, changed: gone, send: func(w *world) sent {
			s := kept(w)
			return w.send(s.berta, s.berta.does("Delete", "1", members{"id": one, "type": "Whatever"}))
		}},
		{name: "§4.3 by atomUri", outcome: accepted, rule: rules.AcceptByAuthor, changed: gone, send: func(w *world) sent {
			s := kept(w)
			return w.send(s.berta, s.berta.does("Delete", "1", members{"id": "https://peer.test/other", "atomUri": one}))
		}},
		{name: "§4.3 of a post that is not known", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1 tombstones+1", send: func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.does("Delete", "1", one))
		}},
		{name: "§4.3 of nothing", outcome: dropped, rule: rules.DropNoObject, send: func(w *world) sent {
			s := kept(w)
			return w.send(s.berta, s.berta.does("Delete", "1", nil))
		}},
		{name: "§4.3 once more", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := kept(w)
			w.send(s.berta, s.berta.does("Delete", "1", one))
			return w.send(s.berta, s.berta.does("Delete", "2", one))
		}},
		{name: "§4.3 with what alice did to it", outcome: accepted, rule: rules.AcceptByAuthor,
			changed: "boosts-1 home-1 statuses-1 suppressed+1 tombstones+1", send: func(w *world) sent {
				s := kept(w)
				ctx := t.Context()
				_, err := w.in.Services.Statuses.Boost(ctx, w.here("alice").ID, w.status("1").ID, "")
				w.must(err)
				w.settle()
				return w.send(s.berta, s.berta.does("Delete", "1", one))
			}},
		{name: "§14.4/96 by another of the same host", outcome: dropped, rule: rules.DropOtherOwner, changed: "suppressed+1 tombstones+1", send: func(w *world) sent {
			s := kept(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Delete", "1", one))
		}, also: func(t *testing.T, w *world, _ sent) { w.status("1") }},
		{name: "§14.4/97 by another host", outcome: dropped, rule: rules.DropOtherOwner, send: func(w *world) sent {
			kept(w)
			eve := w.peer("evil.test").actor("eve")
			eve.known()
			return w.send(eve, eve.does("Delete", "1", one))
		}, also: func(t *testing.T, w *world, _ sent) { w.status("1") }},
		{name: "§14.4/97 of a post of this server", outcome: dropped, rule: rules.DropOtherOwner, send: func(w *world) sent {
			s := kept(w)
			post := w.say(w.here("alice"), "mine")
			w.settle()
			return w.send(s.berta, s.berta.does("Delete", "1", post.URI))
		}},
		{name: "§14.4/98 as a bare address", outcome: accepted, rule: rules.AcceptByAuthor, changed: gone, send: func(w *world) sent {
			s := kept(w)
			return w.send(s.berta, s.berta.does("Delete", "1", one))
		}},
		{name: "§14.4/101 of somebody else's account", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1 tombstones+1", send: func(w *world) sent {
			s := kept(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Delete", "1", s.berta.uri))
		}},
	})
}

func TestEdgeAnnounce(t *testing.T) {
	t.Parallel()
	// stranger is berta, known here and followed by nobody, and a post by alice.
	stranger := func(w *world) (stage, social.Status) {
		s := plainStage(w)
		s.berta.known()
		post := w.say(w.here("alice"), "hello")
		w.settle()
		return s, post
	}
	boost := func(change ...members) func(*world) sent {
		return func(w *world) sent {
			s, post := stranger(w)
			a := s.berta.announces("1", post.URI)
			for _, c := range change {
				a = with(a, c)
			}
			return w.send(s.berta, a)
		}
	}
	visible := func(v social.Visibility) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			if got := w.status("https://peer.test/users/berta#announce/1"); got.Visibility != v {
				t.Errorf("visibility is %s, want %s", got.Visibility, v)
			}
		}
	}
	old := members{"@context": activityStreams}
	run(t, []edge{
		{name: "§14.4/102 of somebody else's private post, known here", outcome: dropped, rule: rules.DropNotAnnounceable, send: func(w *world) sent {
			s, _ := stranger(w)
			post := w.publish(w.here("alice"), social.Draft{Text: "for followers", Visibility: social.Private})
			w.settle()
			return w.send(s.berta, s.berta.announces("1", post.URI))
		}},
		{name: "§14.4/102 of somebody else's private post, fetched", outcome: dropped, rule: rules.DropNotAnnounceable, changed: "accounts+1 statuses+1", send: func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			n := s.p.has(carol.note("1", old, members{"to": []any{carol.uri + "/followers"}, "cc": []any{}}))
			return w.send(s.berta, s.berta.announces("1", n["id"].(string)))
		}},
		{name: "§14.4/103 of one's own private post, embedded", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "boosts+1 home+1 statuses+1", send: func(w *world) sent {
			s := followed(w)
			a := s.berta.announces("1", "")
			return w.send(s.berta, with(a, members{"object": s.berta.note("1", private), "to": private["to"], "cc": []any{}}))
		}, also: visible(social.Private)},
		{name: "§14.4/104 of alice's post by a stranger", outcome: accepted, rule: rules.AcceptLocalObject, changed: "boosts+1 notifications+1", requests: "-", send: boost()},
		{name: "§14.4/105 of something unknown by a stranger", outcome: dropped, rule: rules.DropUnrelated, requests: "-", send: func(w *world) sent {
			s, _ := stranger(w)
			s.p.has(s.berta.note("1", old))
			return w.send(s.berta, s.berta.announces("1", s.berta.uri+"/statuses/1"))
		}},
		{name: "§4.4 step 3 of something unknown by somebody followed", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "accounts+1 boosts+1 home+1 statuses+1", send: func(w *world) sent {
			s := followed(w)
			carol := s.p.actor("carol")
			n := s.p.has(carol.note("1", old))
			return w.send(s.berta, s.berta.announces("1", n["id"].(string)))
		}, also: func(t *testing.T, w *world, _ sent) {
			if id := signedBy(t, w.peer("peer.test").seen[0]); id != alicesURI+"#main-key" {
				t.Errorf("fetched with %s, want the key of the booster's follower", id)
			}
		}},
		{name: "§14.4/106 of something that is not there", outcome: dropped, rule: rules.DropUnknownObject, requests: "GET /users/berta/statuses/1", send: func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.announces("1", s.berta.uri+"/statuses/1"))
		}},
		{name: "§14.4/106 of something that is no post", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := followed(w)
			return w.send(s.berta, s.berta.announces("1", s.berta.uri))
		}},
		{name: "§14.4/107 twice, under two ids", outcome: dropped, rule: rules.DropDuplicate, send: func(w *world) sent {
			s, post := stranger(w)
			w.send(s.berta, s.berta.announces("1", post.URI))
			return w.send(s.berta, s.berta.announces("2", post.URI))
		}},
		{name: "§14.4/108 without a date", outcome: accepted, rule: rules.AcceptLocalObject, changed: "boosts+1 notifications+1", send: boost(members{"published": nil}),
			also: func(t *testing.T, w *world, _ sent) {
				if got := w.status("https://peer.test/users/berta#announce/1").CreatedAt; !got.Equal(w.clock.Now()) {
					t.Errorf("boosted at %s, want now", got)
				}
			}},
		{name: "§14.4/109 to followers only", outcome: accepted, rule: rules.AcceptLocalObject, changed: "boosts+1 notifications+1",
			send: boost(members{"to": []any{"https://peer.test/users/berta/followers"}, "cc": []any{}}), also: visible(social.Private)},
		{name: "§14.4/111 to nobody", outcome: dropped, rule: rules.DropInvalid, send: boost(members{"to": []any{alicesURI}, "cc": []any{}})},
		{name: "§4.4 without an id", outcome: dropped, rule: rules.DropInvalid, send: boost(members{"id": nil})},
		{name: "§4.4 of nothing", outcome: dropped, rule: rules.DropNoObject, send: boost(members{"object": nil})},
		{name: "§14.4/112 of a boost", outcome: accepted, rule: rules.AcceptFollowsAuthor, changed: "boosts+1 home+1 notifications+1", send: func(w *world) sent {
			s, post := stranger(w)
			w.send(s.berta, s.berta.announces("1", post.URI))
			carol := s.p.actor("carol")
			w.follows(w.resident("anna", false), carol.known())
			return w.send(carol, carol.announces("2", "https://peer.test/users/berta#announce/1"))
		}, also: func(t *testing.T, w *world, _ sent) {
			b := w.status("https://peer.test/users/carol#announce/2")
			original, err := w.in.Services.Store.StatusByID(t.Context(), b.BoostOfID)
			if err != nil || original.BoostOfID != 0 {
				t.Errorf("it boosts %+v (%v), want the post itself", original, err)
			}
		}},
		{name: "§4.8 taken back before it came", outcome: dropped, rule: rules.DropUndoneBefore, send: func(w *world) sent {
			s, post := stranger(w)
			w.send(s.berta, s.berta.does("Undo", "1", s.berta.announces("1", post.URI)))
			return w.send(s.berta, s.berta.announces("1", post.URI))
		}},
		{name: "§4.8 taken back six hours before it came", outcome: accepted, rule: rules.AcceptLocalObject, changed: "boosts+1 notifications+1", send: func(w *world) sent {
			s, post := stranger(w)
			w.send(s.berta, s.berta.does("Undo", "1", s.berta.announces("1", post.URI)))
			w.clock.Advance(6*time.Hour + time.Minute)
			return w.send(s.berta, s.berta.announces("1", post.URI))
		}},
	})
}

func TestEdgeLikeAndUndo(t *testing.T) {
	t.Parallel()
	// liked is a post by alice that berta, a stranger, likes.
	stranger := func(w *world, v social.Visibility) (stage, string) {
		s := plainStage(w)
		s.berta.known()
		post := w.publish(w.here("alice"), social.Draft{Text: "hello", Visibility: v})
		w.settle()
		return s, post.URI
	}
	like := func(s stage, id, object string) members { return s.berta.does("Like", id, object) }
	undo := func(s stage, what any) func(w *world) sent {
		return func(w *world) sent { return w.send(s.berta, s.berta.does("Undo", "1", what)) }
	}
	one := "https://peer.test/users/berta/statuses/1"
	run(t, []edge{
		{name: "§4.5 of alice's post", outcome: accepted, rule: rules.AcceptLocalObject, changed: "favourites+1 notifications+1", requests: "-", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			return w.send(s.berta, like(s, "1", post))
		}},
		{name: "§14.4/113 of an unknown post", outcome: dropped, rule: rules.DropUnknownObject, requests: "-", send: func(w *world) sent {
			s, _ := stranger(w, social.Public)
			return w.send(s.berta, like(s, "1", one))
		}},
		{name: "§14.4/113 of an account", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s, _ := stranger(w, social.Public)
			return w.send(s.berta, like(s, "1", alicesURI))
		}},
		{name: "§14.4/114 of a post from elsewhere", outcome: dropped, rule: rules.DropNotLocal, send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return w.send(s.berta, like(s, "1", one))
		}},
		{name: "§14.4/115 of a private post", outcome: accepted, rule: rules.AcceptLocalObject, changed: "favourites+1 notifications+1", send: func(w *world) sent {
			s, post := stranger(w, social.Private)
			return w.send(s.berta, like(s, "1", post))
		}},
		{name: "§14.4/116 twice, under two ids", outcome: dropped, rule: rules.DropDuplicate, send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			w.send(s.berta, like(s, "1", post))
			return w.send(s.berta, like(s, "2", post))
		}},
		{name: "§4.8 taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "favourites-1 notifications-1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			w.send(s.berta, like(s, "1", post))
			return undo(s, like(s, "1", post))(w)
		}},
		{name: "§14.4/118 an unknown like taken back", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			return undo(s, like(s, "1", post))(w)
		}},
		{name: "§14.4/118 and then liked", outcome: dropped, rule: rules.DropUndoneBefore, send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			undo(s, like(s, "1", post))(w)
			return w.send(s.berta, like(s, "1", post))
		}},
		{name: "§14.4/119 a boost taken back by another", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			boost := s.berta.announces("1", post)
			w.send(s.berta, boost)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Undo", "1", boost))
		}, also: func(t *testing.T, w *world, _ sent) { w.status("https://peer.test/users/berta#announce/1") }},
		{name: "§4.8 a boost taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "boosts-1 notifications-1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			w.send(s.berta, s.berta.announces("1", post))
			return undo(s, s.berta.announces("1", post))(w)
		}},
		{name: "§14.4/120 a boost taken back by its address", outcome: accepted, rule: rules.AcceptUndo, changed: "boosts-1 notifications-1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			w.send(s.berta, s.berta.announces("1", post))
			return undo(s, s.berta.uri+"#announce/1")(w)
		}},
		{name: "§14.4/120 a follow taken back by its address", outcome: accepted, rule: rules.AcceptUndo, changed: "follows-1", send: func(w *world) sent {
			s, _ := stranger(w, social.Public)
			w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
			return undo(s, s.berta.uri+"#follow/1")(w)
		}},
		{name: "§14.4/120 a like by its address, which cannot be", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s, post := stranger(w, social.Public)
			w.send(s.berta, like(s, "1", post))
			return undo(s, s.berta.uri+"#like/1")(w)
		}},
		{name: "§14.4/121 a Create", outcome: dropped, rule: rules.DropUnknownType, send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return undo(s, s.berta.creates(s.berta.note("1")))(w)
		}, also: func(t *testing.T, w *world, _ sent) { w.status("1") }},
		{name: "§4.8 a post by its address is no boost", outcome: dropped, rule: rules.DropUnknownObject, changed: "suppressed+1", send: func(w *world) sent {
			s := followed(w)
			w.send(s.berta, s.berta.creates(s.berta.note("1")))
			return undo(s, one)(w)
		}, also: func(t *testing.T, w *world, _ sent) { w.status("1") }},
		{name: "§4.8 nothing", outcome: dropped, rule: rules.DropNoObject, send: func(w *world) sent { return undo(followed(w), nil)(w) }},
	})
}

func TestEdgeFollow(t *testing.T) {
	t.Parallel()
	known := func(w *world) stage {
		s := plainStage(w)
		w.resident("lena", true)
		s.berta.known()
		return s
	}
	const lena = "https://alpha.test/users/lena"
	// told checks the activities that berta got in her personal inbox, by type.
	told := func(want ...string) func(*testing.T, *world, sent) {
		return func(t *testing.T, w *world, _ sent) {
			t.Helper()
			var got []string
			for _, s := range w.peer("peer.test").got() {
				if s.Target != "/users/berta/inbox" {
					t.Errorf("delivered to %s, want berta's own inbox", s.Target)
				}
				a := decode(t, s.Request.Body)
				got = append(got, a["type"].(string))
				if o, ok := a["object"].(members); !ok || o["type"] != "Follow" {
					t.Errorf("its object is %v, want the Follow", a["object"])
				}
			}
			if len(got) != len(want) {
				t.Errorf("berta got %q, want %q", got, want)
				return
			}
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("berta got %q, want %q", got, want)
				}
			}
		}
	}
	// asked is alice's request to follow berta, and its id.
	asked := func(w *world) (stage, string) {
		s := known(w)
		alice := w.here("alice")
		berta, err := w.in.Services.Store.AccountByURI(w.t.Context(), s.berta.uri)
		w.must(err)
		_, err = w.in.Services.Follows.Follow(w.t.Context(), alice.ID, berta.ID)
		w.must(err)
		w.settle()
		f, err := w.in.Services.Store.FollowBetween(w.t.Context(), alice.ID, berta.ID)
		w.must(err)
		return s, f.URI
	}
	follow := func(id, uri string) members {
		return members{"id": id, "type": "Follow", "actor": alicesURI, "object": uri}
	}
	const berta = "https://peer.test/users/berta"
	run(t, []edge{
		{name: "§14.5/122 somebody who does not lock", outcome: accepted, rule: rules.AcceptFollow, changed: "follows+1 notifications+1", also: told("Accept"), send: func(w *world) sent {
			s := known(w)
			return w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
		}},
		{name: "§14.5/122 by somebody not known before", outcome: accepted, rule: rules.AcceptFollow, changed: "accounts+1 follows+1 notifications+1", also: told("Accept"), send: func(w *world) sent {
			s := plainStage(w)
			return w.sendTo(w.here("alice"), s.berta, s.berta.does("Follow", "1", alicesURI))
		}},
		{name: "§14.5/123 somebody who locks", outcome: accepted, rule: rules.AcceptFollowPending, changed: "notifications+1 requests+1", also: told(), send: func(w *world) sent {
			s := known(w)
			return w.send(s.berta, s.berta.does("Follow", "1", lena))
		}},
		{name: "§14.5/124 once more", outcome: accepted, rule: rules.AcceptFollowAgain, also: func(t *testing.T, w *world, s sent) {
			posts := w.peer("peer.test").got()
			if len(posts) != 1 {
				t.Fatalf("berta got %d activities, want one", len(posts))
			}
			if id := decode(t, posts[0].Request.Body)["object"].(members)["id"]; id != berta+"#follow/2" {
				t.Errorf("accepted %v, want the new id", id)
			}
		}, send: func(w *world) sent {
			s := known(w)
			w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
			s.p.forget()
			return w.send(s.berta, s.berta.does("Follow", "2", alicesURI))
		}},
		{name: "§14.5/125 once more while waiting", outcome: accepted, rule: rules.AcceptFollowPending, also: told(), send: func(w *world) sent {
			s := known(w)
			w.send(s.berta, s.berta.does("Follow", "1", lena))
			return w.send(s.berta, s.berta.does("Follow", "2", lena))
		}},
		{name: "§14.5/127 the server itself", outcome: rejected, rule: rules.RejectFollow, also: told("Reject"), send: func(w *world) sent {
			s := known(w)
			return w.send(s.berta, s.berta.does("Follow", "1", "https://alpha.test/actor"))
		}},
		{name: "§14.5/128 somebody elsewhere", outcome: dropped, rule: rules.DropNotLocal, also: told(), send: func(w *world) sent {
			s := known(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(s.berta, s.berta.does("Follow", "1", carol.uri))
		}},
		{name: "§14.5/128 nobody", outcome: dropped, rule: rules.DropNotLocal, also: told(), send: func(w *world) sent {
			s := known(w)
			return w.send(s.berta, s.berta.does("Follow", "1", "https://alpha.test/users/nobody"))
		}},
		{name: "§14.5/130 taken back before it came", outcome: dropped, rule: rules.DropUndoneBefore, also: told(), send: func(w *world) sent {
			s := known(w)
			w.send(s.berta, s.berta.does("Undo", "1", s.berta.does("Follow", "1", alicesURI)))
			return w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
		}},
		{name: "§4.8 taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "follows-1", also: told("Accept"), send: func(w *world) sent {
			s := known(w)
			w.send(s.berta, s.berta.does("Follow", "1", alicesURI))
			return w.send(s.berta, s.berta.does("Undo", "1", s.berta.does("Follow", "1", alicesURI)))
		}},
		{name: "§4.8 a request taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "notifications-1 requests-1", also: told(), send: func(w *world) sent {
			s := known(w)
			w.send(s.berta, s.berta.does("Follow", "1", lena))
			return w.send(s.berta, s.berta.does("Undo", "1", s.berta.does("Follow", "1", lena)))
		}},
		{name: "§4.7 accepted", outcome: accepted, rule: rules.AcceptAnswer, changed: "follows+1 requests-1", send: func(w *world) sent {
			s, id := asked(w)
			return w.send(s.berta, s.berta.does("Accept", "1", follow(id, berta)))
		}},
		{name: "§4.7 accepted by the id alone", outcome: accepted, rule: rules.AcceptAnswer, changed: "follows+1 requests-1", send: func(w *world) sent {
			s, id := asked(w)
			return w.send(s.berta, s.berta.does("Accept", "1", id))
		}},
		{name: "§4.7 accepted under an id of their own", outcome: accepted, rule: rules.AcceptAnswer, changed: "follows+1 requests-1", send: func(w *world) sent {
			s, _ := asked(w)
			return w.send(s.berta, s.berta.does("Accept", "1", follow("https://peer.test/f/1", berta)))
		}},
		{name: "§14.5/131 an answer to nothing", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := known(w)
			return w.send(s.berta, s.berta.does("Accept", "1", follow("https://alpha.test/x", berta)))
		}},
		{name: "§14.5/132 an answer by somebody else", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s, id := asked(w)
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Accept", "1", follow(id, berta)))
		}},
		{name: "§4.7 a request refused", outcome: accepted, rule: rules.AcceptAnswer, changed: "requests-1", send: func(w *world) sent {
			s, id := asked(w)
			s.p.forget()
			return w.send(s.berta, s.berta.does("Reject", "1", follow(id, berta)))
		}, also: told()},
		{name: "§14.5/133 a follow that held refused", outcome: accepted, rule: rules.AcceptAnswer, changed: "follows-1", send: func(w *world) sent {
			s, id := asked(w)
			w.send(s.berta, s.berta.does("Accept", "1", follow(id, berta)))
			s.p.forget()
			return w.send(s.berta, s.berta.does("Reject", "1", follow(id, berta)))
		}, also: told("Undo")},
		{name: "§14.5/133 by somebody else", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s, id := asked(w)
			w.send(s.berta, s.berta.does("Accept", "1", follow(id, berta)))
			s.p.forget()
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Reject", "1", follow(id, berta)))
		}, also: told()},
		{name: "§14.5/134 an Accept taken back", outcome: accepted, rule: rules.AcceptUndo, changed: "follows-1 requests+1", send: func(w *world) sent {
			s, id := asked(w)
			w.send(s.berta, s.berta.does("Accept", "1", follow(id, berta)))
			return w.send(s.berta, s.berta.does("Undo", "1", s.berta.does("Accept", "1", id)))
		}},
		{name: "§14.5/134 by somebody else", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s, id := asked(w)
			w.send(s.berta, s.berta.does("Accept", "1", follow(id, berta)))
			carol := s.p.actor("carol")
			carol.known()
			return w.send(carol, carol.does("Undo", "1", carol.does("Accept", "1", id)))
		}},
	})
}
