package play

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// Format writes the script in its one canonical form: two spaces of indent, one blank line between sections, names of
// servers and people padded to a column, comments where they were. Formatting the result again changes nothing.
// Do not overwrite a file whose Parse reported problems: what could not be read is not in the tree.
func Format(f *File) []byte {
	w := &writer{}
	names := make([]string, len(f.Headers))
	for i, h := range f.Headers {
		names[i] = h.Name
	}
	column := widest(names)
	for i, h := range f.Headers {
		value := h.Value.Value
		if h.Value.Kind == "text" {
			value = h.Value.String()
		}
		w.line("", pad(h.Name, column)+value, h.Notes, i == 0)
	}
	w.servers(f.headings["servers"], f.Servers)
	w.people(f.headings["people"], f.People)
	if heading := f.headings["follows"]; heading != nil {
		w.section("follows", heading.Notes)
		for i, e := range f.Follows {
			w.line("  ", e.String(), e.Notes, i == 0)
		}
		w.close(heading.Notes)
	}
	for _, b := range f.Blocks {
		w.block(b)
	}
	if len(f.below) > 0 {
		w.gap()
		w.comments("", f.below)
	}
	archive := &txtar.Archive{Comment: w.Bytes()}
	for _, a := range f.Attachments {
		archive.Files = append(archive.Files, txtar.File{Name: a.Name, Data: []byte(a.Data)})
	}
	if len(archive.Files) > 0 {
		w.gap()
		archive.Comment = w.Bytes()
	}
	return txtar.Format(archive)
}

type writer struct{ bytes.Buffer }

// gap puts one blank line between sections, but none at the top of the file.
func (w *writer) gap() {
	if w.Len() > 0 {
		w.WriteByte('\n')
	}
}

func (w *writer) comments(indent string, lines []string) {
	for _, l := range lines {
		if l != "" {
			w.WriteString(indent + l)
		}
		w.WriteByte('\n')
	}
}

// line writes one line with its comments. The first of a section has no blank line above it.
func (w *writer) line(indent, text string, n Notes, first bool) {
	above := n.Above
	for first && len(above) > 0 && above[0] == "" {
		above = above[1:]
	}
	w.comments(indent, above)
	w.WriteString(indent + text)
	if n.After != "" {
		w.WriteString("  " + n.After)
	}
	w.WriteByte('\n')
}

func (w *writer) section(text string, n Notes) {
	w.gap()
	w.line("", text, n, true)
}

func (w *writer) close(n Notes) { w.comments("  ", n.Below) }

func (w *writer) servers(heading *Row, servers []*Server) {
	if heading == nil {
		return
	}
	w.section("servers", heading.Notes)
	w.overrides(servers)
	w.close(heading.Notes)
}

func (w *writer) overrides(servers []*Server) {
	names := make([]string, len(servers))
	for i, s := range servers {
		names[i] = s.Name.Name
	}
	column := widest(names)
	for i, s := range servers {
		w.line("  ", pad(s.Name.Name, column)+s.rest(), s.Notes, i == 0)
	}
}

func (w *writer) people(heading *Row, people []*Person) {
	if heading == nil {
		return
	}
	w.section("people", heading.Notes)
	names := make([]string, len(people))
	for i, x := range people {
		names[i] = x.Name.Name
	}
	column := widest(names)
	for i, x := range people {
		w.line("  ", pad(x.Name.Name, column)+x.rest(), x.Notes, i == 0)
	}
	w.close(heading.Notes)
}

func (w *writer) block(b Block) {
	first := true
	switch b := b.(type) {
	case *Step:
		w.section("step "+b.Title.String(), b.Notes)
	case *Vary:
		w.section("vary "+b.Title.String(), b.Notes)
		w.overrides(b.Servers)
		first = len(b.Servers) == 0
		for _, x := range b.People {
			w.line("  ", x.String(), x.Notes, first)
			first = false
		}
		for _, e := range b.Follows {
			w.line("  ", e.String(), e.Notes, first)
			first = false
		}
	}
	for _, l := range blockLines(b) {
		w.line("  ", l.String(), l.row().Notes, first)
		first = false
	}
	w.close(b.row().Notes)
}

func widest(names []string) int {
	n := 0
	for _, name := range names {
		n = max(n, utf8.RuneCountInString(name))
	}
	return n
}

func pad(name string, column int) string {
	return name + strings.Repeat(" ", column-utf8.RuneCountInString(name)+1)
}
