package play

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The line is put behind the frame, so it is line 12 and its first word stands in column 3.
func TestProblems_Lines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`blane replies to hello with "hi" as r4`:                  `12:3: unknown person "blane"`,
		`alice pots "x"`:                                          `12:9: people cannot do "pots"`,
		`alice`:                                                   `12:8: what alice does is missing`,
		`expct hello is on academy`:                               `12:3: a line of a step cannot begin with "expct"`,
		`expect alice on academy`:                                 `12:10: "expect" needs a post, delivery, forward, fetch or counter here; "alice" is a person`,
		`observe academy on academy`:                              `12:11: "observe" needs a post, delivery, forward, fetch or counter here; "academy" is a server`,
		`expect`:                                                  `12:9: "expect" needs something to look at before the end of the line`,
		`expect academy is on academy`:                            `12:10: "academy" is a server (line 3); a post is needed here`,
		`expect hello on academy`:                                 `12:16: "is" is missing before "on"`,
		`expect hello not on academy`:                             `12:16: "is" is missing before "not"`,
		`expect r2 is on academy`:                                 `12:10: unknown post "r2"`,
		`alice boosts berta`:                                      `12:16: "berta" is a person (line 7); a post is needed here`,
		`alice posts "open as p`:                                  `12:15: this text has no closing quote`,
		`alice posts "x" as alice`:                                `12:22: "alice" is already the name of a person (line 6)`,
		`alice posts "x" as hello`:                                `12:22: "hello" is already the name of a post (line 11)`,
		`alice posts "x" as Hello`:                                `12:22: "Hello" cannot be a name`,
		`alice posts "x" as step`:                                 `12:22: "step" is a word of the language`,
		`alice posts ""`:                                          `12:15: a post without words`,
		`alice posts "x" visibly pubic`:                           `12:27: visibly cannot be followed by "pubic"`,
		`alice posts "é \" @brta hi"`:                             `12:22: unknown person "brta"`,
		`alice posts "to @bob@elsewhere.example and a@b"`:         ``,
		`alice likes hello as y`:                                  `12:21: "as" is too much here; the line could end before it`,
		`alice boosts hello visibly direct`:                       `12:16: a boost cannot be direct`,
		`alice follows alice`:                                     `12:17: alice cannot follow themselves`,
		`alice opens`:                                             `12:14: a post is missing before the end of the line`,
		`alice undoes post of hello`:                              `12:16: undoes cannot be followed by "post"`,
		`berta deletes hello`:                                     `12:3: berta cannot delete hello, alice wrote it (line 11)`,
		`alice paints hello`:                                      `12:9: people cannot do "paints"`,
		`academy runs mastodon-4.1`:                               `12:3: a server cannot be declared inside a step`,
		`berta -> alice`:                                          `12:3: a follow edge cannot stand inside a step`,
		"\talice likes hello":                                     `12:3: a tab; this language is indented with spaces`,
		"say \"a\tb\"":                                            `12:9: a tab inside a text`,
		`alice likes hello;`:                                      `12:20: ';' has no meaning here`,
		`expect likes of hello: academy`:                          `12:33: a number is missing before the end of the line`,
		`expect likes of hello academy 1`:                         `12:25: ":" is missing before "academy"`,
		`expect likes of hello: academy -1`:                       `12:34: "-1" is not a count`,
		`expect likes of hello: academy 9999999`:                  `12:34: "9999999" is not a count`,
		`expect likes of hello: academy 1, academy 2`:             `12:37: academy stands twice in this list`,
		`expect exactly five deliveries`:                          `12:18: "five" is not a count`,
		`expect 2 deliveries`:                                     `12:10: deliveries are counted with "exactly"`,
		`expect 0 fetches academy -> techhub of hello`:            `12:10: 0 fetches or more is always true`,
		`expect exactly 2 boosts`:                                 `12:20: "2" is followed by deliveries or fetches, not by "boosts"`,
		`expect 1 fetch academy -> academy of hello`:              `12:29: no server fetches from itself`,
		`expect delivery Craete(hello) academy -> techhub`:        `12:19: "Craete" is no activity`,
		`expect delivery Create(alice) academy -> techhub`:        `12:26: "alice" is a person (line 6); a post is needed here`,
		`expect delivery Follow(hello) academy -> techhub`:        `12:26: "hello" is a post (line 11); a person is needed here`,
		`expect delivery Create(hello) academy -> academy`:        `12:44: no server delivers to itself`,
		`expect delivery Create(hello) academy techhub`:           `12:41: "->" is missing before "techhub"`,
		`expect delivery Create(hello) academy -> techhub signed`: `12:52: "signed" is not complete, or said twice`,
		`expect forward of Create(hello) academy -> techhub to shared inbox`: `12:54: a forward does not say which inbox`,
		`expect nothing sent by alice`:                                       `12:26: "alice" is a person (line 6); a server is needed here`,
		`expect hello is on academy because why.no-rout`:                     `12:38: unknown rule "why.no-rout"`,
		`expect hello is on academy overall`:                                 `12:30: overall belongs to counts and absences`,
		`expect hello is on academy, academy`:                                `12:31: academy stands twice in this list`,
		`wait soon`:                                                          `12:8: "soon" is not a duration`,
		`wait 0s`:                                                            `12:8: "0s" is not a duration`,
		`settle for 2s`:                                                      `12:10: "for" is too much here; the line could end before it`,
		`show film`:                                                          `12:8: show cannot be followed by "film"`,
		`look hello`:                                                         `12:8: "at" is missing before "hello"`,
		`look at bertha`:                                                     `12:11: unknown post, person or server "bertha"`,
		`predict "x" yes`:                                                    `12:15: "=" is missing before "yes"`,
		`predict "x" = maybe so`:                                             `12:23: "so" is too much here; the line could end before it`,
		`say`:                                                                `12:6: a text in quotes is missing before the end of the line`,
		`say "a\q"`:                                                          `12:9: unknown escape "\\q" in a text`,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(lines(want), load(frame+"  "+line+"\n")); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblems_Files(t *testing.T) {
	t.Parallel()
	cast, _, _ := strings.Cut(frame, "step ")
	edit := func(old, new string) string {
		if !strings.Contains(frame, old) {
			t.Fatalf("the frame does not hold %q", old)
		}
		return strings.Replace(frame, old, new, 1)
	}
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	for _, tt := range []struct{ name, src, want string }{
		{"an empty file", "", `1:1: the file has no "scenario"
1:1: the file has no "servers"
1:1: the file has no "people"
1:1: the file has no "step"`},
		{"a story without a step", cast + "  alice posts \"Hello\" as hello\n", `1:1: the file has no "step"
10:3: this line needs a step around it, and "follows" is still open`},
		{"empty sections", "scenario \"T\"\nservers\npeople\nfollows\nstep \"One\"\n", `2:1: "servers" has no lines
3:1: "people" has no lines
4:1: "follows" has no lines
5:1: this step is empty`},
		{"a section too late", frame + "people\n  canon on academy\n", `12:1: "people" stands too late`},
		{"a section twice", edit("people\n", "servers\n  masto runs mastodon\npeople\n"), `5:1: there is already a section "servers" (line 2)`},
		{"a header too late", frame + "level beginner\n", `12:1: "level" stands too late`},
		{"a header twice", edit("servers\n", "scenario \"U\"\nservers\n"), `2:1: "scenario" is given twice (first on line 1)`},
		{"an unknown header", edit("servers\n", "abuot \"x\"\nservers\n"), `2:1: a file does not begin with "abuot"`},
		{"an unknown level", edit("servers\n", "level easy\nservers\n"), `2:7: level cannot be followed by "easy"`},
		{"wrong policies", edit("servers\n", "policies mastodon-4.1, mastodn, mastodon-4.1\nservers\n"), `2:24: unknown policy "mastodn"
2:33: "mastodon-4.1" is named twice`},
		{"no policies", edit("servers\n", "policies\nservers\n"), `2:9: a policy is missing before the end of the line`},
		{"wrong policy and settings", edit("mastodon-4.1", "mastodn with forwarding maybe, clok 5m, clock soon, clock 5m, clock 5m"), `3:16: unknown policy "mastodn"
3:40: forwarding cannot be "maybe"
3:47: unknown setting "clok"
3:62: clock cannot be "soon"
3:68: clock is set twice for academy
3:78: clock is set twice for academy`},
		{"an unknown addition", edit("mastodon-4.1", "mastodon-4.1+relay+ghost"), `3:16: unknown policy "mastodon-4.1+relay+ghost"`},
		{"a broken person is reported once", edit("alice on academy", "alice at academy"), `6:9: "on" is missing before "at"`},
		{"a broken server is reported once", edit("academy runs", "academy run"), `3:11: "runs" is missing before "run"`},
		{"an unknown server", edit("alice on academy", "alice on acdemy"), `6:12: unknown server "acdemy"`},
		{"one name for two nouns", edit("alice on", "techhub on"), `6:3: "techhub" is already the name of a server (line 4)
9:12: unknown person "alice"
11:3: unknown person "alice"`},
		{"edges", edit("berta ->", "berta -> alice\n  alice -> alice\n  berta -> academy\n  berta ->"), `10:12: alice cannot follow themselves
11:12: "academy" is a server (line 3); a person is needed here
12:3: berta follows alice already (line 9)`},
		{"a post used too early", frame + "  expect r1 is on academy\n  berta replies to r1 with \"x\" as r1\n", `12:10: r1 is used before it exists (created on line 13)
13:20: r1 is used before it exists (created on line 13)`},
		{"a broken post is reported once", frame + "  alice posts \"x as r1\n  expect r1 is on academy\n", `12:15: this text has no closing quote`},
		{"a vary keeps its posts", frame + "vary \"V\"\n  alice posts \"x\" as own\n  alice likes own\nstep \"Two\"\n  alice likes own\n",
			`16:15: own exists only in the vary that creates it (line 13)`},
		{"a vary sees posts of later steps", frame + "vary \"V\"\n  alice likes later\nstep \"Two\"\n  alice posts \"x\" as later\n", ``},
		{"bad varies", frame + "vary \"V\"\n  masto runs mastodon\n  techhub runs mastodon\n  techhub runs mastodon\n  berta -> alice\nvary \"V\"\n", `13:3: unknown server "masto"
15:3: techhub is overridden twice in this vary (line 14)
16:3: berta follows alice already (line 9)
17:1: this vary changes nothing
17:6: there is already a vary with this title (line 12)`},
		{"attachments", frame + "-- a --\nx\n-- a --\n-- --\n", `14:1: there is already an attachment "a" (line 12)
15:1: this attachment has no name`},
		{"not UTF-8", frame + "  say \"\xff\"\n", `12:1: this line is not UTF-8`},
		{"a long line", frame + "  say \"" + strings.Repeat("x", MaxLine) + "\"\n", `12:601: this line has 608 characters; 600 is the most`},
		{"too many servers", "scenario \"T\"\nservers\n" + many(13, "  s%d runs mastodon\n") + "people\n  alice on s0\nstep \"x\"\n  settle\n", `15:3: more than 12 servers`},
		{"too many people", "scenario \"T\"\nservers\n  a runs mastodon\npeople\n" + many(201, "  p%d on a\n") + "step \"x\"\n  settle\n", `205:3: more than 200 people`},
		{"a script without end", frame + strings.Repeat("  settle\n", MaxLines), `2001:1: the script has more than 2000 lines; nothing from here on was read`},
		{"too large", strings.Repeat("#", MaxFile+1), `1:1: the file has 1048577 bytes; 1048576 is the most
1:1: the file has no "scenario"
1:1: the file has no "servers"
1:1: the file has no "people"
1:1: the file has no "step"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(lines(tt.want), load(tt.src)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

func TestProblems_Format(t *testing.T) {
	t.Parallel()
	src := []byte(frame + "  blane replies to hello with \"hi\"\n  expect bert is on academy\n")
	_, ps := Load("gap.play", src, vocabulary())
	const want = `gap.play:12:3: unknown person "blane"
   12 |   blane replies to hello with "hi"
      |   ^^^^^ declared people: alice, berta
      |   or add a line under people:  blane on academy

gap.play:13:10: unknown post "bert"
   13 |   expect bert is on academy
      |          ^^^^ posts so far: hello
      |   a post gets its name when it is written:  alice posts "Hello" as bert
`
	if diff := cmp.Diff(want, ps.Format(src)); diff != "" {
		t.Errorf("Format (-want +got):\n%s", diff)
	}
	if got, want := ps.Err().Error(), "gap.play:12:3: unknown person \"blane\"\ngap.play:13:10: unknown post \"bert\""; got != want {
		t.Errorf("Err = %q, want %q", got, want)
	}
	if (Problems{}).Err() != nil {
		t.Error("no problems give an error")
	}
	if got := ps.Format(nil); !strings.Contains(got, "declared people") {
		t.Errorf("without the source the hint is lost:\n%s", got)
	}
}

// A file made to be slow and loud is answered with a bounded report, in well under a second.
func TestCheck_HostileFile(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(frame)
	for i := range MaxLines {
		fmt.Fprintf(&b, "  zlice posts \"@%030d %s\" as p%029d\n", i, strings.Repeat("@qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq ", 12), i)
	}
	src := []byte(b.String())
	_, ps := Load("h.play", src, vocabulary())
	shown := ps.Format(src)
	if len(ps) == 0 || len(ps) > 2*maxProblems || len(shown) > 4<<20 {
		t.Errorf("%d problems in %d bytes", len(ps), len(shown))
	}
}

func load(src string) []string {
	_, ps := Load("t.play", []byte(src), vocabulary())
	var out []string
	for _, p := range ps {
		out = append(out, strings.TrimPrefix(p.Error(), "t.play:"))
	}
	return out
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}
