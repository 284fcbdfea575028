package web

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// Every page and every form that takes an id is tried by a stranger and by somebody else with the ids of what is alice's
// alone: nothing of it is shown, and nothing of it changes.
func TestForeignIDs_show_and_change_nothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ctx := t.Context()
	alice, bob, carol := s.person("alice"), s.person("bob"), s.person("carol")
	const secret = "sesame"
	private := s.post(alice, "private "+secret, func(d *social.Draft) { d.Visibility = social.Private; d.SpoilerText = "cw " + secret })
	direct := s.post(alice, "@carol direct "+secret, func(d *social.Draft) { d.Visibility = social.Direct })
	public := s.post(alice, "for all")
	filter, err := s.web.Filters.Create(ctx, alice.ID, social.Filter{
		Title: secret, Action: social.FilterWarn, Contexts: social.FilterContexts(), Keywords: []social.FilterKeyword{{Keyword: secret}}})
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.web.Lists.Create(ctx, alice.ID, social.List{Title: secret})
	if err == nil {
		err = s.web.Lists.Add(ctx, alice.ID, list.ID, []social.ID{alice.ID})
	}
	if err != nil {
		t.Fatal(err)
	}
	later := social.Scheduled{ID: social.ID(s.ids.Next()), AccountID: alice.ID, At: s.clock.Now().Add(time.Hour), Draft: social.Draft{Text: secret}, CreatedAt: s.clock.Now()}
	if err := s.store.InsertScheduled(ctx, later); err != nil {
		t.Fatal(err)
	}
	brought, err := s.web.Imports.Begin(ctx, alice.ID, social.ImportDomains, secret+".csv", []byte(secret+".test\n"), false)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.FinishImportRow(ctx, brought.ID, 0, "could not"); err != nil {
		t.Fatal(err)
	}
	picture := social.Attachment{ID: social.ID(s.ids.Next()), AccountID: alice.ID, StatusID: private.ID, Kind: social.MediaImage, MediaType: "image/png", Description: secret,
		FileKey: "media/" + secret + ".png", CreatedAt: s.clock.Now()}
	if err := s.store.InsertAttachment(ctx, picture); err != nil {
		t.Fatal(err)
	}
	locked := true
	if _, err := s.web.Accounts.Update(ctx, alice.ID, social.Profile{Locked: &locked}); err != nil {
		t.Fatal(err)
	}
	s.follow(carol, alice) // waits for alice's answer
	report, err := s.web.Moderation.Report(ctx, alice.ID, social.Complaint{TargetID: carol.ID, Comment: secret, Category: social.ReportOther})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.web.Reactions.Bookmark(ctx, alice.ID, public.ID); err != nil {
		t.Fatal(err)
	}

	state := func() string { // what is alice's, in words
		t.Helper()
		var b strings.Builder
		err := s.store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
			for _, id := range []social.ID{private.ID, direct.ID, public.ID} {
				p, err := tx.StatusByID(ctx, id)
				if err != nil {
					return err
				}
				b.WriteString(p.Content + " " + p.SpoilerText + " " + p.EditedAt.String() + "\n")
			}
			f, err := tx.Filters(ctx, alice.ID)
			if err != nil || len(f) != 1 || len(f[0].Keywords) != 1 {
				b.WriteString("the filter is gone\n")
			}
			for _, x := range f {
				b.WriteString(x.Title + string(x.Action) + "\n")
			}
			sch, err := tx.ScheduledOf(ctx, alice.ID, social.Page{Limit: 5})
			if err != nil || len(sch) != 1 {
				b.WriteString("the scheduled post is gone\n")
			}
			lists, err := tx.Lists(ctx, alice.ID)
			if err != nil || len(lists) != 1 {
				b.WriteString("the list is gone\n")
			}
			for _, x := range lists {
				members, err := tx.ListMembers(ctx, x.ID, social.Page{Limit: 5})
				if err != nil {
					return err
				}
				b.WriteString(x.Title + fmt.Sprint(x.Replies, x.Exclusive, len(members)) + "\n")
			}
			imports, err := tx.Imports(ctx, alice.ID, 5)
			if err != nil || len(imports) != 1 {
				b.WriteString("the import is gone\n")
			}
			asks, err := tx.FollowBetween(ctx, carol.ID, alice.ID)
			if err != nil || !asks.Pending {
				b.WriteString("carol's request was answered\n")
			}
			open, err := tx.Reports(ctx, social.ReportFilter{}, social.Page{Limit: 5})
			if err != nil || len(open) != 1 {
				b.WriteString("the report was settled\n")
			}
			a, err := tx.AccountByID(ctx, alice.ID)
			b.WriteString(a.DisplayName + a.Note + "\n")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	before, tried := state(), 0
	form := url.Values{"status": {"mine now"}, "title": {"mine now"}, "action": {"suspend"}, "context": {"home"}, "keywords": {"x"}, "filter_action": {"hide"}, "choices": {"0"}, "comment": {"x"}, "category": {"spam"}, "replies_policy": {"none"}, "account": {alice.ID.String()}}
	acts, browsers := []string{"x"}, map[string]*browser{"nobody": s.as(social.Account{}), "bob": s.as(bob)}
	for _, route := range s.app.GetRoutes(true) {
		if !strings.Contains(route.Path, ":id") || route.Method != "GET" && route.Method != "POST" {
			continue
		}
		if acts = []string{"x"}; strings.Contains(route.Path, ":act") {
			acts = strings.Fields("boost unboost favourite unfavourite bookmark unbookmark delete follow unfollow authorize reject resolve reopen approve unsuspend unsilence unsensitive enable act")
		}
		for _, id := range []social.ID{private.ID, direct.ID, filter.ID, list.ID, later.ID, brought.ID, picture.ID, report.ID, carol.ID, alice.ID} {
			for _, act := range acts {
				if (act == "follow" || act == "unfollow") && strings.HasPrefix(route.Path, "/accounts/") {
					continue // everybody may
				}
				path := strings.NewReplacer(":acct", "alice", ":id", id.String(), ":act", act).Replace(route.Path)
				for who, b := range browsers {
					tried++
					var got answer
					if route.Method == "GET" {
						got = b.get(path)
					} else {
						got = b.submit(path, form, "Referer", "")
					}
					if strings.Contains(got.body, secret) || strings.Contains(got.header.Get("Location"), secret) || got.status >= 500 {
						t.Errorf("%q: %s %s is answered %d with %.200s", who, route.Method, path, got.status, got.body)
					}
				}
			}
		}
	}
	if after := state(); after != before {
		t.Errorf("what is alice's changed from\n%s\nto\n%s", before, after)
	}
	// The test would see it: alice herself is shown these.
	for path, words := range map[string]string{
		"/@alice/" + private.ID.String(): secret, "/settings/filters/" + filter.ID.String(): secret, "/lists/" + list.ID.String(): secret, "/lists": secret, "/settings/imports/" + brought.ID.String() + "/failures.csv": secret,
		"/statuses/" + direct.ID.String() + "/edit": secret, "/settings/scheduled": secret, "/settings/imports": secret,
	} {
		if got := s.as(alice).get(path); !strings.Contains(got.body, words) {
			t.Errorf("alice does not see her own at %s: %d", path, got.status)
		}
	}
	if got := s.as(carol).get("/@alice/" + direct.ID.String()); !strings.Contains(got.body, secret) {
		t.Errorf("carol does not see what is written to her: %d", got.status)
	}
	t.Logf("%d requests", tried)
}
