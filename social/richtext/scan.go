package richtext

import "unicode/utf8"

// Kind tells what an [Entity] is, and with it which of its fields are filled.
type Kind int

const (
	// Mention fills User and Domain.
	Mention Kind = iota + 1
	// Hashtag fills Name and Normalized.
	Hashtag
	// URL fills URL.
	URL
)

// Entity is one mention, hashtag or link in a text.
type Entity struct {
	Kind Kind

	// Start and End are byte offsets: text[Start:End] is the entity as typed, with its @ or #.
	Start, End int

	// User is as typed. Domain is lower-case and in ASCII (punycode), may carry a port, and is empty when none was typed.
	User, Domain string

	// Name is the hashtag as typed, without #. Normalized is its key: see [NormalizeTag].
	Name, Normalized string

	// URL is the link as typed.
	URL string
}

// Scan finds the entities of a plain text, in order and without overlaps: what starts first wins, so there is no mention
// or hashtag inside a link. It resolves nothing, so a mention here may mean nobody. Takes time linear in len(text).
func Scan(text string) []Entity {
	var found []Entity
	prev := noRune
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		e, ok := entityAt(text, i, r, prev)
		if !ok {
			prev = r
			i += size
			continue
		}
		found = append(found, e)
		i = e.End
		prev, _ = utf8.DecodeLastRuneInString(text[:i])
	}
	return found
}

// noRune stands before the first character.
const noRune rune = -1

func entityAt(text string, i int, r, prev rune) (Entity, bool) {
	switch r {
	case '@':
		return mentionAt(text, i, prev)
	case '#', '＃':
		return hashtagAt(text, i, prev)
	default:
		return linkAt(text, i, prev)
	}
}
