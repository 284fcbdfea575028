package social_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

func TestBoost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		s := w.post(t, alice, "hello")
		w.events(t)
		w.tick()
		b := must(w.Statuses.Boost(ctx, bob.ID, s.ID, ""))(t)
		equal(t, "uri", b.URI, bob.URI+"/statuses/"+b.ID.String()+"/activity")
		equal(t, "visibility", b.Visibility, social.Public)
		equal(t, "boosts counted", must(w.Store.StatusByID(ctx, s.ID))(t).BoostsCount, 1)
		if diff := cmp.Diff([]string{"reblog by bob: hello"}, w.news(t, alice)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		again := must(w.Statuses.Boost(ctx, bob.ID, s.ID, social.Private))(t)
		equal(t, "again gives the boost that exists", again.ID, b.ID)
		ofBoost := must(w.Statuses.Boost(ctx, alice.ID, b.ID, ""))(t)
		equal(t, "a boost of a boost boosts the post", ofBoost.BoostOfID, s.ID)
		equal(t, "events", w.kinds(t), "status.published status.published")
		equal(t, "one's own boost is no news", len(w.news(t, alice)), 1)
	})
}

// Who may boost what, and how (federation.md §10.4).
func TestBoost_visibility(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, bob, alice)
		for _, tt := range []struct {
			name         string
			post, wanted social.Visibility
			own          bool
			want         social.Visibility
			err          error
		}{
			{"public", social.Public, "", false, social.Public, nil},
			{"public as unlisted", social.Public, social.Unlisted, false, social.Unlisted, nil},
			{"public for followers", social.Public, social.Private, false, social.Private, nil},
			{"public to nobody", social.Public, social.Direct, false, "", social.ErrInvalid},
			{"unlisted", social.Unlisted, "", false, social.Unlisted, nil},
			{"somebody's private post", social.Private, "", false, "", social.ErrForbidden},
			{"one's own private post stays private", social.Private, social.Public, true, social.Private, nil},
			{"one's own direct post", social.Direct, "", true, "", social.ErrForbidden},
			{"a direct post out of sight", social.Direct, "", false, "", social.ErrNotFound},
		} {
			s := w.post(t, alice, tt.name, as(tt.post))
			by := bob
			if tt.own {
				by = alice
			}
			w.tick()
			b, err := w.Statuses.Boost(t.Context(), by.ID, s.ID, tt.wanted)
			if tt.err != nil {
				fails(t, tt.name, err, tt.err)
				continue
			}
			ok(t, err)
			equal(t, tt.name, b.Visibility, tt.want)
		}
		_, err := w.Statuses.Boost(t.Context(), alice.ID, 42, "")
		fails(t, "nothing", err, social.ErrNotFound)
	})
}

func TestUnboost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, alice, bob)
		s := w.post(t, alice, "hello")
		b := must(w.Statuses.Boost(ctx, bob.ID, s.ID, ""))(t)
		w.events(t)
		w.tick()
		equal(t, "it tells which post it was", must(w.Statuses.Unboost(ctx, bob.ID, s.ID))(t), s.ID)
		if diff := cmp.Diff([]social.Event{{Kind: social.StatusDeleted, Actor: bob.ID, Subject: b.ID, At: w.Now()}}, w.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		equal(t, "boosts counted", must(w.Store.StatusByID(ctx, s.ID))(t).BoostsCount, 0)
		equal(t, "home of the booster", len(w.home(t, bob)), 0)
		equal(t, "news of the author", len(w.news(t, alice)), 0)
		equal(t, "again", must(w.Statuses.Unboost(ctx, bob.ID, s.ID))(t), s.ID)
		equal(t, "events", w.kinds(t), "")
		second := must(w.Statuses.Boost(ctx, bob.ID, s.ID, ""))(t)
		if second.ID == b.ID {
			t.Error("boosting anew gave the boost that was taken back")
		}
	})
}

func TestDelete(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		w.follows(t, bob, alice)
		s := w.post(t, alice, "@bob hello")
		must(w.Statuses.Boost(ctx, bob.ID, s.ID, ""))(t)
		w.events(t)
		fails(t, "somebody else's post", w.Statuses.Delete(ctx, bob.ID, s.ID), social.ErrNotFound)
		equal(t, "events", w.kinds(t), "")

		ok(t, w.Statuses.Delete(ctx, alice.ID, s.ID))
		for _, who := range []social.Account{alice, bob} {
			_, err := w.Reader.Status(ctx, who.ID, s.ID)
			fails(t, "reading it", err, social.ErrNotFound)
			equal(t, "home of "+who.Username, len(w.home(t, who)), 0)
			equal(t, "news of "+who.Username, len(w.news(t, who)) <= 1, true)
		}
		if diff := cmp.Diff([]string{"follow by bob"}, w.news(t, alice)); diff != "" {
			t.Errorf("alice's notifications (-want +got):\n%s", diff)
		}
		equal(t, "news of the named", len(w.news(t, bob)), 0)
		equal(t, "events", w.kinds(t), "status.deleted")
		equal(t, "posts counted", must(w.Store.AccountByID(ctx, alice.ID))(t).StatusesCount, 0)
		fails(t, "again", w.Statuses.Delete(ctx, alice.ID, s.ID), social.ErrNotFound)
		kept := must(w.Store.StatusDeleted(ctx, s.ID))(t)
		equal(t, "who is to be told", len(kept.Mentions), 1)
	})
}
