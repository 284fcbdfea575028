package storage

import (
	"testing"

	"orrery/social"
)

func homeIDs(t *testing.T, s *Store, account social.ID) []social.ID {
	t.Helper()
	var out []social.ID
	for _, e := range must(s.Home(t.Context(), account, social.Page{Limit: 100}))(t) {
		out = append(out, e.StatusID)
	}
	return out
}

func TestHome(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, berta), post(12, berta), post(13, carl, boostOf(11)), post(14, alice))
		var entries []social.HomeEntry
		for _, id := range ids(10, 11, 12, 14) {
			entries = append(entries, social.HomeEntry{AccountID: alice, StatusID: id, Via: "follow"})
		}
		boost := social.HomeEntry{AccountID: alice, StatusID: 13, BoostOfID: 11, Via: "boost:carl@techhub.test"}
		ok(t, s.InsertHome(ctx, append(entries, boost, social.HomeEntry{AccountID: anna, StatusID: 10})))
		ok(t, s.InsertHome(ctx, []social.HomeEntry{{AccountID: alice, StatusID: 13, Via: "again"}}))
		ok(t, s.InsertHome(ctx, nil))
		pages(t, ids(14, 13, 12, 11, 10), func(p social.Page) (out []social.ID, err error) {
			es, err := s.Home(ctx, alice, p)
			for _, e := range es {
				out = append(out, e.StatusID)
			}
			return out, err
		})
		same(t, "the boost", must(s.Home(ctx, alice, social.Page{Limit: 1, MaxID: 14}))(t), []social.HomeEntry{boost})
		ok(t, s.RemoveFromHome(ctx, alice, berta))
		same(t, "without berta", homeIDs(t, s, alice), ids(14, 13, 10))
	})
}

func TestInsertHomeForManyFollowers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		entries := make([]social.HomeEntry, 1201)
		for i := range entries {
			entries[i] = social.HomeEntry{AccountID: social.ID(i + 1), StatusID: 10, Via: "follow"}
		}
		ok(t, s.InsertHome(t.Context(), entries))
		for _, who := range ids(1, 500, 501, 1201) {
			same(t, "home", homeIDs(t, s, who), ids(10))
		}
	})
}

func TestBackfillHome(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(9, anna), post(10, berta), post(11, berta, seen(social.Private)), post(12, berta, replyTo(9, anna)),
			post(13, berta, replyTo(10, berta)), post(14, berta, boostOf(9)), post(15, berta, seen(social.Unlisted)),
			post(16, berta, func(x *social.Status) { x.ReplyToURI = "https://unknown.test/1" }), post(17, berta, replyTo(9, alice)))
		ok(t, s.BackfillHome(ctx, alice, berta, 4))
		same(t, "newest four", homeIDs(t, s, alice), ids(17, 15, 14, 13))
		ok(t, s.BackfillHome(ctx, alice, berta, 20))
		same(t, "all but replies to strangers", homeIDs(t, s, alice), ids(17, 15, 14, 13, 10))
		ok(t, s.InsertFollow(ctx, follow(1, alice, anna, false)))
		ok(t, s.BackfillHome(ctx, alice, berta, 20))
		same(t, "anna is no stranger now", homeIDs(t, s, alice), ids(17, 15, 14, 13, 12, 10))
		same(t, "boost", must(s.Home(ctx, alice, social.Page{Limit: 1, MaxID: 15}))(t),
			[]social.HomeEntry{{AccountID: alice, StatusID: 14, BoostOfID: 9, Via: "follow"}})
	})
}

func TestBackfillHome_leaves_out_boosts_of_what_stands_there(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(9, anna), post(10, anna), post(14, berta, boostOf(9)), post(15, berta, boostOf(10)), post(16, carl, boostOf(10)))
		ok(t, s.InsertHome(ctx, []social.HomeEntry{{AccountID: alice, StatusID: 9}, {AccountID: alice, StatusID: 16, BoostOfID: 10}}))
		ok(t, s.BackfillHome(ctx, alice, berta, 20))
		same(t, "home", homeIDs(t, s, alice), ids(16, 9))
	})
}

func TestSeenAtHome(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		ok(t, s.InsertHome(ctx, []social.HomeEntry{
			{AccountID: 1, StatusID: 10}, {AccountID: 1, StatusID: 11}, {AccountID: 1, StatusID: 12},
			{AccountID: 2, StatusID: 20, BoostOfID: 10}, {AccountID: 2, StatusID: 21}, {AccountID: 3, StatusID: 30}, {AccountID: 4, StatusID: 10},
		}))
		readers := ids(1, 2, 3)
		for newest, want := range map[int]map[social.ID]bool{
			40: {1: true, 2: true}, 3: {1: true, 2: true}, 2: {2: true}, 1: {}, 0: {},
		} {
			same(t, "seen", must(s.SeenAtHome(ctx, readers, 10, newest))(t), want)
		}
	})
}

func TestPublicTimeline(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice, replyTo(10, alice)), post(12, anna, replyTo(10, alice)),
			post(13, berta), post(14, berta, boostOf(10)), post(15, alice, seen(social.Unlisted)), post(16, alice, seen(social.Private)),
			post(17, carl, func(x *social.Status) { x.ReplyToURI = "https://unknown.test/1" }), post(18, berta, replyTo(13, berta)))
		pages(t, ids(18, 13, 11, 10), func(p social.Page) ([]social.ID, error) { return s.PublicTimeline(ctx, 0, social.PublicFilter{}, p) })
		same(t, "local", must(s.PublicTimeline(ctx, 0, social.PublicFilter{OnlyLocal: true}, social.Page{Limit: 9}))(t), ids(11, 10))
		same(t, "remote", must(s.PublicTimeline(ctx, 0, social.PublicFilter{OnlyRemote: true}, social.Page{Limit: 9}))(t), ids(18, 13))
	})
}

func TestTagTimelineAndSearch(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		tagged := func(tags ...string) func(*social.Status) { return func(x *social.Status) { x.Tags = tags } }
		publish(t, s, post(10, alice, tagged("go", "golang")), post(11, berta, tagged("go"), replyTo(10, alice)),
			post(12, alice, tagged("go"), seen(social.Unlisted)), post(13, anna, tagged("go", "gossip")), post(14, carl, tagged("go")),
			post(15, carl, tagged("golang")), post(16, carl, tagged("g_x", "secret"), seen(social.Private)))
		pages(t, ids(14, 13, 11, 10), func(p social.Page) ([]social.ID, error) {
			return s.TagTimeline(ctx, 0, social.TagFilter{Any: []string{"go"}}, p)
		})
		same(t, "local", must(s.TagTimeline(ctx, 0, social.TagFilter{Any: []string{"go"}, OnlyLocal: true}, social.Page{Limit: 9}))(t), ids(13, 10))
		same(t, "search", must(s.SearchTags(ctx, "GO", 9))(t), []string{"go", "golang", "gossip"})
		same(t, "one", must(s.SearchTags(ctx, "go", 1))(t), []string{"go"})
		same(t, "private ones do not show", len(must(s.SearchTags(ctx, "secret", 9))(t)), 0)
		same(t, "no wildcard", len(must(s.SearchTags(ctx, "g_", 9))(t)), 0)
	})
}

func TestAccountTimeline(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		mentions := func(who social.ID) func(*social.Status) {
			return func(x *social.Status) { x.Mentions = []social.Mention{{AccountID: who}} }
		}
		publish(t, s, post(9, berta), post(10, alice), post(11, alice, seen(social.Unlisted)), post(12, alice, seen(social.Private)),
			post(13, alice, seen(social.Direct), mentions(anna)), post(14, alice, replyTo(9, berta)), post(15, alice, boostOf(9)),
			post(16, alice, replyTo(10, alice), func(x *social.Status) { x.Tags = []string{"t"} }))
		anybody := []social.Visibility{social.Public, social.Unlisted}
		for _, tt := range []struct {
			name   string
			filter social.AccountFilter
			want   []social.ID
		}{
			{"anybody", social.AccountFilter{Visibilities: anybody}, ids(16, 15, 14, 11, 10)},
			{"somebody mentioned", social.AccountFilter{Viewer: anna, Visibilities: anybody}, ids(16, 15, 14, 13, 11, 10)},
			{"a stranger", social.AccountFilter{Viewer: carl, Visibilities: anybody}, ids(16, 15, 14, 11, 10)},
			{"a follower", social.AccountFilter{Viewer: berta, Visibilities: append(anybody, social.Private)}, ids(16, 15, 14, 12, 11, 10)},
			{"no replies", social.AccountFilter{Visibilities: anybody, ExcludeReplies: true}, ids(16, 15, 11, 10)},
			{"no boosts", social.AccountFilter{Visibilities: anybody, ExcludeBoosts: true}, ids(16, 14, 11, 10)},
			{"tag", social.AccountFilter{Visibilities: anybody, Tag: "t"}, ids(16)},
			{"nothing", social.AccountFilter{}, nil},
		} {
			same(t, tt.name, must(s.AccountTimeline(ctx, alice, tt.filter, social.Page{Limit: 20}))(t), tt.want)
		}
		pages(t, ids(16, 15, 14, 11, 10), func(p social.Page) ([]social.ID, error) {
			return s.AccountTimeline(ctx, alice, social.AccountFilter{Visibilities: anybody}, p)
		})
	})
}

// Only posts with attachments that no edit has taken out of them.
func TestTimelines_onlyMedia(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		tagged := func(x *social.Status) { x.Tags = []string{"go"} }
		publish(t, s, post(10, alice, tagged), post(11, alice, tagged), post(12, alice, tagged), post(13, alice, boostOf(10)))
		for i, a := range []social.Attachment{{StatusID: 10, Place: 1}, {StatusID: 10}, {StatusID: 11, Place: social.Replaced}, {}} {
			a.ID, a.AccountID, a.Kind = social.ID(i+1), alice, social.MediaImage
			ok(t, s.InsertAttachment(ctx, a))
		}
		page, anybody := social.Page{Limit: 9}, []social.Visibility{social.Public}
		same(t, "public", must(s.PublicTimeline(ctx, 0, social.PublicFilter{OnlyMedia: true}, page))(t), ids(10))
		same(t, "tag", must(s.TagTimeline(ctx, 0, social.TagFilter{Any: []string{"go"}, OnlyMedia: true}, page))(t), ids(10))
		same(t, "account", must(s.AccountTimeline(ctx, alice, social.AccountFilter{Visibilities: anybody, OnlyMedia: true}, page))(t), ids(10))
	})
}
