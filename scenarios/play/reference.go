package play

import (
	"fmt"
	"strings"
)

// exampleFrame is what every example of the reference stands in.
const exampleFrame = `scenario %s

servers
  academy runs mastodon
  techhub runs mastodon
  masto   runs mastodon

people
  alice on academy
  dora  on academy locked
  berta on techhub
  canon on masto

follows
  berta -> alice
  canon -> alice
  alice -> berta

step "An example"
  alice posts "Hello world" as hello
  settle
`

// fixture is the attachment that the examples send.
const fixture = `
-- like.json --
{
  "@context": "https://www.w3.org/ns/activitystreams",
  "id": "{techhub}/likes/1",
  "type": "Like",
  "actor": "{berta}",
  "object": "{hello}"
}
`

// Script is the example of a word as a whole scenario, which holds.
func (w Word) Script() string {
	var b strings.Builder
	fmt.Fprintf(&b, exampleFrame, quote("How to say: "+w.Word))
	for _, line := range w.lines() {
		b.WriteString("  " + line + "\n")
	}
	if s := b.String(); !strings.Contains(s, "like.json") {
		return s
	}
	return b.String() + fixture
}

func (w Word) lines() []string {
	lines := append([]string{}, w.Before...)
	return append(append(lines, w.Example), w.After...)
}

// group says what the words of a group have in common.
func group(name string) string {
	return map[string]string{
		"people":     "What people do, as their apps do it. A person acts on their own server, which must know the post or person that it is about: `settle` first, or let them search.",
		"servers":    "What those who run a server do.",
		"faults":     "What goes wrong between servers and in them. Every fault stands in the log of the server that it begins at.",
		"waits":      "Nothing leaves a server until time is given to it.",
		"checks":     "What should be true. Behind the word comes a condition.",
		"conditions": "What a check may ask. Counts, deliveries, fetches and decisions are those of the step; with `overall`, of the whole run.",
		"teaching":   "What is told to whoever reads or watches. It changes nothing.",
	}[name]
}

// Reference is the page of every word of the language, in Markdown.
func Reference() string {
	var b strings.Builder
	b.WriteString("# Reference of the scenario language\n\n" +
		"Written from the table of the language by `go test ./scenarios/play -run Reference -update`; do not edit it. " +
		"How a file is built is told in [scenario-language.md](scenario-language.md). Every example is run by a test, in this frame:\n\n```\n" +
		fmt.Sprintf(exampleFrame, quote("How to say it")) + "  …\n```\n\n" +
		"`sends` sends the attachment that stands at the end of the file:\n\n```" + fixture + "```\n")
	for _, g := range Groups {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n", strings.ToUpper(g[:1])+g[1:], group(g))
		for _, w := range Words() {
			if w.Group != g {
				continue
			}
			fmt.Fprintf(&b, "\n### `%s`\n\n    %s\n\n%s\n\n```\n", w.Word, w.Shape, w.Says)
			for _, line := range w.lines() {
				b.WriteString(line + "\n")
			}
			b.WriteString("```\n")
		}
	}
	return b.String()
}
