package web

import (
	"net/url"
	"slices"
	"testing"
)

func TestBookmarksAndFavourites(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	first, second := s.post(bob, "First"), s.post(bob, "Second")
	b := s.as(alice)
	for act, page := range map[string]string{"bookmark": "/bookmarks", "favourite": "/favourites"} {
		b.get(page).is(200).one("div", ".empty")
		for _, p := range []string{second.ID.String(), first.ID.String()} {
			b.submit("/statuses/"+p+"/"+act, url.Values{}).is(303)
		}
		if got := texts(b.get(page).is(200).all("div", ".words")); !slices.Equal(got, []string{"First", "Second"}) {
			t.Errorf("%s shows %v, want the latest marked first", page, got)
		}
		pressed := b.get("/@bob/"+first.ID.String()).is(200).one("button", "."+act)
		if got := attr(pressed, "aria-pressed"); got != "true" {
			t.Errorf("the button to %s is pressed: %s", act, got)
		}
		b.submit("/statuses/"+first.ID.String()+"/un"+act, url.Values{}).is(303)
		if got := texts(b.get(page).is(200).all("div", ".words")); !slices.Equal(got, []string{"Second"}) {
			t.Errorf("%s shows %v, want Second", page, got)
		}
		if got := texts(s.as(bob).get(page).is(200).all("div", ".words")); len(got) != 0 {
			t.Errorf("bob sees %v on %s", got, page)
		}
	}
	for _, act := range s.acts {
		if act.Type == "" {
			t.Errorf("what nobody hears of is in the log: %+v", act)
		}
	}
}
