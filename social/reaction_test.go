package social_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/social"
)

func TestFavourite_a_neighbours_post(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		s := w.post(t, alice, "hello")
		boost := must(w.Statuses.Boost(ctx, alice.ID, s.ID, ""))(t)
		w.events(t)
		equal(t, "liked", must(w.Reactions.Favourite(ctx, bob.ID, s.ID))(t), s.ID)
		equal(t, "through a boost, again", must(w.Reactions.Favourite(ctx, bob.ID, boost.ID))(t), s.ID)
		equal(t, "counted", must(w.Store.StatusByID(ctx, s.ID))(t).FavouritesCount, 1)
		must(w.Reactions.Favourite(ctx, alice.ID, s.ID))(t)
		if diff := cmp.Diff([]string{"favourite by bob: hello"}, w.news(t, alice)); diff != "" {
			t.Errorf("notifications, one's own like left out (-want +got):\n%s", diff)
		}
		equal(t, "the viewer's state", must(w.Reader.Status(ctx, bob.ID, s.ID))(t).Viewer.Favourited, true)
		equal(t, "events", w.kinds(t), "")

		equal(t, "taken back", must(w.Reactions.Unfavourite(ctx, bob.ID, s.ID))(t), s.ID)
		equal(t, "again", must(w.Reactions.Unfavourite(ctx, bob.ID, s.ID))(t), s.ID)
		equal(t, "counted", must(w.Store.StatusByID(ctx, s.ID))(t).FavouritesCount, 1)
		equal(t, "notifications", len(w.news(t, alice)), 0)

		hidden := w.post(t, alice, "for followers", as(social.Private))
		_, err := w.Reactions.Favourite(ctx, bob.ID, hidden.ID)
		fails(t, "what one may not see", err, social.ErrNotFound)
		_, err = w.Reactions.Unfavourite(ctx, bob.ID, 42)
		fails(t, "nothing", err, social.ErrNotFound)
	})
}

func TestFavourite_a_post_from_elsewhere(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		s := w.arrives(t, berta, social.Status{Content: "hello"})
		must(w.Reactions.Favourite(ctx, alice.ID, s.ID))(t)
		must(w.Reactions.Favourite(ctx, alice.ID, s.ID))(t)
		like := must(w.Store.FavouriteBetween(ctx, alice.ID, s.ID))(t)
		want := []social.Event{{Kind: social.FavouriteAdded, Actor: alice.ID, Subject: s.ID, Object: like.ID, At: w.Now()}}
		if diff := cmp.Diff(want, w.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
		must(w.Reactions.Unfavourite(ctx, alice.ID, s.ID))(t)
		must(w.Reactions.Unfavourite(ctx, alice.ID, s.ID))(t)
		want[0].Kind = social.FavouriteRemoved
		if diff := cmp.Diff(want, w.events(t)); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

// federation.md §4.5 and rows 115, 116, 118.
func TestReactions_Receive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alice, berta := w.person(t, "alice"), w.stranger(t, "berta")
		s := w.post(t, alice, "for followers", as(social.Private))
		w.events(t)
		var fresh bool
		receive := func(uri string) bool {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				fresh, err = w.Reactions.Receive(ctx, tx, berta, s, uri)
				return err
			})
			return fresh
		}
		undo := func() bool {
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				fresh, err = w.Reactions.ReceiveUndo(ctx, tx, berta, s)
				return err
			})
			return fresh
		}
		equal(t, "undo of nothing", undo(), false)
		equal(t, "a like, even of what berta may not see", receive("https://beta.test/l/1"), true)
		equal(t, "another id", receive("https://beta.test/l/2"), false)
		equal(t, "counted", must(w.Store.StatusByID(t.Context(), s.ID))(t).FavouritesCount, 1)
		if diff := cmp.Diff([]string{"favourite by berta@beta.test: for followers"}, w.news(t, alice)); diff != "" {
			t.Errorf("notifications (-want +got):\n%s", diff)
		}
		equal(t, "undo", undo(), true)
		equal(t, "notifications", len(w.news(t, alice)), 0)
		equal(t, "counted", must(w.Store.StatusByID(t.Context(), s.ID))(t).FavouritesCount, 0)
		equal(t, "events", w.kinds(t), "")
	})
}
