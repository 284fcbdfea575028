package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// filter makes a filter of owner's for a word.
func (s *site) filter(owner social.Account, word string, action social.FilterAction, where ...social.FilterContext) {
	s.t.Helper()
	_, err := s.web.Filters.Create(s.t.Context(), owner.ID, social.Filter{
		Title: "About " + word, Action: action, Contexts: where, Keywords: []social.FilterKeyword{{Keyword: word, WholeWord: true}},
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// Filters do on pages what their form says: a warning, nothing at all, or covered pictures, and only where they count.
func TestFilters_onPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := s.person("ada"), s.person("bob")
	s.follow(ada, bob)
	s.filter(ada, "tea", social.FilterWarn, social.FilterHome, social.FilterNotifications)
	s.filter(ada, "rum", social.FilterHide, social.FilterHome, social.FilterThread)
	s.filter(ada, "old", social.FilterHide, social.FilterHome)
	tea, rum := s.post(bob, "a cup of tea"), s.post(bob, "a glass of rum")
	s.post(ada, "my own tea")
	s.post(bob, "@ada tea?")
	s.post(bob, "nothing of it")
	me := s.as(ada)

	home := me.get("/home").is(200)
	card := home.one("article", "#s"+tea.ID.String())
	if got := text(card); !holds(card, ".filtered") || !strings.HasPrefix(got, "Filtered: About tea") {
		t.Errorf("tea stands as %q", got)
	}
	home.none("#s" + rum.ID.String())
	if n := len(home.all("article", ".filtered")); n != 2 { // the mention, too
		t.Errorf("%d posts are behind a warning, want 2", n)
	}
	local := me.get("/public/local").is(200)
	local.none("article", ".filtered")
	local.one("#s" + rum.ID.String())
	me.get("/notifications").is(200).one("article", ".filtered")
	answer := s.post(bob, "more rum", func(d *social.Draft) { d.ReplyTo = rum.ID })
	thread := me.get("/@bob/" + rum.ID.String()).is(200)
	thread.one("#s"+rum.ID.String(), ".focused") // chosen to be seen
	thread.none("#s" + answer.ID.String())
	s.as(bob).get("/public/local").is(200).none("article", ".filtered")

	ended := s.post(bob, "an old story")
	me.get("/home").is(200).none("#s" + ended.ID.String())
	filters, err := s.store.Filters(t.Context(), ada.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range filters {
		if f.Title == "About old" {
			_, err = s.web.Filters.Change(t.Context(), ada.ID, func(o social.Filter) bool { return o.ID == f.ID }, func(o *social.Filter) error {
				o.ExpiresAt = s.clock.Now().Add(time.Minute)
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	s.clock.Advance(2 * time.Minute)
	me.get("/home").is(200).one("#s" + ended.ID.String())
}

// A post shows what the page that it links to says of itself, and loads nothing from there.
func TestCards_onPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.web.URLs.Copies = true
	const page = "https://blog.test/1"
	ada, bob := s.person("ada"), s.person("bob")
	card := func(address, title string) social.ID {
		t.Helper()
		card, err := s.store.PutCard(t.Context(), social.Card{
			ID: social.ID(s.ids.Next()), URL: address, Kind: "link", Title: title, Description: "<b>words</b>", ImageURL: "https://blog.test/i.png",
			ImageDescription: "A <fox>", AuthorName: "Rita", FetchedAt: s.clock.Now(),
		})
		if err != nil {
			t.Fatal(err)
		}
		return card
	}
	good := card(page, "A <i>title</i>")
	var posts []social.Status
	for _, who := range []social.Account{ada, bob} {
		st := s.post(who, "see "+page+"#part")
		if err := s.store.SetCard(t.Context(), st.ID, good, page+"#part"); err != nil {
			t.Fatal(err)
		}
		posts = append(posts, st)
	}
	shown := s.as(social.Account{}).get("/@ada/" + posts[0].ID.String()).is(200)
	link := shown.one("a", "[data-act=card]")
	if attr(link, "href") != page+"#part" || !strings.Contains(attr(link, "rel"), "noreferrer") || !strings.Contains(text(link), "A <i>title</i> <b>words</b>") {
		t.Errorf("the card is %q to %s", text(link), attr(link, "href"))
	}
	if src := attr(shown.one("img", "[alt=A <fox>]"), "src"); !strings.HasPrefix(src, origin+"/media_proxy/") {
		t.Errorf("the picture comes from %s", src)
	}

	links := s.as(social.Account{}).get("/explore/links").is(200)
	path := "/explore/links/" + good.String()
	links.one("[href=" + path + "]")
	list := s.as(ada).get(path).is(200)
	if n := len(list.all("article", ".post")); n != 2 {
		t.Errorf("%d posts link to it, want 2", n)
	}
	s.as(ada).get("/explore/links/" + card("https://blog.test/2", "").String()).is(404) // nobody is told who links to what few do
	s.as(ada).get("/explore/links/x").is(404)

	s.post(ada, "plain")
	sensitive := s.post(ada, "look "+page, func(d *social.Draft) { d.Sensitive = true })
	if err := s.store.SetCard(t.Context(), sensitive.ID, good, page); err != nil {
		t.Fatal(err)
	}
	s.as(bob).get("/@ada/"+sensitive.ID.String()).is(200).none("img", "[alt=A <fox>]")
	evil := s.post(ada, "x")
	if err := s.store.SetCard(t.Context(), evil.ID, card("javascript:alert(1)", "evil"), "javascript:alert(1)"); err != nil {
		t.Fatal(err)
	}
	if href := attr(s.as(bob).get("/@ada/"+evil.ID.String()).is(200).one("[data-act=card]"), "href"); strings.HasPrefix(href, "javascript:") {
		t.Errorf("the card leads to %s", href)
	}
}

// Announcements are answered with emojis, and that is taken back, with and without scripts.
func TestAnnouncements_reactions(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	ada, bob := s.person("ada"), s.person("bob")
	told, err := s.web.Announcements.Publish(t.Context(), social.Announcement{Text: "Tea at four"})
	if err != nil {
		t.Fatal(err)
	}
	me, path := s.as(ada), "/announcements/"+told.ID.String()
	me.get("/home").is(200).one("button", ".reaction", "[value=👍]", "[aria-pressed=false]")
	me.submit(path+"/react", url.Values{"name": {"👍"}}).is(303)
	part := s.as(bob).submit(path+"/react", url.Values{"name": {"👍"}}, "HX-Request", "true").is(200)
	if said := text(part.one("button", "[aria-pressed=true]")); said != "👍 2 2 people, you among them" {
		t.Errorf("the button says %q", said)
	}
	me.submit(path+"/react", url.Values{"name": {"no emoji"}}).is(422)
	me.submit(path+"/else", url.Values{"name": {"👍"}}).is(404)
	s.as(social.Account{}).submit(path+"/react", url.Values{"name": {"👍"}}).is(401)
	me.submit(path+"/unreact", url.Values{"name": {"👍"}}).is(303)
	if said := text(me.get("/home").is(200).one("button", ".reaction", "[value=👍]", "[aria-pressed=false]")); said != "👍 1 1 person" {
		t.Errorf("the button says %q", said)
	}
}

// Emojis that a server has pictures of are drawn, from here; code and what names no emoji stay words.
func TestEmojis_onPages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.web.URLs.Copies = true
	for _, domain := range []string{"beta.test", "gamma.test"} {
		e := social.Emoji{ID: social.ID(s.ids.Next()), Domain: domain, Shortcode: "blob", URI: "https://" + domain + "/emojis/1", UpdatedAt: s.clock.Now()}
		if domain == "beta.test" {
			e.ImageURL = "https://beta.test/blob.png"
		}
		if err := s.store.PutEmoji(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	bob, gus := s.remote("bob", "beta.test", "Bob :blob:"), s.remote("gus", "gamma.test", "Gus")
	st := s.arrive(bob, `<p>I &lt;3 :blob: and :none: 10:20:30 <code>:blob:</code> <a href="https://beta.test/:blob:">x:blob:</a></p>`)
	page := s.as(social.Account{}).get("/@bob@beta.test/" + st.ID.String()).is(200)
	pictures := page.all("img", ".emoji", "[alt=:blob:]")
	if len(pictures) != 2 { // in the name and once in the text
		t.Errorf("%d pictures, want 2:\n%s", len(pictures), page.body)
	}
	for _, p := range pictures {
		if !strings.HasPrefix(attr(p, "src"), origin+"/media_proxy/") {
			t.Errorf("a picture comes from %s", attr(p, "src"))
		}
	}
	other := s.arrive(gus, "<p>:blob:</p>")
	s.as(social.Account{}).get("/@gus@gamma.test/"+other.ID.String()).is(200).none("img", ".emoji")
}
