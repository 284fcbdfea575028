package web

import (
	"net/url"
	"testing"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	me, other := s.as(alice), s.as(bob)
	post := s.post(alice, "Hello")
	path, page := "/statuses/"+post.ID.String()+"/edit", "/@alice/"+post.ID.String()
	me.get(path).is(200).one("textarea", "#edit-text")
	other.get(path).is(404)
	other.submit(path, url.Values{"status": {"mine"}}).is(404)
	me.submit(path, url.Values{"status": {""}}).is(422).one("p", ".complaint")
	s.clock.Advance(1e9)
	me.submit(path, url.Values{"status": {"Hello, sky"}}).is(303)
	same(t, "the post", texts(other.get(page).is(200).all("div", ".words")), []string{"Hello, sky"})
	other.get(page).one("a", "[href="+page+"/history]")
	same(t, "its history", texts(other.get(page+"/history").is(200).all("div", ".words")), []string{"Hello, sky", "Hello"})
	other.get("/@alice/7/history").is(404)
}
