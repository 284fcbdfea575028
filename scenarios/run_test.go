package scenarios_test

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/activitylog"
	"orrery/internal/golden"
	"orrery/scenarios"
)

const small = `scenario "Small"
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
  canon -> alice
`

// unquiet is a story with faults, a poll and a message made by hand.
const unquiet = small + `
step "S"
  slow academy -> masto by 2s
  drop next Create on academy -> techhub
  alice posts "What?" as p poll "Tea", "Coffee"
  settle
  wait 5m
  berta votes for "Tea" in p
  rotate key of berta
  skew masto by 5m
  settle
  wait 1h
  berta sends like.json to academy with wrong-signature
  settle

-- like.json --
{"type": "Like", "id": "{techhub}/1", "actor": "{berta}", "object": "{p}"}
`

// everything is the whole log as JSON, with bodies and header lines.
func everything(t *testing.T, name, src string, o scenarios.Options) map[string]string {
	t.Helper()
	logs := map[string]string{}
	o.Keep = func(ctx context.Context, vary string, log *activitylog.Log) error {
		var full []activitylog.Full
		f := activitylog.Filter{Limit: activitylog.MaxLimit, Directions: []activitylog.Direction{activitylog.In, activitylog.Out, activitylog.Local}}
		page, err := log.Entries(ctx, f)
		if len(page) == activitylog.MaxLimit {
			t.Errorf("%s has more entries than one page: compare all of them", name)
		}
		for _, e := range page {
			var one activitylog.Entry
			if one, err = log.Entry(ctx, e.Exchange.ID); err != nil {
				return err
			}
			full = append(full, activitylog.FullOf(one, nil, log.Names()))
		}
		b, jerr := json.MarshalIndent(full, "", " ")
		if logs[vary] = string(b); jerr != nil {
			return jerr
		}
		return err
	}
	if res := perform(t, name+".play", src, o); !res.Passed {
		t.Fatal(report(t, res, false))
	}
	return logs
}

func TestRun_ofTheSameSeed_givesTheSameLog(t *testing.T) {
	t.Parallel()
	for name, runs := range map[string]int{"forwarded-reply": 2, "boost": 3, "grandparent": 1, "unquiet": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := unquiet
			if i := slices.IndexFunc(scenarios.Shipped(), func(s scenarios.Named) bool { return s.Name == name }); i >= 0 {
				src = scenarios.Shipped()[i].Source
			}
			first, again := everything(t, name, src, scenarios.Options{Seed: 7}), everything(t, name, src, scenarios.Options{Seed: 7})
			if len(first) != runs {
				t.Errorf("logs of %d runs were kept, want %d: the file and its varies", len(first), runs)
			}
			for vary, log := range first {
				if len(log) < 10_000 {
					t.Errorf("the log of %q has %d bytes, which is too little to compare", vary, len(log))
				}
				if diff := cmp.Diff(strings.Split(log, "\n"), strings.Split(again[vary], "\n")); diff != "" {
					t.Errorf("two logs of %q with the same seed differ (-first +again):\n%s", vary, diff)
				}
			}
		})
	}
}

// A wrong expectation fails, and the report shows what decided it.
func TestRun_wrongExpectations(t *testing.T) {
	t.Parallel()
	before := small + `
step "Before"
  alice posts "Hello world" as hello
  settle
`
	for name, src := range map[string]string{
		"unwanted_delivery": before + `
step "Reply"
  berta replies to hello with "@alice Hi" as r1
  settle
  expect no delivery of Create(r1) to academy
  expect no forward of Create(r1)
  expect nothing sent by techhub
  expect exactly 1 delivery
`,
		"missing_delivery": before + `
step "Reply"
  berta replies to hello with "Hi" as r1
  settle
  expect delivery Create(r1) techhub -> masto
  expect delivery Create(r1) techhub -> academy signed by alice
  expect delivery Create(hello) academy -> masto
  expect delivery Like(hello) masto -> academy
`,
		"another_rule": before + `
step "Reply"
  berta replies to hello with "Hi" as r1
  settle
  expect delivery Create(r1) techhub -> academy because deliver.mention
  expect r1 is on masto because accept.follows-author
  canon replies to r1 with "Yes" as r2
  settle
  expect r2 is not on academy because drop.unrelated
  expect likes of hello: academy 0 because deliver.liked-author
`,
		"presence": before + `
step "Reply"
  berta replies to hello with "Hi" as r1
  settle
  canon replies to r1 with "Yes" as r2
  settle
  expect hello is not on masto
  expect r2 is on academy
  expect likes of hello: academy 1, techhub 0
  expect boosts of r2: academy 0
  expect 1 fetch academy -> masto of r2
`,
		"too_early": small + `
step "No settle"
  alice posts "Hello world" as hello
  expect hello is on masto
  expect hello is not on masto because why.no-route
  canon replies to hello with "Hi" as r1
  expect r1 is on masto
  canon replies to r1 with "Hi"
`,
		"observe": before + `
step "Observe"
  observe hello is not on masto
vary "Deciding"
  observe hello is not on masto
  observe hello is on techhub
vary "Nothing is passed on"
  academy runs mastodon-4.1 with forwarding off
  expect hello is on academy
`,
		"unseen": before + `
step "Private"
  alice posts "For followers" as closed visibly private
  settle
  berta boosts closed
  alice deletes hello
  settle
  canon likes hello
`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			res := perform(t, name+".play", src, scenarios.Options{})
			if res.Passed {
				t.Errorf("it passed, which it must not:\n%s", report(t, res, true))
			}
			golden.Text(t, "report/"+name, report(t, res, false))
			if name == "observe" {
				golden.JSON(t, "result", res)
			}
		})
	}
}

func TestRun_anUnknownPost_isASentence(t *testing.T) {
	t.Parallel()
	res := perform(t, "early.play", small+`
step "Too early"
  alice posts "Hello" as p
  canon boosts p
`, scenarios.Options{})
	got := res.Steps[0].Lines[1]
	want := "canon's server does not know p yet: settle first, or let canon search for it"
	if got.Status != scenarios.Failed || got.Found != want {
		t.Errorf("got %s %q, want failed %q", got.Status, got.Found, want)
	}
}

func TestRun_overridesThePolicy(t *testing.T) {
	t.Parallel()
	f := load(t, "small.play", small+"\nstep \"S\"\n  settle\n")
	_, err := scenarios.Run(t.Context(), f, scenarios.Options{Policy: "friendica"})
	if err == nil || !strings.Contains(err.Error(), `small.play:3: academy: there is no policy "friendica"`) {
		t.Errorf("got %v, want the line, the server and what policies there are", err)
	}
	res, err := scenarios.Run(t.Context(), f, scenarios.Options{Policy: "mastodon-4.1"})
	if err != nil || !res.Passed || res.Policy != "mastodon-4.1" {
		t.Errorf("got %v, %+v, want a run of mastodon-4.1", err, res)
	}
}

func TestRun_refusesTheRealClock(t *testing.T) {
	t.Parallel()
	f := load(t, "real.play", strings.Replace(small, "servers", "time real\nservers", 1)+"\nstep \"S\"\n  settle\n")
	if _, err := scenarios.Run(t.Context(), f, scenarios.Options{}); err == nil || !strings.Contains(err.Error(), "real clock") {
		t.Errorf("got %v, want a sentence about the real clock", err)
	}
}

// A server without people has nobody to ask, and its log alone tells.
func TestRun_aServerWithoutPeople(t *testing.T) {
	t.Parallel()
	holds(t, "empty.play", strings.Replace(small, "people", "  empty runs mastodon-4.1\npeople", 1)+`
step "S"
  alice posts "Hello" as p
  settle
  expect p is not on empty because why.no-route
`, scenarios.Options{})
}
