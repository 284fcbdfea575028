package scenarios_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orrery/scenarios"
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
