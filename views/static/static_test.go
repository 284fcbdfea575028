package static

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// Scripts of others are exactly what was published: the lock file says so, and names every one.
func TestVendoredFilesAreLocked(t *testing.T) {
	t.Parallel()
	lock, err := os.ReadFile("vendor.lock")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(lock)) {
		if fields := strings.Fields(line); len(fields) >= 3 && !strings.HasPrefix(line, "#") {
			want[fields[1]] = fields[0]
		}
	}
	entries, err := fs.ReadDir(files, "vendor")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		body, err := fs.ReadFile(files, "vendor/"+e.Name())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(body)
		if got := hex.EncodeToString(sum[:]); got != want[e.Name()] {
			t.Errorf("vendor/%s has SHA-256 %s, vendor.lock says %q", e.Name(), got, want[e.Name()])
		}
		delete(want, e.Name())
	}
	for name := range want {
		t.Errorf("vendor.lock names %s, which is not in vendor/", name)
	}
}

func TestOpen_gives_only_the_present_version(t *testing.T) {
	t.Parallel()
	url := URL("orrery.css")
	f, ok := Open(strings.TrimPrefix(url, Prefix))
	if !ok || f.Type != "text/css; charset=utf-8" || len(f.Body) == 0 {
		t.Errorf("Open(%s) = %s, %d bytes, %v", url, f.Type, len(f.Body), ok)
	}
	for _, rest := range []string{"000000000000/orrery.css", "orrery.css", "", f.Hash + "/nothing", f.Hash + "/../static.go", f.Hash + "/vendor.lock"} {
		if _, ok := Open(rest); ok {
			t.Errorf("Open(%q) opened something", rest)
		}
	}
}

// The policy allows no inline anything and no other host; a style sheet that asks for either would silently fail.
func TestStyleSheetStaysAtHome(t *testing.T) {
	t.Parallel()
	css, err := fs.ReadFile(files, "orrery.css")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`url\(|@import|https?:`).Find(css); found != nil {
		t.Errorf("orrery.css contains %q", found)
	}
	if open, closed := strings.Count(string(css), "{"), strings.Count(string(css), "}"); open != closed {
		t.Errorf("orrery.css opens %d blocks and closes %d", open, closed)
	}
}
