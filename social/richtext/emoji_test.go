package richtext

import "testing"

func TestIsEmoji(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"😀": true, "👍🏽": true, "👩‍👩‍👧": true, "🇩🇪": true, "1️⃣": true, "❤️": true, "‼": true,
		"": false, "a": false, "1": false, "😀😀": false, "é": false, "<": false, "blobcat": false, "中": false, "\xff": false,
	} {
		if got := IsEmoji(s); got != want {
			t.Errorf("IsEmoji(%q) = %v, want %v", s, got, want)
		}
	}
}
