package golden

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// verdict is a testing.TB that remembers instead of failing.
type verdict struct {
	testing.TB
	said []string
}

func (v *verdict) Helper() {}
func (v *verdict) Errorf(format string, args ...any) {
	v.said = append(v.said, fmt.Sprintf(format, args...))
}
func (v *verdict) Fatalf(format string, args ...any) { v.Errorf(format, args...) }

func put(t *testing.T, name, content string) {
	t.Helper()
	if err := os.MkdirAll("testdata", 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join("testdata", name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestJSON_compares_by_value(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "note.golden.json", `{"b": [1, 2], "a": "<p>"}`)
	put(t, "broken.golden.json", `{"b": `)
	type note struct {
		A string `json:"a"`
		B []int  `json:"b"`
	}
	for _, tt := range []struct {
		name, golden string
		got          any
		complains    string // empty: equal
	}{
		{"value", "note", note{"<p>", []int{1, 2}}, ""},
		{"bytes, other order", "note", []byte(`{"a":"\u003cp>","b":[1,2]}`), ""},
		{"raw message", "note", json.RawMessage(`{"a":"<p>","b":[1,2]}`), ""},
		{"another element", "note", note{"<p>", []int{1, 3}}, "-want +got"},
		{"number written otherwise", "note", []byte(`{"a":"<p>","b":[1,2.0]}`), "-want +got"},
		{"not JSON", "note", []byte(`{"a":`), "not JSON"},
		{"two documents", "note", []byte(`{} {}`), "not JSON"},
		{"cannot be marshalled", "note", make(chan int), "not JSON"},
		{"golden missing", "absent", note{}, "run the test with -update"},
		{"golden broken", "broken", note{}, "broken.golden.json is not JSON"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var v verdict
			compareJSON(&v, false, tt.golden, tt.got)
			said := strings.Join(v.said, "\n")
			if (tt.complains == "") != (said == "") || !strings.Contains(said, tt.complains) {
				t.Errorf("complaint = %q, want one containing %q", said, tt.complains)
			}
		})
	}
}

func TestUpdate_writes_what_then_compares_equal(t *testing.T) {
	t.Chdir(t.TempDir())
	got := map[string]any{"html": "<p>", "id": int64(109374937493749374)}
	compareJSON(t, true, "deep/er", got)
	compareJSON(t, false, "deep/er", got)
	written, err := os.ReadFile("testdata/deep/er.golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if want := "{\n  \"html\": \"<p>\",\n  \"id\": 109374937493749374\n}\n"; string(written) != want {
		t.Errorf("golden file is %q, want %q", written, want)
	}
	compareText(t, true, "page", "one\ntwo\n")
	compareText(t, false, "page", "one\ntwo\n")
	var v verdict
	compareText(&v, false, "page", "one\nthree\n")
	if len(v.said) != 1 {
		t.Errorf("a changed text gave %q, want one complaint", v.said)
	}
}
