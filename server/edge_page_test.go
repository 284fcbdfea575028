package server_test

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"orrery/federation/rules"
)

// edgePage is what the rows that ran said, for docs/edge-cases.md: the page is written from the tests and cannot say
// anything that no test holds an instance to.
type edgePage struct {
	mu   sync.Mutex
	rows []proved
}

// proved is one row as it ran under one policy.
type proved struct {
	paragraph, row        int
	words, policy, test   string
	answer, changed, rule string
}

var edgeName = regexp.MustCompile(`^§14\.(\d)/(\d+) (.+)$`)

// add notes what a row of §14 expects; rows named otherwise are of another paragraph.
func (p *edgePage) add(t *testing.T, name, policy, answer, changed, rule string) {
	m := edgeName.FindStringSubmatch(name)
	if m == nil {
		return
	}
	paragraph, _ := strconv.Atoi(m[1])
	row, _ := strconv.Atoi(m[2])
	test, _, _ := strings.Cut(t.Name(), "/")
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rows = append(p.rows, proved{paragraph, row, m[3], policy, test, answer, changed, rule})
}

// markdown is the page: one line for every row and what arrives in it, both policies joined when they agree.
func (p *edgePage) markdown() string {
	slices.SortFunc(p.rows, func(a, b proved) int {
		// Everything counts: tests end in any order, and some rows are in more than one.
		return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.words, b.words), cmp.Compare(a.test, b.test), cmp.Compare(a.answer, b.answer),
			cmp.Compare(a.changed, b.changed), cmp.Compare(a.rule, b.rule), cmp.Compare(b.policy, a.policy))
	})
	var b strings.Builder
	b.WriteString(edgePageHead)
	paragraph := 0
	for i := 0; i < len(p.rows); i++ {
		r := p.rows[i]
		if r.paragraph != paragraph {
			paragraph = r.paragraph
			fmt.Fprintf(&b, "\n## %s\n\n| row | what arrives | policy | answer | what changes | rule | test |\n|---|---|---|---|---|---|---|\n", edgeParagraphs[paragraph])
		}
		policy := r.policy
		if i+1 < len(p.rows) {
			if other := p.rows[i+1]; other.words == r.words && other.row == r.row && other.policy != r.policy && other.test == r.test && other.answer == r.answer && other.changed == r.changed && other.rule == r.rule {
				policy = "both"
				i++
			}
		}
		fmt.Fprintf(&b, "| %d | %s | %s | %s | %s | %s | `%s` |\n", r.row, r.words, policy, r.answer, cmp.Or(r.changed, "nothing"), r.rule, r.test)
	}
	return b.String()
}

const edgePageHead = `# Edge cases

Written from the tests of package server by ` + "`make edges`" + `; do not edit. Every line is a test: an instance gets what the second
column says from a server that the test plays, and answers, changes and decides exactly what the others say, under the
policies named. Changes are rows of its tables, one more or one less; the sentences of the rules are in [rules.md](rules.md).
The numbers are those of federation.md §14, from which the cases come.
`

var edgeParagraphs = map[int]string{
	1: "Transport and signature", 2: "Envelope", 3: "Create and Update", 4: "Delete, Announce, Like and Undo",
	5: "Follow graph, moderation, the rest",
}

// rule is how the page names the rule that decided.
func rule(id rules.ID) string {
	if id == "" {
		return "–"
	}
	return "`" + string(id) + "`"
}

// TestMain compares docs/edge-cases.md with what all the rows said, once all of them ran and held.
func TestMain(m *testing.M) {
	code := m.Run()
	// A part of the tests knows a part of the page.
	whole := flag.Lookup("test.run").Value.String() == "" && flag.Lookup("test.skip").Value.String() == ""
	if code == 0 && (whole || *updateEdges) {
		code = edges.settle()
	}
	os.Exit(code)
}

func (p *edgePage) settle() int {
	const path = "../docs/edge-cases.md"
	got := p.markdown()
	if *updateEdges {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			fmt.Println(err)
			return 1
		}
		return 0
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		fmt.Printf("docs/edge-cases.md is not what the tests say (%v): run make edges\n", err)
		return 1
	}
	return p.gaps()
}

// gaps reports rows of §14 that no test holds.
func (p *edgePage) gaps() int {
	var missing []int
	for row := 1; row <= 158; row++ {
		if !slices.ContainsFunc(p.rows, func(r proved) bool { return r.row == row }) {
			missing = append(missing, row)
		}
	}
	if len(missing) > 0 {
		fmt.Printf("no test has the rows %v of federation.md §14\n", missing)
		return 1
	}
	return 0
}

var (
	edges       edgePage
	updateEdges = flag.Bool("update-edges", false, "write docs/edge-cases.md anew")
)
