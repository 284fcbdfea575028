package richtext

import (
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// maxEmoji is the longest emoji, in bytes: families and flags of regions are long.
const maxEmoji = 64

// IsEmoji reports whether s is one emoji of Unicode. Which there are changes with every version of Unicode, so any single
// character of the kinds that emojis are of counts.
func IsEmoji(s string) bool {
	if s == "" || len(s) > maxEmoji || uniseg.GraphemeClusterCount(s) != 1 {
		return false
	}
	for _, r := range s {
		switch {
		case r == utf8.RuneError:
			return false
		case r == '\uFE0F', r == '\u20E3', r >= 0x1F1E6 && r <= 0x1F1FF: // shown as a picture; keycaps; flags
			return true
		case r >= 0x203C && unicode.In(r, unicode.So, unicode.Sm, unicode.Po):
			return true
		}
	}
	return false
}
