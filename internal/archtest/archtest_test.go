package archtest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func TestArchitecture(t *testing.T) {
	t.Parallel()
	violations, err := Check(moduleRoot(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range violations {
		t.Errorf("%s", v)
	}
}

func moduleRoot(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		_, err := os.Stat(filepath.Join(dir, "go.mod"))
		if err == nil {
			return dir
		}
		up := filepath.Dir(dir)
		if !errors.Is(err, fs.ErrNotExist) || up == dir {
			t.Fatalf("no go.mod above the test: %v", err)
		}
		dir = up
	}
}

// The tables themselves: a row twice, or a row that allows what does not exist in the diagram, is a slip of the pen.
func TestDiagram_names_each_package_once(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, r := range diagram {
		if seen[r.pkg] {
			t.Errorf("%s has two rows", r.pkg)
		}
		seen[r.pkg] = true
		if r.why == "" {
			t.Errorf("%s has no sentence", r.pkg)
		}
	}
	for _, r := range diagram {
		for _, may := range r.may {
			if may == "..." || seen[may] {
				continue
			}
			found := false
			for _, other := range diagram {
				found = found || matches(may, other.pkg) || matches(other.pkg, may)
			}
			if !found {
				t.Errorf("%s may import %s, which has no row", r.pkg, may)
			}
		}
	}
}
