package storage

import (
	"testing"

	"orrery/social"
)

func TestFavourites(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice))
		f := social.Favourite{ID: 5, AccountID: berta, StatusID: 10, URI: "https://techhub.test/like/1", CreatedAt: noon}
		ok(t, s.InsertFavourite(ctx, f))
		again := f
		again.ID = 6
		fails(t, s.InsertFavourite(ctx, again), social.ErrConflict)
		again.StatusID = 99
		fails(t, s.InsertFavourite(ctx, again), social.ErrNotFound)
		same(t, "between", must(s.FavouriteBetween(ctx, berta, 10))(t), f)
		same(t, "count", must(s.StatusByID(ctx, 10))(t).FavouritesCount, int64(1))
		same(t, "which", marks(t, s, berta, ids(10, 11)...), map[social.ID]social.Marks{10: {Favourited: true}})
		ok(t, s.DeleteFavourite(ctx, berta, 10))
		fails(t, s.DeleteFavourite(ctx, berta, 10), social.ErrNotFound)
		_, err := s.FavouriteBetween(ctx, berta, 10)
		fails(t, err, social.ErrNotFound)
		same(t, "count", must(s.StatusByID(ctx, 10))(t).FavouritesCount, int64(0))
	})
}

func TestOneOfManyFavouritesWins(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		publish(t, s, post(10, alice))
		wins := together(t, 8, func(i int) error {
			return s.InsertFavourite(t.Context(), social.Favourite{ID: social.ID(i + 1), AccountID: berta, StatusID: 10})
		}, social.ErrConflict)
		if x := must(s.StatusByID(t.Context(), 10))(t); wins != 1 || x.FavouritesCount != 1 {
			t.Errorf("%d likes won and %d count, want 1 and 1", wins, x.FavouritesCount)
		}
	})
}

func TestWhoReacted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(21, berta, boostOf(10)), post(22, anna, boostOf(10)), post(23, carl, replyTo(10, alice)))
		for i := range social.ID(4) {
			ok(t, s.InsertFavourite(ctx, social.Favourite{ID: 9 - i, AccountID: alice + i, StatusID: 10}))
		}
		pages(t, ids(4, 3, 2, 1), func(p social.Page) ([]social.ID, error) { return s.FavouritedBy(ctx, 10, p) })
		same(t, "boosted by", must(s.BoostedBy(ctx, 10, social.Page{Limit: 9}))(t), ids(berta, anna))
		same(t, "boosted by, page", must(s.BoostedBy(ctx, 10, social.Page{Limit: 9, MaxID: berta}))(t), ids(anna))
		same(t, "boosted", marks(t, s, berta, ids(10, 21)...), map[social.ID]social.Marks{10: {Favourited: true, Boosted: true}})
		var got []social.ID
		for _, a := range must(s.Interacted(ctx, 10))(t) {
			got = append(got, a.ID)
		}
		same(t, "interacted", got, ids(berta, carl))
	})
}

func marks(t *testing.T, s *Store, account social.ID, statuses ...social.ID) map[social.ID]social.Marks {
	t.Helper()
	out, _, err := s.Marks(t.Context(), account, statuses)
	ok(t, err)
	return out
}
