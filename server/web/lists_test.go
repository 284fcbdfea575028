package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// A list is made, filled, read, changed and deleted by forms alone.
func TestLists(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob, berta := s.person("alice"), s.person("bob"), s.remote("berta", "beta.test", "Berta")
	b := s.as(alice)
	for _, path := range []string{"/lists", "/accounts/" + bob.ID.String() + "/lists"} {
		s.as(social.Account{}).get(path).is(303)
	}
	if got := text(b.get("/lists").is(200).one(".empty")); !strings.Contains(got, "No lists") {
		t.Errorf("without lists it says %q", got)
	}
	b.get("/home").is(200).one("[href=/lists]")
	b.get("/@bob").is(200).none("[href=/accounts/" + bob.ID.String() + "/lists]") // only followed people can be in lists

	path, isOf := strings.CutSuffix(b.submit("/lists", url.Values{"title": {" <b>Tea</b> "}, "replies_policy": {"none"}, "exclusive": {"1"}}).is(303).header.Get("Location"), "/add")
	lists, err := s.store.Lists(t.Context(), alice.ID)
	if err != nil || len(lists) != 1 || !isOf || path != "/lists/"+lists[0].ID.String() || lists[0].Title != "<b>Tea</b>" || lists[0].Replies != social.RepliesNone || !lists[0].Exclusive {
		t.Fatalf("made %+v, %v, and sent to %s", lists, err, path)
	}
	if got := text(b.get("/lists").is(200).one("a", "[href="+path+"]", ".name")); got != "<b>Tea</b>" {
		t.Errorf("the list is called %q", got)
	}
	b.get(path).is(200).one(".empty")
	b.get(path+"/edit").is(200).one("a", "[href="+path+"/add]", ".primary")
	if got := text(b.get(path + "/add").is(200).one(".empty")); !strings.Contains(got, "You follow nobody yet") {
		t.Errorf("with nobody to add it says %q", got)
	}

	member := func(account social.Account) url.Values { return url.Values{"account": {account.ID.String()}} }
	b.submit(path+"/add", member(bob)).is(422) // not followed
	s.follow(alice, bob)
	s.follow(alice, berta) // waits for an answer
	b.get("/@bob").is(200).one("[href=/accounts/" + bob.ID.String() + "/lists]")
	b.get(path+"/add").is(200).one("[name=account]", "[value="+bob.ID.String()+"]")
	where := "/accounts/" + bob.ID.String() + "/lists"
	b.get(where).is(200).one("form", "[action="+path+"/add]")
	if to := b.submit(path+"/add", member(bob), "Referer", origin+where).is(303).header.Get("Location"); to != where {
		t.Errorf("the button leads back to %s, want %s", to, where)
	}
	b.get(where).is(200).one("form", "[action="+path+"/remove]")
	b.get(path+"/add").is(200).one("form", "[action="+path+"/remove]")
	b.get(path+"/edit").is(200).one("[name=account]", "[value="+bob.ID.String()+"]")
	b.submit(path+"/add", member(bob)).is(422) // in it already
	for _, handle := range []string{"@berta@beta.test", "alice@" + host} {
		b.submit(path+"/add", url.Values{"acct": {handle}}).is(303)
	}
	if people := b.get(path+"/edit").is(200).all("form", "[action="+path+"/remove]"); len(people) != 3 {
		t.Errorf("%d people are in it, want 3", len(people))
	}

	post := s.post(bob, "hello")
	b.get(path).is(200).one("#s" + post.ID.String())
	b.get("/home").is(200).none("#s" + post.ID.String()) // the list is exclusive
	b.submit(path, url.Values{"title": {"Coffee"}, "replies_policy": {"followed"}}).is(303)
	if l, err := s.store.ListByID(t.Context(), alice.ID, lists[0].ID); err != nil || l.Title != "Coffee" || l.Replies != social.RepliesToFollowed || l.Exclusive {
		t.Errorf("changed to %+v, %v", l, err)
	}
	b.submit("/accounts/"+bob.ID.String()+"/mute", nil).is(303)
	b.get(path).is(200).none("#s" + post.ID.String())
	b.submit(path+"/remove", member(bob)).is(303)
	b.get(where).is(200).one("form", "[action="+path+"/add]")
	b.submit(path+"/delete", nil).is(303)
	for _, gone := range []string{path, path + "/edit", path + "/add"} {
		b.get(gone).is(404)
	}
	b.get("/lists").is(200).one(".empty")
	b.get(where).is(200).one("a", "[href=/lists]", ".primary")
}

// What is wrong with a form is said beside its field; what is somebody else's, or nothing, does not exist. Many people are paged.
func TestLists_refused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	b := s.as(alice)
	l, err := s.web.Lists.Create(t.Context(), alice.ID, social.List{Title: "Tea"})
	if err != nil {
		t.Fatal(err)
	}
	path := "/lists/" + l.ID.String()
	s.follow(bob, alice)
	for _, tt := range []struct {
		path        string
		typed       url.Values
		field, says string
	}{
		{path, url.Values{"title": {""}, "replies_policy": {"list"}}, "title", "Title can't be blank."},
		{path, url.Values{"title": {strings.Repeat("é", 257)}, "replies_policy": {"list"}}, "title", "too long"},
		{path, url.Values{"title": {"Tea"}, "replies_policy": {"all"}}, "replies_policy", "no policy"},
		{path + "/add", url.Values{"acct": {" "}}, "acct", "Say whom"},
		{path + "/add", url.Values{"acct": {"@nobody@beta.test"}}, "acct", "Nobody called @nobody@beta.test is known here"},
		{path + "/add", url.Values{"acct": {"@bob"}}, "acct", "follow them first"},
	} {
		page := b.submit(tt.path, tt.typed).is(422)
		wrong := page.one("[aria-invalid=true]")
		if says := text(page.one("#" + attr(wrong, "aria-describedby"))); attr(wrong, "name") != tt.field || !strings.Contains(says, tt.says) {
			t.Errorf("%s %v: beside %s stands %q, want %s and %q", tt.path, tt.typed, attr(wrong, "name"), says, tt.field, tt.says)
		}
	}
	if again, err := s.store.ListByID(t.Context(), alice.ID, l.ID); err != nil || again.Title != "Tea" || again.Replies != social.RepliesToList {
		t.Errorf("changed to %+v, %v", again, err)
	}
	b.submit(path+"/add", url.Values{"account": {"x"}}).is(404)
	b.submit(path+"/add", url.Values{"account": {"99"}}).is(404)
	b.submit(path+"/remove", nil).is(404)
	b.get("/accounts/99/lists").is(404)
	b.get("/accounts/" + social.InstanceActorID.String() + "/lists").is(404)
	b.submit("/lists", url.Values{"title": {"x"}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test").is(403)
	other := s.as(bob)
	for _, at := range []string{path, path + "/edit", path + "/add", "/lists/99", "/lists/x"} {
		other.get(at).is(404)
	}
	for _, at := range []string{path, path + "/add", path + "/remove", path + "/delete"} {
		other.submit(at, url.Values{"title": {"mine"}, "account": {alice.ID.String()}, "acct": {"alice"}}).is(404)
		s.as(social.Account{}).submit(at, nil).is(401)
	}
	if members, err := s.store.ListMembers(t.Context(), l.ID, social.Page{Limit: 5}); err != nil || len(members) != 0 {
		t.Errorf("members: %+v, %v", members, err)
	}
	for n := range perPage + 1 {
		somebody := s.person(fmt.Sprintf("somebody%d", n))
		s.follow(alice, somebody)
		if err := s.web.Lists.Add(t.Context(), alice.ID, l.ID, []social.ID{somebody.ID}); err != nil {
			t.Fatal(err)
		}
	}
	for _, page := range []string{"/edit", "/add"} {
		first := b.get(path + page).is(200)
		rest := b.get(attr(first.one("[rel=next]"), "href")).is(200)
		if n, m := len(first.all("[action="+path+"/remove]")), len(rest.all("[action="+path+"/remove]")); n != perPage || m != 1 {
			t.Errorf("%s has %d people, and then %d; want %d and 1", page, n, m, perPage)
		}
	}
}
