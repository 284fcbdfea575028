package storage

import (
	"fmt"
	"testing"
	"time"

	"orrery/social"
)

func TestCrawlTakesTheNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		ok(t, s.InsertCrawl(ctx, social.Crawl{ID: 7, StatusID: 10, StartedAt: noon}))
		push := func(want string, uris ...string) {
			t.Helper()
			added, met, err := s.PushCrawl(ctx, 7, uris, 3)
			ok(t, err)
			same(t, "pushed", fmt.Sprint(added, met), want)
		}
		push("[a b] 2", "a", "b", "a")
		same(t, "first", must(s.PopCrawl(ctx, 7))(t), "b")
		push("[c] 3", "b", "c", "d")
		same(t, "second", must(s.PopCrawl(ctx, 7))(t), "c")
		same(t, "third", must(s.PopCrawl(ctx, 7))(t), "a")
		_, err := s.PopCrawl(ctx, 7)
		fails(t, err, social.ErrNotFound)
		ok(t, s.CountCrawled(ctx, 7, 2, 1))
		ok(t, s.EndCrawl(ctx, 7, noon.Add(time.Minute)))
		ok(t, s.EndCrawl(ctx, 7, noon.Add(time.Hour)))
		want := social.Crawl{ID: 7, StatusID: 10, StartedAt: noon, FinishedAt: noon.Add(time.Minute), Pages: 2, Found: 1}
		same(t, "ended", must(s.LastCrawl(ctx, 10))(t), want)
		ok(t, s.InsertCrawl(ctx, social.Crawl{ID: 8, StatusID: 11, StartedAt: noon.Add(48 * time.Hour)}))
		_, err = s.CrawlByID(ctx, 7)
		fails(t, err, social.ErrNotFound)
	})
}

func TestOriginCounts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		x := post(10, berta)
		x.Local = false
		publish(t, s, x)
		shown := func() [2]int64 {
			x := must(s.StatusByID(ctx, 10))(t)
			return [2]int64{x.Boosts(), x.Favourites()}
		}
		same(t, "unstated", must(s.StatusByID(ctx, 10))(t).Origin, social.OriginCounts{})
		ok(t, s.InsertFavourite(ctx, social.Favourite{ID: 1, AccountID: alice, StatusID: 10}))
		same(t, "counted here", shown(), [2]int64{0, 1})
		ok(t, s.SetOriginCounts(ctx, 10, social.OriginCounts{Favourites: social.Claimed(0)}))
		same(t, "stated in part", shown(), [2]int64{0, 0})
		ok(t, s.DeleteFavourite(ctx, alice, 10))
		same(t, "not below nothing", shown(), [2]int64{0, 0})
		ok(t, s.SetOriginCounts(ctx, 10, social.OriginCounts{Boosts: social.Claimed(4_000_000_000_000)}))
		ok(t, s.SetOriginCounts(ctx, 10, social.OriginCounts{Boosts: social.Claimed(4)}))
		publish(t, s, post(21, alice, boostOf(10)))
		same(t, "a boost here", shown(), [2]int64{5, 0})
	})
}

func TestRepliesNobodyFollows(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice))
		r := post(11, berta, replyTo(10, alice))
		r.Local = false
		publish(t, s, r)
		same(t, "replies", must(s.UnfollowedReplies(ctx, 10, 5))(t), []string{r.URI})
		known := must(s.StatusesByURI(ctx, []string{r.URI, "https://nowhere.test"}))(t)
		same(t, "known", len(known), 1)
		ok(t, s.NoteRepliesFetched(ctx, ids(11), noon))
		same(t, "fetched", must(s.StatusByID(ctx, 11))(t).RepliesFetchedAt, noon)
	})
}
