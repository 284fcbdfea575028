package social

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"orrery/social/richtext"
)

// FilterMatch says why a filter of the viewer's caught a status.
type FilterMatch struct {
	Filter   Filter
	Keywords []string // of the filter, as its owner wrote them
	Statuses []ID
}

// filtered are the filters that catch v, expired ones too: who shows v knows the time. One's own posts are never caught.
func filtered(filters []Filter, v *StatusView, viewer ID) []FilterMatch {
	proper := v.Proper()
	if len(filters) == 0 || proper.Author.ID == viewer {
		return nil
	}
	var out []FilterMatch
	text := searched(proper)
	for _, f := range filters {
		m := FilterMatch{Filter: f}
		for _, k := range f.Keywords {
			if says(text, strings.ToLower(k.Keyword), k.WholeWord) {
				m.Keywords = append(m.Keywords, k.Keyword)
			}
		}
		for _, s := range f.Statuses {
			if s.StatusID == proper.Status.ID && !slices.Contains(m.Statuses, s.StatusID) {
				m.Statuses = append(m.Statuses, s.StatusID)
			}
		}
		if len(m.Keywords)+len(m.Statuses) > 0 {
			out = append(out, m)
		}
	}
	return out
}

// searched is everything that v says, in small letters.
func searched(v *StatusView) string {
	said := []string{v.Status.SpoilerText, richtext.PlainText(v.Status.Content)}
	for _, a := range v.Attachments {
		said = append(said, a.Description)
	}
	if v.Poll != nil {
		for _, o := range v.Poll.Options {
			said = append(said, o.Title)
		}
	}
	return strings.ToLower(strings.Join(said, "\n"))
}

// says reports whether text has phrase, both in small letters. A whole word must not go on at an end of phrase that is a
// letter or digit; "#tag" may stand behind a letter.
func says(text, phrase string, whole bool) bool {
	for from := 0; ; {
		at := strings.Index(text[from:], phrase)
		if at < 0 || phrase == "" {
			return false
		}
		at += from
		if !whole || !goesOn(text, phrase, at) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[at:])
		from = at + size
	}
}

func goesOn(text, phrase string, at int) bool {
	first, _ := utf8.DecodeRuneInString(phrase)
	last, _ := utf8.DecodeLastRuneInString(phrase)
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	after, _ := utf8.DecodeRuneInString(text[at+len(phrase):])
	return inWord(first) && inWord(before) || inWord(last) && inWord(after)
}

func inWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '_'
}
