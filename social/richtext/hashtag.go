package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// hashtagAt reads a hashtag at text[i], which is # or its full-width form. prev is the character before.
func hashtagAt(text string, i int, prev rune) (Entity, bool) {
	if prev != noRune && !unicode.IsSpace(prev) {
		return Entity{}, false
	}
	_, sign := utf8.DecodeRuneInString(text[i:])
	start := i + sign
	name := tagName(text[start:])
	// "#日本語https://…": the scheme belongs to the link that follows.
	if strings.HasPrefix(text[start+len(name):], "://") {
		name = withoutScheme(name)
	}
	if !ValidTag(name) {
		return Entity{}, false
	}
	return Entity{
		Kind: Hashtag, Start: i, End: start + len(name),
		Name: name, Normalized: NormalizeTag(name),
	}, true
}

func withoutScheme(name string) string {
	for _, scheme := range []string{"https", "http"} {
		if rest, ok := strings.CutSuffix(name, scheme); ok && rest != "" {
			return rest
		}
	}
	return name
}

// tagName returns the longest start of s that is made of word characters and separators and ends in a word character.
func tagName(s string) string {
	end := 0
	for i, r := range s {
		if isWord(r) {
			end = i + utf8.RuneLen(r)
		} else if !isTagSeparator(r) || end == 0 {
			break
		}
	}
	return s[:end]
}

// isTagSeparator knows what may join the words of a hashtag: underscore, middle dot, katakana middle dot, zero-width
// non-joiner (which Persian needs inside words).
func isTagSeparator(r rune) bool {
	return r == '_' || r == '·' || r == '・' || r == '\u200c'
}

// ValidTag reports whether name, without #, is a hashtag: word characters with separators between them, not only digits
// (§12.2). "1_2" is one, "_1" is not, as in Mastodon: a separator counts only between two characters.
func ValidTag(name string) bool {
	if name == "" || !utf8.ValidString(name) || tagName(name) != name {
		return false
	}
	for i, r := range name {
		inside := i > 0 && i+utf8.RuneLen(r) < len(name)
		if isAlpha(r) || inside && isTagSeparator(r) {
			return true
		}
	}
	return false
}

// NormalizeTag returns the key under which a hashtag is stored and linked: NFKC, lower-case, accented Latin letters as
// ASCII, other characters removed. It is idempotent. The result is empty if nothing is left.
func NormalizeTag(name string) string {
	lower := strings.ToLower(norm.NFKC.String(strings.ToValidUTF8(name, "")))
	folded := strings.Map(func(r rune) rune {
		r = foldLatin(r)
		if isAlpha(r) || unicode.Is(unicode.Nd, r) || isTagSeparator(r) || r >= 0x0E47 && r <= 0x0E4E {
			return r // The last range are Thai and Lao signs that are not Alphabetic.
		}
		return -1
	}, lower)
	// Removing a character can bring two together that compose.
	return norm.NFKC.String(folded)
}

// foldLatin maps the lower-case letters of Latin-1 and Latin Extended-A to their ASCII letter. Letters beyond, such as
// the Vietnamese, stay: a wider folding would give other keys than Mastodon's.
func foldLatin(r rune) rune {
	if r < 0xC0 || r > 0x17F {
		return r
	}
	switch r {
	case 'ð', 'đ':
		return 'd'
	case 'ħ':
		return 'h'
	case 'ı':
		return 'i'
	case 'ĸ':
		return 'k'
	case 'ł':
		return 'l'
	case 'ŋ':
		return 'n'
	case 'ø':
		return 'o'
	case 'ŧ':
		return 't'
	}
	if base := norm.NFD.PropertiesString(string(r)).Decomposition(); len(base) > 0 && isASCIIAlnum(rune(base[0])) {
		return rune(base[0])
	}
	return r
}
