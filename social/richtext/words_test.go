package richtext

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{
		"Hello, WORLD! It's 2026": {"hello", "world", "it", "s", "2026"},
		"Ärger über Crème-brûlée": {"arger", "uber", "creme", "brulee"},
		"#CatsOfMastodon @bob":    {"catsofmastodon", "bob"},
		"東京タワー と猫":                {"東京", "京タ", "タワ", "ワー", "と猫"},
		"猫":                       {"猫"},
		"a猫b":                     {"a", "猫", "b"},
		"":                        nil,
		" \xff…— ":                nil,
	} {
		if diff := cmp.Diff(want, Words(text)); diff != "" {
			t.Errorf("Words(%q) (-want +got):\n%s", text, diff)
		}
	}
	if got := Words(strings.Repeat("word ", 5000)); len(got) != maxWords {
		t.Errorf("%d words of a long text, want %d", len(got), maxWords)
	}
	if got := Words(strings.Repeat("é", 5000)); len(got) != 1 || len(got[0]) != maxWord {
		t.Errorf("a long word: got %q", got)
	}
}

func TestShownText(t *testing.T) {
	t.Parallel()
	got := Words(ShownText(`<p>One<br>two <b>thr</b>ee</p><p>four &amp; <a href="https://x.test/hidden"><span>x.test/</span><span>shown</span></a></p>`))
	if diff := cmp.Diff([]string{"one", "two", "three", "four", "x", "test", "shown"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
