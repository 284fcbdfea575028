package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func follow(id, from, to social.ID, pending bool) social.Follow {
	return social.Follow{ID: id, AccountID: from, TargetID: to, URI: "https://f.test/" + string(rune('a'+id)), Pending: pending, CreatedAt: noon}
}

func TestFollowCounters(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		count := func(followers, following int64) {
			t.Helper()
			a, b := must(s.AccountByID(ctx, alice))(t), must(s.AccountByID(ctx, berta))(t)
			same(t, "alice's followers, berta's following", []int64{a.FollowersCount, b.FollowingCount}, []int64{followers, following})
		}
		f := follow(1, berta, alice, true)
		ok(t, s.InsertFollow(ctx, f))
		fails(t, s.InsertFollow(ctx, follow(2, berta, alice, false)), social.ErrConflict)
		count(0, 0)
		f.Pending, f.URI = false, "https://f.test/new"
		ok(t, s.UpdateFollow(ctx, f))
		ok(t, s.UpdateFollow(ctx, f))
		count(1, 1)
		same(t, "between", must(s.FollowBetween(ctx, berta, alice))(t), f)
		same(t, "by URI", must(s.FollowByURI(ctx, f.URI))(t), f)
		f.Pending = true
		ok(t, s.UpdateFollow(ctx, f))
		count(0, 0)
		f.Pending = false
		ok(t, s.UpdateFollow(ctx, f))
		ok(t, s.DeleteFollow(ctx, berta, alice))
		count(0, 0)
		fails(t, s.DeleteFollow(ctx, berta, alice), social.ErrNotFound)
		fails(t, s.UpdateFollow(ctx, f), social.ErrNotFound)
		_, err := s.FollowBetween(ctx, berta, alice)
		fails(t, err, social.ErrNotFound)
		_, err = s.FollowByURI(ctx, "")
		fails(t, err, social.ErrNotFound)
	})
}

func TestOneOfManyFollowsWins(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		wins := together(t, 8, func(i int) error {
			return s.InsertFollow(t.Context(), follow(social.ID(i+1), berta, alice, false))
		}, social.ErrConflict)
		if a := must(s.AccountByID(t.Context(), alice))(t); wins != 1 || a.FollowersCount != 1 {
			t.Errorf("%d follows won and alice has %d followers, want 1 and 1", wins, a.FollowersCount)
		}
	})
}

func TestFollowLists(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		for i := range social.ID(4) { // 11..14 also follow alice
			ok(t, s.InsertAccount(ctx, social.Account{ID: 11 + i, Username: string(rune('p' + i)), Domain: "d.test", URI: string(rune('p' + i))}, ""))
			ok(t, s.InsertFollow(ctx, follow(11+i, 11+i, alice, false)))
		}
		ok(t, s.InsertFollow(ctx, follow(1, anna, alice, false)))
		ok(t, s.InsertFollow(ctx, follow(2, berta, alice, true)))
		ok(t, s.InsertFollow(ctx, follow(3, carl, alice, false)))
		ok(t, s.InsertFollow(ctx, follow(4, anna, berta, false)))
		of := func(load func(p social.Page) ([]social.Follow, error)) func(p social.Page) ([]social.ID, error) {
			return func(p social.Page) (out []social.ID, err error) {
				fs, err := load(p)
				for _, f := range fs {
					out = append(out, f.ID)
				}
				return out, err
			}
		}
		pages(t, ids(14, 13, 12, 11, 3, 1), of(func(p social.Page) ([]social.Follow, error) { return s.Followers(ctx, alice, p) }))
		same(t, "following", must(of(func(p social.Page) ([]social.Follow, error) { return s.Following(ctx, anna, p) })(social.Page{Limit: 9}))(t), ids(4, 1))
		same(t, "requests", must(of(func(p social.Page) ([]social.Follow, error) { return s.FollowRequests(ctx, alice, p) })(social.Page{Limit: 9}))(t), ids(2))
		same(t, "local", must(s.LocalFollowers(ctx, alice))(t), ids(anna))
		same(t, "has local", must(s.HasLocalFollower(ctx, berta))(t), true)
		same(t, "has none", must(s.HasLocalFollower(ctx, carl))(t), false)
		var remote []social.ID
		for _, a := range must(s.RemoteFollowers(ctx, alice))(t) {
			remote = append(remote, a.ID)
		}
		same(t, "remote", remote, ids(carl, 11, 12, 13, 14))
		same(t, "follows", must(s.Follows(ctx, berta, ids(alice, anna)))(t), map[social.ID]bool{alice: false})
		same(t, "follows", must(s.Follows(ctx, anna, ids(alice, berta, carl)))(t), map[social.ID]bool{alice: true, berta: true})
		same(t, "followed by", must(s.FollowedBy(ctx, alice, ids(anna, berta, 99)))(t), map[social.ID]bool{anna: true, berta: false})
		same(t, "of nobody", len(must(s.Follows(ctx, anna, nil))(t)), 0)
		lately := func(by social.ID, since time.Duration, pending bool, limit int) (out []social.ID) {
			for _, a := range must(s.FollowedLately(ctx, by, noon.Add(since), pending, limit))(t) {
				out = append(out, a.ID)
			}
			return out
		}
		ok(t, s.InsertFollow(ctx, follow(5, anna, carl, true)))
		ok(t, s.InsertFollow(ctx, follow(6, anna, 11, false)))
		same(t, "followed lately, elsewhere", lately(anna, -time.Hour, false, 9), ids(berta, 11))
		same(t, "at most one", lately(anna, -time.Hour, false, 1), ids(berta))
		same(t, "asked to lately", lately(anna, -time.Hour, true, 9), ids(carl))
		same(t, "since tomorrow", len(lately(anna, 24*time.Hour, false, 9)), 0)
	})
}
