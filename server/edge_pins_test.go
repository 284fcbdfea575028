package server_test

import (
	"slices"
	"testing"
	"time"

	"orrery/federation/rules"
	"orrery/social"
)

// profiled is followed, and berta has a collection of pinned posts.
func profiled(w *world) stage {
	s := plainStage(w)
	s.berta.doc = with(s.berta.doc, members{"featured": s.berta.uri + "/collections/featured", "featuredTags": s.berta.uri + "/collections/tags"})
	s.p.has(s.berta.doc)
	s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/collections/featured", "type": "OrderedCollection", "orderedItems": []any{}})
	s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/collections/tags", "type": "Collection", "items": []any{}})
	w.follows(w.here("alice"), s.berta.known())
	w.settle()
	s.p.forget()
	return s
}

func (a *actor) adds(kind string, object any) members {
	return members{"@context": activityStreams, "type": kind, "actor": a.uri, "target": a.uri + "/collections/featured", "object": object}
}

// pins are the URIs that an account pinned, as kept here.
func (w *world) pins(uri string) []string {
	w.t.Helper()
	a, err := w.in.Services.Store.AccountByURI(w.t.Context(), uri)
	w.must(err)
	ids, err := w.in.Services.Store.Pins(w.t.Context(), a.ID)
	w.must(err)
	var out []string
	for _, id := range ids {
		s, err := w.in.Services.Store.StatusByID(w.t.Context(), id)
		w.must(err)
		out = append(out, s.URI)
	}
	return out
}

func TestEdgeProfiles(t *testing.T) {
	t.Parallel()
	hashtag := func(name string) members {
		return members{"type": "Hashtag", "href": "https://peer.test/tags/x", "name": name}
	}
	run(t, []edge{
		{name: "§14.5/144 Add to a foreign target", outcome: dropped, rule: rules.DropOtherCollection, requests: "-", send: func(w *world) sent {
			s := profiled(w)
			return w.send(s.berta, with(s.berta.adds("Add", s.berta.uri+"/statuses/1"), members{"target": "https://peer.test/users/carol/collections/featured"}))
		}},
		{name: "§14.5/145 Add of somebody else's post", outcome: dropped, rule: rules.DropOtherOwner, changed: "accounts+1 statuses+1", send: func(w *world) sent {
			s := profiled(w)
			s.p.has(s.p.actor("carol").note("1", speaks))
			return w.send(s.berta, s.berta.adds("Add", "https://peer.test/users/carol/statuses/1"))
		}, also: func(t *testing.T, w *world, _ sent) {
			if got := w.pins("https://peer.test/users/berta"); len(got) != 0 {
				t.Errorf("pinned %q, want nothing", got)
			}
		}},
		{name: "§14.5/145 Add of one's own post, fetched", outcome: accepted, rule: rules.AcceptFeatured, changed: "home+1 pins+1 statuses+1",
			requests: "GET /users/berta/statuses/1", send: func(w *world) sent {
				s := profiled(w)
				s.p.has(s.berta.note("1", speaks))
				return w.send(s.berta, s.berta.adds("Add", s.berta.uri+"/statuses/1"))
			}},
		{name: "§14.5/145 Add of what is not there", outcome: dropped, rule: rules.DropUnknownObject, send: func(w *world) sent {
			s := profiled(w)
			return w.send(s.berta, s.berta.adds("Add", s.berta.uri+"/statuses/1"))
		}},
		{name: "§14.5/146 Remove of an unknown pin", outcome: dropped, rule: rules.DropUnknownObject, requests: "-", send: func(w *world) sent {
			s := profiled(w)
			return w.send(s.berta, s.berta.adds("Remove", s.berta.uri+"/statuses/1"))
		}},
		{name: "§14.5/146 Remove of a pin", outcome: accepted, rule: rules.AcceptFeatured, changed: "pins-1", send: func(w *world) sent {
			s := profiled(w)
			s.p.has(s.berta.note("1", speaks))
			w.send(s.berta, s.berta.adds("Add", s.berta.uri+"/statuses/1"))
			return w.send(s.berta, s.berta.adds("Remove", s.berta.uri+"/statuses/1"))
		}},
		{name: "§4.12 Add of a hashtag", outcome: accepted, rule: rules.AcceptFeatured, changed: "featured+1", send: func(w *world) sent {
			s := profiled(w)
			return w.send(s.berta, s.berta.adds("Add", hashtag("#Gardening")))
		}},
		{name: "§4.12 Remove of a hashtag", outcome: accepted, rule: rules.AcceptFeatured, changed: "featured-1", send: func(w *world) sent {
			s := profiled(w)
			w.send(s.berta, s.berta.adds("Add", hashtag("#Gardening")))
			return w.send(s.berta, s.berta.adds("Remove", hashtag("gardening")))
		}},
	})
}

// What is on the profile of an actor is read whenever the actor is, and kept as it is there.
func TestTheProfileOfAnActorIsRead(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		s := profiled(w)
		featured := s.berta.uri + "/collections/featured"
		one, two := s.p.has(s.berta.note("1", speaks)), s.p.has(s.berta.note("2", speaks))
		read := func(items ...any) {
			t.Helper()
			s.p.has(members{"@context": activityStreams, "id": featured, "type": "OrderedCollection", "orderedItems": items})
			w.clock.Advance(25 * time.Hour)
			w.searches("alice", "@berta@peer.test")
			w.settle()
		}
		tag := members{"type": "Hashtag", "name": "#Gardening"}
		s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/collections/tags", "type": "Collection", "items": []any{tag, "x"}})
		read(one["id"], two, "https://elsewhere.test/3", "https://alpha.test/users/alice/statuses/1")
		if got := w.pins(s.berta.uri); len(got) != 2 {
			t.Errorf("pinned %q, want the two", got)
		}
		asked := s.p.asked()
		for _, want := range []string{"GET /users/berta/collections/featured", "GET /users/berta/collections/tags", "GET /users/berta/statuses/1", "GET /users/berta/statuses/2"} {
			if !slices.Contains(asked, want) {
				t.Errorf("asked for %q, want %s too", asked, want)
			}
		}
		berta, err := w.in.Services.Store.AccountByURI(t.Context(), s.berta.uri)
		w.must(err)
		tags, err := w.in.Services.Store.FeaturedTags(t.Context(), berta.ID)
		w.must(err)
		if len(tags) != 1 || tags[0].Name != "Gardening" {
			t.Errorf("featured %+v, want Gardening", tags)
		}
		delete(s.p.docs, "/users/berta/statuses/1")
		read(one["id"], two["id"])
		if got := w.pins(s.berta.uri); len(got) != 1 {
			t.Errorf("pinned %q, want one: the other is gone from its server", got)
		}
		_, err = w.in.Services.Store.StatusByURI(t.Context(), one["id"].(string))
		if (err != nil) != current || w.named(rules.DropGone) != current {
			t.Errorf("it is deleted here: %v, want %v", err != nil, current)
		}
		for _, rule := range []rules.ID{rules.FetchFeatured, rules.FetchFeaturedTags, rules.FetchPinned} {
			if !w.named(rule) {
				t.Errorf("nothing names %s", rule)
			}
		}
	})
}

// What was for everybody is deleted when its server does not have it any more; who is asked for anything else may only be
// keeping it back (federation.md §9.0).
func TestWhatWasNotForEverybodyStaysWhenItIsNotFound(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, current bool) {
		s := profiled(w)
		followers, pinned := s.berta.uri+"/followers", []any{}
		for id, to := range map[string][2][]any{
			"public": {{public}, {followers}}, "unlisted": {{followers}, {public}}, "private": {{followers}, {}}, "direct": {{w.here("alice").URI}, {}},
		} {
			n := s.berta.note(id, members{"to": to[0], "cc": to[1]})
			w.send(s.berta, s.berta.creates(n))
			pinned = append(pinned, n["id"])
		}
		s.p.has(members{"@context": activityStreams, "id": s.berta.uri + "/collections/featured", "type": "OrderedCollection", "orderedItems": pinned})
		w.clock.Advance(25 * time.Hour)
		s.p.forget()
		w.searches("alice", "@berta@peer.test")
		w.settle()
		for id, stays := range map[string]bool{"public": !current, "unlisted": !current, "private": true, "direct": true} {
			uri := s.berta.uri + "/statuses/" + id
			if !slices.Contains(s.p.gets(), "/users/berta/statuses/"+id) {
				t.Errorf("the %s post was not asked for", id)
			}
			if _, err := w.in.Services.Store.StatusByURI(t.Context(), uri); (err == nil) != stays {
				t.Errorf("the %s post is still here: %v, want %v", id, err == nil, stays)
			}
		}
	})
}

// Pins go to followers without an id and without a document signature, hashtags with one.
func TestWhatIsPutOnAProfileIsTold(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, w *world, _ bool) {
		s := plainStage(w)
		alice := w.here("alice")
		w.follows(s.berta.known(), alice)
		post := w.say(alice, "look at #this")
		w.settle()
		s.p.forget()
		ctx := t.Context()
		w.must(w.in.Services.Features.Pin(ctx, alice.ID, post.ID))
		w.must(w.in.Services.Features.Pin(ctx, alice.ID, post.ID))
		tag, err := w.in.Services.Features.FeatureTag(ctx, alice.ID, "#This")
		w.must(err)
		w.must(w.in.Services.Features.Unpin(ctx, alice.ID, post.ID))
		w.must(w.in.Services.Features.UnfeatureTag(ctx, alice.ID, tag.ID))
		w.settle()
		got := s.p.got()
		if len(got) != 4 {
			t.Fatalf("%d deliveries, want 4", len(got))
		}
		for i, want := range []struct {
			kind   string
			signed bool
		}{{"Add", false}, {"Add", true}, {"Remove", false}, {"Remove", true}} {
			doc := decode(t, got[i].Request.Body)
			if doc["type"] != want.kind || doc["id"] != nil || doc["target"] != alice.FeaturedURL || (doc["signature"] != nil) != want.signed {
				t.Errorf("delivery %d: %v", i, doc)
			}
		}
		if tag.Statuses != 1 {
			t.Errorf("alice has %d posts with the hashtag, want 1", tag.Statuses)
		}
		for range 6 {
			err = w.in.Services.Features.Pin(ctx, alice.ID, w.say(alice, "another").ID)
		}
		if err == nil {
			t.Error("a sixth post was pinned")
		}
		if err := w.in.Services.Features.Pin(ctx, alice.ID, w.publish(alice, social.Draft{Text: "@alice", Visibility: social.Direct}).ID); err == nil {
			t.Error("a direct post was pinned")
		}
	})
}
