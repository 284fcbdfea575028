package social_test

import (
	"sync"
	"testing"

	"orrery/social"
)

// Two clicks at the same moment do what one does.
func TestDoingTheSameAtOnceDoesItOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		s := w.post(t, alice, "hello")
		w.events(t)
		w.Statuses.Wrote, w.Follows.Told = nil, nil // the test's own notes are for one at a time
		atOnce := func(what string, do func() error) {
			t.Helper()
			var group sync.WaitGroup
			errs := make(chan error, 8)
			for range cap(errs) {
				group.Go(func() { errs <- do() })
			}
			group.Wait()
			close(errs)
			for err := range errs {
				if err != nil {
					t.Errorf("%s: %v", what, err)
				}
			}
		}
		atOnce("like", func() error { _, err := w.Reactions.Favourite(ctx, bob.ID, s.ID); return err })
		atOnce("follow", func() error { _, err := w.Follows.Follow(ctx, bob.ID, alice.ID); return err })
		equal(t, "likes counted", must(w.Store.StatusByID(ctx, s.ID))(t).FavouritesCount, 1)
		equal(t, "followers counted", must(w.Store.AccountByID(ctx, alice.ID))(t).FollowersCount, 1)
		equal(t, "notifications", len(w.news(t, alice)), 2)

		atOnce("boost", func() error { _, err := w.Statuses.Boost(ctx, bob.ID, s.ID, ""); return err })
		equal(t, "boosts counted", must(w.Store.StatusByID(ctx, s.ID))(t).BoostsCount, 1)
		equal(t, "events", w.kinds(t), "status.published")
		atOnce("publish", func() error {
			_, err := w.Statuses.Publish(ctx, bob.ID, social.Draft{Text: "once", IdempotencyKey: "k"})
			return err
		})
		equal(t, "events", w.kinds(t), "status.published")
	})
}
