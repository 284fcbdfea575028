package play

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What can be wrong with the lines of people, operators and faults, and with conditions about people. The post p asks a poll.
func TestProblems_MoreLines(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		`alice edits hello to "x" visibly public`:                   `13:28: "visibly" is too much here; the line could end before it`,
		`berta edits hello to "x"`:                                  `13:3: berta cannot edit hello, alice wrote it (line 11)`,
		`berta pins hello`:                                          `13:3: berta cannot pin hello, alice wrote it (line 11)`,
		`alice posts "x" poll "a"`:                                  `13:24: a poll with 1 answers`,
		`alice posts "x" poll "a", "a"`:                             `13:29: the answer "a" stands twice in this poll`,
		`alice posts "x" poll "a", "b", "c", "d", "e"`:              `13:24: a poll with 5 answers`,
		`alice posts "x" warning ""`:                                `13:27: this warning has no words`,
		`alice posts "x" as y as z`:                                 `13:24: "as" is too much here; the line could end before it`,
		`berta votes for "Tee" in p`:                                `13:19: "Tee" is no answer of p`,
		`berta votes for "Tea", "Coffee" in p`:                      `13:26: only one answer of p may be chosen`,
		`berta votes for "Tea" in hello`:                            `13:28: hello asks nothing (line 11)`,
		`berta blocks berta`:                                        `13:16: berta cannot block themselves`,
		`berta blocks techhub`:                                      `13:16: berta lives on techhub`,
		`berta mutes techhub`:                                       `13:15: "techhub" is a server (line 4); a person is needed here`,
		`academy suspends techhub`:                                  `13:20: "techhub" is a server (line 4); a person is needed here`,
		`academy blocks berta`:                                      `13:18: "berta" is a person (line 7); a server is needed here`,
		`academy blocks academy`:                                    `13:18: academy cannot do that to itself`,
		`academy posts "x"`:                                         `13:3: "academy" is a server (line 3); a person is needed here`,
		`academy subscribes techhub`:                                `13:22: "to" is missing before "techhub"`,
		`alice follows tag cats-and-dogs`:                           `13:21: "cats-and-dogs" cannot be a hashtag`,
		`alice sends note.json to berta`:                            `13:15: unknown attachment "note.json"`,
		`alice sends like.json to berta with ink`:                   `13:39: with cannot be followed by "ink"`,
		`alice moves to alice`:                                      `13:18: alice cannot move to themselves`,
		`stop alice`:                                                `13:8: "alice" is a person (line 6); a server is needed here`,
		`cut academy techhub`:                                       `13:15: "-" is missing before "techhub"`,
		`cut academy - academy`:                                     `13:17: no server speaks to itself`,
		`slow academy - techhub`:                                    `13:25: "by" is missing before the end of the line`,
		`drop next Creation on academy - techhub`:                   `13:13: next cannot be followed by "Creation"`,
		`lose next fetch on academy - techhub`:                      `13:13: next cannot be followed by "fetch"`,
		`skew academy by soon`:                                      `13:19: "soon" is not a duration`,
		`rotate key of academy`:                                     `13:17: "academy" is a server (line 3); a person is needed here`,
		`expect hello is in away timeline of berta`:                 `13:22: in cannot be followed by "away"`,
		`expect hello is in home timeline of academy`:               `13:39: "academy" is a server (line 3); a person is needed here`,
		`expect hello is broken on academy`:                         `13:19: "on" is missing before "broken"`,
		`expect alice is happy about berta`:                         `13:19: "happy" cannot stand here`,
		`expect alice is following academy`:                         `13:29: "academy" is a server (line 3); a person is needed here`,
		`expect alice is followed berta`:                            `13:28: "by" is missing before "berta"`,
		`expect alice, berta is following alice`:                    `13:26: "following" is asked of one person at a time`,
		`expect alice is notified of rain`:                          `13:31: of cannot be followed by "rain"`,
		`expect hello is following berta`:                           `13:10: "hello" is a post (line 11); a person is needed here`,
		`expect likes for "Tea" in p: academy 0`:                    `13:16: likes are of a post, not for an answer`,
		`expect votes of hello: academy 0`:                          `13:19: hello asks nothing (line 11)`,
		`expect votes for "Milk" in p: academy 0`:                   `13:20: "Milk" is no answer of p`,
		`expect followers of hello: academy 0`:                      `13:23: "hello" is a post (line 11); a person is needed here`,
		`expect decision why.no-rout on academy`:                    `13:19: unknown rule "why.no-rout"`,
		`expect answer to like.json is 99`:                          `13:10: 99 is no status of HTTP`,
		`expect failed forward of Create(hello) academy -> techhub`: `13:10: "failed" begins no check`,
		`without berta -> alice`:                                    `13:3: a line of a step cannot begin with "without"`,
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			src := frame + "  alice posts \"What?\" as p poll \"Tea\", \"Coffee\"\n  " + line + "\n\n-- like.json --\n{}\n"
			if diff := cmp.Diff(lines(want), load(src)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
		})
	}
}

// What can be wrong with the overrides of a vary.
func TestProblems_Varies(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"without alice -> berta": "alice does not follow berta, so nothing can be taken away",
		"berta -> alice":         "berta follows alice already (line 9)",
		"dora on nowhere":        `unknown server "nowhere"`,
		"academy on academy":     `"academy" is already the name of a server (line 3)`,
		"without berta -> alice": "",
		"dora on academy locked": "",
		"alice on techhub":       "",
		"masto runs mastodon":    `unknown server "masto"`,
		"alice runs mastodon":    `"alice" is already the name of a person (line 6)`,
		"masto runs mastodon\n  dora on masto\n  dora -> alice\n  dora posts \"Hi\" as hi\n  observe hi is on masto": "",
		"masto runs mastodn\n  dora on masto":                                  `unknown policy "mastodn"`,
		"hub runs mastodon\n  academy subscribes to hub":                       "",
		"masto runs mastodon\n  dora on masto\nstep \"T\"\n  dora likes hello": `unknown person "dora"`,
		"masto runs mastodon\n  masto runs mastodon\n  dora on masto":          "masto is overridden twice in this vary (line 14)",
	} {
		got := load(frame + "\nvary \"V\"\n  " + line + "\n")
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || got[0][len(got[0])-len(want):] != want) {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
}
