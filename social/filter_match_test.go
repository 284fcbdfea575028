package social

import "testing"

func TestSays(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text, phrase string
		whole, want  bool
	}{
		{"a soup", "soup", true, true},
		{"soups", "soup", true, false},
		{"soups", "soup", false, true},
		{"soups and soup", "soup", true, true},
		{"über", "ber", true, false},
		{"see #tag", "#tag", true, true},
		{"see#tag", "#tag", true, true},
		{"#tags", "#tag", true, false},
		{"c++ is", "c++", true, true},
		{"日本語", "日本", false, true},
		{"日本語", "日本", true, false},
		{"anything", "", false, false},
		{"aaaa", "aa", true, false},
	} {
		if got := says(tt.text, tt.phrase, tt.whole); got != tt.want {
			t.Errorf("says(%q, %q, %v): got %v, want %v", tt.text, tt.phrase, tt.whole, got, tt.want)
		}
	}
}
