package views

import (
	"strings"
	"testing"
	"time"

	"orrery/internal/golden"
	"orrery/social"
	"orrery/social/richtext"
)

func testLook(viewer *social.Account) Look {
	return Look{
		Page:  Page{Server: "academy", Hue: 1, Viewer: viewer, Now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)},
		Host:  "academy.test",
		Words: func(v *social.StatusView) string { return richtext.Mastodon41.Sanitize(v.Status.Content) },
		Brief: func(s string) string { return richtext.Excerpt(s, 100) },
	}
}

func TestStatusCard(t *testing.T) {
	t.Parallel()
	alice := social.Account{ID: 1, Username: "alice", DisplayName: "Alice", URI: "https://academy.test/users/alice"}
	berta := social.Account{ID: 2, Username: "berta", Domain: "techhub.test", DisplayName: "Berta", URI: "https://techhub.test/users/berta"}
	at := time.Date(2026, 3, 1, 11, 58, 0, 0, time.UTC)
	hello := social.StatusView{Author: alice, Status: social.Status{
		ID: 11, URI: alice.URI + "/statuses/11", AccountID: 1, Visibility: social.Public, Content: "<p>Hello world</p>", CreatedAt: at,
		RepliesCount: 1, BoostsCount: 2, Local: true,
	}, Viewer: social.ViewerState{Marks: social.Marks{Favourited: true}}}
	answer := social.StatusView{Author: berta, ReplyTo: &alice, Parent: &hello.Status, Mentions: []social.Account{alice}, Status: social.Status{
		ID: 12, URI: berta.URI + "/statuses/12", URL: "https://techhub.test/@berta/12", AccountID: 2, Visibility: social.Private,
		SpoilerText: "Greetings <b>", ReplyToID: 11, Language: "en", CreatedAt: at,
		Content: `<p onclick="x()">Hello <a href="javascript:alert(1)">alice</a><script>alert(1)</script></p>`,
	}}
	boost := social.StatusView{Author: berta, Boost: &hello, Status: social.Status{ID: 13, AccountID: 2, BoostOfID: 11, Visibility: social.Public, CreatedAt: at}}
	edited := answer
	edited.Status.EditedAt = at.Add(time.Minute)
	for _, tt := range []struct {
		name   string
		viewer *social.Account
		view   social.StatusView
		card   Card
	}{
		{"own post", &alice, hello, ""},
		{"for a stranger", nil, hello, ""},
		{"a remote answer behind a warning", &alice, answer, "d2"},
		{"boosted", &alice, boost, ""},
		{"focused", &berta, answer, "focused"},
		{"edited", nil, edited, "focused"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if err := StatusCard(testLook(tt.viewer), tt.view, tt.card).Render(t.Context(), &b); err != nil {
				t.Fatal(err)
			}
			golden.Text(t, "status_card/"+strings.ReplaceAll(tt.name, " ", "_"), strings.ReplaceAll(b.String(), "><", ">\n<")+"\n")
		})
	}
}

func TestAttachmentsAreLinkedTo(t *testing.T) {
	t.Parallel()
	v := social.StatusView{
		Status: social.Status{ID: 1, Visibility: social.Public}, Author: social.Account{ID: 2, Username: "berta", Domain: "techhub.test"},
		Attachments: []social.Attachment{
			{Kind: social.MediaImage, RemoteURL: "https://techhub.test/1.png", Description: `a <b>cat</b>`},
			{Kind: social.MediaVideo, RemoteURL: "javascript:alert(1)"},
		},
	}
	var b strings.Builder
	if err := StatusCard(testLook(nil), v, "").Render(t.Context(), &b); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	for _, want := range []string{`href="https://techhub.test/1.png"`, ">Picture</a>", "a &lt;b&gt;cat&lt;/b&gt;", ">Film</a>", "not described"} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %s in %s", want, got)
		}
	}
	if strings.Contains(got, "javascript:") || strings.Contains(got, "<img") {
		t.Errorf("something foreign is run or loaded: %s", got)
	}
}
