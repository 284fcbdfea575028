package richtext

import (
	"strings"

	"golang.org/x/net/html"
)

// readMath reads a <math> element that was just opened, to its end tag, and returns the text that stands for it
// (FEP-dc88): $tex$ or $$tex$$ from an annotation in TeX, else an annotation in plain text, else nothing.
//
// Only <math><semantics>…<annotation encoding="…">text</annotation></semantics></math> is understood, and the semantics
// must come first.
func readMath(in *html.Tokenizer, math html.Token) string {
	var m mathReader
	for {
		switch in.Next() {
		case html.ErrorToken:
			return m.result(math)
		case html.StartTagToken:
			m.start(in.Token())
		case html.SelfClosingTagToken:
			m.elements++
		case html.TextToken:
			if m.reading != nil {
				m.reading.Write(in.Text())
			}
		case html.EndTagToken:
			if name, _ := in.TagName(); string(name) == "math" {
				return m.result(math)
			}
			m.end()
		}
	}
}

// mathReader counts depth instead of matching names: on a wrongly nested formula it finds less, and does no harm.
type mathReader struct {
	depth, elements int
	semantics       bool
	tex, plain      strings.Builder
	// reading is the annotation that the reader is in, or nil.
	reading *strings.Builder
}

func (m *mathReader) start(t html.Token) {
	m.depth++
	m.elements++
	if m.elements == 1 {
		m.semantics = t.Data == "semantics"
	}
	if m.depth != 2 || !m.semantics || t.Data != "annotation" {
		return
	}
	for _, a := range t.Attr {
		switch {
		case a.Key == "encoding" && a.Val == "application/x-tex" && m.tex.Len() == 0:
			m.reading = &m.tex
		case a.Key == "encoding" && a.Val == "text/plain" && m.plain.Len() == 0:
			m.reading = &m.plain
		}
	}
}

func (m *mathReader) end() {
	m.depth--
	switch m.depth {
	case 1:
		m.reading = nil
	case 0:
		m.semantics = false // Whatever follows is not in the first element.
	}
}

func (m *mathReader) result(math html.Token) string {
	tex := strings.TrimSpace(m.tex.String())
	if tex == "" {
		return strings.TrimSpace(m.plain.String())
	}
	for _, a := range math.Attr {
		if a.Key == "display" && a.Val == "block" {
			return "$$" + tex + "$$"
		}
	}
	return "$" + tex + "$"
}
