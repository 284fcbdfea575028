package views

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

func TestHue_is_the_same_for_every_name_of_a_server(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{
		"": 0, "academy": 1, "academy.localhost:8080": 1, "ACADEMY.test": 1, "techhub.test": 2, "masto": 3, "masto:80": 3,
	} {
		if got := Hue(name); got != want {
			t.Errorf("Hue(%q) = %d, want %d", name, got, want)
		}
	}
	for _, name := range []string{"a", "b", "other", "mastodon.social", "xn--bcher-kva.example", "127.0.0.1:8080"} {
		if got := Hue(name); got < 1 || got > Hues || got != Hue(name) {
			t.Errorf("Hue(%q) = %d, want 1 to %d, always the same", name, got, Hues)
		}
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		before time.Duration
		want   string
	}{
		{-time.Hour, "now"}, {0, "now"}, {59 * time.Second, "now"}, {time.Minute, "1 min"}, {59*time.Minute + 59*time.Second, "59 min"},
		{time.Hour, "1 h"}, {24*time.Hour - 1, "23 h"}, {24 * time.Hour, "1 d"}, {7*24*time.Hour - 1, "6 d"}, {7 * 24 * time.Hour, "22 Feb 2026"},
	} {
		if got := ago(now, now.Add(-tt.before)); got != tt.want {
			t.Errorf("%v ago is %q, want %q", tt.before, got, tt.want)
		}
	}
}

func TestReplyDraft(t *testing.T) {
	t.Parallel()
	alice := social.Account{ID: 1, Username: "alice"}
	berta := social.Account{ID: 2, Username: "berta", Domain: "techhub.test"}
	canon := social.Account{ID: 3, Username: "canon", Domain: "masto.test"}
	for _, tt := range []struct {
		name           string
		parent         social.StatusView
		usual          social.Visibility
		text           string
		wantVisibility social.Visibility
	}{
		{"names everybody else, once", social.StatusView{Author: berta, Mentions: []social.Account{alice, canon, berta}, Status: social.Status{Visibility: social.Public}},
			social.Public, "@berta@techhub.test @canon@masto.test ", social.Public},
		{"does not name oneself", social.StatusView{Author: alice, Status: social.Status{Visibility: social.Public}}, social.Public, "", social.Public},
		{"is no more public than what it answers", social.StatusView{Author: berta, Status: social.Status{Visibility: social.Direct}},
			social.Public, "@berta@techhub.test ", social.Direct},
		{"stays as private as one usually is", social.StatusView{Author: berta, Status: social.Status{Visibility: social.Public}},
			social.Private, "@berta@techhub.test ", social.Private},
		{"treats limited as direct", social.StatusView{Author: berta, Status: social.Status{Visibility: social.Limited}},
			social.Public, "@berta@techhub.test ", social.Direct},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ReplyDraft(alice, tt.parent, tt.usual)
			if got.Text != tt.text || got.Visibility != tt.wantVisibility {
				t.Errorf("draft = %q, %s; want %q, %s", got.Text, got.Visibility, tt.text, tt.wantVisibility)
			}
		})
	}
}

func TestThread_Cards_are_the_depth_below_the_focus(t *testing.T) {
	t.Parallel()
	reply := func(id, to social.ID) social.StatusView {
		return social.StatusView{Status: social.Status{ID: id, ReplyToID: to}}
	}
	var th Thread
	for id := social.ID(2); id <= 9; id++ {
		th.Below = append(th.Below, reply(id, id-1))
	}
	th.Below = append(th.Below, reply(10, 1), reply(20, 99), reply(30, 30))
	want := []Card{"d1", "d2", "d3", "d4", "d5", "d6", "d6", "d6", "d1", "d1", "d1"}
	if got := th.Cards(); !slices.Equal(got, want) {
		t.Errorf("cards = %v, want %v", got, want)
	}
}

func TestThread_Shorten_keeps_what_is_near(t *testing.T) {
	t.Parallel()
	post := func(id int) social.StatusView { return social.StatusView{Status: social.Status{ID: social.ID(id)}} }
	var th Thread
	for i := range longest + 5 {
		th.Above, th.Below = append(th.Above, post(i)), append(th.Below, post(i))
	}
	got := th.Shorten()
	if len(got.Above) != longest || got.Above[0].Status.ID != 5 || got.HiddenAbove != 5 {
		t.Errorf("above: %d posts from %d, %d hidden", len(got.Above), got.Above[0].Status.ID, got.HiddenAbove)
	}
	if len(got.Below) != longest || got.Below[0].Status.ID != 0 || got.HiddenBelow != 5 {
		t.Errorf("below: %d posts from %d, %d hidden", len(got.Below), got.Below[0].Status.ID, got.HiddenBelow)
	}
}

// The legend lists what app.js does, and only that.
func TestLegendAndScriptAgree(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("static/app.js")
	if err != nil {
		t.Fatal(err)
	}
	rail, err := os.ReadFile("layout.templ") // app.js presses what stands there with a key
	if err != nil {
		t.Fatal(err)
	}
	inLog, err := os.ReadFile("static/log.js")
	if err != nil {
		t.Fatal(err)
	}
	script = append(script, inLog...)
	for _, k := range append(keysOf(Page{Server: "academy", Viewer: &social.Account{}}), keysOf(Page{Place: "log"})...) {
		if strings.HasPrefix(k.keys, "g ") && strings.Contains(string(rail), `"`+k.keys+`"`) {
			continue
		}
		for key := range strings.FieldsSeq(k.keys) {
			name := map[string]string{"enter": "Enter", "esc": "Escape", "space": " "}[key]
			if name == "" {
				name = regexp.QuoteMeta(key)
			}
			if !regexp.MustCompile(`(?m)["\s{]` + name + `"?: |key === "` + name + `"`).Match(script) {
				t.Errorf("the legend lists %q (%s), but app.js has no such key", key, k.does)
			}
		}
	}
}

func TestPolicy_allows_nothing_inline_and_nobody_else(t *testing.T) {
	t.Parallel()
	for _, inLab := range []bool{true, false} {
		p := Policy(inLab)
		if strings.Contains(p, "unsafe") || !strings.HasPrefix(p, "default-src 'none'") {
			t.Errorf("Policy(%v) = %s", inLab, p)
		}
		if got := strings.Contains(p, "localhost"); got != inLab {
			t.Errorf("Policy(%v) mentions localhost: %v", inLab, got)
		}
	}
}
