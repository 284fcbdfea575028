package web

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// federation.md §1.5: from elsewhere to what one can do with it here.
func TestAuthorizeInteraction_leads_to_what_is_meant(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	berta := s.remote("berta", "techhub.localhost:8080", "Berta")
	post := s.arrive(berta, "<p>Hello</p>")
	b, stranger := s.as(alice), s.as(social.Account{})
	for uri, want := range map[string]string{
		berta.URI:                           "/@berta@techhub.localhost:8080",
		"acct:berta@techhub.localhost:8080": "/@berta@techhub.localhost:8080",
		"@berta@techhub.localhost:8080":     "/@berta@techhub.localhost:8080",
		post.URI:                            "/@berta@techhub.localhost:8080/" + post.ID.String(),
		" " + post.URI + "\n":               "/@berta@techhub.localhost:8080/" + post.ID.String(),
	} {
		if got := b.get("/authorize_interaction?uri=" + url.QueryEscape(uri)).is(303).header.Get("Location"); got != want {
			t.Errorf("%q leads to %s, want %s", uri, got, want)
		}
	}
	b.get("/authorize_interaction?uri=" + url.QueryEscape("https://nowhere.test/x")).is(404)
	b.get("/authorize_interaction").is(422)
	b.get("/authorize_interaction?uri=" + strings.Repeat("x", 3000)).is(422)
	next := stranger.get("/authorize_interaction?uri=acct:berta@techhub").is(303).header.Get("Location")
	if !strings.HasPrefix(next, "/auth/sign_in?next=") || !strings.Contains(next, "authorize_interaction") {
		t.Errorf("a stranger is led to %s, want to sign in and come back", next)
	}
	for path, want := range map[string]string{
		"/.well-known/proxy?uri=web%2Bap%3A%2F%2Fx": "/authorize_interaction?uri=web%2Bap%3A%2F%2Fx",
		"/.well-known/proxy":                        "/authorize_interaction",
		"/.well-known/change-password":              "/auth/edit",
		"/auth/edit":                                "/settings/account",
	} {
		if got := stranger.get(path).is(302).header.Get("Location"); got != want {
			t.Errorf("%s leads to %s, want %s", path, got, want)
		}
	}
}

func TestShare_begins_a_post(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := s.as(s.person("alice"))
	a := b.get("/share?title=A+title&text=" + url.QueryEscape("<b>Look</b>") + "&url=https%3A%2F%2Fx.test").is(200)
	if got, want := text(a.one("textarea", "#compose-text")), "A title <b>Look</b> https://x.test"; strings.Join(strings.Fields(got), " ") != want {
		t.Errorf("the form holds %q, want %q", got, want)
	}
	s.as(social.Account{}).get("/share?text=x").is(303)
}

// federation.md §1.7: a page says where its document is.
func TestPages_name_their_documents(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	berta := s.remote("berta", "techhub.localhost:8080", "Berta")
	post, theirs := s.post(alice, "Hello"), s.arrive(berta, "<p>Hello</p>")
	b := s.as(social.Account{})
	alternate := func(uri string) string { return "<" + uri + `>; rel="alternate"; type="application/activity+json"` }
	for path, want := range map[string]string{
		"/@alice":                        "<" + origin + "/.well-known/webfinger?resource=acct%3Aalice%40academy.localhost%3A8080" + `>; rel="lrdd"; type="application/jrd+json", ` + alternate(alice.URI),
		"/@alice/" + post.ID.String():    alternate(post.URI),
		"/@berta@techhub.localhost:8080": "",
		"/@berta@techhub.localhost:8080/" + theirs.ID.String(): "",
	} {
		a := b.get(path).is(200)
		if got := a.header.Get("Link"); got != want {
			t.Errorf("%s: Link %q, want %q", path, got, want)
		}
		if got := len(a.all("link", "[rel=alternate]")); (got == 1) != (want != "") {
			t.Errorf("%s: %d alternates in the head, want them to agree with %q", path, got, want)
		}
	}
}
