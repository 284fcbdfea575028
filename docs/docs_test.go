// Package docs_test keeps the pages of this folder true: the table of rules is the one in the code, and no link leads
// nowhere.
package docs_test

import (
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"orrery/federation/rules"
)

var update = flag.Bool("update", false, "write rules.md anew instead of comparing with it")

const head = `# Rules

Every decision about federation that an instance takes names one of these rules; the log shows the sentence, scenarios ask
for the id with ` + "`because`" + `. The source is a paragraph of the behaviour specification (` + "`federation.md`" + `) or of the project's
contracts, both kept beside the checkout in ` + "`../shared`" + `.

This page is made from [federation/rules/table.go](../federation/rules/table.go) by ` + "`make generate`" + `; change the table, not the page.
`

// stages says what each stage is about, in the words of the page.
var stages = map[rules.Stage]string{
	rules.Deliver: "Deliver: who gets it",
	rules.Verify:  "Verify: is it what it claims to be",
	rules.Read:    "Read: can it be understood",
	rules.Accept:  "Accept: is it kept",
	rules.Forward: "Forward: is it passed on",
	rules.Fetch:   "Fetch: what is looked up",
	rules.Learn:   "Learn: how something became known",
	rules.Explain: "Explain: why something is not here",
}

func TestRulesPageIsTheTable(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(head)
	var stage rules.Stage
	for _, r := range rules.All() {
		if r.Stage != stage {
			stage = r.Stage
			title, ok := stages[stage]
			if !ok {
				t.Fatalf("stage %q has no title here", stage)
			}
			fmt.Fprintf(&b, "\n## %s\n\n| rule | sentence | source |\n| --- | --- | --- |\n", title)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.ID, r.Sentence, r.Source)
	}
	if *update {
		if err := os.WriteFile("rules.md", []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile("rules.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/rules.md is not the table of federation/rules: run make generate")
	}
}

// A link or a picture of a Markdown page: [words](target), <img src="target">, srcset="target".
var link = regexp.MustCompile(`\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"`)

func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			pages = append(pages, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(pages) < 10 {
		t.Fatalf("got %d pages, want all of them", len(pages))
	}
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			target, _, _ := strings.Cut(m[1]+m[2], "#")
			if target == "" || strings.Contains(target, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), target)); err != nil {
				t.Errorf("%s links to %s, which is not there", page, target)
			}
		}
	}
}

// The map of README.md names each top-level folder, and nothing that is not there.
func TestReadmeMapsEveryFolder(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if !strings.Contains(string(text), "| [`"+e.Name()+"/`]("+e.Name()+") |") {
			t.Errorf("the map of README.md has no row for %s/", e.Name())
		}
	}
}

// Files that the pages name in backticks are there, so that a reader who opens one finds it.
func TestNamedFilesExist(t *testing.T) {
	t.Parallel()
	named := regexp.MustCompile("`([a-z0-9_]+(?:/[a-z0-9_.-]+)+\\.(?:go|templ|sql|play|md))`")
	for _, page := range []string{"../README.md", "../CONTRIBUTING.md", "../FEDERATION.md", "architecture.md", "glossary.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range named.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join("..", m[1])); err != nil {
				t.Errorf("%s names %s, which is not there", page, m[1])
			}
		}
	}
}

// Every route is in the generated page of endpoints, and no other endpoint under /api claims to be served. What a test shows
// of it is compared by the tests of server/api. Names of parameters are Mastodon's there and ours here.
func TestApiCoverageIsTheRoutes(t *testing.T) {
	t.Parallel()
	var source []byte
	for _, file := range []string{"routes.go", "streaming.go"} {
		text, err := os.ReadFile("../server/api/" + file)
		if err != nil {
			t.Fatal(err)
		}
		source = append(source, text...)
	}
	page, err := os.ReadFile("api-coverage.md")
	if err != nil {
		t.Fatal(err)
	}
	parameter := regexp.MustCompile(`/:[a-z_]+`)
	routes, rows := map[string]bool{}, map[string]bool{}
	for _, m := range regexp.MustCompile(`\{"([A-Z]+)", "(/[^"]+)"`).FindAllStringSubmatch(string(source), -1) {
		routes[m[1]+" /api"+parameter.ReplaceAllString(m[2], "/:")] = true
	}
	for _, m := range regexp.MustCompile("(?m)^\\| ([A-Z]+) \\| `(/api/[^`?(]+)` \\| P\\d \\| ([a-z ]+) ").FindAllStringSubmatch(string(page), -1) {
		if m[3] != "missing" {
			rows[m[1]+" "+parameter.ReplaceAllString(m[2], "/:")] = m[3] == "full"
		}
	}
	for r := range routes {
		if _, known := rows[r]; !known {
			t.Errorf("%s has a route and is missing in api-coverage.md: run make generate", r)
		}
	}
	for r, full := range rows {
		if full && !routes[r] && !strings.HasPrefix(r, "WS") {
			t.Errorf("api-coverage.md says that %s is served, and no route does: run make generate", r)
		}
	}
	if len(routes) < 30 || len(rows) < 200 {
		t.Errorf("got %d routes and %d rows, want all of them", len(routes), len(rows))
	}
}
