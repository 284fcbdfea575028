package main

import (
	"fmt"
	"testing"
)

func TestBrowser(t *testing.T) {
	browser := chromium(t)
	for _, tt := range []struct {
		name string
		test func(*testing.T, *running, *tab)
	}{
		{"a post and its answer are told live", liveStory},
	} {
		t.Run(tt.name, func(t *testing.T) { tt.test(t, startLab(t, ""), visitor(t, browser)) })
	}
}

const hello = "Hello world"

func liveStory(t *testing.T, r *running, alice *tab) {
	alice.signIn(r, "alice")
	log := alice.another()
	log.open(r.at("", "/lab/log"))
	log.until("the stream is open", `document.querySelector("[data-live]").innerText === "Live"`)
	ask[bool](log, `window.marked = true`)

	alice.post(hello)
	alice.shows("#feed .post .words", hello)
	for _, to := range []string{"techhub", "masto"} {
		row := fmt.Sprintf(`[...document.querySelectorAll("tr.entry")].find(r => r.innerText.includes("academy sent") && r.innerText.includes(%q))`, to)
		log.until("academy sent the post to "+to, row)
		log.until("and its answer", row+`.querySelector(".outcome").innerText.includes("202")`)
	}
	alice.shows("#trace", "techhub")
	alice.shows("#trace", "masto")
	alice.shows("#trace", "202")
	if !ask[bool](log, `window.marked === true`) {
		t.Error("the log was loaded again, and should have streamed")
	}
}

