package main

import (
	"fmt"
	"testing"

	"orrery/social"
)

func TestBrowser(t *testing.T) {
	browser := chromium(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, *running, *tab)
	}{
		{"a post is told live", postIsToldLive},
		{"timelines go on by themselves", timelinesGoOn},
		{"a reply is passed on", replyIsPassedOn},
		{"buttons count", buttonsCount},
		{"keys", keys},
		{"without scripts", worksWithoutScripts},
		{"hostile words are only words", hostileWords},
		{"a lab that begins anew", beginsAnew},
		{"people find and follow each other", findAndFollow},
		{"scenarios are run", scenariosAreRun},
		{"the log by hand", logByHand},
		{"every page", everyPage},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, startLab(t, ""), visitor(t, browser)) })
	}
}

const hello = "Hello world"

// row is the row of the log whose words contain all of these.
func row(words ...string) string {
	test := ""
	for _, w := range words {
		test += fmt.Sprintf(" && text.includes(%s)", js(w))
	}
	return `[...document.querySelectorAll("tr.entry")].find(r => { const text = r.innerText.replace(/\s+/g, " "); return true` + test + ` })`
}

// watching opens the whole lab's log in another tab, live.
func watching(r *running, b *tab) *tab {
	log := b.another()
	log.open(r.at("", "/lab/log"))
	log.until("the stream is open", `document.querySelector("[data-live]").innerText === "Live"`)
	ask[bool](log, `window.marked = true`)
	return log
}

func (b *tab) neverReloaded() {
	b.t.Helper()
	if !ask[bool](b, `window.marked === true`) {
		b.t.Error("the page was loaded again; it should have gone on by its stream")
	}
}

func postIsToldLive(t *testing.T, r *running, alice *tab) {
	alice.signIn(r, "alice")
	log := watching(r, alice)
	alice.post(hello)
	alice.shows("#feed .post .words", hello)
	for _, to := range []string{"techhub", "masto"} {
		log.until("academy sent the post to "+to, row("academy sent", to))
		log.until("and its answer", row("academy sent", to, "202"))
	}
	alice.shows("#trace", "techhub")
	alice.shows("#trace", "masto")
	alice.shows("#trace", "202")
	log.neverReloaded()
}

func timelinesGoOn(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	count := func(n int) string { return fmt.Sprintf(`document.querySelectorAll("#feed .post").length === %d`, n) }
	b.post("My own")
	b.until("my own stands there once", count(1))
	r.publish("alice", 1)
	b.shows("#feed .post:first-child .words", "Post 0")
	b.shows("#live", "1 new post")

	r.publish("alice", 20)
	b.until("all came in", count(22))
	ask[bool](b, `window.marked = window.scrollTo(0, 600) === undefined`)
	b.until("it is elsewhere", `scrollY > 500`)
	r.publish("alice", 2)
	b.shows(".news", "2 new posts")
	b.until("nothing moved", count(22)+` && scrollY > 500`)
	b.picture("news-waiting")
	b.press(".news button")
	b.until("they came in, and the reader is there", count(24)+` && scrollY === 0 && document.activeElement.matches("#feed .post:first-child")`)

	b.keys("j") // a post is being read, so nothing comes in above it
	r.publish("alice", 1)
	b.shows(".news", "1 new post")
	b.until("nothing moved", count(24))
	b.keys("g")
	b.keys("l")
	b.until("g l opens local", `location.pathname === "/public/local"`)
	b.shows("#feed .post:first-child .words", "Post 0")
	b.withoutScripts()
	b.open(r.at("academy", "/home"))
	b.until("without scripts nothing waits", `getComputedStyle(document.querySelector(".news")).display === "none"`)
	_ = t
}

func replyIsPassedOn(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	log := watching(r, b)
	b.post(hello)
	log.until("masto has it", row("academy sent", "masto", "202"))
	b.become("berta")
	b.shows("#feed .post .words", hello)
	b.leave(`#feed .post [data-act=reply]`)
	b.until("the answer begins with her name", `document.querySelector("#compose-text").value.startsWith("@alice@academy.localhost")`)
	b.post("Hello alice")
	b.shows("#replies .post .words", "Hello alice")
	log.until("academy passes the reply on to masto", row("academy passed", "masto", "forwarded"))
	log.until("because canon follows alice", row("academy passed", "masto", "because canon"))
	log.neverReloaded()
	log.picture("live-log-forwarded")

	b.become("canon")
	b.shows("#feed .post .words", hello)
	b.leave(`#feed .post [data-act=open]`)
	b.shows("#replies .post .words", "Hello alice")
}

func buttonsCount(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	b.post(hello)
	b.become("berta")
	b.shows("#feed .post .words", hello)
	for _, act := range []string{"favourite", "boost"} {
		b.press(`.post [data-act=` + act + `]`)
		b.until(act+" counts", `(e => e.getAttribute("aria-pressed") === "true" && e.innerText.includes("1"))(document.querySelector(".post [data-act=`+act+`]"))`)
		b.until("the focus stays on "+act, `document.activeElement.dataset.act === "`+act+`"`)
	}
	b.shows("#trace", "academy")
	b.press(`.post [data-act=favourite]`)
	b.until("it is taken back", `document.querySelector(".post [data-act=favourite]").getAttribute("aria-pressed") === "false"`)

	b.become("alice")
	b.until("alice sees the boost", `document.querySelector(".post [data-act=boost]").innerText.includes("1")`)
	b.open(r.at("academy", "/notifications"))
	b.shows(".notification", "Berta boosted your post")
	b.open(r.at("academy", "/home"))
	b.acceptQuestions()
	b.press(`.post [data-act=more]`)
	b.press(`.post form[action$="/delete"] button`)
	b.until("the post is gone", `document.querySelector("#feed .post") === null`)
	b.comes(r.at("techhub", "/home"), "#feed", "Your home is quiet")
}

func keys(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	b.post("First")
	b.post("Second")
	ask[bool](b, `document.activeElement.blur() === undefined`)
	focused := func(text string) string {
		return fmt.Sprintf(`document.activeElement.matches("article.post") && document.activeElement.innerText.includes(%q)`, text)
	}
	b.keys("j")
	b.until("j goes to the first post", focused("Second"))
	b.keys("j")
	b.until("j goes down", focused("First"))
	b.keys("k")
	b.until("k goes up", focused("Second"))
	a, h, err := r.Lab().Account(t.Context(), "alice")
	if err == nil {
		_, err = h.Instance.Services.Statuses.Publish(t.Context(), a.ID, social.Draft{Text: "Behind", SpoilerText: "Careful"})
	}
	if err != nil {
		t.Fatal(err)
	}
	b.open(r.at("academy", "/home"))
	b.keys("\t")
	b.until("the first stop is the way to the content", `document.activeElement.matches(".skip") && document.activeElement.getBoundingClientRect().top >= 0`)
	b.keys("\r")
	b.until("and it leads there", `document.activeElement.id === "main"`)
	b.keys("j")
	b.keys("x")
	b.until("x shows what is behind a warning", `document.activeElement.querySelector("details.warned").open && document.activeElement.innerText.includes("Behind")`)
	b.keys("x")
	b.until("and hides it", `!document.activeElement.querySelector("details.warned").open`)
	b.keys("?")
	b.until("? shows the keys", `document.querySelector("#legend").open`)
	b.picture("legend-light")
	b.press("#legend .btn")
	b.keys("n")
	b.until("n writes", `document.activeElement.id === "compose-text"`)
	b.keys("j")
	b.until("keys are letters in a field", `document.activeElement.value.includes("j")`)
	ask[bool](b, `document.activeElement.blur() === undefined`)
	b.keys("g")
	b.keys("a")
	b.until("g a opens the log", `location.pathname === "/lab/log"`)
}

func worksWithoutScripts(t *testing.T, r *running, b *tab) {
	b.withoutScripts()
	b.signIn(r, "alice")
	b.write("#compose-text", hello)
	b.leave("#compose .primary")
	b.shows("#feed .post .words", hello)
	r.publish("alice", 60) // more than a page of them
	b.open(r.at("academy", "/home"))
	b.leave(`.older a`)
	b.leave(`.older a`)
	b.leave(`.older a`)
	b.shows("#feed .post .words", hello)

	b.become("canon")
	b.open(r.at("masto", "/search?q=@berta@techhub.localhost:"+fmt.Sprint(r.Port)))
	b.leave(".person a")
	b.leave("#profile form .primary")
	b.comes(r.at("masto", fmt.Sprintf("/@berta@techhub.localhost:%d", r.Port)), "#profile", "Unfollow")
	b.open(r.at("", "/lab/log"))
	b.leave(".older a")
	b.until("older entries are another page", `document.querySelectorAll("tr.entry").length > 0 && location.search.includes("before=")`)
	b.leave("tr.entry .say a")
	b.until("an entry is a page", `location.pathname.startsWith("/lab/e/")`)
}

func hostileWords(t *testing.T, r *running, b *tab) {
	const evil = `<script>document.title="taken"</script><img src=x onerror="document.title='taken'"> "'&amp;<b>bold</b> ` + "\u202egnp.exe"
	b.signIn(r, "alice")
	log := watching(r, b)
	b.open(r.at("academy", "/settings/profile"))
	b.write("[name=display_name]", ` <img src=x onerror=x>`)
	b.leave("#main form .primary")
	b.open(r.at("academy", "/home"))
	b.post(evil)
	b.shows("#feed .post .words", `<script>document.title="taken"</script>`)
	b.shows("#feed .post .name", "<img src=x onerror=x>")
	log.until("it is sent", row("academy sent", "techhub", "202"))
	entry := ask[string](log, row("academy sent", "techhub", "202")+`.querySelector("a").href`)
	log.open(entry)
	log.shows("#message pre", "onerror")
	b.become("berta")
	b.shows("#feed .post .words", `<script>document.title="taken"</script>`)
	for _, page := range []*tab{log, b} {
		if ask[bool](page, `document.title === "taken" || document.querySelector("main img, main script:not([src])") !== null`) {
			t.Errorf("a stranger's words took part in the page:\n%s", page.page())
		}
	}
}

func beginsAnew(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	b.post(hello)
	log := watching(r, b)
	log.excepted = []string{"net::ERR", "503"} // while the lab is set up
	b.open(r.at("", "/lab"))
	b.press(".lab-data summary")
	b.leave(".lab-data .danger")
	b.until("the lab is there again", `location.pathname === "/lab" && document.querySelector(".lab") !== null`)
	b.open(r.at("academy", "/home"))
	b.until("the old session is over, and says how to go on", `document.querySelector('a[href^="/auth/sign_in"], form[action="/lab/enter"]') !== null`)
	b.signIn(r, "alice")
	b.until("nothing is left", `document.querySelector("#feed .post") === null`)
	b.post("Hello again")
	log.until("the log goes on", row("academy sent", "masto", "Hello again", "202"))

	b.open(r.at("", "/lab"))
	b.leave("form.change .btn")
	b.shows(".edges", "canon follows berta")
	b.become("alice")
	b.post("Only by way of berta")
	log.until("techhub gets it", row("academy sent", "techhub"))
}

func findAndFollow(t *testing.T, r *running, b *tab) {
	b.signIn(r, "berta")
	b.post("From techhub")
	b.open(r.at("techhub", "/settings/profile"))
	b.press("[name=locked]")
	b.leave("#main form .primary")

	b.become("alice")
	b.write(".find input", fmt.Sprintf("@berta@techhub.localhost:%d", r.Port))
	b.keys("\r")
	b.until("berta is found", showing(".person", "Berta"))
	b.leave(".person a.name")
	b.press("#profile form .primary")
	b.shows("#profile", "Requested")

	b.comes(r.at("techhub", "/notifications"), ".notification", "Alice asks to follow you")
	b.open(r.at("techhub", "/follow_requests"))
	b.press("li.person .primary")
	b.shows("li.person", "Alice")

	b.comes(r.at("academy", fmt.Sprintf("/@berta@techhub.localhost:%d", r.Port)), "#profile", "Unfollow")
	b.press("#profile form .btn")
	b.until("alice may ask again", `document.querySelector("#profile form .primary")?.innerText.endsWith("ollow")`)

	b.press(".menu > summary")
	b.leave(`.menu-items form[action="/auth/sign_out"] button`)
	b.until("alice has left", `document.querySelector(".menu summary").innerText.trim().startsWith("Sign in")`)
}
