package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"log/slog"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orrery/server"
	"orrery/social"
)

// TestBrowser_server lets a stranger ask to join a server, somebody who runs it let them in, and looks at every page of settings
// and moderation on the way.
func TestBrowser_server(t *testing.T) {
	b := visitor(t, chromium(t))
	h := housed(t)
	origin := h.origin
	see := func(name, path string) {
		t.Helper()
		b.open(origin + path)
		b.sound(name)
	}
	see("sign-in-open", "/auth/sign_in")
	see("sign-up", "/auth/sign_up")
	b.write("[name=username]", "dora")
	b.write("[name=password]", "correct horse")
	b.write("[name=reason]", "I like the stars.")
	b.press("[name=agreement]")
	b.leave("main form .primary")
	b.shows("main h1", "You have asked to join")
	b.sound("sign-up-waiting")

	b.open(origin + "/auth/sign_in")
	b.write("[name=username]", "ada")
	b.write("[name=password]", "correct horse")
	b.leave("main form .primary")
	b.until("be ada", `location.pathname === "/home"`)
	b.press("#feed .post:last-child .more > summary")
	b.keys("\u0301")
	b.until("arrows walk the menu", `document.activeElement.closest(".more .menu-items") !== null`)
	b.sound("post-menu")
	b.keys("\u001b")
	b.until("escape closes it", `!document.querySelector(".more[open]") && document.activeElement.matches(".more > summary")`)
	b.press("#compose .attach summary")
	b.press("#compose details:has([name=poll_options]) > summary")
	b.press("#compose details:has([name=scheduled_at]) > summary")
	b.sound("compose-open")
	b.leave("#feed .post:first-child [data-act=open]")
	b.sound("thread-hard")
	b.press(".post.focused [data-act=more]")
	b.leave(".post.focused [data-act=edit]")
	b.sound("edit")
	see("profile-hard", "/@ada")
	see("matrix", "/lab/matrix")
	for _, p := range []struct{ name, path string }{
		{"thread-pictures", "/@bob/" + h.pictures.String()}, {"thread-card", "/@bob/" + h.card.String()}, {"thread-quote", "/@bob/" + h.quote.String()},
		{"history", "/@bob/" + h.card.String() + "/history"}, {"link", "/explore/links/" + h.link.String()}, {"explore-links-some", "/explore/links"},
		{"report", "/accounts/" + h.bob.String() + "/report"}, {"share", "/share?text=Look"}, {"bookmarks", "/bookmarks"}, {"federated-hard", "/public"},
		{"lists", "/lists"}, {"list", h.list}, {"list-settings", h.list + "/edit"}, {"list-add", h.list + "/add"},
		{"lists-with", "/accounts/" + h.bob.String() + "/lists"},
		{"app-consent", h.consent}, {"quote", "/@bob/" + h.card.String() + "?quote=1"},
	} {
		see(p.name, p.path)
	}
	b.open(origin + h.consent)
	b.leave("main form .primary")
	b.sound("app-code")
	b.excepted = []string{"422", "401", "403", "404", "400"}
	see("app-unknown", "/oauth/authorize?client_id=nobody&response_type=code&redirect_uri=urn:ietf:wg:oauth:2.0:oob")
	for _, f := range []struct{ name, path, fill, with, press string }{
		{"wrong-post", "/statuses/" + h.hard.String() + "/edit", "#edit-text", "", "main form .primary"},
		{"wrong-filter", "/settings/filters/new", "[name=title]", "Tea", "main form .primary"},
		{"wrong-list", h.list + "/add", "#acct", "@nobody@127.0.0.1:1", "main form .primary"},
		{"wrong-server", "/settings/domain_blocks", "#domain", "no domain", "main form .danger"},
		{"wrong-account", "/settings/account", "[name=acct]", "@nobody@127.0.0.1:1", "form[action$=move] .danger"},
	} {
		b.open(origin + f.path)
		ask[bool](b, `(e => { e.value = ""; for (const n of document.querySelectorAll("[name=context]:checked")) n.checked = false; return true })(document.querySelector(`+js(f.fill)+`))`)
		if f.with != "" {
			b.write(f.fill, f.with)
		}
		b.leave(f.press)
		b.until("the cursor is where something is wrong", `document.activeElement.matches("[aria-describedby^=wrong]") && document.getElementById(document.activeElement.getAttribute("aria-describedby")).innerText.length > 10`)
		b.sound(f.name)
	}
	b.open(origin + "/home")
	b.press(".picks > summary")
	b.picture("reactions")
	b.press(".picks .reaction")
	b.shows(".reaction[aria-pressed=true]", "1")
	b.leave("#feed .post:nth-last-child(2) [data-act=open]")
	b.sound("thread-deep")
	for _, p := range []struct{ name, path string }{
		{"settings-profile", "/settings/profile"}, {"settings-preferences", "/settings/preferences"}, {"settings-filters", "/settings/filters"},
		{"settings-filter", "/settings/filters/new"}, {"settings-tags", "/settings/tags"}, {"settings-scheduled", "/settings/scheduled"},
		{"settings-blocks", "/settings/blocks"}, {"settings-mutes", "/settings/mutes"}, {"settings-servers", "/settings/domain_blocks"},
		{"settings-imports", "/settings/imports"}, {"settings-export", "/settings/export"}, {"settings-account", "/settings/account"},
		{"settings-apps", "/settings/applications"},
		{"moderation-reports", "/moderation"}, {"moderation-people", "/moderation/accounts"}, {"moderation-servers", "/moderation/servers"},
		{"moderation-sign-ups", "/moderation/sign_ups"},
	} {
		see(p.name, p.path)
	}
	b.leave(`form[action$="/approve"] button`)
	b.until("dora waits no more", `!document.querySelector('form[action$="/approve"]')`)
	b.open(origin + "/@dora")
	b.shows("#profile-name", "dora")
}

// house is a server with ada, who runs it, and a bit of everything that pages show.
type house struct {
	origin                                 string
	bob, hard, pictures, card, quote, link social.ID
	list                                   string // path of a list of ada's
	consent                                string // path of the question whether an app may act for ada
}

func housed(t *testing.T) house {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := probe.Addr().String()
	probe.Close()
	p := place{Origin: "http://" + address, Database: "sqlite:" + filepath.Join(t.TempDir(), "orrery.db"), Policy: "mastodon"}
	log := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(context.Background())
	files, err := mediaPlace{}.files(ctx, p.Database)
	if err != nil {
		t.Fatal(err)
	}
	i, release, err := p.open(ctx, log, func(_ *server.Config, w *server.World) { w.Files = files }, false)
	if err != nil {
		t.Fatal(err)
	}
	s := i.Services
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	people := map[string]social.ID{}
	for _, name := range []string{"ada", "bob", "mallory_has_a_very_long_name"} {
		a, err := s.Accounts.Create(ctx, social.NewAccount{Username: name, Password: "correct horse"})
		must(err)
		people[name] = a.ID
	}
	ada, bob, mallory := people["ada"], people["bob"], people["mallory_has_a_very_long_name"]
	must(s.Moderation.GiveRole(ctx, social.InstanceActorID, ada, social.RoleOwner))
	must(s.Moderation.SetRegistration(ctx, social.InstanceActorID, social.Registration{Mode: social.RegistrationsByHand, ReasonRequired: true}))
	must(s.Store.InsertInstanceRule(ctx, social.InstanceRule{ID: 1, Text: "Be kind.", Hint: "Also when you are right."}, 0))
	_, err = s.Follows.Follow(ctx, ada, bob)
	must(err)
	list, err := s.Lists.Create(ctx, ada, social.List{Title: "People of the " + strings.Repeat("Donaudampfschiff", 8), Exclusive: true, Replies: social.RepliesToFollowed})
	must(err)
	must(s.Lists.Add(ctx, ada, list.ID, []social.ID{ada}))
	post, err := s.Statuses.Publish(ctx, bob, social.Draft{Text: "A post with something to do about it."})
	must(err)
	rtl, word := "مرحبا بالعالم \u202eabc", strings.Repeat("Donaudampfschiff", 8)
	_, err = s.Accounts.Update(ctx, ada, social.Profile{DisplayName: &rtl, Note: &word, Fields: &[]social.Field{{Name: "web", Value: "https://example.org/" + word}}})
	must(err)
	hard, err := s.Statuses.Publish(ctx, ada, social.Draft{Text: word + " " + rtl + "\n\nhttps://example.org/" + word, SpoilerText: rtl})
	must(err)
	for n, last := 0, hard.ID; n < 9; n++ { // deeper than replies stand in
		answer, err := s.Statuses.Publish(ctx, ada, social.Draft{Text: fmt.Sprintf("Answer %d: %s", n, word), ReplyTo: last})
		must(err)
		last = answer.ID
	}
	h := house{origin: p.Origin, bob: bob, list: "/lists/" + list.ID.String()}
	h.pictures, h.card, h.quote, h.link = furnish(t, ctx, s, ada, bob)
	app, _, err := s.SignIns.App(ctx, social.App{Name: "An app with a " + word, Website: "https://app.test/", RedirectURIs: []string{social.OutOfBand}, Scopes: "read write follow push"})
	must(err)
	h.consent = "/oauth/authorize?" + url.Values{
		"client_id": {app.ClientID}, "redirect_uri": {social.OutOfBand}, "response_type": {"code"}, "scope": {"read write push"},
	}.Encode()
	hard, err = s.Statuses.Publish(ctx, ada, social.Draft{Text: word + " " + rtl, Poll: &social.PollDraft{Options: []string{word[:50], rtl}, ExpiresIn: time.Hour}})
	must(err)
	_, err = s.Moderation.Report(ctx, mallory, social.Complaint{TargetID: bob, StatusIDs: []social.ID{post.ID}, Comment: "This is not kind at all, and it goes on for so long that it needs more than one line to say so.", Category: social.ReportSpam})
	must(err)
	_, err = s.Blocks.Block(ctx, ada, mallory)
	must(err)
	_, err = s.Mutes.Mute(ctx, ada, mallory, true, 0)
	must(err)
	must(s.Blocks.BlockDomain(ctx, ada, "bad.example"))
	_, err = s.Moderation.BlockDomain(ctx, ada, social.DomainBlock{Domain: "worse.example", Severity: social.SeveritySuspend, RejectMedia: true, PublicComment: "Spam without end."})
	must(err)
	_, err = s.Filters.Create(ctx, ada, social.Filter{Title: "Tea", Contexts: social.FilterContexts(), Action: social.FilterWarn, Keywords: []social.FilterKeyword{{Keyword: "tea", WholeWord: true}}})
	must(err)
	must(s.Store.FollowTag(ctx, social.FollowedTag{ID: 5, AccountID: ada, Tag: "stars", CreatedAt: s.Now()}))
	must(s.Store.InsertScheduled(ctx, social.Scheduled{ID: 7, AccountID: ada, At: s.Now().AddDate(0, 0, 1), Draft: social.Draft{Text: "Tomorrow.", Visibility: social.Public}, CreatedAt: s.Now()}))
	_, err = s.Imports.Begin(ctx, ada, social.ImportFollowing, "follows.csv", []byte("bob\nnobody-at-all\n"), false)
	must(err)
	release()

	ended := make(chan error, 1)
	go func() {
		ended <- serveCmd{place: p, Listen: address, AllowNetwork: []string{"127.0.0.0/8"}}.Run(ctx, log)
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("serve: %v", err)
		}
	})
	eventually(t, "it listens", func(ctx context.Context) bool {
		c, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	h.hard = hard.ID
	return h
}

// furnish lets bob write posts with four pictures, a link's card, a quote, and words that a filter of ada's catches, and makes
// an announcement.
func furnish(t *testing.T, ctx context.Context, s social.Services, ada, bob social.ID) (pictures, card, quote, link social.ID) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	publish := func(who social.ID, d social.Draft) social.ID {
		t.Helper()
		st, err := s.Statuses.Publish(ctx, who, d)
		must(err)
		return st.ID
	}
	var files []social.ID
	for n := range 4 {
		var file bytes.Buffer
		picture := image.NewGray(image.Rect(0, 0, 200+200*n, 300))
		draw.Draw(picture, picture.Bounds(), image.NewUniform(color.Gray{uint8(60 * n)}), image.Point{}, draw.Src)
		must(png.Encode(&file, picture))
		a, err := s.Media.Upload(ctx, bob, social.Upload{Content: file.Bytes(), Description: strings.Repeat("grey ", n), Wait: true})
		must(err)
		files = append(files, a.ID)
	}
	pictures = publish(bob, social.Draft{Text: "Four greys.", MediaIDs: files})
	const page = "https://blog.test/a-page"
	link, err := s.Store.PutCard(ctx, social.Card{
		ID: s.Follows.NewID(), URL: page, Kind: "link", Title: "A page with a title that goes on for more than one line on a phone, and then some",
		Description: strings.Repeat("What it is about. ", 9), ProviderName: "The blog", AuthorName: "Rita", FetchedAt: s.Now(),
	})
	must(err)
	for _, who := range []social.ID{ada, bob} {
		card = publish(who, social.Draft{Text: "Read this: " + page})
		must(s.Store.SetCard(ctx, card, link, page))
	}
	quote = publish(bob, social.Draft{Text: "As I said:", Quote: card})
	publish(bob, social.Draft{Text: "A cup of tea."})
	_, err = s.Announcements.Publish(ctx, social.Announcement{Text: "Tea at four. Bring cups, and #cake for everybody."})
	must(err)
	return pictures, card, quote, link
}
