package clientapi

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"orrery/internal/golden"
	"orrery/social"
	"orrery/social/richtext"
)

func at(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func alice() social.Account {
	return social.Account{
		ID: 101, Username: "alice", URI: "https://alpha.test/users/alice", URL: "https://alpha.test/@alice", ActorType: "Person",
		DisplayName: "Alice", Note: "I read #books.\n\nhttps://alpha.test/about", Discoverable: true,
		FollowersCount: 3, FollowingCount: 2, StatusesCount: 7,
		CreatedAt: at("2026-01-02T15:04:05.678Z"), LastStatusAt: at("2026-02-03T04:05:06Z"),
	}
}

func berta() social.Account {
	return social.Account{
		ID: 202, Username: "berta", Domain: "xn--bcher-kva.test", URI: "https://xn--bcher-kva.test/users/berta", ActorType: "Service", URL: "javascript:alert(1)", HeaderURL: "data:text/html,x",
		Note: `<p onclick="x()">Hi <script>alert(1)</script></p>`, Locked: true, AvatarURL: "https://xn--bcher-kva.test/a.png",
		CreatedAt: at("2026-01-05T00:00:00Z"),
	}
}

// note is alice's answer to berta.
func aliceAnswers() social.StatusView {
	b := berta()
	return social.StatusView{
		Status: social.Status{
			ID: 1001, URI: "https://alpha.test/users/alice/statuses/1001", URL: "https://alpha.test/@alice/1001", AccountID: 101,
			ReplyToID: 1000, ReplyToURI: "https://xn--bcher-kva.test/notes/1", ReplyToAccountID: 202, Visibility: social.Public,
			Content: `<p>Hello <span class="h-card" translate="no"><a href="https://xn--bcher-kva.test/users/berta" class="u-url mention">@<span>berta</span></a></span></p>`,
			Source:  "Hello @berta@bücher.test #Books", Language: "en", ObjectType: "Note", Local: true,
			CreatedAt: at("2026-02-03T04:05:06.789123Z"), RepliesCount: 1, BoostsCount: 2, FavouritesCount: 3,
		},
		Author: alice(), Mentions: []social.Account{b}, Tags: []string{"books"}, ReplyTo: &b,
		Viewer: social.ViewerState{Marks: social.Marks{Favourited: true}},
	}
}

// bertaWrites is hostile and addressed to people it does not name.
func bertaWrites() social.StatusView {
	return social.StatusView{
		Status: social.Status{
			ID: 1000, URI: "https://xn--bcher-kva.test/notes/1", AccountID: 202, Visibility: social.Limited, URL: "javascript:alert(1)",
			Content:     `<p style="x">Look <img src=x onerror=alert(1)><a href="javascript:x">here</a></p><script>x</script>`,
			SpoilerText: "<b>plain</b>", Sensitive: true, CreatedAt: at("2026-02-03T04:00:00Z"), EditedAt: at("2026-02-03T05:00:00.5Z"),
		},
		Author: berta(),
	}
}

func aliceBoosts() social.StatusView {
	inner := bertaWrites()
	inner.Status.Visibility = social.Public
	return social.StatusView{
		Status: social.Status{
			ID: 1002, URI: "https://alpha.test/users/alice/statuses/1002/activity", URL: "https://alpha.test/users/alice/statuses/1002/activity",
			AccountID: 101, BoostOfID: 1000, Visibility: social.Unlisted, Local: true, CreatedAt: at("2026-02-03T06:00:00Z"),
		},
		Author: alice(), Boost: &inner,
	}
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	anybody := Render{URLs: social.URLs{Origin: "https://alpha.test"}, Text: richtext.Mastodon41}
	asAlice := anybody
	asAlice.Viewer = 101
	user := social.User{AccountID: 101, DefaultVisibility: social.Unlisted, DefaultLanguage: "en"}
	info := ServerInfo{
		Title: "Alpha", Description: "A server.", Domain: "alpha.test", Version: "4.5.0+orrery.0.1.0", SourceURL: "https://example.org/src",
		ContactEmail: "root@alpha.test", StreamingOrigin: "wss://alpha.test", People: 3, ActivePeople: 2, Statuses: 9,
	}
	for name, got := range map[string]any{
		"account_local":       FromAccount(alice(), anybody),
		"account_remote":      FromAccount(berta(), anybody),
		"account_credentials": FromCredentials(alice(), user, 4, asAlice),
		"status_anonymous":    FromStatus(aliceAnswers(), anybody),
		"status_own":          FromStatus(aliceAnswers(), asAlice),
		"status_hostile":      FromStatus(bertaWrites(), asAlice),
		"status_boost":        FromStatus(aliceBoosts(), asAlice),
		"status_deleted":      FromDeleted(aliceAnswers(), asAlice),
		"context_empty":       FromThread(nil, nil, anybody),
		"relationship":        FromRelationship(social.Relationship{ID: 202, Following: true, ShowingBoosts: true, RequestedBy: true}),
		"notification_follow": FromNotification(social.NotificationView{Notification: social.Notification{ID: 5, Type: social.NotifyFollow, CreatedAt: at("2026-02-03T00:00:00Z")}, From: berta()}, asAlice),
		"search":              FromFound(social.Found{Accounts: []social.Account{alice()}, Tags: []string{"books"}}, []social.TagView{{Name: "books", History: []social.DayUse{{Day: time.Unix(1767225600, 0), Uses: 3, Accounts: 2}}}}, asAlice),
		"app":                 FromNewApp(social.App{ID: 9, Name: "Toot", ClientID: "id", RedirectURIs: []string{"urn:ietf:wg:oauth:2.0:oob", "app://x"}, Scopes: "read write"}, "secret"),
		"token":               FromToken("bearer", social.Token{Scopes: "read", CreatedAt: at("2026-02-03T00:00:00Z")}),
		"preferences":         FromUser(user),
		"instance_v1":         FromServerV1(info, anybody),
		"instance_v2":         FromServer(info, anybody),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden.JSON(t, name, got)
			listsAreNotNull(t, got)
		})
	}
}

// Apps throw a page away when one of these is null (clients.md §0.4).
func listsAreNotNull(t *testing.T, entity any) {
	t.Helper()
	raw, err := json.Marshal(entity)
	if err != nil {
		t.Fatalf("encode: %v", err)
	}
	for _, key := range strings.Fields("emojis mentions tags media_attachments fields roles filtered accounts statuses hashtags rules") {
		if strings.Contains(string(raw), `"`+key+`":null`) {
			t.Errorf("%s is null; want a list", key)
		}
	}
}

func TestTime(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`"2019-12-05T11:34:47.196Z"`:       `"2019-12-05T11:34:47.196Z"`,
		`"2019-12-05T11:34:47Z"`:           `"2019-12-05T11:34:47.000Z"`,
		`"2019-12-05T11:34:47.9999+02:00"`: `"2019-12-05T09:34:47.999Z"`,
	} {
		var got Time
		if err := json.Unmarshal([]byte(in), &got); err != nil {
			t.Errorf("read %s: %v", in, err)
			continue
		}
		if out, _ := json.Marshal(got); string(out) != want {
			t.Errorf("%s became %s, want %s", in, out, want)
		}
	}
	if err := json.Unmarshal([]byte(`"yesterday"`), new(Time)); err == nil {
		t.Error(`"yesterday" was read as a time, want an error`)
	}
}
