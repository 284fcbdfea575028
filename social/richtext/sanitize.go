package richtext

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	// maxHTML is how many bytes of a foreign document are looked at. An inbox takes no larger body.
	maxHTML = 1 << 20

	// maxDepth is how deep elements may nest; those deeper are unwrapped. It bounds the work for each tag, and the
	// stack of whoever reads the result.
	maxDepth = 64
)

// Sanitize is [Version.Sanitize] of the current version.
func Sanitize(foreign string) string { return Current.Sanitize(foreign) }

// Sanitize cleans the HTML of another server for showing (§12.1): only listed elements and attributes stay, links are
// forced to open apart and to vouch for nobody, headings and mathematics become what is listed.
//
// The result is well-formed and safe to put into a page as it is; sanitising it again changes nothing. Of input beyond
// 1 MiB the rest is cut. Takes linear time, and no recursion whatever the input nests.
func (v Version) Sanitize(foreign string) string {
	if foreign == "" {
		return ""
	}
	s := sanitizer{version: v}
	if len(foreign) > maxHTML {
		foreign = foreign[:maxHTML]
	}
	s.in = html.NewTokenizer(strings.NewReader(foreign))
	s.out.Grow(len(foreign))
	s.run()
	return s.out.String()
}

// sanitizer is a filter of tokens that keeps the open elements itself, closing what HTML closes by implication. A tree
// would be simpler, but building one takes quadratic time on tags nested wrongly on purpose.
type sanitizer struct {
	version Version
	in      *html.Tokenizer
	out     strings.Builder
	open    []element
	// muted counts the open elements that are written as their text only.
	muted int
}

// element is an open element of the result.
type element struct {
	name atom.Atom
	// closedBy is the end tag that closes it: its name, but a heading's for the p made of it, and 0 for the strong inside.
	closedBy atom.Atom
	// mutes marks a link that may not be one.
	mutes bool
	// written is false inside a muted link.
	written bool
}

func (s *sanitizer) run() {
	for {
		switch s.in.Next() {
		case html.ErrorToken: // The end: reading from a string has no other error.
			s.closeFrom(0)
			return
		case html.TextToken:
			s.text(s.in.Token().Data)
		case html.StartTagToken, html.SelfClosingTagToken:
			s.start(s.in.Token())
		case html.EndTagToken:
			s.end(s.in.Token().DataAtom)
		}
	}
}

func (s *sanitizer) text(data string) {
	s.out.WriteString(escapeText(clean(data)))
}

func (s *sanitizer) start(t html.Token) {
	switch {
	case t.Data == "math":
		if t.Type == html.StartTagToken {
			s.text(readMath(s.in, t))
		}
	case dropped(t.Data):
		// A slash at the end closes only what is not HTML.
		if t.Type == html.StartTagToken || t.Data != "svg" {
			skip(s.in, t.Data)
		}
	case heading(t.DataAtom):
		s.closeImplied(atom.P)
		s.push(atom.P, t.DataAtom, nil)
		s.push(atom.Strong, 0, t.Attr)
	case spaced(t.DataAtom):
		s.closeImplied(t.DataAtom)
		s.out.WriteByte(' ')
	case !s.version.allowed(t.DataAtom):
	case t.DataAtom == atom.Br:
		s.tag(atom.Br, t.Attr)
	default:
		s.closeImplied(t.DataAtom)
		s.push(t.DataAtom, t.DataAtom, t.Attr)
	}
}

func (s *sanitizer) end(name atom.Atom) {
	if spaced(name) {
		s.out.WriteByte(' ')
		return
	}
	if name == 0 {
		return
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		closedBy := s.open[i].closedBy
		if closedBy == name || heading(closedBy) && heading(name) {
			s.closeFrom(i)
			return
		}
	}
}

// push opens an element, unless it would be too deep.
func (s *sanitizer) push(name, closedBy atom.Atom, attrs []html.Attribute) {
	if len(s.open) == maxDepth {
		return
	}
	e := element{name: name, closedBy: closedBy, mutes: name == atom.A && !allowedHref(attrs)}
	if e.mutes {
		s.muted++
	}
	e.written = s.tag(name, attrs)
	s.open = append(s.open, e)
}

// tag writes a start tag with what is allowed of attrs, and reports whether it did.
func (s *sanitizer) tag(name atom.Atom, attrs []html.Attribute) bool {
	if s.muted > 0 {
		return false
	}
	s.out.WriteString("<" + name.String())
	for _, a := range s.version.attributes(name, attrs) {
		s.out.WriteString(" " + a.Key + `="` + escape(clean(a.Val)) + `"`)
	}
	if name == atom.Br {
		s.out.WriteString(" /")
	}
	s.out.WriteByte('>')
	return true
}

// closeImplied closes what HTML closes when name starts: a paragraph before a block, an item before the next, a link
// before another.
func (s *sanitizer) closeImplied(name atom.Atom) {
	switch {
	case name == atom.Li:
		s.closeNearest([]atom.Atom{atom.Li}, []atom.Atom{atom.Ul, atom.Ol, atom.Blockquote})
	case name == atom.Rt || name == atom.Rp:
		s.closeNearest([]atom.Atom{atom.Rt, atom.Rp}, []atom.Atom{atom.Ruby})
	case name == atom.A:
		s.closeNearest([]atom.Atom{atom.A}, nil)
	}
	if block(name) || spaced(name) {
		s.closeNearest([]atom.Atom{atom.P}, nil)
	}
}

// closeNearest closes the innermost open element among names, with all in it, looking no further than the first of until.
func (s *sanitizer) closeNearest(names, until []atom.Atom) {
	for i := len(s.open) - 1; i >= 0; i-- {
		for _, name := range names {
			if s.open[i].name == name {
				s.closeFrom(i)
				return
			}
		}
		for _, name := range until {
			if s.open[i].name == name {
				return
			}
		}
	}
}

// closeFrom closes the open elements from the i-th on, the innermost first.
func (s *sanitizer) closeFrom(i int) {
	for j := len(s.open) - 1; j >= i; j-- {
		e := s.open[j]
		if e.written {
			s.out.WriteString("</" + e.name.String() + ">")
		}
		if e.mutes {
			s.muted--
		}
	}
	s.open = s.open[:i]
}

// skip reads on to the end tag of a dropped element that was just opened. Those that may nest are counted.
func skip(in *html.Tokenizer, name string) {
	for depth := 1; depth > 0; {
		switch in.Next() {
		case html.ErrorToken:
			return
		case html.StartTagToken:
			if tag, _ := in.TagName(); string(tag) == name {
				depth++
			}
		case html.EndTagToken:
			if tag, _ := in.TagName(); string(tag) == name {
				depth--
			}
		}
	}
}
