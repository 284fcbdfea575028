package scenarios_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"orrery/activitylog/knowledge"
	"orrery/federation/rules"
	"orrery/internal/golden"
	"orrery/scenarios"
	"orrery/storage/storagetest/prepared"
)

// The whole of an answer, with the change that was tried out.
func TestWhy_answers(t *testing.T) {
	t.Parallel()
	src := small + `
step "Replies"
  alice posts "Hello world" as hello
  settle
  berta replies to hello with "Hi" as r1
  settle
  canon replies to r1 with "Yes" as r2
  settle
  berta likes hello
  settle
`
	for name, tt := range map[string]struct {
		q    scenarios.Asked
		with scenarios.Options
	}{
		"forwarded":       {q: scenarios.Asked{Post: "r1", Server: "masto"}},
		"grandparent":     {q: scenarios.Asked{Post: "r2", Server: "academy"}},
		"likes":           {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}},
		"likes_current":   {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}, with: scenarios.Options{Policy: "mastodon"}},
		"one_like":        {q: scenarios.Asked{Post: "hello", Server: "academy", Of: knowledge.Likes, By: "berta"}},
		"like_never_sent": {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes, By: "berta"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.with.Database, tt.with.Seed = func(string) string { return prepared.SQLite(t) }, 1
			a, err := scenarios.Why(t.Context(), load(t, "why.play", src), tt.q, tt.with)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := scenarios.WhyText(&b, a); err != nil {
				t.Fatal(err)
			}
			golden.Text(t, "why/"+name, b.String())
			if name == "likes_current" && a.Rule != rules.LearnCounted {
				t.Errorf("rule %s, want %s: the newer version shows what the post's own server states", a.Rule, rules.LearnCounted)
			}
		})
	}
}

// Every change that is promised was tried out, and the rule by which something is missing asks for the change that mends it.
func TestWhy_changes(t *testing.T) {
	t.Parallel()
	before := small + "\nstep \"S\"\n  alice posts \"Hello world\" as hello\n  settle\n"
	for name, tt := range map[string]struct {
		src  string
		q    scenarios.Asked
		want string
	}{
		"a follow": {before + "  berta posts \"Mine\" as b\n  settle\n", scenarios.Asked{Post: "b", Server: "masto"},
			"If anyone on masto followed berta, it would be there."},
		"nobody deletes": {before + "  alice deletes hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto"},
			"If alice had not deleted it, masto would have it still."},
		"a knob": {strings.Replace(before, "academy runs mastodon-4.1", "academy runs mastodon-4.1 with forwarding off", 1) + "  berta replies to hello with \"Hi\" as r\n  settle\n",
			scenarios.Asked{Post: "r", Server: "masto"}, "If academy passed replies on, it would be there."},
		"a mention": {before + "  berta posts \"Mine\" as b visibly direct\n  settle\n", scenarios.Asked{Post: "b", Server: "masto"},
			"If berta had named somebody on masto in it, it would have been sent there."},
		"a follow less": {before, scenarios.Asked{Post: "hello", Server: "masto"},
			"If nobody on masto followed alice, it would not be there."},
		"a follow less, made in a step": {strings.Replace(before, "  canon -> alice\n", "", 1) + "  canon follows alice\n  settle\n  alice posts \"Again\" as again\n  settle\n",
			scenarios.Asked{Post: "again", Server: "masto"}, "If nobody on masto followed alice, it would not be there."},
		"a boost": {before + "  berta boosts hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Boosts},
			"If anyone on masto followed berta, that boost would be counted there."},
		"nothing": {before + "  berta likes hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := scenarios.Why(t.Context(), load(t, "why.play", tt.src), tt.q, scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Change != nil {
				got = a.Change.Sentence
			}
			if got != tt.want || a.Change != nil && (a.Change.Verified == nil || !*a.Change.Verified) {
				t.Errorf("%s\ngot %q (%+v), want %q, tried out", a.Sentence, got, a.Change, tt.want)
			}
		})
	}
}

// Strangers' scripts do not run longer for being asked about.
func TestWhyAndCompare_haveLimits(t *testing.T) {
	t.Parallel()
	file := load(t, "limits.play", small+"\nstep \"S\"\n  alice posts \"Hello\" as p\n  wait 3h\n")
	o := scenarios.Options{Seed: 1, Limits: scenarios.Limits{Virtual: time.Hour}, Database: func(string) string { return prepared.SQLite(t) }}
	_, why := scenarios.Why(t.Context(), file, scenarios.Asked{Post: "p", Server: "masto"}, o)
	_, compare := scenarios.Compare(t.Context(), file, []string{"mastodon-4.1"}, o)
	o.Limits = scenarios.Limits{Servers: 2}
	_, small := scenarios.Why(t.Context(), file, scenarios.Asked{Post: "p", Server: "masto"}, o)
	for what, err := range map[string]error{"Why": why, "Compare": compare, "Why of too many servers": small} {
		var limit *scenarios.LimitError
		if !errors.As(err, &limit) {
			t.Errorf("%s: got %v, want the limit that was reached", what, err)
		}
	}
}
