// Package golden compares what a test made with a file that was reviewed: testdata/NAME.golden.json or testdata/NAME.golden.txt
// beside the test. Run the test with -update to write the files anew, and review the difference like code.
//
// It is for tests only; nothing that is shipped imports it. What to compare, and under which name, is the test's choice.
//
// What a newcomer gets wrong: JSON is compared by value, so order of members and spacing never matter, but numbers are
// compared as written: 1 and 1.0 differ, and 64-bit ids keep all their digits.
package golden

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// update is a flag of the test binary: the one package variable that the house rules allow for, here only.
var update = flag.Bool("update", false, "write the golden files anew instead of comparing with them")

// JSON fails t unless got means the same as testdata/name.golden.json. A []byte or json.RawMessage is taken as a JSON
// document, anything else is marshalled. name may contain slashes.
func JSON(t testing.TB, name string, got any) {
	t.Helper()
	compareJSON(t, *update, name, got)
}

// Text fails t unless got is the same text as testdata/name.golden.txt, byte for byte.
func Text(t testing.TB, name, got string) {
	t.Helper()
	compareText(t, *update, name, got)
}

func compareJSON(t testing.TB, write bool, name string, got any) {
	t.Helper()
	document, err := document(got)
	if err != nil {
		t.Fatalf("golden %s: what the test made is not JSON: %v", name, err)
		return
	}
	path := path(name, "json")
	if write {
		save(t, path, document)
		return
	}
	wanted, ok := load(t, path)
	if !ok {
		return
	}
	want, err := decode(wanted)
	if err != nil {
		t.Fatalf("%s is not JSON: %v; repair it or run the test with -update", path, err)
		return
	}
	have, err := decode(document)
	if err != nil {
		t.Fatalf("golden %s: what the test made is not JSON: %v", name, err)
		return
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("%s (-want +got); if got is right, run the test with -update:\n%s", path, diff)
	}
}

func compareText(t testing.TB, write bool, name, got string) {
	t.Helper()
	path := path(name, "txt")
	if write {
		save(t, path, []byte(got))
		return
	}
	want, ok := load(t, path)
	if !ok {
		return
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got); if got is right, run the test with -update:\n%s", path, diff)
	}
}

// document is got as indented JSON with a last newline. Members of a raw document keep their order, so that a golden file
// reads like the wire.
func document(got any) ([]byte, error) {
	var raw bytes.Buffer
	switch v := got.(type) {
	case []byte:
		raw.Write(v)
	case json.RawMessage:
		raw.Write(v)
	default:
		enc := json.NewEncoder(&raw)
		enc.SetEscapeHTML(false) // "<p>" is easier to review than "\u003cp\u003e"
		if err := enc.Encode(v); err != nil {
			return nil, err
		}
	}
	var indented bytes.Buffer
	if err := json.Indent(&indented, bytes.TrimSpace(raw.Bytes()), "", "  "); err != nil {
		return nil, err
	}
	indented.WriteByte('\n')
	return indented.Bytes(), nil
}

func decode(document []byte) (any, error) {
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("something follows the document at byte %d", dec.InputOffset())
	}
	return v, nil
}

func path(name, kind string) string {
	return filepath.Join("testdata", filepath.FromSlash(name)+".golden."+kind)
}

func load(t testing.TB, path string) ([]byte, bool) {
	t.Helper()
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("%s does not exist; run the test with -update and review what it writes", path)
		return nil, false
	}
	if err != nil {
		t.Fatalf("read golden file: %v", err)
		return nil, false
	}
	return b, true
}

func save(t testing.TB, path string, b []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatalf("make room for golden file: %v", err)
		return
	}
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatalf("write golden file: %v", err)
	}
}
