package richtext

import (
	"strings"

	"github.com/rivo/uniseg"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// PlainText returns what a post says, without markup: an empty line between paragraphs, a newline for a break, an item, a
// quotation. It takes any HTML, cleaned or not. Hidden parts of links are there, so links are whole.
func PlainText(foreign string) string {
	in := html.NewTokenizer(strings.NewReader(Sanitize(foreign)))
	var p plainWriter
	for {
		switch in.Next() {
		case html.ErrorToken:
			return p.out.String()
		case html.TextToken:
			p.text(string(in.Text()))
		case html.SelfClosingTagToken: // Sanitize leaves only <br />.
			p.newlines++
		case html.StartTagToken, html.EndTagToken:
			t := in.Token()
			p.boundary(t.DataAtom, t.Type == html.StartTagToken)
		}
	}
}

// perCharacter is how many bytes a user-perceived character of an excerpt may have on average: the longest of emojis have
// twice as many, but the marks on one letter have no end.
const perCharacter = 16

// Excerpt returns the beginning of a post on one line, at most n user-perceived characters with the ellipsis, and before it
// at most 16 bytes for each of them.
func Excerpt(foreign string, n int) string {
	line := strings.Join(strings.Fields(PlainText(foreign)), " ")
	if n <= 0 {
		return ""
	}
	state, rest, cut := -1, line, 0
	for count := 0; rest != ""; count++ {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if count == n || cut+len(cluster) > n*perCharacter {
			return strings.TrimRight(line[:cut], " ") + "…"
		}
		if count < n-1 {
			cut += len(cluster)
		}
	}
	return line
}

// plainWriter holds back newlines and spaces until text follows, so that there are none at the ends.
type plainWriter struct {
	out      strings.Builder
	newlines int
	space    bool
	pre      int
}

func (p *plainWriter) boundary(name atom.Atom, start bool) {
	switch name {
	case atom.P:
		p.newlines = max(p.newlines, 2)
	case atom.Blockquote, atom.Ul, atom.Ol, atom.Li:
		p.newlines = max(p.newlines, 1)
	case atom.Pre:
		p.newlines = max(p.newlines, 1)
		if start {
			p.pre++
		} else {
			p.pre--
		}
	}
}

// text writes words with single spaces between them, as a browser shows them, or, in pre, all as it is.
func (p *plainWriter) text(s string) {
	for _, r := range s {
		switch {
		case r == '\n' && p.pre > 0:
			p.newlines++
		case (r == ' ' || r == '\t' || r == '\n') && p.pre == 0:
			p.space = true
		default:
			p.flush()
			p.out.WriteRune(r)
		}
	}
}

func (p *plainWriter) flush() {
	switch {
	case p.out.Len() == 0:
	case p.newlines > 0:
		p.out.WriteString(strings.Repeat("\n", p.newlines))
	case p.space:
		p.out.WriteByte(' ')
	}
	p.newlines, p.space = 0, false
}
