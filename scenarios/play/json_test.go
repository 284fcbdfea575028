package play

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Every word of the language survives JSON: the script that comes back is the one that went in.
func TestJSON_roundTrip(t *testing.T) {
	t.Parallel()
	words := vocabulary()
	words.Rules = append(words.Rules, "learn.delivered", "sig.mismatch", "deliver.relay-subscription")
	for _, w := range Words() {
		f, problems := Load("a.play", []byte(w.Script()), words)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		data, err := Encode(f)
		if err != nil {
			t.Fatal(err)
		}
		_, script, problems, err := Decode("a.play", data, words)
		if err != nil || len(problems) > 0 {
			t.Errorf("%s: %v %v", w.Word, err, problems)
			continue
		}
		if diff := cmp.Diff(w.Script(), string(script)); diff != "" {
			t.Errorf("%s (-went in +came back):\n%s", w.Word, diff)
		}
	}
}

// JSON from anybody is refused when it is no tree, and checked like a file when it is one.
func TestJSON_fromStrangers(t *testing.T) {
	t.Parallel()
	const whole = `{"headers":[{"name":"scenario","value":{"value":"S"}}],"servers":[{"name":{"name":"academy"},"policy":{"name":"mastodon"}}],
		"people":[{"name":{"name":"alice"},"server":{"name":"academy"}}],"blocks":[{"kind":"step","title":{"value":"A"},"lines":[LINE]}]}`
	for line, want := range map[string]string{
		`{"kind":"posts","who":{"name":"alice"},"text":{"value":"Hello"}}`:  "",
		`{"kind":"posts","who":{"name":"bertha"},"text":{"value":"Hello"}}`: `unknown person "bertha"`,
		`{"kind":"paints"}`: `a line of the kind "paints"`,
		`{"kind":"posts","who":{"name":"alice"},"words":"Hello"}`:                        `unknown field "words"`,
		`{"kind":"likes","who":{"name":"alice"},"post":{"name":"p\n  alice deletes q"}}`: "is not a word",
		`{"kind":"check"}`: "a check without a condition",
		`{"kind":"check","condition":{"kind":"weather"}}`: `a condition of the kind "weather"`,
		`null`:                         `a line of the kind ""`,
		`{"kind":"wait","for":"soon"}`: "invalid duration",
		`{"kind":"settle"}],"x":[`:     "unknown field",
	} {
		_, _, problems, err := Decode("s.json", []byte(strings.Replace(whole, "LINE", line, 1)), vocabulary())
		got := problems.Error()
		if err != nil {
			got = err.Error()
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: got %q, want %q", line, got, want)
		}
	}
	if _, _, _, err := Decode("s.json", []byte("step"), vocabulary()); err == nil {
		t.Error("what is no JSON was taken")
	}
}
