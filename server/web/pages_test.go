package web

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"orrery/social"
)

// texts are what the elements say.
func texts(nodes []*html.Node) []string {
	var out []string
	for _, n := range nodes {
		out = append(out, text(n))
	}
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if strings.Join(got, " | ") != strings.Join(want, " | ") {
		t.Errorf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// Every place has something to say when nothing is there yet, with one thing to do.
func TestPages_empty(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.as(s.person("alice"))
	stranger := s.as(social.Account{})
	for _, tt := range []struct {
		who   *browser
		path  string
		title string
	}{
		{alice, "/home", "Your home is quiet"},
		{alice, "/public/local", "Nobody has written yet"},
		{alice, "/public", "Nothing has arrived yet"},
		{alice, "/tags/astronomy", "No posts with this hashtag"},
		{alice, "/notifications", "Nothing yet"},
		{alice, "/notifications?only=mentions", "Nothing yet"},
		{alice, "/follow_requests", "Nobody is waiting"},
		{alice, "/search?q=nobody", "Nothing found"},
		{alice, "/explore", "No post stands out"},
		{alice, "/explore/tags", "No hashtag stands out"},
		{alice, "/explore/links", "No page stands out"},
		{alice, "/explore/suggestions", "Nobody to suggest"},
		{stranger, "/privacy-policy", "Nothing is written down"},
		{alice, "/@alice", "No posts yet"},
		{alice, "/@alice/followers", "Nobody yet"},
		{alice, "/@alice/following", "Nobody yet"},
		{stranger, "/", "Nobody has written yet"},
	} {
		a := tt.who.get(tt.path).is(200)
		if !slices.Contains(texts(a.all("h2")), tt.title) {
			t.Errorf("%s does not say %q, but %q", tt.path, tt.title, texts(a.all("h2")))
		}
		a.none(".post")
		a.one("main", "#main")
	}
}

func TestPages_show_what_there_is(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	canon := s.remote("canon", "masto.localhost:8080", "Canon")
	s.follow(bob, alice)
	hello := s.post(alice, "Hello #Astronomy")
	s.post(alice, "For followers", func(d *social.Draft) { d.Visibility = social.Private })
	answer := s.post(bob, "@alice Hello back", func(d *social.Draft) { d.ReplyTo = hello.ID })
	s.arrive(canon, "<p>First light</p>", func(st *social.Status) { st.BoostsCount = 0 })

	for _, tt := range []struct {
		who  social.Account
		path string
		want []string // what the posts say
	}{
		{bob, "/home", []string{"@ alice Hello back", "For followers", "Hello # Astronomy"}},
		{bob, "/@alice", []string{"For followers", "Hello # Astronomy"}},
		{bob, "/@bob", nil},
		{bob, "/@bob?with_replies=1", []string{"@ alice Hello back"}},
		{bob, "/public/local", []string{"Hello # Astronomy"}},
		{bob, "/public", []string{"First light", "Hello # Astronomy"}},
		{bob, "/tags/astronomy", []string{"Hello # Astronomy"}},
		{bob, "/tags/%23Astronomy", []string{"Hello # Astronomy"}},
		{bob, "/@canon@masto.localhost:8080", []string{"First light"}},
		{bob, "/@canon%40masto.localhost%3A8080", []string{"First light"}},
		{bob, "/@ALICE@academy.localhost:8080", []string{"For followers", "Hello # Astronomy"}},
		{bob, "/@alice/" + hello.ID.String(), []string{"Hello # Astronomy", "@ alice Hello back"}},
		{bob, "/@bob/" + answer.ID.String(), []string{"Hello # Astronomy", "@ alice Hello back"}},
		{alice, "/notifications?only=mentions", []string{"@ alice Hello back"}},
		{social.Account{}, "/@alice", []string{"Hello # Astronomy"}},
		{social.Account{}, "/", []string{"Hello # Astronomy"}},
	} {
		a := s.as(tt.who).get(tt.path)
		same(t, tt.path, texts(a.is(200).all("div", ".words")), tt.want)
	}
	same(t, "notifications", texts(s.as(alice).get("/notifications").is(200).all("p", ".what")),
		[]string{"bob mentioned you now", "bob follows you now"})
	same(t, "followers", texts(s.as(alice).get("/@alice/followers").is(200).all("li", ".person")), []string{"B bob @bob@academy.localhost:8080"})
}

func TestThread_focuses_the_post_and_offers_an_answer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	hello := s.post(alice, "Hello")
	answer := s.post(bob, "@alice Hi", func(d *social.Draft) { d.ReplyTo = hello.ID })
	s.post(alice, "@bob How are you?", func(d *social.Draft) { d.ReplyTo = answer.ID })

	a := s.as(alice).get("/@alice/" + hello.ID.String()).is(200)
	if got := attr(a.one("article", "[aria-current=true]"), "id"); got != "s"+hello.ID.String() {
		t.Errorf("focused is %s, want the post", got)
	}
	a.one("article", ".d1")
	a.one("article", ".d2")
	if len(s.opened) != 1 || s.opened[0] != hello.ID {
		t.Errorf("opened = %v, want the post once", s.opened)
	}
	form := s.as(alice).get("/@bob/" + answer.ID.String() + "?reply=1").is(200)
	if got := text(form.one("textarea")); got != "@bob" {
		t.Errorf("the answer begins %q, want @bob", got)
	}
	form.one("textarea", "[autofocus]")
	if got := attr(form.one("input", "[name=in_reply_to_id]"), "value"); got != answer.ID.String() {
		t.Errorf("it answers %s, want %s", got, answer.ID)
	}

	s.as(social.Account{}).get("/@alice/" + hello.ID.String()).is(200).none("textarea")
	if len(s.opened) != 2 { // not by the stranger
		t.Errorf("opened %d times, want 2", len(s.opened))
	}
	moved := s.as(alice).get("/@bob/" + hello.ID.String()).is(303)
	if got := moved.header.Get("Location"); got != "/@alice/"+hello.ID.String() {
		t.Errorf("another name leads to %s", got)
	}
}

func TestDocumentAddresses_lead_people_to_pages(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	hello := s.post(alice, "Hello")
	for from, to := range map[string]string{alice.URI: alice.URL, hello.URI: origin + "/@alice/" + hello.ID.String()} {
		got := s.as(alice).get(strings.TrimPrefix(from, origin)).is(302).header.Get("Location")
		if origin+got != to {
			t.Errorf("%s leads to %s, want %s", from, got, to)
		}
	}
}

func TestPaging_reaches_everything_once(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	const posts = 2*perPage + 7
	for i := range posts {
		s.post(alice, fmt.Sprintf("Post %d", i))
	}
	for _, path := range []string{"/home", "/public/local", "/@alice?with_replies=1", "/public"} {
		var got []string
		pages := 0
		for next := path; next != ""; pages++ {
			a := s.as(alice).get(next).is(200)
			got = append(got, texts(a.all("div", ".words"))...)
			next = ""
			if links := a.all("a", "[rel=next]"); len(links) > 0 {
				next = attr(links[0], "href")
			}
			if pages > 5 {
				t.Fatalf("%s has no end", path)
			}
		}
		if len(got) != posts || got[0] != fmt.Sprintf("Post %d", posts-1) || got[posts-1] != "Post 0" || pages != 3 {
			t.Errorf("%s: %d posts on %d pages, want %d on 3, newest first", path, len(got), pages, posts)
		}
	}
}

func TestPages_that_are_not_there(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	secret := s.post(alice, "For @alice only", func(d *social.Draft) { d.Visibility = social.Direct })
	for _, path := range []string{
		"/nowhere", "/@nobody", "/@alice/1", "/@alice/x", "/@alice/" + secret.ID.String(), "/@alice/99999999999999999999999",
		"/@alice/-1", "/@x%00y", "/@%ff", "/@nobody/followers", "/tags/%20", "/tags/!", "/@" + strings.Repeat("x", 3000),
		"/statuses/1/boost", "/static/000000000000/app.js",
	} {
		s.as(bob).get(path).is(404)
	}
	a := s.as(bob).get("/nowhere").is(404)
	if got := text(a.one("h1")); got != "Not here" {
		t.Errorf("title = %q", got)
	}
	a.one("a", ".primary", "[href=/]")
	s.as(alice).get("/@alice/" + secret.ID.String()).is(200)
}

func TestSearch(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	s.remote("berta", "techhub.localhost:8080", "Berta")
	hello := s.post(alice, "Hello #astronomy")
	for _, tt := range []struct {
		q      string
		status int
		want   string // a link that must be there
	}{
		{"ali", 200, "/@alice"},
		{"@berta@techhub.localhost:8080", 200, "/@berta@techhub.localhost:8080"},
		{"#astro", 200, "/tags/astronomy"},
		{hello.URI, 200, "/@alice/" + hello.ID.String()},
		{strings.Repeat("x", 3000), 422, ""},
		{"\x00\xff<script>", 200, ""},
	} {
		a := s.as(alice).get("/search?q=" + url.QueryEscape(tt.q)).is(tt.status)
		if tt.want != "" && len(a.all("a", "[href="+tt.want+"]")) == 0 {
			t.Errorf("search for %q does not lead to %s:\n%s", tt.q, tt.want, a.body)
		}
	}
	s.as(alice).get("/search").is(200).one("input", "#search-q")
}

// What others say is shown and never obeyed.
func TestHostileText_is_only_text(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	eve := s.remote("eve", "evil.test", evil+strings.Repeat("\u202e", 3))
	eve.Note = `<p onclick="alert(1)">hi <a href="javascript:alert(1)">click</a><iframe src="https://evil.test"></iframe></p>` + evil
	eve.URL = "javascript:alert(1)"
	if err := s.store.UpdateAccount(t.Context(), eve); err != nil {
		t.Fatal(err)
	}
	st := s.arrive(eve, `<p style="position:fixed">x</p><a href="javascript:alert(1)">y</a><form action="/statuses"><button>z</button></form>`+evil+
		strings.Repeat("<div>", 500), func(st *social.Status) {
		st.SpoilerText, st.URL, st.Language = evil, "javascript:alert(1)", `en" onload="x`
	})
	s.follow(alice, eve)
	note := evil + ` javascript:alert(1) https://example.org/"onmouseover="x`
	if _, err := s.web.Accounts.Update(t.Context(), alice.ID, social.Profile{Note: &note}); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/public", "/@eve@evil.test", "/@eve@evil.test/" + st.ID.String(), "/@alice", "/search?q=" + url.QueryEscape(evil), "/@alice/following"} {
		a := s.as(alice).get(path).is(200)
		for n := range a.doc.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if n.Data == "script" && !strings.HasPrefix(attr(n, "src"), "/static/") || n.Data == "iframe" || n.Data == "img" {
				t.Errorf("%s has a foreign <%s>", path, n.Data)
			}
			for _, at := range n.Attr {
				if strings.HasPrefix(at.Key, "on") || at.Key == "style" || strings.HasPrefix(strings.TrimSpace(at.Val), "javascript:") {
					t.Errorf("%s has <%s %s=%q>", path, n.Data, at.Key, at.Val)
				}
			}
			if n.Data == "form" && n.Parent != nil && strings.Contains(attr(n.Parent, "class"), "words") {
				t.Errorf("%s shows a foreign form", path)
			}
		}
	}
}

// Local posts are formatted by us and cleaned like all others: what is seen must be what was formatted, with links that
// lead to our own pages.
func TestWords(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	s.person("bob")
	berta := s.remote("berta", "techhub.localhost:8080", "Berta")
	apart := ` target="_blank"`
	for _, tt := range []struct{ said, want string }{
		{"one\ntwo & <b>", `<p>one<br>two &amp; &lt;b&gt;</p>`},
		{"@bob", `<p><span class="h-card" translate="no"><a class="u-url mention" href="/@bob">@<span>bob</span></a></span></p>`},
		{"@berta@techhub.localhost:8080", `<p><span class="h-card" translate="no"><a class="u-url mention" href="/@berta@techhub.localhost:8080">@<span>berta</span></a></span></p>`},
		{"#Orreries", `<p><a class="mention hashtag" href="/tags/orreries">#<span>Orreries</span></a></p>`},
		{"http://academy.localhost:8080/@bob", `<p><a class="" href="/@bob"><span class="invisible">http://</span><span class="">academy.localhost:8080/@bob</span><span class="invisible"></span></a></p>`},
		{"https://example.org", `<p><a href="https://example.org" rel="nofollow noopener noreferrer" translate="no"` + apart + `><span class="invisible">https://</span><span class="">example.org</span><span class="invisible"></span></a></p>`},
	} {
		st := s.post(alice, tt.said)
		v, err := s.web.Reader.Status(t.Context(), alice.ID, st.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(s.web.words(&v), " />", ">"); got != tt.want {
			t.Errorf("%q shows as\n%s\nwant\n%s", tt.said, got, tt.want)
		}
	}
	for _, tt := range []struct{ name, content, want string }{
		{"a mention by page", `<p><a href="http://academy.localhost:8080/@alice" class="mention">@alice</a></p>`, `<p><a class="mention" href="/@alice">@alice</a></p>`},
		{"a mention by id", `<a href="http://academy.localhost:8080/users/alice" class="mention">@alice</a>`, `<a class="mention" href="/@alice">@alice</a>`},
		{"somebody not mentioned", `<a href="http://else.test/@x" class="mention">@x</a>`, `<a href="http://else.test/@x" class="mention" rel="nofollow noopener noreferrer"` + apart + `>@x</a>`},
		{"an origin that only begins like ours", `<a href="http://academy.localhost:8080.evil.test/">x</a>`, `<a href="http://academy.localhost:8080.evil.test/" rel="nofollow noopener noreferrer"` + apart + `>x</a>`},
		{"a path that leads away", `<a href="http://academy.localhost:8080//evil.test">x</a>`, `<a href="http://academy.localhost:8080//evil.test" rel="nofollow noopener noreferrer"` + apart + `>x</a>`},
		{"quotes in a link", `<a class="mention" href="http://academy.localhost:8080/&quot;onclick=&quot;x">x</a>`, `<a class="mention" href="/&#34;onclick=&#34;x">x</a>`},
	} {
		v := social.StatusView{Author: berta, Mentions: []social.Account{alice}, Status: social.Status{Content: tt.content}}
		if got := s.web.words(&v); got != tt.want {
			t.Errorf("%s shows as\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// In lists of people a viewer does not meet those whom they keep away from; who hides the lists shows them to nobody else.
func TestPeople_leavesOutWhomOneDoesNotMeet(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob, carol, dora := s.person("alice"), s.person("bob"), s.person("carol"), s.person("dora")
	for _, p := range []social.Account{bob, carol} {
		s.follow(p, alice)
		s.follow(alice, p)
	}
	if _, err := s.web.Mutes.Mute(t.Context(), dora.ID, bob.ID, true, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := s.web.Blocks.Block(t.Context(), carol.ID, dora.ID); err != nil {
		t.Fatal(err)
	}
	count := func(as social.Account, list string) int {
		return len(s.as(as).get("/@alice/"+list).is(200).all("li", ".person"))
	}
	for _, list := range []string{"followers", "following"} {
		for name, tt := range map[string]struct {
			as   social.Account
			want int
		}{"dora, who mutes one and is blocked by the other": {dora, 0}, "bob": {bob, 2}, "a stranger": {social.Account{}, 2}, "alice": {alice, 2}} {
			if got := count(tt.as, list); got != tt.want {
				t.Errorf("%s for %s: %d people, want %d", list, name, got, tt.want)
			}
		}
	}
	hide := true
	if _, err := s.web.Accounts.Update(t.Context(), alice.ID, social.Profile{HideCollections: &hide}); err != nil {
		t.Fatal(err)
	}
	if got, own := count(bob, "followers"), count(alice, "followers"); got != 0 || own != 2 {
		t.Errorf("hidden: %d for bob and %d for alice, want 0 and 2", got, own)
	}
}

// Who chose languages meets only those on Local and Federated, and can say so in the settings.
func TestPublic_inTheLanguagesOfTheReader(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice, bob := s.person("alice"), s.person("bob")
	for language, text := range map[string]string{"en": "tea", "de": "Tee"} {
		s.post(bob, text, func(d *social.Draft) { d.Language = language })
	}
	b := s.as(alice)
	form := url.Values{"visibility": {"public"}, "language": {"en"}, "expand_media": {"default"}, "languages": {" de, pt-BR\n"}}
	b.submit("/settings/preferences", form).is(303)
	if got := attr(b.get("/settings/preferences").one("input", "[name=languages]"), "value"); got != "de pt-BR" {
		t.Errorf("the form says %q", got)
	}
	for _, path := range []string{"/public", "/public/local"} {
		same(t, path, texts(b.get(path).is(200).all("div", ".words")), []string{"Tee"})
		if got := s.as(bob).get(path).is(200).all("div", ".words"); len(got) != 2 {
			t.Errorf("%s for bob: %d posts, want 2", path, len(got))
		}
	}
	form.Set("languages", "German")
	b.submit("/settings/preferences", form).is(422).one("p", "#wrong-languages")
}
