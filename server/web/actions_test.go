package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

func TestCompose_without_a_script(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	b := s.as(alice)
	a := b.submit("/statuses", url.Values{"status": {"Hello\r\nworld"}, "visibility": {"unlisted"}, "spoiler_text": {"greeting"}}).is(303)
	if got := a.header.Get("Location"); !strings.HasPrefix(got, "/home#s") {
		t.Errorf("sent on to %q, want /home#sID", got)
	}
	page := b.get("/home").is(200)
	if got := text(page.one("div", ".words")); got != "Hello world" {
		t.Errorf("the post says %q", got)
	}
	if got := text(page.one("details", ".warned")); got != "greeting Hello world" {
		t.Errorf("behind its warning: %q", got)
	}
	if got := text(page.one("span", ".audience")); got != "Unlisted" {
		t.Errorf("seen by: %q", got)
	}
	if len(s.acts) != 1 || s.acts[0].Type != "Create" || s.acts[0].Actor != alice.URI {
		t.Errorf("acts = %+v, want one Create by alice", s.acts)
	}
}

func TestCompose_with_htmx_brings_form_and_card(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	b := s.as(alice)
	a := b.submit("/statuses", url.Values{"status": {"Hello"}, "visibility": {"public"}}, "HX-Request", "true").is(200)
	a.none("header", ".bar")
	a.one("form", "#compose")
	a.one("div", "[hx-swap-oob=afterbegin:#feed]")
	card := a.one("article", ".post")
	id := strings.TrimPrefix(attr(card, "id"), "s")
	reply := b.submit("/statuses", url.Values{"status": {"And more"}, "visibility": {"public"}, "in_reply_to_id": {id}}, "HX-Request", "true").is(200)
	reply.one("div", "[hx-swap-oob=beforeend:#replies]")
	if got := attr(reply.one("input", "[name=in_reply_to_id]"), "value"); got != id {
		t.Errorf("the next answer is to %s, want %s", got, id)
	}
}

func TestCompose_keeps_what_was_refused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	hello := s.post(alice, "Hello")
	long := strings.Repeat("x", 501)
	for _, tt := range []struct {
		name string
		form url.Values
		want string
	}{
		{"nothing", url.Values{"status": {"  "}}, "Say something first"},
		{"too long", url.Values{"status": {long}, "in_reply_to_id": {hello.ID.String()}}, "1 characters too long"},
		{"a visibility that does not exist", url.Values{"status": {"x"}, "visibility": {"<b>"}}, "is no visibility"},
	} {
		for _, htmx := range []string{"", "true"} {
			a := s.as(alice).submit("/statuses", tt.form, "HX-Request", htmx).is(422)
			if got := text(a.one("p", ".complaint")); !strings.Contains(got, tt.want) {
				t.Errorf("%s: complaint %q, want %q", tt.name, got, tt.want)
			}
			if got := text(a.one("textarea")); got != strings.TrimSpace(tt.form.Get("status")) {
				t.Errorf("%s: the draft is lost: %q", tt.name, got)
			}
			if reply := tt.form.Get("in_reply_to_id"); reply != "" && attr(a.one("input", "[name=in_reply_to_id]"), "value") != reply {
				t.Errorf("%s: it no longer answers %s", tt.name, reply)
			}
		}
	}
	for _, reply := range []string{"x", "99", "-1"} {
		got := s.as(alice).submit("/statuses", url.Values{"status": {"hi"}, "in_reply_to_id": {reply}})
		if got.status != 404 && got.status != 422 {
			t.Errorf("answering %q: status %d", reply, got.status)
		}
	}
}

func TestStatusActions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	hello := s.post(alice, "Hello")
	b := s.as(bob)
	path := "/statuses/" + hello.ID.String() + "/"
	pressed := func(a answer, act string) string {
		t.Helper()
		return attr(a.one("button", "[data-act="+act+"]"), "aria-pressed")
	}
	for _, tt := range []struct{ act, button, want, activity string }{
		{"favourite", "favourite", "true", "Like"}, {"favourite", "favourite", "true", "Like"}, {"unfavourite", "favourite", "false", "Undo"},
		{"boost", "boost", "true", "Announce"}, {"unboost", "boost", "false", "Undo"},
	} {
		a := b.submit(path+tt.act, url.Values{"card": {"d3"}}, "HX-Request", "true").is(200)
		if got := pressed(a, tt.button); got != tt.want {
			t.Errorf("after %s the button is pressed: %s, want %s", tt.act, got, tt.want)
		}
		a.one("article", ".d3")
		a.none("nav")
		last := s.acts[len(s.acts)-1]
		if last.Type != tt.activity || last.Object != hello.URI || last.Actor != bob.URI {
			t.Errorf("%s was recorded as %+v", tt.act, last)
		}
	}
	back := b.submit(path+"favourite", nil, "Referer", origin+"/public?max_id=5").is(303)
	if got := back.header.Get("Location"); got != "/public?max_id=5#s"+hello.ID.String() {
		t.Errorf("sent back to %s", got)
	}
	elsewhere := b.submit(path+"favourite", nil, "Referer", "https://evil.test/x").is(303)
	if got := elsewhere.header.Get("Location"); got != "/home#s"+hello.ID.String() {
		t.Errorf("a foreign referrer sends to %s", got)
	}

	b.submit(path+"delete", nil).is(404)
	b.submit(path+"explode", nil).is(404)
	b.submit("/statuses/x/boost", nil).is(404)
	b.submit("/statuses/99/boost", nil).is(404)
	gone := s.as(alice).submit(path+"delete", nil, "HX-Request", "true").is(200)
	gone.none("article")
	s.as(alice).get("/@alice/" + hello.ID.String()).is(404)

	second := s.post(alice, "Again")
	away := s.as(alice).submit("/statuses/"+second.ID.String()+"/delete", url.Values{"card": {"focused"}}).is(303)
	if got := away.header.Get("Location"); got != "/home" {
		t.Errorf("after deleting the post of a page: %s, want /home", got)
	}
}

// A boost in a list keeps its header when what it boosts is favourited, and goes away with its own undoing.
func TestBoostCard_stays_a_boost(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	hello := s.post(alice, "Hello")
	boost, err := s.web.Statuses.Boost(t.Context(), bob.ID, hello.ID, "")
	if err != nil {
		t.Fatal(err)
	}
	profile := s.as(bob).get("/@bob").is(200)
	if got := text(profile.one("p", ".over")); got != "bob boosted" {
		t.Errorf("header = %q", got)
	}
	action := attr(profile.all("form", "[hx-target=closest .post]")[1], "action")
	a := s.as(bob).submit(action, nil, "HX-Request", "true").is(200)
	a.one("p", ".over")
	if got := attr(a.one("article"), "id"); got != "s"+boost.ID.String() {
		t.Errorf("the card is %s, want the boost's", got)
	}
	s.as(bob).submit("/statuses/"+boost.ID.String()+"/unboost", nil, "HX-Request", "true").is(200).none("article")
	s.as(bob).get("/@bob/" + boost.ID.String()).is(404)
}

func TestFollowing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	locked := true
	if _, err := s.web.Accounts.Update(t.Context(), bob.ID, social.Profile{Locked: &locked}); err != nil {
		t.Fatal(err)
	}
	a, b := s.as(alice), s.as(bob)
	follow := "/accounts/" + bob.ID.String() + "/"
	asked := a.submit(follow+"follow", nil, "HX-Request", "true").is(200)
	asked.one("form", "[action="+follow+"unfollow]")
	if !strings.Contains(text(asked.one("section", "#profile")), "Requested") {
		t.Errorf("after asking: %s", text(asked.one("section", "#profile")))
	}
	requests := b.get("/follow_requests").is(200)
	authorize := "/follow_requests/" + alice.ID.String() + "/authorize"
	requests.one("form", "[action="+authorize+"]")
	answered := b.submit(authorize, nil, "HX-Request", "true").is(200)
	if got := text(answered.one("li")); got != "alice follows you now." {
		t.Errorf("answer = %q", got)
	}
	b.submit(authorize, nil).is(303) // again: nothing happens
	if page := a.get("/@bob").is(200); !strings.Contains(text(page.one("section", "#profile")), "Unfollow") {
		t.Errorf("after the answer: %s", text(page.one("section", "#profile")))
	}
	a.submit(follow+"unfollow", nil, "Referer", origin+"/@bob").is(303)
	a.get("/@bob").is(200).one("form", "[action="+follow+"follow]")
	a.submit("/accounts/"+alice.ID.String()+"/follow", nil).is(403)
	a.submit("/accounts/99/follow", nil).is(404)
	a.submit("/accounts/"+bob.ID.String()+"/eat", nil).is(404)

	a.submit(follow+"follow", nil).is(303)
	b.submit("/follow_requests/"+alice.ID.String()+"/reject", nil).is(303)
	b.get("/follow_requests").is(200).none("li", ".person")
	var types []string
	for _, act := range s.acts {
		types = append(types, act.Type)
	}
	same(t, "acts", types, []string{"Follow", "Accept", "Accept", "Undo", "Follow", "Follow", "Reject"})
	if s.acts[0].Object != bob.URI {
		t.Errorf("the first act is about %s, want bob", s.acts[0].Object)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	b := s.as(alice)
	b.get("/settings/profile").is(200).one("input", "[name=display_name]")
	to := b.submit("/settings/profile", url.Values{"display_name": {" Alice A. "}, "note": {"I look at #stars\r\nhttps://example.org"}, "locked": {"1"}}).is(303)
	if got := to.header.Get("Location"); got != "/@alice" {
		t.Errorf("sent on to %s", got)
	}
	page := b.get("/@alice").is(200)
	if got := text(page.one("h1")); got != "Alice A." {
		t.Errorf("name = %q", got)
	}
	page.one("a", "[href=/tags/stars]")
	refused := b.submit("/settings/profile", url.Values{"display_name": {strings.Repeat("n", 31)}, "note": {"kept"}}).is(422)
	if got := text(refused.one("textarea")); got != "kept" {
		t.Errorf("the note is lost: %q", got)
	}
	b.get("/settings/profile").is(200).one("input", "[checked]", "[name=locked]")
}

// PostgreSQL refuses zero bytes and what is not UTF-8; whoever sends them must get an answer and never a fault.
func TestBytesThatAreNoText(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		s := newSiteOn(t, dsn)
		b := s.as(s.person("alice"))
		const bad = "a\x00b\xff\xc3("
		escaped := url.QueryEscape(bad)
		b.submit("/statuses", url.Values{"status": {bad}, "spoiler_text": {bad}, "visibility": {"public"}}).is(303)
		b.submit("/statuses", url.Values{"status": {"x"}, "visibility": {bad}}).is(422)
		b.submit("/settings/profile", url.Values{"display_name": {bad}, "note": {bad}}).is(303)
		b.submit("/auth/sign_in", url.Values{"username": {bad}, "password": {bad}, "next": {bad}}).is(401)
		b.submit("/auth/sign_in", url.Values{"username": {"x" + strings.Repeat("é", 60)}, "password": {"x"}}).is(401)
		b.get("/home").is(200)
		b.get("/@alice").is(200)
		b.get("/search?q=" + escaped).is(200)
		b.get("/search?q=%23" + escaped).is(200)
		b.get("/@" + escaped).is(404)
		b.get("/tags/" + escaped).is(200) // what is left of it is a hashtag
		b.get("/home?max_id=" + escaped).is(200)
		b.get("/home?max_id=-5").is(200)
		b.get("/public?max_id=1").is(200)
		stale := &browser{site: s, cookie: "%00%ff"}
		stale.get("/public").is(200)
	})
}
