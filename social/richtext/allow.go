package richtext

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The allow-list of §12.1, as questions.

// allowed reports whether elements of this name survive. a is looked at further: see allowedHref.
func (v Version) allowed(name atom.Atom) bool {
	switch name {
	case atom.P, atom.Br, atom.Span, atom.A, atom.Del, atom.Pre, atom.Blockquote, atom.Code, atom.B, atom.Strong,
		atom.U, atom.I, atom.Em, atom.Ul, atom.Ol, atom.Li:
		return true
	case atom.S, atom.Ruby, atom.Rt, atom.Rp:
		return v != Mastodon41
	}
	return false
}

// dropped reports whether an element goes with its content. Of any other element that is not allowed the text stays.
func dropped(name string) bool {
	switch name {
	case "script", "style", "iframe", "math", "noembed", "noframes", "noscript", "plaintext", "svg", "template", "xmp":
		return true
	}
	return false
}

// spaced reports whether a space must stand for the tags of an element that is not allowed, so that the words of two
// blocks do not grow together. Like a block, it ends an open paragraph.
func spaced(name atom.Atom) bool {
	switch name {
	case atom.Address, atom.Article, atom.Aside, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Footer, atom.Header,
		atom.Hgroup, atom.Hr, atom.Nav, atom.Section, atom.Td, atom.Th, atom.Tr:
		return true
	}
	return false
}

// heading reports whether name is h1 to h6, which become <p><strong>.
func heading(name atom.Atom) bool {
	switch name {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		return true
	}
	return false
}

// block reports whether an element ends an open paragraph by starting.
func block(name atom.Atom) bool {
	switch name {
	case atom.P, atom.Pre, atom.Blockquote, atom.Ul, atom.Ol, atom.Li:
		return true
	}
	return false
}

// attributes returns what may stay of an element's attributes, in the order they came, and what is forced on links.
func (v Version) attributes(name atom.Atom, attrs []html.Attribute) []html.Attribute {
	var kept []html.Attribute
	relAt := -1
	for _, a := range attrs {
		again := slices.ContainsFunc(kept, func(k html.Attribute) bool { return k.Key == a.Key })
		if again || !v.allowedAttribute(name, a) {
			continue
		}
		switch a.Key {
		case "class":
			a.Val = keptClasses(a.Val)
		case "rel":
			relAt = len(kept)
		}
		kept = append(kept, a)
	}
	if name != atom.A {
		return kept
	}
	rel := html.Attribute{Key: "rel", Val: v.rel()}
	if relAt >= 0 {
		kept[relAt] = rel
	} else {
		kept = append(kept, rel)
	}
	return append(kept, html.Attribute{Key: "target", Val: "_blank"})
}

func (v Version) allowedAttribute(name atom.Atom, a html.Attribute) bool {
	switch a.Key {
	case "lang":
		return true
	case "href", "rel":
		return name == atom.A
	case "class":
		return name == atom.A || name == atom.Span || name == atom.P && v != Mastodon41
	case "translate":
		return a.Val == "no" && (name == atom.A || name == atom.Span)
	case "start", "reversed":
		return name == atom.Ol
	case "value":
		return name == atom.Li
	}
	return false
}

// keptClasses filters a class attribute by token: microformats and the classes Mastodon's own style sheet gives a
// meaning. Any other class could borrow the looks of the page around the post.
func keptClasses(classes string) string {
	tokens := strings.FieldsFunc(classes, func(r rune) bool { return strings.ContainsRune(" \t\n\f\r", r) })
	return strings.Join(slices.DeleteFunc(tokens, func(token string) bool {
		switch token {
		case "mention", "hashtag", "ellipsis", "invisible", "quote-inline":
			return false
		}
		return !slices.ContainsFunc([]string{"h-", "p-", "u-", "dt-", "e-"}, func(prefix string) bool {
			return strings.HasPrefix(token, prefix)
		})
	}), " ")
}

// allowedHref reports whether a link may stay one. Relative links may not: they would lead to this server.
func allowedHref(attrs []html.Attribute) bool {
	for _, a := range attrs {
		if a.Key != "href" {
			continue
		}
		scheme, _, ok := strings.Cut(strings.TrimLeft(a.Val, " \t\n\f\r"), ":")
		if !ok {
			return false
		}
		switch strings.ToLower(scheme) {
		case "http", "https", "dat", "dweb", "ipfs", "ipns", "ssb", "gopher", "xmpp", "magnet", "gemini":
			return true
		}
		return false // A second href does not count: browsers take the first.
	}
	return false
}
