package main

import (
	"context"
	"strings"
	"testing"

	"github.com/mattn/go-mastodon"
)

func TestClient_goMastodon(t *testing.T) {
	t.Parallel()
	onEachStage(t, func(t *testing.T, s *stage) {
		ctx := within(t)
		alice, berta := goMastodonAs(t, ctx, s, s.alice), goMastodonAs(t, ctx, s, s.berta)
		alice.follow(s.berta)
		berta.follow(s.alice)
		alice.isTold("follow", s.berta)
		goMastodonPosts(t, alice, berta)
		goMastodonTalks(t, alice, berta)
		goMastodonReads(t, alice, berta)
		alice.must(alice.RevokeToken(ctx))
		if me, err := alice.GetAccountCurrentUser(ctx); err == nil {
			t.Errorf("after leaving, the token still is %s", me.Acct)
		}
	})
}

// goMastodonPosts writes all that a post can hold, changes one and deletes it.
func goMastodonPosts(t *testing.T, alice, berta *goMastodon) {
	ctx := alice.ctx
	a, err := alice.UploadMediaFromMedia(ctx, &mastodon.Media{File: strings.NewReader(string(picture(t))), Description: "Blue to yellow", Focus: "0.5,-0.5"})
	if err != nil {
		t.Fatal(err)
	}
	eventually(t, "the picture is ready", func(ctx context.Context) bool { return alice.GetMediaStatus(ctx, a) == nil })
	shown := alice.post(mastodon.Toot{Status: "A picture", MediaIDs: []mastodon.ID{a.ID}, SpoilerText: "Colours", Sensitive: true, Language: "en"})
	if len(shown.MediaAttachments) != 1 || shown.MediaAttachments[0].Type != "image" || shown.MediaAttachments[0].Description != "Blue to yellow" {
		t.Fatalf("the post has %+v, want one picture with its description", shown.MediaAttachments)
	}
	if shown.SpoilerText != "Colours" || !shown.Sensitive || shown.Language != "en" || shown.Application.ID != "" {
		t.Errorf("the post is %+v", shown)
	}
	alice.isPicture(shown.MediaAttachments[0].URL)
	there := berta.receives(alice.somebody, "A picture")
	if len(there.MediaAttachments) != 1 || there.SpoilerText != "Colours" || there.MediaAttachments[0].Description != "Blue to yellow" {
		t.Errorf("elsewhere the post is %+v", there)
	} else {
		berta.isPicture(there.MediaAttachments[0].URL)
	}

	asked := alice.post(mastodon.Toot{Status: "Tea or coffee?", Poll: &mastodon.TootPoll{Options: []string{"Tea", "Coffee"}, ExpiresInSeconds: 3600}})
	if asked.Poll == nil || len(asked.Poll.Options) != 2 || asked.Poll.OwnVotes == nil {
		t.Fatalf("the poll is %+v", asked.Poll)
	}
	there = berta.receives(alice.somebody, "Tea or coffee?")
	if there.Poll == nil {
		t.Fatalf("elsewhere there is no poll: %+v", there)
	}
	if p, err := berta.PollVote(ctx, there.Poll.ID, 1); err != nil || !p.Voted || len(p.OwnVotes) != 1 || p.OwnVotes[0] != 1 {
		t.Fatalf("the vote: %+v, %v", p, err)
	}
	eventually(t, "the vote is counted", func(ctx context.Context) bool {
		p, err := alice.GetPoll(ctx, asked.Poll.ID)
		return err == nil && p.VotesCount == 1 && p.Options[1].VotesCount == 1
	})

	first := alice.post(mastodon.Toot{Status: "Helo"})
	there = berta.receives(alice.somebody, "Helo")
	if src, err := alice.GetStatusSource(ctx, first.ID); err != nil || src.Text != "Helo" {
		t.Errorf("its source is %+v, %v", src, err)
	}
	if e, err := alice.UpdateStatus(ctx, &mastodon.Toot{Status: "Hello"}, first.ID); err != nil || e.ID != first.ID || e.EditedAt.IsZero() {
		t.Fatalf("the edit is %+v, %v", e, err)
	}
	if h, err := alice.GetStatusHistory(ctx, first.ID); err != nil || len(h) != 2 {
		t.Errorf("its history is %+v, %v; want two", h, err)
	}
	eventually(t, "the edit is elsewhere", func(ctx context.Context) bool {
		got, err := berta.GetStatus(ctx, there.ID)
		return err == nil && strings.Contains(got.Content, "Hello")
	})
	if err := alice.DeleteStatus(ctx, first.ID); err != nil {
		t.Fatal(err)
	}
	if got, err := alice.GetStatus(ctx, first.ID); err == nil {
		t.Errorf("the deleted post is still %+v", got)
	}
	eventually(t, "it is deleted elsewhere", func(ctx context.Context) bool {
		_, err := berta.GetStatus(ctx, there.ID)
		return err != nil && strings.Contains(err.Error(), "404")
	})
}

// goMastodonTalks has alice hear of berta's posts as they come, and answer.
func goMastodonTalks(t *testing.T, alice, berta *goMastodon) {
	ctx := alice.ctx
	streams := map[string]*stream{"SSE": alice.listen("SSE", alice.StreamingUser)}
	ws := alice.NewWSClient()
	ws.NetDialContext = dial
	streams["WebSocket"] = alice.listen("WebSocket", ws.StreamingWSUser)
	onEveryStream := func(what string, is func(mastodon.Event) bool) {
		t.Helper()
		for name, s := range streams {
			s.hears(t, what+" over "+name, is)
		}
	}

	said := berta.post(mastodon.Toot{Status: "Who is awake?"})
	onEveryStream("the post", func(e mastodon.Event) bool {
		u, ok := e.(*mastodon.UpdateEvent)
		return ok && u.Status.Account.Acct == berta.handle() && strings.Contains(u.Status.Content, "awake")
	})
	here := alice.receives(berta.somebody, "awake")
	answer := alice.post(mastodon.Toot{Status: "@" + berta.handle() + " I am.", InReplyToID: here.ID})
	if answer.InReplyToID != string(here.ID) || len(answer.Mentions) != 1 || answer.Mentions[0].Acct != berta.handle() {
		t.Errorf("the answer is %+v", answer)
	}
	if got, err := alice.Favourite(ctx, here.ID); err != nil || got.Favourited != true {
		t.Errorf("favourite: %+v, %v", got, err)
	}
	if got, err := alice.Reblog(ctx, here.ID); err != nil || got.Reblog == nil || got.Reblog.ID != here.ID || got.Reblogged != true {
		t.Errorf("boost: %+v, %v", got, err)
	}
	if got, err := alice.Bookmark(ctx, here.ID); err != nil || got.Bookmarked != true {
		t.Errorf("bookmark: %+v, %v", got, err)
	}
	for _, kind := range []string{"mention", "favourite", "reblog"} {
		if n := berta.isTold(kind, alice.somebody); kind != "mention" && n.Status.ID != said.ID {
			t.Errorf("the %s is of %+v", kind, n.Status)
		}
	}
	thread, err := berta.GetStatusContext(ctx, said.ID)
	if err != nil || len(thread.Descendants) != 1 || thread.Descendants[0].Account.Acct != alice.handle() {
		t.Errorf("the thread is %+v, %v", thread, err)
	}

	told := berta.isTold("mention", alice.somebody)
	again := berta.post(mastodon.Toot{Status: "@" + alice.handle() + " Then good mrning!", InReplyToID: told.Status.ID})
	onEveryStream("the mention", func(e mastodon.Event) bool {
		n, ok := e.(*mastodon.NotificationEvent)
		return ok && n.Notification.Type == "mention" && n.Notification.Account.Acct == berta.handle()
	})
	if _, err := berta.UpdateStatus(ctx, &mastodon.Toot{Status: "@" + alice.handle() + " Then good morning!"}, again.ID); err != nil {
		t.Fatal(err)
	}
	onEveryStream("the edit", func(e mastodon.Event) bool {
		u, ok := e.(*mastodon.UpdateEditEvent)
		return ok && strings.Contains(u.Status.Content, "good morning")
	})
	gone := alice.isTold("mention", berta.somebody).Status.ID
	if err := berta.DeleteStatus(ctx, again.ID); err != nil {
		t.Fatal(err)
	}
	onEveryStream("the deletion", func(e mastodon.Event) bool {
		d, ok := e.(*mastodon.DeleteEvent)
		return ok && d.ID == gone
	})
	for name, s := range streams {
		if s.has(func(e mastodon.Event) bool { _, bad := e.(*mastodon.ErrorEvent); return bad }) {
			t.Errorf("%s brought an error: %+v", name, s.all)
		}
	}

	direct := berta.post(mastodon.Toot{Status: "@" + alice.handle() + " between us", Visibility: "direct"})
	eventually(t, "the conversation is there", func(ctx context.Context) bool {
		all, err := alice.GetConversations(ctx, nil)
		return err == nil && len(all) == 1 && all[0].Unread && all[0].LastStatus != nil && all[0].LastStatus.URI == direct.URI
	})
}

// goMastodonReads walks every timeline to its end, two posts at a time.
func goMastodonReads(t *testing.T, alice, berta *goMastodon) {
	ctx := alice.ctx
	list, err := alice.CreateList(ctx, "Far")
	alice.must(err)
	followed := alice.follow(berta.somebody)
	alice.must(alice.AddToList(ctx, list.ID, followed.ID))
	var mine, theirs, liked []mastodon.ID
	for _, n := range []string{"one", "two", "three", "four", "five"} {
		mine = append(mine, alice.post(mastodon.Toot{Status: "Number " + n + " #numbers"}).ID)
	}
	for _, n := range []string{"six", "seven", "eight"} {
		berta.post(mastodon.Toot{Status: "Number " + n + " #numbers"})
		theirs = append(theirs, alice.receives(berta.somebody, n).ID)
	}
	all := append(append([]mastodon.ID{}, mine...), theirs...)
	for _, id := range all[2:] {
		_, err := alice.Favourite(ctx, id)
		alice.must(err)
		_, err = alice.Bookmark(ctx, id)
		alice.must(err)
		liked = append(liked, id)
	}
	me, err := alice.GetAccountCurrentUser(ctx)
	alice.must(err)

	type paged = func(*mastodon.Pagination) ([]*mastodon.Status, error)
	for _, timeline := range []struct {
		name string
		want []mastodon.ID
		page paged
	}{
		{"home", all, func(p *mastodon.Pagination) ([]*mastodon.Status, error) { return alice.GetTimelineHome(ctx, p) }},
		{"public", all, func(p *mastodon.Pagination) ([]*mastodon.Status, error) {
			return alice.GetTimelinePublic(ctx, false, p)
		}},
		{"local", mine, func(p *mastodon.Pagination) ([]*mastodon.Status, error) {
			return alice.GetTimelinePublic(ctx, true, p)
		}},
		{"hashtag", all, func(p *mastodon.Pagination) ([]*mastodon.Status, error) {
			return alice.GetTimelineHashtag(ctx, "numbers", false, p)
		}},
		{"list", theirs, func(p *mastodon.Pagination) ([]*mastodon.Status, error) {
			return alice.GetTimelineList(ctx, list.ID, p)
		}},
		{"favourites", liked, func(p *mastodon.Pagination) ([]*mastodon.Status, error) { return alice.GetFavourites(ctx, p) }},
		{"bookmarks", liked, func(p *mastodon.Pagination) ([]*mastodon.Status, error) { return alice.GetBookmarks(ctx, p) }},
		{"profile", mine, func(p *mastodon.Pagination) ([]*mastodon.Status, error) {
			return alice.GetAccountStatuses(ctx, me.ID, p)
		}},
	} {
		alice.pages(timeline.name, timeline.want, timeline.page)
	}
	told := map[mastodon.ID]bool{}
	for n, err := range alice.Notifications(ctx, &mastodon.NotificationFilter{}, &mastodon.Pagination{Limit: 1}) {
		alice.must(err)
		if told[n.ID] {
			t.Errorf("notification %s comes twice", n.ID)
		}
		told[n.ID] = true
	}
	if len(told) < 2 {
		t.Errorf("there are %d notifications, want at least a follow and a mention", len(told))
	}
}
