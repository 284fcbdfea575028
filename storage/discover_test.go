package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestAnnouncements(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		first := social.Announcement{ID: 1, Text: "ö", StartsAt: noon, EndsAt: noon.Add(time.Hour), AllDay: true, PublishedAt: noon, UpdatedAt: noon}
		second := social.Announcement{ID: 2, Text: "x", PublishedAt: noon, UpdatedAt: noon}
		ok(t, s.InsertAnnouncement(ctx, first))
		ok(t, s.InsertAnnouncement(ctx, second))
		same(t, "at noon", must(s.Announcements(ctx, noon, 9))(t), []social.Announcement{first, second})
		same(t, "later", must(s.Announcements(ctx, noon.Add(time.Hour), 9))(t), []social.Announcement{second})
		ok(t, s.ReadAnnouncement(ctx, alice, 1))
		ok(t, s.ReadAnnouncement(ctx, alice, 1))
		same(t, "read", must(s.ReadAnnouncements(ctx, alice, ids(1, 2)))(t), map[social.ID]bool{1: true})
		for _, by := range ids(anna, alice, alice) {
			ok(t, s.InsertAnnouncementReaction(ctx, 1, "❤️", by, noon.Add(time.Minute)))
		}
		ok(t, s.InsertAnnouncementReaction(ctx, 1, "😀", anna, noon))
		same(t, "reactions", must(s.AnnouncementReactions(ctx, alice, ids(1, 2)))(t), map[social.ID][]social.AnnouncementReaction{
			1: {{Name: "😀", Count: 1}, {Name: "❤️", Count: 2, Me: true}},
		})
		same(t, "taken back", must(s.DeleteAnnouncementReaction(ctx, 1, "❤️", alice))(t), true)
		same(t, "again", must(s.DeleteAnnouncementReaction(ctx, 1, "❤️", alice))(t), false)
		ok(t, s.DeleteAnnouncement(ctx, 1))
		fails(t, s.DeleteAnnouncement(ctx, 1), social.ErrNotFound)
		_, err := s.AnnouncementByID(ctx, 1)
		fails(t, err, social.ErrNotFound)
	})
}

func TestTrends(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		at := func(d time.Duration, author social.ID, tag string) social.Status {
			when := noon.Add(d)
			x := post(social.ID(when.UnixMilli()<<16)+author, author)
			x.CreatedAt, x.Tags = when, []string{tag}
			return x
		}
		hidden := at(0, carl, "a")
		hidden.Visibility = social.Unlisted
		publish(t, s, at(-25*time.Hour, alice, "a"), at(0, alice, "a"), at(time.Minute, alice, "a"), at(0, anna, "a"), at(0, berta, "b"), hidden)
		day := noon.Truncate(24 * time.Hour)
		same(t, "days", must(s.TagDays(ctx, []string{"a", "c"}, day))(t), map[string][]social.DayUse{"a": {{Day: day, Uses: 3, Accounts: 2}}})
		same(t, "hours", len(must(s.TagHours(ctx, day))(t)), 2)
		same(t, "hours of two days", len(must(s.TagHours(ctx, day.AddDate(0, 0, -1)))(t)), 3)
		same(t, "popular", len(must(s.PopularStatuses(ctx, day, 1, 9))(t)), 0)
		ok(t, s.PutReview(ctx, social.TrendTag, "a", social.Review{At: noon}))
		ok(t, s.PutReview(ctx, social.TrendTag, "a", social.Review{Allowed: true, At: noon}))
		same(t, "reviews", must(s.Reviews(ctx, social.TrendTag))(t), map[string]social.Review{"a": {Allowed: true, At: noon}})
		same(t, "reviews of links", len(must(s.Reviews(ctx, social.TrendLink))(t)), 0)
	})
}

func TestSuggestionsAndDirectory(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		found := func(all ...social.ID) {
			t.Helper()
			for _, id := range all {
				a := must(s.AccountByID(ctx, id))(t)
				a.Discoverable = true
				ok(t, s.UpdateAccount(ctx, a))
			}
		}
		found(anna, berta)
		for i, f := range []social.Follow{{AccountID: alice, TargetID: carl}, {AccountID: carl, TargetID: berta}, {AccountID: carl, TargetID: alice}, {AccountID: berta, TargetID: anna}} {
			f.ID, f.URI, f.CreatedAt = social.ID(i+1), "", noon
			ok(t, s.InsertFollow(ctx, f))
		}
		same(t, "friends of friends", must(s.FriendsOfFriends(ctx, alice, 5))(t), ids(berta))
		same(t, "most followed from here", must(s.MostFollowed(ctx, anna, 5))(t), ids())
		found(carl)
		same(t, "then", must(s.MostFollowed(ctx, anna, 5))(t), ids(carl))
		ok(t, s.DismissSuggestion(ctx, alice, berta))
		ok(t, s.DismissSuggestion(ctx, alice, berta))
		same(t, "dismissed", must(s.FriendsOfFriends(ctx, alice, 5))(t), ids())
		publish(t, s, post(10, anna))
		same(t, "directory", must(s.Directory(ctx, 0, false, false, 0, 9))(t), ids(anna, carl, berta))
		same(t, "newest", must(s.Directory(ctx, alice, false, true, 1, 9))(t), ids(berta, anna))
		same(t, "local", must(s.Directory(ctx, alice, true, false, 0, 9))(t), ids(anna))
		same(t, "peers", must(s.Peers(ctx, "TECH", "", 9))(t), []string{"techhub.test"})
		same(t, "count", must(s.CountPeers(ctx))(t), int64(1))
		ok(t, s.PutSiteText(ctx, social.SiteText{Name: "terms", Content: "a", UpdatedAt: noon}))
		ok(t, s.PutSiteText(ctx, social.SiteText{Name: "terms", Content: "b", UpdatedAt: noon}))
		same(t, "text", must(s.SiteText(ctx, "terms"))(t), social.SiteText{Name: "terms", Content: "b", UpdatedAt: noon})
		same(t, "no text", must(s.SiteText(ctx, "privacy"))(t), social.SiteText{Name: "privacy"})
		same(t, "weeks", must(s.Weeks(ctx, social.LastWeeks(noon, 2)))(t), []social.Week{
			{Start: time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC)}, {Start: time.Date(2026, 2, 16, 0, 0, 0, 0, time.UTC)},
		})
	})
}

func TestSearchPosts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		bertas := must(s.AccountByID(ctx, berta))(t)
		bertas.Indexable = true
		ok(t, s.UpdateAccount(ctx, bertas))
		says := func(id, author social.ID, text string, change ...func(*social.Status)) social.Status {
			x := post(id, author, change...)
			x.Content = text
			return x
		}
		publish(t, s, says(10, berta, "<p>Grün und blau</p>"), says(11, berta, "blau", seen(social.Private)), says(12, carl, "blau"), says(13, alice, "blau"))
		search := func(p social.PostSearch) []social.ID {
			t.Helper()
			p.Viewer, p.Limit = alice, 9
			return must(s.SearchPosts(ctx, p))(t)
		}
		same(t, "a word", search(social.PostSearch{Words: []string{"blau"}}), ids(13, 10))
		same(t, "two words", search(social.PostSearch{Words: []string{"blau", "grun"}}), ids(10))
		same(t, "one and not the other", search(social.PostSearch{Words: []string{"blau"}, NotWords: []string{"grun"}}), ids(13))
		same(t, "by somebody", search(social.PostSearch{From: ids(berta), Has: []string{}, IsNot: []string{"reply", "quote", "sensitive"}}), ids(10))
		same(t, "of the library", search(social.PostSearch{Words: []string{"blau"}, Library: true}), ids(13))
		for _, what := range []string{"media", "image", "video", "audio", "poll", "link", "embed"} {
			same(t, "with "+what, search(social.PostSearch{Words: []string{"blau"}, Has: []string{what}}), ids())
			same(t, "without "+what, search(social.PostSearch{Words: []string{"blau"}, HasNot: []string{what}}), ids(13, 10))
		}
		same(t, "in no language", search(social.PostSearch{Words: []string{"blau"}, NotLanguages: []string{"de"}, Public: true}), ids(13, 10))
		same(t, "in another", search(social.PostSearch{Words: []string{"blau"}, Languages: []string{"de"}, Since: noon}), ids())
		picture := social.Attachment{ID: 77, AccountID: alice, Kind: social.MediaImage, Description: "Ein Krebs", CreatedAt: noon}
		ok(t, s.InsertAttachment(ctx, picture))
		ok(t, s.SetAttachments(ctx, 13, ids(77)))
		same(t, "what a picture shows", search(social.PostSearch{Words: []string{"krebs"}}), ids(13))
		picture.StatusID, picture.Description = 13, "Ein Hummer"
		ok(t, s.UpdateAttachment(ctx, picture))
		y := says(13, alice, "blau")
		y.EditedAt = noon.Add(time.Hour)
		ok(t, s.UpdateStatus(ctx, y))
		same(t, "what it showed before an edit", search(social.PostSearch{Words: []string{"krebs"}}), ids())
		same(t, "what it shows since", search(social.PostSearch{Words: []string{"hummer", "blau"}}), ids(13))
		x := says(10, berta, "rot")
		x.EditedAt = noon.Add(time.Hour)
		ok(t, s.UpdateStatus(ctx, x))
		same(t, "after an edit", search(social.PostSearch{Words: []string{"grun"}}), ids())
		same(t, "its new word", search(social.PostSearch{Words: []string{"rot"}}), ids(10))
	})
}

// Words are kept for what somebody may find, so whatever lets somebody find a post must bring its words in.
func TestSearchPosts_findsWhatOneHasToDoWith(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(t *testing.T, s *Store)
	}{
		{"a favourite", func(t *testing.T, s *Store) {
			ok(t, s.InsertFavourite(t.Context(), social.Favourite{ID: 1, AccountID: alice, StatusID: 10, CreatedAt: noon}))
		}},
		{"a bookmark", func(t *testing.T, s *Store) {
			ok(t, s.InsertBookmark(t.Context(), social.Bookmark{ID: 1, AccountID: alice, StatusID: 10, CreatedAt: noon}))
		}},
		{"a boost", func(t *testing.T, s *Store) { publish(t, s, post(11, alice, boostOf(10))) }},
		{"a mention that was not known at first", func(t *testing.T, s *Store) {
			ok(t, s.AddMention(t.Context(), 10, social.Mention{AccountID: alice, Silent: true}, ""))
		}},
		{"an edit that mentions", func(t *testing.T, s *Store) {
			x := must(s.StatusByID(t.Context(), 10))(t)
			x.Mentions, x.EditedAt = []social.Mention{{AccountID: alice}}, noon.Add(time.Hour)
			x.Poll = &social.Poll{Options: []social.PollOption{{Title: "Gelb"}}}
			ok(t, s.UpdateStatus(t.Context(), x))
		}},
		{"an author who wants to be found from now on", func(t *testing.T, s *Store) {
			a := must(s.AccountByID(t.Context(), berta))(t)
			a.Indexable = true
			ok(t, s.UpdateAccount(t.Context(), a))
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, s *Store) {
				people(t, s)
				says := func(x *social.Status) {
					x.Content, x.Poll = "<p>Grün</p>", &social.Poll{Options: []social.PollOption{{Title: "Gelb"}}, ExpiresAt: noon}
				}
				publish(t, s, post(10, berta, says), post(9, carl, says))
				found := func() []social.ID {
					return must(s.SearchPosts(t.Context(), social.PostSearch{Viewer: alice, Limit: 9, Words: []string{"grun", "gelb"}}))(t)
				}
				same(t, "before", found(), ids())
				tt.do(t, s)
				same(t, "afterwards", found(), ids(10))
			})
		})
	}
}

func TestCards(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		at := social.ID(noon.UnixMilli() << 16)
		then := func(x *social.Status) { x.CreatedAt = noon }
		publish(t, s, post(at+1, alice, then), post(at+2, anna, then))
		c := social.Card{ID: 1, URL: "https://blog.test/1", Kind: "link", Title: "ö", Width: 3, PublishedAt: noon, FetchedAt: noon}
		same(t, "new", must(s.PutCard(ctx, c))(t), social.ID(1))
		c.ID, c.Title = 2, "other"
		same(t, "known", must(s.PutCard(ctx, c))(t), social.ID(1))
		c.ID = 1
		same(t, "by URL", must(s.CardByURL(ctx, c.URL))(t), c)
		same(t, "by id", must(s.CardByID(ctx, 1))(t), c)
		same(t, "several", must(s.CardsByID(ctx, ids(1, 7)))(t), map[social.ID]social.Card{1: c})
		for _, id := range ids(at+1, at+2, at+2) {
			ok(t, s.SetCard(ctx, id, 1, c.URL+"#x"))
		}
		c.Link = c.URL + "#x"
		same(t, "of statuses", must(s.Cards(ctx, ids(at+1, 7)))(t), map[social.ID]social.Card{at + 1: c})
		same(t, "timeline", must(s.LinkTimeline(ctx, alice, 1, social.Page{Limit: 9}))(t), ids(at+2, at+1))
		day := noon.Truncate(24 * time.Hour)
		hours := must(s.LinkHours(ctx, day))(t)
		if len(hours) != 1 || hours[0].Subject != "1" || hours[0].Accounts != 2 {
			t.Errorf("hours: got %+v", hours)
		}
		same(t, "days", must(s.LinkDays(ctx, ids(1), day))(t), map[social.ID][]social.DayUse{1: {{Day: day, Uses: 2, Accounts: 2}}})
		ok(t, s.PutReview(ctx, social.TrendPublisher, "blog.test", social.Review{At: noon}))
		same(t, "of a refused publisher", len(must(s.LinkHours(ctx, day))(t)), 0)
		ok(t, s.DeleteCard(ctx, at+1))
		same(t, "none", len(must(s.Cards(ctx, ids(at+1)))(t)), 0)
		_, err := s.CardByURL(ctx, "https://blog.test/2")
		fails(t, err, social.ErrNotFound)
	})
}
