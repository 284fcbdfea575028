package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// What is refused is told at the place where it was done: htmx gets that place, others a page that has it.
func TestRefused_stands_where_it_was_done(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob, carol := s.person("ada"), s.person("bob"), s.person("carol")
	s.follow(bob, ada)
	question := s.post(ada, "Tea?", func(d *social.Draft) {
		d.Poll = &social.PollDraft{Options: []string{"yes", "no"}, ExpiresIn: time.Hour}
	})
	quiet := s.post(ada, "for friends", func(d *social.Draft) { d.Visibility = social.Private })
	if _, err := s.web.Blocks.Block(t.Context(), carol.ID, bob.ID); err != nil {
		t.Fatal(err)
	}
	told, err := s.web.Announcements.Publish(t.Context(), social.Announcement{Text: "Tea at four"})
	if err != nil {
		t.Fatal(err)
	}
	me := s.as(bob)
	vote := "/statuses/" + question.ID.String() + "/vote"
	me.submit(vote, url.Values{"choices": {"1"}}).is(303)
	for _, tt := range []struct {
		name, path string
		typed      url.Values
		status     int
		place      string // what the sentence stands in
		says       string
	}{
		{"vote twice", vote, url.Values{"choices": {"0"}}, 422, "poll", "a vote cannot be changed"},
		{"no answer of the poll", vote, url.Values{"choices": {"x"}}, 422, "poll", "no such answer"},
		{"boost what is for followers", "/statuses/" + quiet.ID.String() + "/boost", nil, 403, "post", "can be boosted"},
		{"follow who blocks", "/accounts/" + carol.ID.String() + "/follow", nil, 403, "profile", "does not let you follow"},
		{"follow oneself", "/accounts/" + bob.ID.String() + "/follow", nil, 403, "profile", "yourself"},
		{"an emoji nobody knows", "/announcements/" + told.ID.String() + "/react", url.Values{"name": {"nosuch"}}, 422, "announcement", "choose another"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, with := range [][]string{nil, {"HX-Request", "true"}} {
				a := me.submit(tt.path, tt.typed, with...).is(tt.status)
				if (len(a.all("header", ".bar")) == 1) != (with == nil) {
					t.Errorf("%v: the answer is no page, or a page in a page", with)
				}
				if a.header.Get("HX-Retarget") != "" {
					t.Errorf("%v: it leads to %s", with, a.header.Get("HX-Retarget"))
				}
				said := a.one("p", ".complaint")
				if !strings.Contains(text(said), tt.says) {
					t.Errorf("%v: it says %q, want %q", with, text(said), tt.says)
				}
				place := said.Parent
				for place != nil && !holds(place, "."+tt.place) {
					place = place.Parent
				}
				if place == nil {
					t.Errorf("%v: the sentence is in no %s:\n%s", with, tt.place, a.body)
				}
			}
		})
	}
	if back := me.submit(vote, nil, "Referer", origin+"/@ada").is(422); len(back.all("a", "[href=/@ada]")) == 0 {
		t.Error("no way leads back")
	}
}

// What is gone is replaced by a sentence; the page does not move.
func TestRefused_takes_the_place_of_what_is_gone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada := s.person("ada")
	gone := s.post(ada, "short-lived")
	me := s.as(ada)
	me.submit("/statuses/"+gone.ID.String()+"/delete", nil, "HX-Request", "true").is(200)
	a := me.submit("/statuses/"+gone.ID.String()+"/favourite", nil, "HX-Request", "true").is(404)
	a.one("p", ".complaint")
	if to := a.header.Get("HX-Retarget"); to != "" {
		t.Errorf("the sentence goes to %s", to)
	}
}

// A reply to what is gone meanwhile is not lost, and can be posted by itself.
func TestCompose_keeps_a_reply_to_what_is_gone(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	me := s.as(s.person("ada"))
	for _, with := range [][]string{nil, {"HX-Request", "true"}} {
		a := me.submit("/statuses", url.Values{"status": {"my long answer"}, "visibility": {"public"}, "in_reply_to_id": {"12345"}}, with...).is(404)
		if got := text(a.one("textarea", "[name=status]")); got != "my long answer" {
			t.Errorf("the form holds %q", got)
		}
		if said := text(a.one("p", ".complaint")); !strings.Contains(said, "a post of its own") {
			t.Errorf("it says %q", said)
		}
		a.none("[name=in_reply_to_id]")
	}
}

// Whatever was sent after the session was over is on the page that answers, but for passwords, and can be sent again.
func TestUnsent_keeps_the_form(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, stranger := s.person("ada"), s.as(social.Account{})
	a := stranger.submit("/statuses", url.Values{"status": {"two <b>words\nand a line"}, "visibility": {"unlisted"}, "poll_options": {"yes", "no"}, "password": {"secret"}, "new_password": {"secret"}}).is(401)
	form := a.one("form", "[action=/statuses]")
	sent := url.Values{}
	for n := range form.Descendants() {
		if n.Data == "input" {
			sent.Add(attr(n, "name"), attr(n, "value"))
		}
	}
	if sent.Get("status") != "two <b>words\nand a line" || sent.Get("visibility") != "unlisted" || len(sent["poll_options"]) != 2 || sent.Has("password") || sent.Has("new_password") {
		t.Errorf("the page keeps %v", sent)
	}
	a.one("blockquote", ".words")
	sent.Del("poll_options")
	s.as(ada).submit("/statuses", sent).is(303)

	still := stranger.submit("/statuses", url.Values{"status": {"x"}}, "HX-Request", "true").is(401)
	still.one("a", "[href=/auth/sign_in]", "[target=_blank]")
	if to := still.header.Get("HX-Retarget"); to != "#flash" {
		t.Errorf("the sentence goes to %q: the form has to stay", to)
	}
}

// A moderator who is refused sees why beside whom or what it was about, with what was typed.
func TestModeration_refused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	owner, ada, bob := s.person("olga"), s.person("ada"), s.person("bob")
	for who, role := range map[social.ID]social.Role{owner.ID: social.RoleOwner, ada.ID: social.RoleAdmin} {
		if err := s.web.Moderation.GiveRole(t.Context(), social.InstanceActorID, who, role); err != nil {
			t.Fatal(err)
		}
	}
	me, about := s.as(ada), "/moderation/accounts/"+owner.ID.String()
	s.as(bob).submit("/accounts/"+owner.ID.String()+"/report", url.Values{"comment": {"rude"}, "category": {"other"}}).is(303)
	reports, err := s.store.Reports(t.Context(), social.ReportFilter{}, social.Page{Limit: 5})
	if err != nil || len(reports) != 1 {
		t.Fatal(reports, err)
	}
	typed := url.Values{"action": {"silence"}, "text": {"calm down"}}
	for name, typed := range map[string]url.Values{"from the list": typed, "from a report": {"action": {"silence"}, "text": {"calm down"}, "report": {reports[0].ID.String()}}} {
		page := me.submit(about+"/act", typed).is(403)
		if said := text(page.one("p", ".complaint")); !strings.Contains(said, "not below yours") {
			t.Errorf("%s: it says %q", name, said)
		}
		page.one("details", ".act-on", "[open]")
		page.one("option", "[value=silence]", "[selected]")
		if got := text(page.one("textarea", "[name=text]")); got != "calm down" {
			t.Errorf("%s: the form holds %q", name, got)
		}
	}
	if said := text(me.submit(about+"/unsuspend", nil).is(403).one("p", ".complaint")); !strings.Contains(said, "not below yours") {
		t.Errorf("it says %q", said)
	}
	late := me.submit("/moderation/accounts/"+bob.ID.String()+"/approve", nil).is(403)
	if said := text(late.one("p", ".complaint")); !strings.Contains(said, "bob does not wait") {
		t.Errorf("it says %q", said)
	}
	late.one("[action=/moderation/registrations]")
	lifted := me.submit("/moderation/servers/123/lift", nil).is(409)
	if said := text(lifted.one("p", ".complaint")); !strings.Contains(said, "lifted already") {
		t.Errorf("it says %q", said)
	}
}
