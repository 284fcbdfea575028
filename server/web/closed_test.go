package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// Under limited federation pages are for those who live here, as the client API is; what tells how to get in is for all.
func TestLimitedFederation_keeps_pages_for_those_who_live_here(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	post := s.post(alice, "For us alone #here")
	s.web.Domains = &social.Domains{Store: s.store, Limited: true, Own: host}
	stranger, tried := s.as(social.Account{}), 0
	for _, route := range s.app.GetRoutes(true) {
		if route.Method != "GET" || strings.Contains(route.Path, "*") {
			continue
		}
		path := strings.NewReplacer(":acct", "alice", ":id", post.ID.String(), ":tag", "here", ":date", "x", ":file", "x").Replace(route.Path)
		tried++
		got := stranger.get(path)
		switch route.Path {
		case "/about", "/privacy-policy", "/terms-of-service", "/terms-of-service/:date", "/auth/sign_in", "/auth/sign_up", "/.well-known/proxy", "/.well-known/change-password":
			if got.status == 303 {
				t.Errorf("%s leads a stranger to %s", path, got.header.Get("Location"))
			}
		default:
			if got.status != 303 || !strings.HasPrefix(got.header.Get("Location"), "/auth/sign_in?next=") {
				t.Errorf("%s shows a stranger %d, want the way to sign in", path, got.status)
			}
		}
		if strings.Contains(got.body, "For us alone") {
			t.Errorf("%s shows a stranger a post", path)
		}
	}
	if tried < 40 {
		t.Errorf("%d pages tried", tried)
	}
	if page := s.as(alice).get("/@alice").is(200); !strings.Contains(page.body, "For us alone") {
		t.Error("alice does not see her own page")
	}
}

// What a moderator took away is not shown on: the client API blanks it, and so do pages.
func TestSuspended_profile_is_not_shown(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob, mod := s.person("alice"), s.person("bob"), s.person("mod")
	name, note := "Rude name", "Rude words"
	if _, err := s.web.Accounts.Update(t.Context(), bob.ID, social.Profile{DisplayName: &name, Note: &note}); err != nil {
		t.Fatal(err)
	}
	s.post(bob, "Rude post")
	s.follow(bob, alice)
	if err := s.web.Moderation.GiveRole(t.Context(), social.InstanceActorID, mod.ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	look := func(who social.Account, want bool) {
		t.Helper()
		for _, path := range []string{"/@bob", "/@bob?with_replies=1", "/@bob/followers", "/@bob/following", "/@alice/followers"} {
			got := s.as(who).get(path)
			if shown := strings.Contains(got.body, "Rude"); shown != want {
				t.Errorf("%s as %q: %d, shows what bob wrote: %v, want %v", path, who.Username, got.status, shown, want)
			}
		}
	}
	look(social.Account{}, true)
	s.as(mod).submit("/moderation/accounts/"+bob.ID.String()+"/act", url.Values{"action": {"suspend"}}).is(303)
	look(social.Account{}, false)
	if got := s.as(alice).get("/@bob").is(404); !strings.Contains(got.body, "suspended") {
		t.Error("the page does not say why")
	}
	if got := s.as(mod).get("/moderation/accounts?q=bob").is(200); !strings.Contains(got.body, "bob") {
		t.Error("moderators do not find him any more")
	}
}
