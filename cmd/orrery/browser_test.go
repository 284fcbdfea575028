package main

import (
	"fmt"
	"strings"
	"testing"
)

func TestBrowser(t *testing.T) {
	browser := chromium(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, *running, *tab)
	}{
		{"a post is told live", postIsToldLive},
		{"a reply is passed on", replyIsPassedOn},
		{"buttons count", buttonsCount},
		{"keys", keys},
		{"without scripts", worksWithoutScripts},
		{"hostile words are only words", hostileWords},
		{"a lab that begins anew", beginsAnew},
		{"people find and follow each other", findAndFollow},
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
		b.until(act+" counts", `(e => e.getAttribute("aria-pressed") === "true" && e.innerText.trim().endsWith("1"))(document.querySelector(".post [data-act=`+act+`]"))`)
		b.until("the focus stays", `document.activeElement.dataset.act === "`+act+`"`)
	}
	b.shows("#trace", "academy")
	b.press(`.post [data-act=favourite]`)
	b.until("it is taken back", `document.querySelector(".post [data-act=favourite]").getAttribute("aria-pressed") === "false"`)

	b.become("alice")
	b.until("alice sees the boost", `document.querySelector(".post [data-act=boost]").innerText.trim().endsWith("1")`)
	b.open(r.at("academy", "/notifications"))
	b.shows(".notification", "Berta boosted your post")
	b.open(r.at("academy", "/home"))
	b.acceptQuestions()
	b.press(`.post form[action$="/delete"] button`)
	b.until("the post is gone", `document.querySelector("#feed .post") === null`)
	b.open(r.at("techhub", "/home"))
	b.until("on techhub too", `document.querySelector("#feed .post") === null`)
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
	for n := range 60 { // more than a page of them
		b.write("#compose-text", fmt.Sprintf("Post %d", n))
		b.leave("#compose .primary")
	}
	b.leave(`.older a`)
	b.shows("#feed .post .words", hello)

	b.become("canon")
	b.open(r.at("masto", "/search?q=@berta@techhub.localhost:"+fmt.Sprint(r.Port)))
	b.leave(".person a")
	b.leave("#profile form .primary")
	b.shows("#profile", "Unfollow")
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
	b.shows("#feed .post .name", "Alice <img src=x onerror=x>")
	log.until("it is sent", row("academy sent", "techhub", "202"))
	entry := ask[string](log, row("academy sent", "techhub", "202")+`.querySelector("a").href`)
	log.open(entry)
	log.shows("#message pre", "onerror")
	b.become("berta")
	b.shows("#feed .post .words", `<script>document.title="taken"</script>`)
	b.shows("#feed .post .name", "Alice <img src=x onerror=x>")
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
	log.until("the log goes on", row("academy sent", "masto", "202"))
	log.neverReloaded()

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
	b.shows("#profile", "Approves followers")
	b.press("#profile form .primary")
	b.shows("#profile", "Requested")

	b.open(r.at("techhub", "/notifications"))
	b.shows(".notification", "Alice asks to follow you")
	b.open(r.at("techhub", "/follow_requests"))
	b.press("li.person .primary")
	b.shows("li.person", "Alice")

	b.open(r.at("academy", fmt.Sprintf("/@berta@techhub.localhost:%d", r.Port)))
	b.shows("#profile", "Unfollow")
	b.press("#profile form .btn")
	b.shows("#profile", "Ask to follow")

	b.press(".menu > summary")
	b.leave(`.menu-items form[action="/auth/sign_out"] button`)
	b.until("alice has left", `document.querySelector(".menu summary").innerText.trim().startsWith("Sign in")`)
}

// everyPage looks at each page in the state of a small conversation: its headings, its landmarks, its width on a phone.
func everyPage(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	log := watching(r, b)
	b.fits("home-quiet")
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
		{"tag", "academy", "/tags/federation"}, {"settings", "academy", "/settings/profile"},
		{"requests", "academy", "/follow_requests"}, {"sign-in", "techhub", "/auth/sign_in"}, {"academy-log", "academy", "/lab/log"},
		{"home-techhub", "techhub", "/home"},
	} {
		b.open(r.at(p.host, p.path))
		b.sound(p.name)
		b.fits(p.name)
	}
	b.excepted = []string{"404"}
	for _, p := range []struct{ name, host, path string }{{"not-here", "academy", "/nowhere"}, {"no-entry", "", "/lab/e/1"}} {
		b.open(r.at(p.host, p.path))
		b.sound(p.name)
		b.fits(p.name)
	}

	b.open(r.at("", "/lab/log"))
	for _, e := range []struct{ name, row string }{
		{"entry-sent", row("academy sent", "techhub", "Create")}, {"entry-forwarded", row("academy passed")},
		{"entry-action", row("alice wrote")}, {"entry-boost", row("Announce", "techhub sent")},
	} {
		log.until(e.name, e.row)
		b.open(ask[string](log, e.row+`.querySelector("a").href`))
		b.sound(e.name)
		b.fits(e.name)
	}
	for _, kind := range []string{"delivery", "fetch", "key", "webfinger", "action"} {
		for _, direction := range []string{"in", "out"} {
			if kind == "action" && direction == "in" {
				continue
			}
			query := "/lab/log?kind=" + kind + "&direction=" + direction
			if kind == "action" {
				query = "/lab/log?kind=action"
			}
			b.open(r.at("", query))
			b.open(ask[string](b, `document.querySelector("tr.entry a").href`))
			b.sound("entry " + kind + " " + direction)
			b.fits("entry-" + kind + "-" + direction)
		}
	}

	b.open(r.at("", "/lab/log"))
	b.press("tr.entry .say a")
	b.until("it opens beside the list", `document.querySelector("#drawer .sentence") !== null`)
	b.picture("log-open-light")
	b.colours("dark")
	b.picture("log-open-dark")
	b.colours("light")
}

// sound checks what every page owes to those who do not see it.
func (b *tab) sound(name string) {
	b.t.Helper()
	wrong := ask[[]string](b, `(() => {
		const wrong = [], all = (css) => [...document.querySelectorAll(css)];
		if (all("h1").length !== 1) wrong.push(all("h1").length + " first headings");
		if (all("main").length !== 1) wrong.push("no single main part");
		if (!document.title || !document.documentElement.lang) wrong.push("no title or language");
		const ids = all("[id]").map(e => e.id);
		const twice = ids.filter((id, i) => ids.indexOf(id) !== i);
		if (twice.length) wrong.push("ids twice: " + twice);
		for (const e of all("input:not([type=hidden]), select, textarea"))
			if (!e.labels?.length && !e.getAttribute("aria-label")) wrong.push("no label: " + e.outerHTML.slice(0, 80));
		for (const e of all("a, button"))
			if (!e.textContent.trim() && !e.getAttribute("aria-label")) wrong.push("no words: " + e.outerHTML.slice(0, 80));
		let level = 0;
		for (const h of all("main h1, main h2, main h3, main h4")) {
			const l = Number(h.tagName[1]);
			if (l > level + 1) wrong.push("heading " + h.tagName + " after level " + level + ": " + h.textContent);
			level = l;
		}
		for (const e of all("[aria-labelledby], [aria-describedby]"))
			for (const id of ((e.getAttribute("aria-labelledby") ?? "") + " " + (e.getAttribute("aria-describedby") ?? "")).trim().split(/\s+/))
				if (!document.getElementById(id)) wrong.push("nothing has the id " + id);
		return wrong;
	})()`)
	if len(wrong) > 0 {
		b.t.Errorf("%s: %s", name, strings.Join(wrong, "; "))
	}
}
