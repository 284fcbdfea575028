package web

import (
	"net/url"
	"testing"
	"time"

	"orrery/social"
)

func TestPolls(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	me, other := s.as(alice), s.as(bob)
	me.submit("/statuses", url.Values{"status": {"Which?"}, "poll_options": {"Mars", "", "<b>Venus</b>", ""}, "poll_expires_in": {"3600"}}).is(303)
	posts, err := s.web.Reader.AccountTimeline(t.Context(), alice.ID, alice.ID, social.AccountFilter{}, social.Page{})
	if err != nil || len(posts) != 1 || posts[0].Poll == nil {
		t.Fatalf("made %+v, %v", posts, err)
	}
	id := posts[0].Status.ID.String()
	page := "/@alice/" + id
	me.get(page).is(200).one("ul", ".poll-result")
	if n := len(other.get(page).is(200).all("input", "[name=choices]")); n != 2 {
		t.Errorf("bob is offered %d answers, want 2", n)
	}
	other.submit("/statuses/"+id+"/vote", url.Values{}).is(422)
	other.submit("/statuses/"+id+"/vote", url.Values{"choices": {"x"}}).is(422)
	other.submit("/statuses/"+id+"/vote", url.Values{"choices": {"1"}}).is(303)
	a := other.get(page).is(200)
	a.none("[name=choices]")
	same(t, "result", texts(a.all("li", ".poll-answer")), []string{"0 % Mars", "100 % <b>Venus</b> your choice"})
	other.submit("/statuses/"+id+"/vote", url.Values{"choices": {"0"}}).is(422)
	s.clock.Advance(2 * time.Hour)
	s.as(social.Account{}).get(page).is(200).one("ul", ".poll-result")

	refused := me.submit("/statuses", url.Values{"status": {"Which?"}, "poll_options": {"only one"}, "poll_expires_in": {"3600"}}).is(422)
	refused.one("input", "[name=poll_options]", "[value=only one]")
}
