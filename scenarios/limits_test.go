package scenarios_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"orrery/scenarios"
	"orrery/scenarios/play"
)

// A script that is too big never starts; one that takes too much stops in the line that reached the limit.
func TestLimits(t *testing.T) {
	t.Parallel()
	story := small + `
step "S"
  alice posts "One" as p1
  settle
  wait 2h
  alice posts "Two" as p2
  settle
  expect p2 is on masto
`
	for name, tt := range map[string]struct {
		limits  scenarios.Limits
		refused string // by an error
		stopped string // in the result
	}{
		"servers":  {scenarios.Limits{Servers: 2}, "s.play:5: the script has more than 2 servers", ""},
		"people":   {scenarios.Limits{People: 2}, "s.play:9: the script has more than 2 people", ""},
		"lines":    {scenarios.Limits{Lines: 5}, "s.play:14: the script has more than 5 lines", ""},
		"virtual":  {scenarios.Limits{Virtual: time.Hour}, "", "s.play:17: the run was stopped: more than 1h0m0s of the lab's time would have passed"},
		"requests": {scenarios.Limits{Requests: 12}, "", "s.play:15: the run was stopped: the servers made more than 12 requests"},
		"log":      {scenarios.Limits{Log: 30}, "", "s.play:15: the run was stopped: the log holds more than 30 entries and facts"},
		"real":     {scenarios.Limits{Real: time.Nanosecond}, "s.play:1: the run was stopped: it took longer than 1ns", ""},
		"none":     {scenarios.DefaultLimits(), "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := scenarios.Run(t.Context(), load(t, "s.play", story), scenarios.Options{Seed: 1, Limits: tt.limits})
			var refused *scenarios.LimitError
			if tt.refused != "" && (!errors.As(err, &refused) || !strings.Contains(err.Error(), tt.refused)) {
				t.Errorf("got %v, want %s", err, tt.refused)
			} else if tt.refused == "" && err != nil {
				t.Fatal(err)
			}
			if tt.refused == "" && (!strings.Contains(res.Stopped, tt.stopped) || (res.Stopped == "") != (tt.stopped == "") || res.Passed != (tt.stopped == "")) {
				t.Errorf("got stopped %q, passed %v, want %q", res.Stopped, res.Passed, tt.stopped)
			}
		})
	}
}

// A setting that no server could have is a mistake of the script, in its place; nothing is set up to find it out.
func TestKnobs_outOfRange(t *testing.T) {
	t.Parallel()
	for knob, want := range map[string]string{
		"external-pull 1s":     `3:48: external-pull cannot be "1s"`,
		"clock 90000h":         `3:40: clock cannot be "90000h"`,
		"fetch-replies 999999": `3:48: fetch-replies cannot be "999999"`,
		"fetch-replies 500":    "",
		"external-pull 0s":     "",
	} {
		src := strings.Replace(small, "academy runs mastodon-4.1", "academy runs mastodon-4.1 with "+knob, 1) + "step \"S\"\n  alice posts \"Hi\"\n"
		_, problems := play.Load("s.play", []byte(src), scenarios.Vocabulary())
		if got := problems.Err(); want == "" && got != nil || want != "" && (got == nil || !strings.Contains(got.Error(), want)) {
			t.Errorf("%s: got %v, want %q", knob, got, want)
		}
	}
}

// A run that is traced says of each line what it led to.
func TestTrace(t *testing.T) {
	t.Parallel()
	res := perform(t, "s.play", small+`
step "S"
  alice posts "One" as p
  settle
  show diagram
  show log
  show map
  show matrix
  look at p
  expect p is on masto
vary "V"
  berta likes p
`, scenarios.Options{Trace: true})
	posts, ok := res.LineAt(15)
	if !ok || len(posts.Made) < 3 || !strings.Contains(strings.Join(posts.Decisions, " "), "masto: accept.follows-author") {
		t.Errorf("the post led to %+v and %q, want its deliveries and what masto decided", posts.Made, posts.Decisions)
	}
	if d := res.Steps[0].Diagram; !strings.Contains(d, "academy->>masto: Create(p)") {
		t.Errorf("the diagram has no arrow to masto:\n%s", d)
	}
	if likes, _ := res.LineAt(24); len(likes.Made) != 1 || !strings.Contains(likes.Made[0].Sentence, "berta liked") {
		t.Errorf("the like led to %+v, want only that it was made: it has not left the server", likes.Made)
	}
	for line, want := range map[int]string{17: "academy->>techhub", 18: "academy sent", 19: "canon -> alice", 20: "delivered", 21: "masto delivered"} {
		l, _ := res.LineAt(line)
		if !strings.Contains(l.View+l.Found, want) {
			t.Errorf("%s shows %q, want %q in it", l.Source, l.View+l.Found, want)
		}
	}
	for _, format := range scenarios.Formats() {
		var b strings.Builder
		if err := scenarios.Write(&b, format, []scenarios.Result{res}, true); err != nil || !strings.Contains(b.String(), "p is on masto") && format != "mermaid" {
			t.Errorf("%s: %v\n%s", format, err, b.String())
		}
	}
	if err := scenarios.Write(&strings.Builder{}, "film", nil, false); err == nil || !strings.Contains(err.Error(), "junit") {
		t.Errorf("got %v, want the formats there are", err)
	}
}

// Thirty steps, as a class would watch them: how much of a processor they take.
func BenchmarkThirtySteps(b *testing.B) {
	var src strings.Builder
	src.WriteString(small)
	for range 30 {
		src.WriteString("step \"S\"\n  alice posts \"Hello\"\n  settle\n  expect exactly 2 deliveries\n")
	}
	f := load(b, "thirty.play", src.String())
	for b.Loop() {
		res, err := scenarios.Run(b.Context(), f, scenarios.Options{Seed: 1})
		if err != nil || !res.Passed {
			b.Fatal(err, res)
		}
	}
}

// Servers that never stop asking each other are stopped in the line in which they do; nothing after it is carried out, and no
// vary is tried.
func TestLimits_endless(t *testing.T) {
	t.Parallel()
	const endless = `scenario "They never stop"
servers
  academy runs mastodon-4.1+fedifetcher with external-pull 1m
  techhub runs mastodon-4.1+fedifetcher with external-pull 1m
people
  alice on academy
  berta on techhub
follows
  berta -> alice
  alice -> berta
step "S"
  alice posts "Hello" as p
  settle
  berta replies to p with "Hi" as r
  settle
  wait 2000h
  expect r is on academy
vary "V"
  observe r is on academy
`
	for name, tt := range map[string]struct {
		limits scenarios.Limits
		want   string
	}{
		"requests": {scenarios.Limits{Requests: 80}, "s.play:16: the run was stopped: the servers made more than 80 requests"},
		"log":      {scenarios.Limits{Log: 600}, "s.play:16: the run was stopped: the log holds more than 600 entries and facts"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res, err := scenarios.Run(t.Context(), load(t, "s.play", endless), scenarios.Options{Seed: 1, Limits: tt.limits})
			if err != nil {
				t.Fatal(err)
			}
			if res.Passed || res.Stopped != tt.want || len(res.Varies) > 0 {
				t.Errorf("passed %v, %d varies, stopped %q; want %q", res.Passed, len(res.Varies), res.Stopped, tt.want)
			}
			if at, _ := res.LineAt(16); at.Status != scenarios.Failed || !strings.Contains(tt.want, at.Found) {
				t.Errorf("the line ended as %+v, want it to tell the limit", at)
			}
			if after, _ := res.LineAt(17); after.Status != scenarios.Inapplicable {
				t.Errorf("the line after it is %s, want %s", after.Status, scenarios.Inapplicable)
			}
		})
	}
}
