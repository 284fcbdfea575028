package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// discoverable makes people be found by strangers.
func (s *site) discoverable(people ...social.Account) {
	s.t.Helper()
	for _, a := range people {
		yes := true
		if _, err := s.web.Accounts.Update(s.t.Context(), a.ID, social.Profile{Discoverable: &yes}); err != nil {
			s.t.Fatal(err)
		}
	}
}

// linked gives a post a card, as its page would.
func (s *site) linked(post social.Status, title string) {
	s.t.Helper()
	card := social.Card{ID: social.ID(s.ids.Next()), URL: "https://news.test/" + url.PathEscape(title), Kind: "link", Title: title, Description: strings.Repeat("word ", 90), FetchedAt: s.clock.Now()}
	id, err := s.store.PutCard(s.t.Context(), card)
	if err == nil {
		err = s.store.SetCard(s.t.Context(), post.ID, id, card.URL)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestExplore_shows_what_trends(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob, carol := s.person("alice"), s.person("bob"), s.person("carol")
	s.discoverable(alice, bob, carol)
	liked := s.post(alice, "Look at the #sky")
	s.linked(liked, "Stars <b>")
	s.linked(s.post(bob, "The #sky again, and #alone"), "Stars <b>")
	for _, who := range []social.Account{bob, carol} {
		if _, err := s.web.Reactions.Favourite(t.Context(), who.ID, liked.ID); err != nil {
			t.Fatal(err)
		}
	}
	s.follow(alice, bob)
	s.follow(bob, carol)
	for _, who := range []social.Account{{}, alice} {
		b := s.as(who)
		same(t, "posts", texts(b.get("/explore").is(200).all("div", ".words")), []string{"Look at the # sky"})
		same(t, "hashtags", texts(b.get("/explore/tags").is(200).all("li", ".person")), []string{"#sky in 2 posts this week"})
		link := b.get("/explore/links").is(200).one("a", ".name")
		if attr(link, "href") != "https://news.test/Stars%20%3Cb%3E" || text(link) != "Stars <b>" || !strings.Contains(attr(link, "rel"), "noopener") {
			t.Errorf("the link is %q to %s", text(link), attr(link, "href"))
		}
		same(t, "directory", texts(b.get("/directory?order=new").is(200).all("a", ".name")), []string{"carol", "bob", "alice"})
		for _, path := range []string{"/explore", "/explore/tags", "/explore/links", "/directory"} {
			for _, offset := range []string{"20", "-1", "x", "99999999999999999999", "10001"} {
				b.get(path + "?offset=" + offset).is(200)
			}
		}
	}
	page := s.as(alice).get("/explore/suggestions").is(200)
	same(t, "suggestions", texts(page.all("a", ".name")), []string{"carol"})
	page.one("a", "[href=/explore/suggestions]", "[aria-current=page]")
	page.one("a", "[href=/explore]", "[data-keys=g e]")
	s.as(social.Account{}).get("/explore/suggestions").is(303)
	no := "/explore/suggestions/" + carol.ID.String() + "/dismiss"
	s.as(social.Account{}).submit(no, nil).is(401)
	s.as(alice).submit(no, nil, "Sec-Fetch-Site", "cross-site").is(403)
	s.as(alice).submit("/explore/suggestions/1/dismiss", nil).is(404)
	s.as(alice).submit("/explore/suggestions/x/dismiss", nil).is(404)
	if got := s.as(alice).submit(no, nil).is(303).header.Get("Location"); got != "/explore/suggestions" {
		t.Errorf("dismissing leads to %s", got)
	}
	s.as(alice).get("/explore/suggestions").is(200).none("a", ".name")
}

func TestExplore_reaches_everything_once(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	var people []social.Account
	for i := range perPage + 3 {
		people = append(people, s.person(fmt.Sprintf("p%d", i)))
	}
	s.discoverable(people...)
	for i := range perPage + 3 {
		for _, who := range people[:2] {
			s.post(who, fmt.Sprintf("#tag%d", i))
		}
	}
	for _, path := range []string{"/explore/tags", "/directory?local=1&order=new"} {
		seen, pages := map[string]bool{}, 0
		for next := path; next != ""; pages++ {
			a := s.as(people[0]).get(next).is(200)
			for _, name := range texts(a.all("a", ".name")) {
				if seen[name] {
					t.Errorf("%s shows %s twice", path, name)
				}
				seen[name] = true
			}
			next = ""
			if links := a.all("a", "[rel=next]"); len(links) > 0 {
				next = attr(links[0], "href")
			}
			if pages > 3 {
				t.Fatalf("%s has no end", path)
			}
		}
		if len(seen) != perPage+3 || pages != 2 {
			t.Errorf("%s: %d on %d pages, want %d on 2", path, len(seen), pages, perPage+3)
		}
	}
}

func TestAbout(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	stranger := s.as(social.Account{})
	for _, path := range []string{"/about", "/privacy-policy", "/terms-of-service"} { // also when nobody wrote anything
		if a := stranger.get(path).is(200); len(a.all("a", "[aria-current=page]", "[href="+path+"]")) == 0 {
			t.Errorf("%s does not say where one is", path)
		}
	}
	stranger.get("/terms-of-service/2026-03-01").is(404)

	alice := s.person("alice")
	s.post(alice, "Hello")
	s.remote("berta", "techhub.localhost:8080", "Berta")
	if err := s.web.Moderation.GiveRole(t.Context(), social.InstanceActorID, alice.ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	if _, err := s.web.Moderation.AddRule(t.Context(), social.InstanceActorID, "Be <kind>", "Always."); err != nil {
		t.Fatal(err)
	}
	if _, err := s.web.Moderation.BlockDomain(t.Context(), alice.ID, social.DomainBlock{Domain: "secretive.test", Severity: social.SeveritySilence, Obfuscate: true, PublicComment: "spam"}); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{social.SiteDescription: "Run by astronomers.\n\nSee <script>.", social.SitePrivacy: "Little is kept.", social.SiteTerms: "Be here."} {
		if err := social.WriteSiteText(t.Context(), s.store, social.SiteText{Name: name, Content: content, UpdatedAt: s.clock.Now()}); err != nil {
			t.Fatal(err)
		}
	}
	about := stranger.get("/about").is(200)
	page := text(about.one("main"))
	for _, want := range []string{"About The Academy", "1, of whom 1 wrote within a month", "1, written here", "1 known besides", "@alice@" + host, "Run by astronomers. See <script>.", "Be <kind> Always.", "spam"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q, but: %s", want, page)
		}
	}
	if strings.Contains(about.body, "secretive.test") {
		t.Error("the page names a server that is told only in part")
	}
	if got := text(stranger.get("/privacy-policy").is(200).one("div", ".words")); got != "Little is kept." {
		t.Errorf("the policy says %q", got)
	}
	if got := text(stranger.get("/terms-of-service/2026-03-01").is(200).one("div", ".words")); got != "Be here." {
		t.Errorf("the terms say %q", got)
	}
	stranger.get("/terms-of-service/2026-02-28").is(404)
}

func TestAnnouncements_stand_on_home_until_they_are_read(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	s.as(alice).get("/home").is(200).none("section", ".announcement")
	said, err := s.web.Announcements.Publish(t.Context(), social.Announcement{
		Text: "Down on Sunday, @bob <b> #works", StartsAt: s.clock.Now().Add(time.Hour), EndsAt: s.clock.Now().Add(2 * time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	home := s.as(alice).get("/home").is(200)
	same(t, "announcements", texts(home.all("section", ".announcement")),
		[]string{"Down on Sunday, @ bob <b> # works 1 March 2026, 13:00 UTC to 1 March 2026, 14:00 UTC React… 👍 ❤️ 🎉 😄 😮 😢 🙏 👀 I have read this"})
	home.one("a", "[href=/@bob]", ".mention")
	away := "/announcements/" + said.ID.String() + "/dismiss"
	s.as(social.Account{}).submit(away, nil).is(401)
	s.as(alice).submit(away, nil, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test").is(403)
	s.as(alice).submit("/announcements/1/dismiss", nil).is(404)
	s.as(alice).submit("/announcements/x/dismiss", nil).is(404)
	if got := s.as(alice).submit(away, nil).is(303).header.Get("Location"); got != "/home" {
		t.Errorf("dismissing leads to %s", got)
	}
	s.as(alice).get("/home").is(200).none("section", ".announcement")
	if got := s.as(bob).submit(away, nil, "HX-Request", "true").is(200); got.body != "" {
		t.Errorf("a script gets %q, want nothing in place of the announcement", got.body)
	}
	s.as(bob).get("/home").is(200).none("section", ".announcement")
}

func TestSearch_finds_own_posts_by_their_words(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	s.post(alice, "The telescope is ready")
	s.post(bob, "My telescope is mine")
	same(t, "posts", texts(s.as(alice).get("/search?q=telescope").is(200).all("div", ".words")), []string{"The telescope is ready"})
	s.as(social.Account{}).get("/search?q=telescope").is(200).none("div", ".words")
}
