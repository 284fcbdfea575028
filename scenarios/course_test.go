package scenarios_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// Every file stands in the course once, and the course names nothing else.
func TestCourse_isTheFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.play")
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range files {
		files[i] = strings.TrimSuffix(f, ".play")
	}
	index, err := os.ReadFile("course.txt")
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for line := range strings.Lines(string(index)) {
		if strings.HasPrefix(line, "  ") {
			named = append(named, strings.TrimSpace(line))
		}
	}
	slices.Sort(named)
	slices.Sort(files)
	if !slices.Equal(files, named) {
		t.Errorf("course.txt names\n%v\nand there are\n%v", named, files)
	}
	if got := len(scenarios.Shipped()); got != len(files) {
		t.Errorf("%d scenarios are shipped, want %d", got, len(files))
	}
}

// A lesson says what it is about and for whom, asks before it tells, and gives the reason for something that it shows.
func TestCourse_teaches(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios.Shipped() {
		f := load(t, s.Name+".play", s.Source)
		for what, missing := range map[string]bool{
			"a chapter": s.Group == "", "about": f.About() == "", "source": f.Source() == "",
			"level":   !strings.Contains(s.Source, "\nlevel "),
			"predict": !strings.Contains(s.Source, "\n  predict "), "say": !strings.Contains(s.Source, "\n  say "),
			"policies": len(f.Policies()) == 0 && !strings.Contains(scenarios.Policies(f), ","), "because": !strings.Contains(s.Source, " because ") && !strings.Contains(s.Source, "expect decision "),
		} {
			if missing {
				t.Errorf("%s.play lacks %s", s.Name, what)
			}
		}
	}
}

// Every scenario that comes with Orrery holds: as it is written, some on both engines, and under every policy that it names.
func TestCourse_holds(t *testing.T) {
	t.Parallel()
	for i, s := range scenarios.Shipped() {
		f := load(t, s.Name+".play", s.Source)
		written := scenarios.Policies(f)
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			t.Run("sqlite", func(t *testing.T) { t.Parallel(); holds(t, s.Name+".play", s.Source, scenarios.Options{}) })
			if i%3 == 0 { // enough to notice; what differs between engines is for the tests of storage
				t.Run("postgres", func(t *testing.T) {
					t.Parallel()
					holds(t, s.Name+".play", s.Source, scenarios.Options{Database: func(string) string { return prepared.Postgres(t) }})
				})
			}
			for _, p := range f.Policies() {
				if p == written {
					continue
				}
				t.Run(p, func(t *testing.T) {
					t.Parallel()
					holds(t, s.Name+".play", s.Source, scenarios.Options{Policy: p})
				})
			}
		})
	}
}

// What the language can say, the course says somewhere: every verb, wait, fault, condition and teaching line, every setting,
// every policy and addition.
func TestCourse_usesTheWholeLanguage(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	use := func(servers []*play.Server) {
		for _, s := range servers {
			name, addition, _ := strings.Cut(s.Policy.Name, "+")
			used[name], used["+"+addition] = true, true
			for _, k := range s.Knobs {
				used[k.Name] = true
			}
		}
	}
	for _, s := range scenarios.Shipped() {
		f := load(t, s.Name+".play", s.Source)
		for n := range strings.Count(s.Source, "\n") {
			if w, source, ok := play.WordAt(f, n+1); ok {
				used[w.Group+" "+w.Word] = true
				used[strings.Fields(source)[0]] = true // expect and observe, behind which the condition is looked up
			}
		}
		for _, p := range f.Policies() {
			used[p] = true
		}
		use(f.Servers)
		for _, v := range f.Varies() {
			use(v.Servers)
		}
	}
	for _, w := range play.Words() {
		if !used[w.Group+" "+w.Word] && !used[w.Word] {
			t.Errorf("no scenario uses %s of %s", w.Word, w.Group)
		}
	}
	v := scenarios.Vocabulary()
	for _, name := range slices.Concat(v.Policies, slices.Sorted(maps.Keys(v.Knobs))) {
		if !used[name] {
			t.Errorf("no scenario uses %s", name)
		}
	}
}
