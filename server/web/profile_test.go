package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// What somebody pins stands once, on top of the first page of their profile, and says so.
func TestPins(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.person("ada")
	old, secret := s.post(ada, "old but good"), s.post(ada, "psst", func(d *social.Draft) { d.Visibility = social.Direct })
	s.post(ada, "new")
	me, stranger := s.as(ada), s.as(social.Account{})
	path := "/statuses/" + old.ID.String()
	me.submit(path+"/pin", nil).is(303)
	for _, b := range []*browser{me, stranger} {
		page := b.get("/@ada").is(200)
		card := page.one("#s"+old.ID.String(), ".pinned")
		if first := page.all("article", ".post")[0]; first != card {
			t.Errorf("the first post is %s, want the pinned one", attr(first, "id"))
		}
	}
	stranger.get("/@ada?with_replies=1").is(200).none(".pinned")
	again := me.submit(path+"/unpin", url.Values{"card": {"pinned"}}, "HX-Request", "true").is(200)
	again.one("form", "[action="+path+"/pin]")
	stranger.get("/@ada").is(200).none(".pinned")
	if said := text(me.submit("/statuses/"+secret.ID.String()+"/pin", nil, "HX-Request", "true").is(422).one("p", ".complaint")); !strings.Contains(said, "cannot be pinned") {
		t.Errorf("it says %q", said)
	}
}

// A new password needs the old one, and ends what others may have open.
func TestPassword(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.person("ada")
	me, other := s.as(ada), s.as(ada)
	for _, tt := range []struct {
		now, next string
		status    int
		field     string
	}{
		{"wrong", "battery staple", 403, "password"},
		{"correct horse", "short", 422, "new_password"},
	} {
		form := me.submit("/settings/password", url.Values{"password": {tt.now}, "new_password": {tt.next}}).is(tt.status)
		if marked := form.one("[aria-invalid=true]"); attr(marked, "name") != tt.field {
			t.Errorf("%s is marked, want %s", attr(marked, "name"), tt.field)
		}
	}
	other.get("/home").is(200)
	me.submit("/settings/password", url.Values{"password": {"correct horse"}, "new_password": {"battery staple"}}).is(200).one("p", ".notice")
	me.get("/home").is(200)
	other.get("/home").is(303)
	stranger := s.as(social.Account{})
	stranger.submit("/auth/sign_in", url.Values{"username": {"ada"}, "password": {"correct horse"}}).is(401)
	stranger.submit("/auth/sign_in", url.Values{"username": {"ada"}, "password": {"battery staple"}}).is(303)
}

// A post with a time waits; a time that does not do stands in the form with what is wrong.
func TestLater(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.web.Schedule = &social.Schedule{Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, Statuses: s.web.Statuses, Leave: nothingLater}
	me := s.as(s.person("ada"))
	for at, says := range map[string]string{"soon": "no time", s.clock.Now().Format("2006-01-02T15:04"): "in the future"} {
		form := me.submit("/statuses", url.Values{"status": {"tomorrow"}, "visibility": {"public"}, "scheduled_at": {at}}).is(422)
		marked := form.one("[name=scheduled_at]", "[aria-invalid=true]", "[value="+at+"]")
		if said := text(form.one("#" + attr(marked, "aria-describedby"))); !strings.Contains(said, says) {
			t.Errorf("%s: it says %q", at, said)
		}
	}
	at := s.clock.Now().Add(24 * time.Hour).Format("2006-01-02T15:04")
	typed := url.Values{"status": {"tomorrow"}, "visibility": {"public"}, "scheduled_at": {at}}
	if to := me.submit("/statuses", typed).is(303).header.Get("Location"); to != "/settings/scheduled" {
		t.Errorf("it leads to %s", to)
	}
	if to := me.submit("/statuses", typed, "HX-Request", "true").is(200).header.Get("HX-Redirect"); to != "/settings/scheduled" {
		t.Errorf("htmx is led to %s", to)
	}
	if waiting := me.get("/settings/scheduled").is(200).all("article", ".version"); len(waiting) != 2 {
		t.Errorf("%d posts wait, want 2", len(waiting))
	}
	me.get("/home").is(200).none("article", ".post")
}

// What moderation did to somebody is told as that, and not as if they had done it.
func TestNotifications_of_moderation(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := s.person("ada"), s.person("bob")
	if err := s.web.Moderation.GiveRole(t.Context(), social.InstanceActorID, ada.ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	s.as(ada).submit("/moderation/accounts/"+bob.ID.String()+"/act", url.Values{"action": {"none"}, "text": {"calm down"}}).is(303)
	told := s.as(bob).get("/notifications").is(200).one("article", ".notification")
	if said := text(told); !strings.Contains(said, "have warned you") || !strings.Contains(said, "calm down") || strings.Contains(said, "bob") {
		t.Errorf("it says %q", said)
	}
	s.as(bob).submit("/accounts/"+ada.ID.String()+"/report", url.Values{"category": {"other"}}).is(303)
	reported := s.as(ada).get("/notifications").is(200).one("article", ".notification")
	if said := text(reported); !strings.Contains(said, "bob reported ada") {
		t.Errorf("it says %q", said)
	}
}
