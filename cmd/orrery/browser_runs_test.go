package main

import (
	"context"
	"strings"
	"testing"

	runlog "orrery/activitylog/kept"
)

const ownScript = `scenario "Who hears of it?"
about "One post, and a server where nobody follows."

servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1
  masto runs mastodon-4.1

people
  alice on academy
  berta on techhub
  canon on masto

follows
  berta -> alice

step "Alice posts"
  predict "Who else will get it?" = techhub
  alice posts "Hello world" as hello
  settle
  expect hello is on techhub
  expect hello is not on masto because why.no-route
  show diagram

vary "Nobody follows her"
  without berta -> alice
  expect hello is not on techhub because why.no-route
`

// held keeps runs from getting on until it is opened.
type held struct {
	runlog.Store
	open chan struct{}
}

func (h held) BeginRun(ctx context.Context, id string) error {
	<-h.open
	return h.Store.BeginRun(ctx, id)
}

// send writes a script into the editor and sends it.
func (b *tab) send(script string) {
	b.t.Helper()
	ask[bool](b, `(document.querySelector("textarea").value = `+js(script)+`) !== ""`)
	b.leave(".form .primary")
}

func scenariosAreRun(t *testing.T, r *running, b *tab) {
	h := held{r.desk.Store, make(chan struct{})}
	r.desk.Store = h
	b.open(r.at("", "/lab/scenarios"))
	b.sound("scenarios")
	b.leave(`a[href="/lab/scenarios/forwarded-reply"]`)
	b.sound("scenario")
	b.open(r.at("", "/lab/runs"))
	b.sound("runs-none")

	b.excepted = []string{"422"}
	b.open(r.at("", "/lab/scenarios/new"))
	b.send(strings.Replace(strings.Replace(ownScript, "berta -> alice", "berta -> alcie", 1), "  settle\n", "  setle\n", 1))
	b.shows(".mistakes", "3 mistakes; nothing was run")
	b.shows(".mistakes", "Line 15, column 12")
	b.shows(".mistakes pre", "^^^^^")
	b.shows(".mistakes", "Line 20, column 3")
	b.until("the script is still there", `document.querySelector("textarea").value.includes("setle")`)
	b.sound("script-mistakes")

	b.send(ownScript)
	b.until("its own page", `location.pathname.startsWith("/lab/run/")`)
	b.shows(".progress", "0 of")
	b.sound("run-progress")
	close(h.open)
	b.shows(".runs-head", "everything holds")
	home := ask[string](b, `location.pathname`)
	b.press(".predict summary")
	b.shows(".predict", "Who sent what to whom")
	b.sound("run")

	b.leave(`.matrix tbody tr:first-child td:nth-child(3) a`)
	b.shows("h1", "techhub has it: delivered")
	b.sound("why-there")
	b.leave(".related a")
	b.until("the evidence is an entry of the run", `location.pathname.startsWith(`+js(home+"/e/")+`)`)
	b.shows("h1", "techhub received alice’s post “Hello world” from academy")
	b.sound("run-entry")
	b.open(r.at("", home))
	b.leave(`.matrix tbody tr:first-child td:nth-child(4) a`)
	b.shows("h1", "masto does not have it")
	b.shows("article", "If anyone on masto followed alice")
	b.sound("why-missing")
	b.leave(`form[action*="/why"] .btn`)
	b.shows("article", "✓ verified")
	b.sound("why-verified")
	for _, p := range []string{"matrix", "log", "log?as=berta%40techhub", "v/1/matrix"} {
		b.open(r.at("", home+"/"+p))
		b.sound("run-" + strings.NewReplacer("/", "-", "?as=berta%40techhub", "-as").Replace(p))
	}

	b.open(r.at("", home))
	b.press("aside details summary")
	b.leave(`form[action="/lab/compare"] .btn`)
	b.until("side by side", `location.pathname === "/lab/compare" && document.querySelector(".progress") === null && document.querySelectorAll(".matrix thead a").length === 2`)
	b.sound("compare")
	b.open(r.at("", "/lab/runs"))
	b.until("three runs", `document.querySelectorAll("tbody tr").length === 3`)
	b.sound("runs")
	b.open(r.at("", home))
	b.leave("form[action$='/delete'] button")
	b.until("it is gone", `location.pathname === "/lab/runs" && document.querySelector('a[href="`+home+`"]') === null`)
	b.excepted = append(b.excepted, "404")
	b.open(r.at("", home))
	b.shows("main", "There is no run of this id")
	b.sound("run-gone")
}

// The log is walked through with keys; what is opened closes again, and the reader is where they were.
func logByHand(t *testing.T, r *running, b *tab) {
	b.signIn(r, "alice")
	log := watching(r, b)
	b.post(hello)
	log.until("it is there", row("academy sent", "techhub", "202"))
	log.until("and there", row("academy sent", "masto", "202"))
	at := func(n string) string {
		return `document.activeElement === [...document.querySelectorAll("tr.entry .say a")].filter(a => a.offsetParent)[` + n + `]`
	}
	log.keys("j")
	log.until("j goes to the first entry", at("0"))
	log.keys("j")
	log.until("j goes down", at("1"))
	log.keys("k")
	log.keys("j")
	log.until("and again", at("1"))
	log.shows("[data-live]", "Paused")
	log.keys("\r")
	log.until("enter opens it beside the list", `document.querySelector("#drawer .sentence") !== null && document.activeElement.id === "drawer"`)
	log.picture("log-by-hand")
	log.keys("\x1b")
	log.until("escape closes it", `document.querySelector("#drawer .sentence") === null && document.querySelector("tr[aria-selected]") === null && `+at("1"))
	b.post("Another one")
	log.shows("[data-waiting]", "new")
	log.until("nothing moved", at("1"))
	log.keys("/")
	log.until("/ is the filter", `document.activeElement.id === "log-q"`)
	log.keys("j")
	log.until("keys are letters there", `document.activeElement.value.endsWith("j")`)
	log.keys("\x1b")
	log.until("what waited comes in when the hand is off", row("academy sent", "techhub", "Another one"))
	log.neverReloaded()
	log.keys("?")
	log.until("? shows the keys of the log", showing("#legend", "next, previous entry"))
}
