package stream_test

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"orrery/social"
)

// arrives makes a public post of author, with the hashtag cats, come into feeds and before everybody.
func (w *world) arrives(author social.Account, picture bool, feeds ...social.ID) string {
	w.t.Helper()
	id := w.in.Services.Statuses.NewID()
	s := social.Status{
		ID: id, URI: author.URI + "/statuses/" + id.String(), AccountID: author.ID, Visibility: social.Public, Content: "<p>#cats</p>",
		ObjectType: "Note", Local: author.Local(), Tags: []string{"cats"}, CreatedAt: w.in.Services.Now(),
	}
	w.must(w.in.Services.Store.Atomically(w.t.Context(), func(ctx context.Context, tx social.Tx) error {
		if err := tx.InsertStatus(ctx, s); err != nil {
			return err
		}
		if picture {
			a := social.Attachment{ID: w.in.Services.Statuses.NewID(), AccountID: author.ID, StatusID: id, Kind: social.MediaImage, RemoteURL: "https://beta.test/cat.png"}
			if err := tx.InsertAttachment(ctx, a); err != nil {
				return err
			}
		}
		return tx.Tell(ctx, social.News{Kind: social.NewsArrived, Subject: id, Feeds: feeds, Public: true})
	}))
	return id.String()
}

// Every stream, over SSE where it has an address and over a WebSocket, hears what belongs to it and nothing else.
func TestStreams_everyOneThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice, bob := w.people["alice"], w.people["bob"]
	list, err := w.in.Services.Lists.Create(t.Context(), alice.ID, social.List{Title: "friends"})
	w.must(err)
	rita := social.Account{ID: w.in.Services.Accounts.NewID(), Username: "rita", Domain: "beta.test", URI: "https://beta.test/users/rita", ActorType: "Person", CreatedAt: w.in.Services.Now()}
	w.must(w.in.Services.Store.InsertAccount(t.Context(), rita, ""))
	token := w.token("alice", "read")
	// h: a local post, H: with a picture, r: a remote post, R: with a picture
	streams := []struct{ name, path, hears string }{
		{"public", "public", "hHrR"},
		{"public:media", "public?only_media=true", "HR"},
		{"public:local", "public/local", "hH"},
		{"public:local:media", "public/local?only_media=true", "H"},
		{"public:remote", "public/remote", "rR"},
		{"public:remote:media", "public/remote?only_media=true", "R"},
		{"hashtag", "hashtag?tag=cats", "hHrR"},
		{"hashtag:local", "hashtag/local?tag=cats", "hH"},
		{"list", "list?list=" + list.ID.String(), "h"},
		{"user", "user", "H"},
	}
	var sse []*events
	var sockets []*socket
	for _, s := range streams {
		sse = append(sse, w.listen("/api/v1/streaming/"+s.path, token))
		_, argument, _ := strings.Cut(s.path, "?")
		socket := w.socket("?stream=" + url.QueryEscape(s.name) + "&access_token=" + token + "&" + argument)
		socket.heard()
		sockets = append(sockets, socket)
	}
	posts := map[string]string{
		"h": w.arrives(bob, false, list.ID), "H": w.arrives(bob, true, alice.ID), "r": w.arrives(rita, false), "R": w.arrives(rita, true),
	}
	for i, s := range streams {
		for _, post := range strings.Split(s.hears, "") {
			if got := sse[i].next(); got.Event != "update" || got.entity().ID != posts[post] {
				t.Errorf("SSE %s hears %+v, want %s (%s)", s.path, got, post, posts[post])
			}
			got := sockets[i].next()
			if got.Event != "update" || got.entity().ID != posts[post] || got.Stream[0] != s.name {
				t.Errorf("the stream %s hears %+v, want %s (%s)", s.name, got, post, posts[post])
			}
		}
	}
}

// What concerns one person comes on streams of their own.
func TestStreams_ofOnePerson(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.follow("alice", "bob")
	alice, carol := w.people["alice"].ID, w.people["carol"].ID
	token := w.token("alice", "read")
	notes, direct := w.listen("/api/v1/streaming/user/notification", token), w.socket("?stream=direct&access_token="+token)
	direct.heard()
	secret := w.post("bob", "@alice psst", visibility(social.Direct))
	wants(t, notes.next(), "notification", secret.ID)
	wants(t, direct.next(), "conversation", secret.ID)

	// What was said before may still come to who listens now.
	user := w.listen("/api/v1/streaming/user", token)
	own := func() (got event) {
		for got = user.next(); got.Event == "update" || got.Event == "notification"; got = user.next() {
		}
		return got
	}
	_, err := w.in.Services.Filters.Create(t.Context(), alice, social.Filter{Title: "x", Contexts: []social.FilterContext{social.FilterHome}, Action: social.FilterWarn})
	w.must(err)
	if got := own(); got.Event != "filters_changed" {
		t.Errorf("after a filter: %+v, want filters_changed", got)
	}
	requests := func() []social.NotificationRequest {
		out, err := w.in.Services.Store.NotificationRequests(t.Context(), alice, social.Page{Limit: 5})
		w.must(err)
		return out
	}
	policy, err := w.in.Services.Store.NotificationPolicy(t.Context(), alice)
	w.must(err)
	policy.NotFollowing = social.TreatFilter
	w.must(w.in.Services.Store.SetNotificationPolicy(t.Context(), alice, policy))
	w.post("carol", "@alice hello")
	i := slices.IndexFunc(requests(), func(r social.NotificationRequest) bool { return r.FromID == carol })
	if i < 0 {
		t.Fatalf("requests: %+v, want one by carol", requests())
	}
	w.must(w.in.Services.Store.AcceptNotificationRequest(t.Context(), alice, requests()[i].ID))
	if got := own(); got.Event != "notifications_merged" {
		t.Errorf("after accepting: %+v, want notifications_merged", got)
	}
}
