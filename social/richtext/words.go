package richtext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/text/unicode/norm"
)

// Bounds of what one text is found by.
const (
	maxWords = 400
	maxWord  = 64 // bytes; what is longer is cut, in what is kept and in what is searched for alike
)

// Words are the words by which a plain text is found, in order: in lower case, without accents. Scripts that put no space between
// words are taken two signs at a time.
func Words(text string) []string {
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 && len(out) < maxWords {
			out = append(out, cutWord(word.String()))
		}
		word.Reset()
	}
	var before rune // the sign of such a script that stands before, 0 for none
	alone := false  // and it is in no pair yet
	unpaired := func() {
		if alone && len(out) < maxWords {
			out = append(out, string(before))
		}
		before, alone = 0, false
	}
	for _, r := range norm.NFKD.String(strings.ToLower(strings.ToValidUTF8(text, " "))) {
		switch {
		case len(out) >= maxWords:
			return out
		case unicode.Is(unicode.Mn, r):
		case spaceless(r):
			end()
			if before != 0 {
				out = append(out, string(before)+string(r))
			}
			before, alone = r, before == 0
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			unpaired()
			word.WriteRune(r)
		default:
			end()
			unpaired()
		}
	}
	end()
	unpaired()
	return out
}

// spaceless reports whether r is of a script that puts no space between words.
func spaceless(r rune) bool {
	return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) && unicode.IsLetter(r)
}

func cutWord(w string) string {
	if len(w) <= maxWord {
		return w
	}
	n := maxWord
	for !utf8.RuneStart(w[n]) {
		n--
	}
	return w[:n]
}

// ShownText is what stands in HTML between the tags, for finding words: cheaper than PlainText, with a space for each tag of a block.
func ShownText(foreign string) string {
	in := html.NewTokenizer(strings.NewReader(foreign))
	var b strings.Builder
	for {
		switch in.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(in.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := in.TagName()
			switch string(name) {
			case "span", "b", "i", "em", "strong", "u", "del", "s", "code", "a": // these part no words
			default:
				b.WriteByte(' ')
			}
		}
	}
}
