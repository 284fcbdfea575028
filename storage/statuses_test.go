package storage

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"orrery/social"
)

// together runs fn n times at once and counts the nil errors; every other error must be want.
func together(t testing.TB, n int, fn func(i int) error, want error) (wins int) {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { errs[i] = fn(i) })
	}
	wg.Wait()
	for _, err := range errs {
		switch {
		case err == nil:
			wins++
		case !errors.Is(err, want):
			t.Errorf("got error %v, want %v", err, want)
		}
	}
	return wins
}

func TestStatusRoundTrip(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		want := social.Status{
			ID: 50, URI: "https://t.test/50", URL: "https://t.test/@b/50", AccountID: berta, ReplyToURI: "https://t.test/49",
			ReplyToAccountID: 0, Visibility: social.Private, Content: "<p>ö</p>", Source: "ö", SpoilerText: "cw", Sensitive: true,
			Language: "de", ObjectType: "Question", Conversation: "tag:x", CreatedAt: noon, EditedAt: noon.Add(time.Second),
			RepliesCount: 1, BoostsCount: 2, FavouritesCount: 3,
		}
		in := want
		in.Mentions = []social.Mention{{AccountID: anna, Silent: true}, {AccountID: alice}, {AccountID: alice}}
		in.Tags = []string{"zebra", "ant"}
		ok(t, s.InsertStatus(ctx, in))
		same(t, "by id", must(s.StatusByID(ctx, 50))(t), want)
		same(t, "by URI", must(s.StatusByURI(ctx, want.URI))(t), want)
		same(t, "by ids", must(s.StatusesByID(ctx, ids(50, 51)))(t), map[social.ID]social.Status{50: want})
		same(t, "mentions", must(s.Mentions(ctx, ids(50)))(t),
			map[social.ID][]social.Mention{50: {{AccountID: alice}, {AccountID: anna, Silent: true}}})
		same(t, "tags", must(s.Tags(ctx, ids(50)))(t), map[social.ID][]string{50: {"ant", "zebra"}})

		_, err := s.StatusByID(ctx, 51)
		fails(t, err, social.ErrNotFound)
		_, err = s.StatusByURI(ctx, "https://t.test/none")
		fails(t, err, social.ErrNotFound)
		_, err = s.StatusDeleted(ctx, 50)
		fails(t, err, social.ErrNotFound)
		same(t, "none", len(must(s.StatusesByID(ctx, nil))(t)), 0)
	})
}

func TestKnownURIChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice))
		again := post(11, alice, func(x *social.Status) { x.URI, x.Tags = "https://academy.test/s/10", []string{"t"} })
		fails(t, s.InsertStatus(ctx, again), social.ErrConflict)
		same(t, "tags", len(must(s.Tags(ctx, ids(10, 11)))(t)), 0)
		same(t, "count", must(s.CountLocalStatuses(ctx))(t), int64(1))
	})
}

func TestOneOfManyInsertsOfAURIWins(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		wins := together(t, 16, func(i int) error {
			return s.InsertStatus(t.Context(), post(social.ID(100+i), berta, func(x *social.Status) { x.URI = "https://t.test/one" }))
		}, social.ErrConflict)
		if wins != 1 {
			t.Errorf("%d inserts won, want 1", wins)
		}
		if a := must(s.AccountByID(t.Context(), berta))(t); a.StatusesCount != 1 {
			t.Errorf("berta has %d statuses, want 1", a.StatusesCount)
		}
	})
}

func TestOneBoostForEachAccount(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, berta, boostOf(10)), post(12, anna, boostOf(10)))
		fails(t, s.InsertStatus(ctx, post(13, berta, boostOf(10))), social.ErrConflict)
		same(t, "boost", must(s.BoostBy(ctx, berta, 10))(t).ID, social.ID(11))
		_, err := s.BoostBy(ctx, carl, 10)
		fails(t, err, social.ErrNotFound)
		must(s.MarkDeleted(ctx, 11, noon))(t)
		ok(t, s.InsertStatus(ctx, post(13, berta, boostOf(10))))
		same(t, "boosts", must(s.StatusByID(ctx, 10))(t).BoostsCount, int64(2))
		same(t, "by", must(s.BoostedBy(ctx, 10, social.Page{Limit: 9}))(t), ids(berta, anna))
	})
}

func TestCountersFollowStatuses(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice, seen(social.Direct)), post(12, alice, seen(social.Private), replyTo(10, alice)),
			post(13, berta, replyTo(10, alice)), post(14, anna, boostOf(10)))
		count := func(want ...int64) {
			t.Helper()
			a, x := must(s.AccountByID(ctx, alice))(t), must(s.StatusByID(ctx, 10))(t)
			same(t, "alice's statuses, replies to and boosts of 10", []int64{a.StatusesCount, x.RepliesCount, x.BoostsCount}, want)
		}
		count(2, 1, 1) // direct is not counted, and a private reply shows in no number
		same(t, "last post", must(s.AccountByID(ctx, alice))(t).LastStatusAt, noon.Add(12*time.Second))
		must(s.MarkDeleted(ctx, 11, noon))(t)
		must(s.MarkDeleted(ctx, 12, noon))(t)
		count(1, 1, 1)
		must(s.MarkDeleted(ctx, 13, noon))(t)
		must(s.MarkDeleted(ctx, 14, noon))(t)
		count(1, 0, 0)
		same(t, "local", must(s.CountLocalStatuses(ctx))(t), int64(1))

		publish(t, s, post(20, alice, seen(social.Direct)))
		ok(t, s.AddMention(ctx, 20, social.Mention{AccountID: anna, Silent: true}, social.Limited))
		count(2, 0, 0)
		same(t, "visibility", must(s.StatusByID(ctx, 20))(t).Visibility, social.Limited)
		fails(t, s.AddMention(ctx, 21, social.Mention{AccountID: anna}, ""), social.ErrNotFound)
	})
}

func TestMarkDeletedTakesEverythingAlong(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice, func(x *social.Status) { x.Mentions = []social.Mention{{AccountID: berta}} }),
			post(11, berta, boostOf(10)), post(12, anna, replyTo(10, alice)), post(13, alice))
		ok(t, s.InsertFavourite(ctx, social.Favourite{ID: 1, AccountID: carl, StatusID: 10}))
		ok(t, s.InsertHome(ctx, []social.HomeEntry{{AccountID: anna, StatusID: 10}, {AccountID: anna, StatusID: 11, BoostOfID: 10}, {AccountID: anna, StatusID: 13}}))
		ok(t, s.InsertNotification(ctx, social.Notification{ID: 1, AccountID: alice, FromID: berta, Type: social.NotifyReblog, StatusID: 10}))
		ok(t, s.InsertNotification(ctx, social.Notification{ID: 2, AccountID: alice, FromID: berta, Type: social.NotifyFollow}))

		same(t, "boosts gone", must(s.MarkDeleted(ctx, 10, noon))(t), ids(11))
		_, err := s.MarkDeleted(ctx, 10, noon)
		fails(t, err, social.ErrNotFound)
		for _, id := range ids(10, 11) {
			_, err := s.StatusByID(ctx, id)
			fails(t, err, social.ErrNotFound)
		}
		gone := must(s.StatusDeleted(ctx, 10))(t)
		same(t, "deleted at", gone.DeletedAt, noon)
		same(t, "mentions kept", gone.Mentions, []social.Mention{{AccountID: berta}})
		same(t, "home", len(must(s.Home(ctx, anna, social.Page{Limit: 9}))(t)), 1)
		same(t, "notifications", len(must(s.Notifications(ctx, alice, social.NotificationFilter{}, social.Page{Limit: 9}))(t)), 1)
		same(t, "public", must(s.PublicTimeline(ctx, 0, social.PublicFilter{}, social.Page{Limit: 9}))(t), ids(13))
		same(t, "berta's statuses", must(s.AccountByID(ctx, berta))(t).StatusesCount, int64(0))

		var told []social.ID
		for _, a := range must(s.Interacted(ctx, 10))(t) {
			told = append(told, a.ID)
		}
		same(t, "those who must hear of it", told, ids(berta, carl))

		ok(t, s.PurgeStatus(ctx, 13)) // not marked, so it stays
		ok(t, s.PurgeStatus(ctx, 10))
		ok(t, s.PurgeStatus(ctx, 10))
		_, err = s.StatusDeleted(ctx, 10)
		fails(t, err, social.ErrNotFound)
		_, err = s.StatusDeleted(ctx, 11)
		fails(t, err, social.ErrNotFound)
		_, err = s.FavouriteBetween(ctx, carl, 10)
		fails(t, err, social.ErrNotFound)
		must(s.StatusByID(ctx, 13))(t)
		orphan := must(s.StatusByID(ctx, 12))(t)
		same(t, "orphan", []any{orphan.ReplyToID, orphan.ReplyToURI}, []any{social.ID(0), "https://academy.test/s/10"})
	})
}

func TestOutbox(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice, seen(social.Unlisted)), post(12, alice, seen(social.Private)),
			post(13, berta), post(14, alice, boostOf(13)), post(15, alice, replyTo(13, berta)))
		pages(t, ids(15, 14, 11, 10), func(p social.Page) ([]social.ID, error) {
			out, err := s.Outbox(t.Context(), alice, p)
			var got []social.ID
			for _, x := range out {
				got = append(got, x.ID)
			}
			return got, err
		})
	})
}

func TestIdempotencyKeys(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		_, err := s.StatusIDByIdempotencyKey(ctx, alice, "k", noon)
		fails(t, err, social.ErrNotFound)
		ok(t, s.PutIdempotencyKey(ctx, alice, "k", 10, noon))
		fails(t, s.PutIdempotencyKey(ctx, alice, "k", 11, noon.Add(time.Hour)), social.ErrConflict)
		same(t, "found", must(s.StatusIDByIdempotencyKey(ctx, alice, "k", noon))(t), social.ID(10))
		_, err = s.StatusIDByIdempotencyKey(ctx, alice, "k", noon.Add(1e6))
		fails(t, err, social.ErrNotFound)
		_, err = s.StatusIDByIdempotencyKey(ctx, anna, "k", noon)
		fails(t, err, social.ErrNotFound)
		ok(t, s.PutIdempotencyKey(ctx, alice, "k", 12, noon.Add(time.Hour+1e6)))
		same(t, "replaced", must(s.StatusIDByIdempotencyKey(ctx, alice, "k", noon))(t), social.ID(12))
	})
}

func TestTombstonesAndSuppression(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		ok(t, s.InsertTombstone(ctx, 1, "u", noon))
		ok(t, s.InsertTombstone(ctx, 1, "u", noon))
		same(t, "tombstone", must(s.TakenBack(ctx, carl, "u", noon))(t), true)
		same(t, "none", must(s.TakenBack(ctx, carl, "v", noon))(t), false)
		end := noon.Add(social.SuppressFor)
		ok(t, s.Suppress(ctx, berta, "u", end))
		ok(t, s.Suppress(ctx, berta, "u", end.Add(-time.Hour)))
		ok(t, s.Suppress(ctx, berta, "w", end))
		same(t, "taken back by its author", must(s.TakenBack(ctx, berta, "w", noon))(t), true)
		same(t, "taken back by somebody else", must(s.TakenBack(ctx, carl, "w", noon))(t), false)
		for _, tt := range []struct {
			account social.ID
			at      time.Time
			want    bool
		}{{berta, end.Add(-1e6), true}, {berta, end, false}, {carl, noon, false}} {
			same(t, "suppressed", must(s.Suppressed(ctx, tt.account, "u", tt.at))(t), tt.want)
			same(t, "a tombstone is for everybody", must(s.TakenBack(ctx, tt.account, "u", tt.at))(t), true)
		}
	})
}

// pages asks for want, newest first, in every way of paging.
func pages(t *testing.T, want []social.ID, load func(social.Page) ([]social.ID, error)) {
	t.Helper()
	check := func(name string, p social.Page, want []social.ID) {
		t.Helper()
		got, err := load(p)
		ok(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	n := len(want)
	if n < 4 {
		t.Fatal("pages needs four rows")
	}
	check("all", social.Page{Limit: 100}, want)
	check("first two", social.Page{Limit: 2}, want[:2])
	check("max_id", social.Page{Limit: 2, MaxID: want[1]}, want[2:4])
	check("max_id at the end", social.Page{Limit: 2, MaxID: want[n-1]}, nil)
	check("since_id keeps the newest", social.Page{Limit: 2, SinceID: want[n-1]}, want[:2])
	check("min_id keeps the nearest", social.Page{Limit: 2, MinID: want[n-1]}, want[n-3:n-1])
	check("max_id and min_id", social.Page{Limit: 9, MaxID: want[0], MinID: want[n-1]}, want[1:n-1])
	check("max_id and since_id", social.Page{Limit: 1, MaxID: want[0], SinceID: want[n-1]}, want[1:2])
	check("min_id at the top", social.Page{Limit: 2, MinID: want[0]}, nil)
}
