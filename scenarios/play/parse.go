package play

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
)

// The nouns, as they stand in Ref.Kind.
const (
	server = "server"
	person = "person"
	post   = "post"
	policy = "policy"
	rule   = "rule"
	anyOf  = "name"
)

type parser struct {
	file     *File
	problems Problems
	section  string // headers, servers, people, follows, step or vary
	rank     int    // of the section, to keep the order
	step     *Step
	vary     *Vary
	current  *Row
	pending  []comment // comments and blank lines waiting for the line they belong to
	first    bool      // no line of this section was read yet
	tail     *[]string // where the closing comments of the section go
	loose    []*AnyRef // to be given their kind at the end
}

type comment struct {
	text     string
	indented bool
}

// Parse reads a script of any origin. The tree holds every line that could be understood; the problems tell of the others.
// The tree is never nil.
func Parse(filename string, src []byte) (*File, Problems) {
	p := &parser{file: &File{Node: Node{"file", 1, 1}, Path: filename, headings: map[string]*Row{}, spoiled: map[*Row]bool{}, lost: map[string]bool{}},
		section: "headers", first: true}
	p.tail = &p.file.below
	if len(src) > MaxFile {
		p.problems.report(Problem{Path: filename, Line: 1, Column: 1, Width: 1,
			Message: fmt.Sprintf("the file has %d bytes; %d is the most", len(src), MaxFile)})
		return p.file, p.problems
	}
	p.lines(p.attachments(src))
	p.closeSection()
	for i, c := range p.pending {
		if c.text != "" || p.pending[i-1].text != "" {
			p.file.below = append(p.file.below, c.text)
		}
	}
	p.resolve()
	return p.file, p.problems.sorted()
}

// attachments cuts off the txtar part and returns the script before it.
func (p *parser) attachments(src []byte) string {
	text := strings.TrimPrefix(string(src), "\uFEFF")
	lines := strings.SplitAfter(text, "\n")
	for i, l := range lines {
		// The nameless marker makes txtar.Parse of go-internal 1.16 slice out of bounds.
		if strings.TrimRight(l, "\r\n") == "-- --" {
			p.report(i+1, 1, 5, "this attachment has no name", "-- note.json --")
			lines[i] = "#" + l[1:]
		}
	}
	archive := txtar.Parse([]byte(strings.Join(lines, "")))
	at := strings.Count(string(archive.Comment), "\n") + 1
	seen := map[string]int{}
	for _, f := range archive.Files {
		if first, dup := seen[f.Name]; dup {
			p.report(at, 1, utf8.RuneCountInString(f.Name)+6, fmt.Sprintf("there is already an attachment %q (line %d)", f.Name, first), "")
		}
		seen[f.Name] = at
		p.file.Attachments = append(p.file.Attachments, &Attachment{Node{"attachment", at, 1}, f.Name, string(f.Data)})
		at += 1 + strings.Count(string(f.Data), "\n")
	}
	return string(archive.Comment)
}

func (p *parser) report(line, column, width int, message, expect string) {
	p.problems.report(Problem{Path: p.file.Path, Line: line, Column: column, Width: width, Message: message, Expect: expect})
}

func (p *parser) lines(script string) {
	number := 0
	for line := range strings.Lines(script) {
		number++
		if number > MaxLines {
			p.report(number, 1, 1, fmt.Sprintf("the script has more than %d lines; nothing from here on was read", MaxLines), "")
			return
		}
		line = strings.TrimRight(line, "\r\n")
		report := p.report
		if !utf8.ValidString(line) {
			p.report(number, 1, 1, "this line is not UTF-8", "save the file as UTF-8")
			line = strings.ToValidUTF8(line, "\uFFFD")
			report = func(int, int, int, string, string) {} // it has been said
		}
		l := lexLine(number, line, report)
		if len(l.tokens) == 1 {
			p.pending = append(p.pending, comment{l.comment, l.indented})
			continue
		}
		p.line(&cursor{lexed: l, p: p}, line)
	}
}

// line reads one line that says something. The names it would have declared are kept if it cannot be understood.
func (p *parser) line(c *cursor, source string) {
	before := len(p.problems)
	switch t := c.peek(); {
	case t.kind == wordToken && isHeader(t.value) && c.ahead(1).value != "->" && (p.section == "headers" || !c.indented):
		p.header(c)
	case (t.is("servers") || t.is("people") || t.is("follows")) && c.ahead(1).kind == endToken:
		p.heading(c)
	case t.is("step") || t.is("vary"):
		p.block(c)
	default:
		p.content(c)
	}
	if c.bad || c.broken || len(p.problems) > before {
		p.remember(c, source)
	}
}

// remember keeps the names a broken line may have declared, so that their uses are not reported as well.
func (p *parser) remember(c *cursor, source string) {
	if p.current != nil {
		p.file.spoiled[p.current] = true
	}
	if p.section == "servers" || p.section == "people" {
		p.file.lost[c.tokens[0].value] = true
		return
	}
	words := strings.Fields(source)
	for i, w := range words[:max(len(words)-1, 0)] {
		if w == "as" {
			p.file.lost[words[i+1]] = true
		}
	}
}

// attach hands the waiting comments to a line of the tree.
func (p *parser) attach(r *Row, c *cursor) {
	r.Notes.After = c.comment
	for _, w := range p.pending {
		blank := w.text == ""
		if blank && (p.first && len(r.Notes.Above) == 0 || len(r.Notes.Above) > 0 && r.Notes.Above[len(r.Notes.Above)-1] == "") {
			continue
		}
		r.Notes.Above = append(r.Notes.Above, w.text)
	}
	p.pending, p.first = nil, false
}

// closeSection leaves comments that are indented like the section's lines at its end; the others wait for what follows.
func (p *parser) closeSection() {
	last := -1
	for i, w := range p.pending {
		if w.indented && w.text != "" {
			last = i
		}
	}
	if p.section != "headers" {
		for _, w := range p.pending[:last+1] {
			if w.text != "" {
				*p.tail = append(*p.tail, w.text)
			}
		}
		p.pending = p.pending[last+1:]
	}
	p.trimPending()
	p.first = true
}

func (p *parser) trimPending() {
	for len(p.pending) > 0 && p.pending[0].text == "" {
		p.pending = p.pending[1:]
	}
	for n := len(p.pending); n > 0 && p.pending[n-1].text == ""; n-- {
		p.pending = p.pending[:n-1]
	}
}

// resolve gives every AnyRef the kind of the noun it names.
func (p *parser) resolve() {
	kinds := map[string]string{}
	for b := range p.file.rows() {
		if as := creates(b); as != nil {
			kinds[as.Name] = post
		}
	}
	for _, b := range p.file.Varies() {
		for _, x := range b.People {
			kinds[x.Name.Name] = person
		}
	}
	for _, x := range p.file.People {
		kinds[x.Name.Name] = person
	}
	for _, s := range p.file.Servers {
		kinds[s.Name.Name] = server
	}
	for _, r := range p.loose {
		if k, ok := kinds[r.Name]; ok {
			r.Kind = k
		}
	}
}
