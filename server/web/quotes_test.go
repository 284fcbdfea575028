package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// Whoever may quote a post finds the way to the form that does it; the form takes neither files nor a poll, as Mastodon's.
func TestQuoting(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	own := s.post(alice, "Mine")
	s.as(alice).get("/@alice/"+own.ID.String()).is(200).none("a", "[data-act=quote]") // 4.1 knows no quotes

	s.web.Quotes = &social.Quotes{Store: s.store, Now: s.clock.Now, NewID: s.web.Follows.NewID, MintURI: s.web.Follows.MintURI}
	s.web.Statuses.Quotes = s.web.Quotes
	said := s.post(bob, "Said")
	page := "/@bob/" + said.ID.String()
	closed := s.post(bob, "Not to be quoted", func(d *social.Draft) { d.QuotePolicy = social.QuotableByNobody })
	b := s.as(alice)
	b.get("/@bob/"+closed.ID.String()).is(200).none("a", "[data-act=quote]")
	if got := attr(b.get(page).one("a", "[data-act=quote]"), "href"); got != page+"?quote=1#compose" {
		t.Errorf("the way to quote is %s", got)
	}
	form := b.get(page + "?quote=1").is(200)
	form.one("input", "[name=quoted_status_id]")
	form.none("input", "[name=poll_options]")
	if words := texts(form.all("p", ".answering")); len(words) != 1 || !strings.Contains(words[0], "Quoting") {
		t.Errorf("the form says %q", words)
	}
	b.submit("/statuses", url.Values{"status": {"Look"}, "visibility": {"public"}, "quoted_status_id": {said.ID.String()}}).is(303)
	shown := b.get("/@alice").is(200)
	if quoted := texts(shown.all("blockquote", ".quoted")); len(quoted) != 1 || !strings.Contains(quoted[0], "Said") {
		t.Errorf("alice's page shows %q inside her post, want bob's words", quoted)
	}
}
