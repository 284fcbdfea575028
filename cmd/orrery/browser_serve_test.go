package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// TestBrowser_server lets a stranger ask to join a server, somebody who runs it let them in, and looks at every page of settings
// and moderation on the way.
func TestBrowser_server(t *testing.T) {
	b := visitor(t, chromium(t))
	origin := housed(t)
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
	b.press("#compose .compose-row details:last-of-type summary")
	b.sound("compose-open")
	b.leave("#feed .post:first-child [data-act=open]")
	b.sound("thread-hard")
	b.press(".post.focused [data-act=more]")
	b.leave(".post.focused [data-act=edit]")
	b.sound("edit")
	see("profile-hard", "/@ada")
	see("matrix", "/lab/matrix")
	b.open(origin + "/home")
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

// housed is the origin of a server with ada, who runs it, and a bit of everything that pages show.
func housed(t *testing.T) string {
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
	i, release, err := p.open(ctx, log, nil, false)
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
	return p.Origin
}
