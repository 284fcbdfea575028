package storage

import (
	"testing"

	"orrery/social"
)

func TestFilters(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, berta), post(11, berta))
		f := social.Filter{
			ID: 1, AccountID: alice, Title: "a", Contexts: []social.FilterContext{social.FilterHome}, Action: social.FilterWarn, CreatedAt: noon,
			Keywords: []social.FilterKeyword{{ID: 2, Keyword: "ö"}, {ID: 3, Keyword: "b", WholeWord: true}},
			Statuses: []social.FilterStatus{{ID: 4, StatusID: 10}},
		}
		ok(t, s.PutFilter(ctx, f))
		same(t, "as written", must(s.Filters(ctx, alice))(t), []social.Filter{f})
		f.Title, f.Action, f.ExpiresAt, f.Keywords = "c", social.FilterHide, noon, f.Keywords[1:]
		f.Contexts = append(f.Contexts, social.FilterThread)
		gone := f
		gone.Statuses = append(gone.Statuses, social.FilterStatus{ID: 5, StatusID: 99})
		ok(t, s.PutFilter(ctx, gone))
		same(t, "as changed", must(s.Filters(ctx, alice))(t), []social.Filter{f})
		same(t, "of another", len(must(s.Filters(ctx, anna))(t)), 0)
		fails(t, s.DeleteFilter(ctx, anna, 1), social.ErrNotFound)
		ok(t, s.DeleteFilter(ctx, alice, 1))
		same(t, "left", len(must(s.Filters(ctx, alice))(t)), 0)
	})
}

func TestBookmarksAndMarkers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, berta), post(11, berta))
		b := social.Bookmark{ID: 2, AccountID: alice, StatusID: 10, CreatedAt: noon}
		ok(t, s.InsertBookmark(ctx, b))
		ok(t, s.InsertBookmark(ctx, social.Bookmark{ID: 3, AccountID: alice, StatusID: 10, CreatedAt: noon}))
		same(t, "bookmarks", must(s.Bookmarks(ctx, alice, social.Page{Limit: 5}))(t), []social.Bookmark{b})
		same(t, "bookmarked", marks(t, s, alice, ids(10, 11)...), map[social.ID]social.Marks{10: {Bookmarked: true}})
		ok(t, s.DeleteBookmark(ctx, alice, 10))
		ok(t, s.DeleteBookmark(ctx, alice, 10))
		same(t, "left", len(must(s.Bookmarks(ctx, alice, social.Page{Limit: 5}))(t)), 0)

		for i := range 2 {
			m := must(s.PutMarker(ctx, alice, "home", social.ID(5+i), noon))(t)
			same(t, "marker", m, social.Marker{Timeline: "home", LastReadID: social.ID(5 + i), Version: int64(1 + i), UpdatedAt: noon})
		}
		same(t, "markers", len(must(s.Markers(ctx, alice))(t)), 1)

		ok(t, s.InsertUser(ctx, social.User{AccountID: alice, CreatedAt: noon, DefaultVisibility: social.Public}))
		u := must(s.UserByAccount(ctx, alice))(t)
		u.DefaultVisibility, u.DefaultSensitive, u.ExpandMedia, u.ExpandSpoilers, u.AutoplayGIFs = social.Private, true, social.MediaHideAll, true, true
		ok(t, s.SetPreferences(ctx, u))
		same(t, "user", must(s.UserByAccount(ctx, alice))(t), u)
		fails(t, s.SetPreferences(ctx, social.User{AccountID: anna}), social.ErrNotFound)
	})
}
