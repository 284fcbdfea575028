package main

import (
	"fmt"
	"strings"
	"testing"
)

// everyPage looks at each page in the state of a small conversation: its headings, its landmarks, its width on a phone.
func everyPage(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	log := watching(r, b)
	b.sound("home-quiet")
	b.post(hello + ", this is my first post. What do you think of #federation?")
	log.until("it has arrived", row("academy sent", "masto", "202"))
	b.become("berta")
	b.leave(`#feed .post [data-act=reply]`)
	b.post("Welcome! It looks as if canon can read this too.")
	log.until("it is passed on", row("academy passed", "masto", "202"))
	b.open(r.at("techhub", "/home"))
	b.press(`.post:last-of-type [data-act=boost]`)
	log.until("the boost has arrived", row("techhub sent", "academy", "Announce", "202"))
	b.become("alice")
	b.leave(`.post [data-act=open]`)
	thread := ask[string](b, `location.pathname`)
	b.open(r.at("academy", fmt.Sprintf("/@berta@techhub.localhost:%d", r.Port)))
	b.press("#profile form .primary")
	b.shows("#profile", "Unfollow")

	for _, p := range []struct{ name, host, path string }{
		{"lab", "", "/lab"}, {"log", "", "/lab/log"}, {"log-empty", "", "/lab/log?q=nothing-says-this"},
		{"home", "academy", "/home"}, {"local", "academy", "/public/local"}, {"federated", "academy", "/public"},
		{"thread", "academy", thread}, {"profile", "academy", "/@alice"}, {"followers", "academy", "/@alice/followers"},
		{"profile-remote", "academy", fmt.Sprintf("/@berta@techhub.localhost:%d", r.Port)},
		{"notifications", "academy", "/notifications"}, {"search", "academy", "/search"},
		{"search-found", "academy", "/search?q=berta"}, {"search-nothing", "academy", "/search?q=nobody"},
		{"explore", "academy", "/explore"}, {"explore-tags", "academy", "/explore/tags"}, {"explore-links", "academy", "/explore/links"},
		{"explore-people", "academy", "/explore/suggestions"}, {"directory", "academy", "/directory"},
		{"about", "academy", "/about"}, {"privacy", "academy", "/privacy-policy"},
		{"tag", "academy", "/tags/federation"}, {"settings", "academy", "/settings/profile"},
		{"requests", "academy", "/follow_requests"}, {"academy-log", "academy", "/lab/log"},
		{"home-techhub", "techhub", "/home"},
	} {
		b.open(r.at(p.host, p.path))
		b.sound(p.name)
	}
	b.open(r.at("academy", "/home"))
	b.press(".menu > summary")
	b.picture("menu-light")
	b.leave(`.menu-items form[action="/auth/sign_out"] button`)
	for _, p := range []struct{ name, host, path string }{
		{"front", "academy", "/"}, {"sign-in", "academy", "/auth/sign_in"}, {"thread-stranger", "academy", thread},
	} {
		b.open(r.at(p.host, p.path))
		b.sound(p.name)
	}
	b.excepted = []string{"404"}
	for _, p := range []struct{ name, host, path string }{{"not-here", "academy", "/nowhere"}, {"no-entry", "", "/lab/e/1"}} {
		b.open(r.at(p.host, p.path))
		b.sound(p.name)
	}

	b.open(r.at("", "/lab/log"))
	for _, e := range []struct{ name, row string }{
		{"entry-sent", row("academy sent", "techhub", "Create")}, {"entry-forwarded", row("academy passed")},
		{"entry-action", row("alice posted something")}, {"entry-boost", row("Announce", "techhub sent")},
	} {
		log.until(e.name, e.row)
		b.open(ask[string](log, e.row+`.querySelector("a").href`))
		b.sound(e.name)
	}
	for _, query := range []string{
		"kind=delivery&direction=in", "kind=delivery&direction=out", "kind=fetch&direction=in", "kind=fetch&direction=out",
		"kind=key&direction=out", "kind=webfinger&direction=in", "kind=webfinger&direction=out", "kind=action",
	} {
		b.open(r.at("", "/lab/log?"+query))
		b.open(ask[string](b, `document.querySelector("tr.entry a").href`))
		b.sound("entry-" + strings.NewReplacer("kind=", "", "&direction=", "-").Replace(query))
	}

	b.open(r.at("", "/lab/log"))
	b.press("#rows > tr.entry .say a") // those in a fold are not in sight
	b.until("it opens beside the list", `document.querySelector("#drawer .sentence") !== null`)
	b.picture("log-open-light")
	b.colours("dark")
	b.picture("log-open-dark")
	b.colours("light")
}
