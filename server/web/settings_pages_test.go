package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// Everything that one can set has a page that works by forms alone.
func TestSettingsPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	b, stranger := s.as(alice), s.as(social.Account{})
	for _, path := range []string{"preferences", "filters", "filters/new", "tags", "scheduled", "blocks", "mutes", "domain_blocks", "account", "imports", "export"} {
		b.get("/settings/" + path).is(200).one("[aria-label=Settings]")
		stranger.get("/settings/" + path).is(303)
	}

	b.submit("/settings/preferences", url.Values{"visibility": {"unlisted"}, "language": {"de"}, "sensitive": {"1"}, "expand_media": {"hide_all"}}).is(303)
	if u, err := s.store.UserByAccount(t.Context(), alice.ID); err != nil || u.DefaultVisibility != social.Unlisted || u.DefaultLanguage != "de" || !u.DefaultSensitive || u.ExpandMedia != social.MediaHideAll {
		t.Errorf("preferences: %+v %v", u, err)
	}
	b.submit("/settings/preferences", url.Values{"visibility": {"secret"}, "expand_media": {"default"}}).is(422)

	b.submit("/settings/filters", url.Values{"title": {"Tea"}, "keywords": {"tea\r\n\r\nhot water"}, "context": {"home", "public"}, "action": {"warn"}, "expires_in": {"3600"}}).is(303)
	filters, err := s.store.Filters(t.Context(), alice.ID)
	if err != nil || len(filters) != 1 || len(filters[0].Keywords) != 2 || len(filters[0].Contexts) != 2 || !filters[0].ExpiresAt.Equal(s.clock.Now().Add(time.Hour)) {
		t.Fatalf("filters: %+v %v", filters, err)
	}
	path := "/settings/filters/" + filters[0].ID.String()
	b.get(path).is(200)
	b.submit(path, url.Values{"title": {"Tea"}, "keywords": {"tea"}, "context": {"home"}, "action": {"hide"}, "expires_in": {"keep"}}).is(303)
	if again, _ := s.store.Filters(t.Context(), alice.ID); len(again[0].Keywords) != 1 || again[0].Keywords[0].ID != filters[0].Keywords[0].ID || again[0].ExpiresAt.IsZero() || again[0].Action != social.FilterHide {
		t.Errorf("changed to %+v", again)
	}
	b.submit(path, url.Values{"title": {""}, "context": {"home"}, "action": {"hide"}}).is(422)
	s.as(bob).get(path).is(404)
	s.as(bob).submit(path+"/delete", nil).is(404)
	b.submit(path+"/delete", nil).is(303)

	b.submit("/settings/tags/follow", url.Values{"tag": {"#Stars"}}).is(303)
	b.get("/settings/tags").is(200).one("[href=/tags/stars]")
	b.submit("/settings/tags/follow", url.Values{"tag": {"12"}}).is(422)
	b.submit("/settings/tags/unfollow", url.Values{"tag": {"stars"}}).is(303)
	b.get("/settings/tags").is(200).none("[href=/tags/stars]")

	if err := s.store.InsertScheduled(t.Context(), social.Scheduled{ID: 77, AccountID: alice.ID, At: s.clock.Now().Add(time.Hour), Draft: social.Draft{Text: "<b>later</b>", Visibility: social.Public}, CreatedAt: s.clock.Now()}); err != nil {
		t.Fatal(err)
	}
	if page := b.get("/settings/scheduled").is(200); !strings.Contains(page.body, "&lt;b&gt;later") {
		t.Errorf("scheduled: %s", page.body)
	}
	s.as(bob).submit("/settings/scheduled/77/delete", nil).is(404)
	b.submit("/settings/scheduled/77/delete", nil).is(303)

	for _, act := range []string{"block", "mute"} {
		b.submit("/accounts/"+bob.ID.String()+"/"+act, nil).is(303)
		b.get("/settings/" + act + "s").is(200).one("[action=/accounts/" + bob.ID.String() + "/un" + act + "]")
		b.submit("/accounts/"+bob.ID.String()+"/un"+act, nil).is(303)
		b.get("/settings/" + act + "s").is(200).none("[action=/accounts/" + bob.ID.String() + "/un" + act + "]")
	}
	b.submit("/settings/domain_blocks/block", url.Values{"domain": {"https://Bad.test/"}}).is(303)
	if page := b.get("/settings/domain_blocks").is(200); !strings.Contains(page.body, "bad.test") {
		t.Error("bad.test is not listed")
	}
	b.submit("/settings/domain_blocks/block", url.Values{"domain": {"no domain"}}).is(422)
	b.submit("/settings/domain_blocks/unblock", url.Values{"domain": {"bad.test"}}).is(303)

	b.submit("/settings/delete", url.Values{"username": {"bob"}, "password": {"correct horse"}}).is(422)
	b.submit("/settings/delete", url.Values{"username": {"alice"}, "password": {"wrong"}}).is(403)
	b.get("/home").is(200)
	b.submit("/settings/delete", url.Values{"username": {"@alice"}, "password": {"correct horse"}}).is(303)
	if a, err := s.store.AccountByID(t.Context(), alice.ID); err != nil || !a.Gone() {
		t.Errorf("alice is still there: %v", err)
	}
	b.get("/home").is(303)
}

// Those who run the server do it here; for others the pages do not exist.
func TestModerationPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.web.Domains = &social.Domains{Store: s.store, Own: host}
	s.web.Moderation.Domains, s.web.Moderation.Follows, s.web.Moderation.Statuses, s.web.Moderation.Blocks = s.web.Domains, s.web.Follows, s.web.Statuses, s.web.Blocks
	ada, bob, carol := s.person("ada"), s.person("bob"), s.person("carol")
	post := s.post(bob, "rude words")
	ctx := t.Context()
	if err := s.web.Moderation.GiveRole(ctx, social.InstanceActorID, ada.ID, social.RoleAdmin); err != nil {
		t.Fatal(err)
	}
	b, other := s.as(ada), s.as(carol)
	pages := []string{"/moderation", "/moderation/sign_ups", "/moderation/accounts", "/moderation/servers"}
	for _, path := range pages {
		b.get(path).is(200).one("[aria-label=Moderation]")
		other.get(path).is(404)
	}
	b.get("/home").is(200).one("[href=/moderation]")
	other.get("/home").is(200).none("[href=/moderation]")

	card := other.get("/@bob").is(200)
	card.one("[href=/accounts/" + bob.ID.String() + "/report?status=" + post.ID.String() + "]")
	other.submit("/accounts/"+bob.ID.String()+"/report", url.Values{"comment": {"<i>look</i>"}, "category": {"spam"}, "status": {post.ID.String()}}).is(303)
	reports, err := s.store.Reports(ctx, social.ReportFilter{}, social.Page{Limit: 5})
	if err != nil || len(reports) != 1 || len(reports[0].StatusIDs) != 1 {
		t.Fatalf("reports: %+v %v", reports, err)
	}
	page := b.get("/moderation").is(200)
	if !strings.Contains(page.body, "&lt;i&gt;look") || !strings.Contains(page.body, "rude words") {
		t.Errorf("the report says %s", page.body)
	}
	act := "/moderation/accounts/" + bob.ID.String() + "/"
	other.submit(act+"act", url.Values{"action": {"suspend"}}).is(404)
	b.submit(act+"act", url.Values{"action": {"silence"}, "text": {"calm down"}, "report": {reports[0].ID.String()}}).is(303)
	b.get("/moderation").is(200).none("[action=/moderation/reports/" + reports[0].ID.String() + "/resolve]")
	b.get("/moderation?resolved=1").is(200).one("[action=/moderation/reports/" + reports[0].ID.String() + "/reopen]")
	b.submit("/moderation/reports/"+reports[0].ID.String()+"/reopen", nil).is(303)
	b.submit("/moderation/reports/"+reports[0].ID.String()+"/resolve", nil).is(303)
	b.get("/moderation/accounts?q=bo").is(200).one("[action=" + act + "unsilence]")
	b.submit(act+"unsilence", nil).is(303)
	b.get("/moderation/accounts?q=bo").is(200).none("[action=" + act + "unsilence]")

	b.submit("/moderation/registrations", url.Values{"mode": {"approval"}}).is(303)
	other.submit("/moderation/registrations", url.Values{"mode": {"open"}}).is(404)
	s.as(social.Account{}).submit("/auth/sign_up", url.Values{"username": {"dora"}, "password": {"correct horse"}, "agreement": {"1"}, "reason": {"<u>stars</u>"}}).is(200)
	if waits := b.get("/moderation/sign_ups").is(200); !strings.Contains(waits.body, "&lt;u&gt;stars") {
		t.Error("why dora wants to join is not there")
	}
	dora, err := s.store.AccountByHandle(ctx, "dora", "")
	if err != nil {
		t.Fatal(err)
	}
	b.submit("/moderation/accounts/"+dora.ID.String()+"/approve", nil).is(303)
	other.get("/@dora").is(200)

	b.submit("/moderation/servers", url.Values{"domain": {"bad.test"}, "severity": {"suspend"}, "public_comment": {"spam"}}).is(303)
	b.submit("/moderation/servers", url.Values{"domain": {"bad.test"}, "severity": {"suspend"}}).is(409)
	b.submit("/moderation/servers", url.Values{"domain": {"no domain"}, "severity": {"suspend"}}).is(422)
	blocks, err := s.store.DomainBlocks(ctx, social.Page{Limit: 5})
	if err != nil || len(blocks) != 1 {
		t.Fatal(blocks, err)
	}
	lift := "/moderation/servers/" + blocks[0].ID.String() + "/lift"
	other.submit(lift, nil).is(404)
	b.get("/moderation/servers").is(200).one("[action=" + lift + "]")
	b.submit(lift, nil).is(303)
}
