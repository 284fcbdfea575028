package richtext

import (
	"strings"

	"github.com/rivo/uniseg"
)

const (
	// MaxLength is how long a local post may be, as [Length] counts. Posts from elsewhere have no limit (§12.3).
	MaxLength = 500

	// LinkLength is what every link in a post counts, however long it is.
	LinkLength = 23
)

// Length counts a post in user-perceived characters (grapheme clusters), content warning and text together. A link in the
// text counts [LinkLength], a mention counts without its domain (§12.3).
func Length(spoiler, text string) int {
	var b strings.Builder
	b.WriteString(spoiler)
	last := 0
	for _, e := range Scan(text) {
		switch e.Kind {
		case URL:
			b.WriteString(text[last:e.Start] + strings.Repeat("x", LinkLength))
		case Mention:
			b.WriteString(text[last:e.Start] + "@" + e.User)
		default:
			continue
		}
		last = e.End
	}
	b.WriteString(text[last:])
	return uniseg.GraphemeClusterCount(b.String())
}

// Characters counts user-perceived characters, with nothing left out.
func Characters(s string) int { return uniseg.GraphemeClusterCount(s) }
