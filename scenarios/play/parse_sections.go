package play

import (
	"fmt"
	"iter"
	"slices"
	"strings"
)

const (
	exampleServer = "academy runs mastodon-4.1"
	examplePerson = "alice on academy"
	exampleEdge   = "berta -> alice"
)

var headerNames = []string{"scenario", "about", "source", "level", "policies", "time"}

func isHeader(word string) bool { return slices.Contains(headerNames, word) }

// The order of sections. Steps and varies mix.
func rank(section string) int {
	return slices.Index([]string{"headers", "servers", "people", "follows", "step"}, strings.Replace(section, "vary", "step", 1))
}

// enter starts a section and complains when it stands behind a later one.
func (p *parser) enter(c *cursor, section, word string) {
	p.closeSection()
	if r := rank(section); r < p.rank {
		c.fail(c.tokens[0], fmt.Sprintf("%q stands too late", word), "the order is: headers, servers, people, follows, then steps and varies")
	} else {
		p.rank = r
	}
	p.section, p.step, p.vary = section, nil, nil
}

func (p *parser) header(c *cursor) {
	h := &Header{Row: c.rowHere("header"), Name: c.peek().value}
	name := c.take()
	if p.section != "headers" {
		c.fail(name, fmt.Sprintf("%q stands too late", h.Name), "headers come first, before servers")
	}
	for _, old := range p.file.Headers {
		if old.Name == h.Name {
			c.fail(name, fmt.Sprintf("%q is given twice (first on line %d)", h.Name, old.Line), "")
		}
	}
	switch h.Name {
	case "level":
		h.Value = Text{c.node("word"), c.choice(h.Name, "beginner", "intermediate", "advanced")}
	case "policies":
		n := c.node("word")
		h.Policies = many(c, func() PolicyRef { return PolicyRef{c.ref(policy, "for example:  policies mastodon-4.1, mastodon")} })
		var names []string
		for _, p := range h.Policies {
			names = append(names, p.Name)
		}
		h.Value = Text{n, strings.Join(names, ", ")}
	case "time":
		h.Value = Text{c.node("word"), c.choice(h.Name, "virtual", "real")}
	default:
		h.Value = c.text(fmt.Sprintf("for example:  %s \"Replies are forwarded\"", h.Name))
	}
	c.end()
	p.attach(&h.Row, c)
	if !c.bad || c.broken {
		p.file.Headers = append(p.file.Headers, h)
	}
}

func (p *parser) heading(c *cursor) {
	name := c.peek().value
	row := c.rowHere("heading")
	old, twice := p.file.headings[name]
	p.enter(c, name, name)
	if twice {
		c.fail(c.take(), fmt.Sprintf("there is already a section %q (line %d)", name, old.Line), "put all its lines under one heading")
	}
	p.attach(&row, c)
	p.first = true
	if twice {
		p.current, p.tail = old, &old.Notes.Below
		return
	}
	p.file.headings[name] = &row
	p.current, p.tail = &row, &row.Notes.Below
}

func (p *parser) block(c *cursor) {
	word := c.take().value
	row := c.rowHere(word)
	p.enter(c, word, word)
	title := c.text(fmt.Sprintf("for example:  %s \"Alice posts\"", word))
	c.end()
	p.attach(&row, c)
	p.first = true
	// A block whose title is broken still takes its lines: they must not end up in the block before it.
	if word == "step" {
		p.step = &Step{Row: row, Title: title}
		p.current, p.tail = &p.step.Row, &p.step.Notes.Below
		p.file.Blocks = append(p.file.Blocks, p.step)
		return
	}
	p.vary = &Vary{Row: row, Title: title}
	p.current, p.tail = &p.vary.Row, &p.vary.Notes.Below
	p.file.Blocks = append(p.file.Blocks, p.vary)
}

// content reads a line that belongs to the section it stands in.
func (p *parser) content(c *cursor) {
	switch p.section {
	case "servers":
		if s := p.server(c); !c.bad {
			p.file.Servers = append(p.file.Servers, s)
		}
	case "people":
		if x := p.person(c); !c.bad {
			p.file.People = append(p.file.People, x)
		}
	case "follows":
		if e := p.edge(c); !c.bad {
			p.file.Follows = append(p.file.Follows, e)
		}
	case "step":
		if l := p.blockLine(c); !c.bad {
			p.step.Lines = append(p.step.Lines, l)
		}
	case "vary":
		p.varyLine(c)
	default:
		t := c.peek()
		c.fail(t, fmt.Sprintf("a file does not begin with %s", t), `scenario "Title", then servers, people, follows and steps`,
			didYouMean(t.value, append(slices.Clone(headerNames), "servers", "people", "follows", "step", "vary"))...)
	}
}

func (p *parser) varyLine(c *cursor) {
	switch {
	case c.ahead(1).is("runs"):
		if s := p.server(c); !c.bad {
			p.vary.Servers = append(p.vary.Servers, s)
		}
	case c.ahead(1).is("->"), c.peek().is("without"):
		if e := p.edge(c); !c.bad {
			p.vary.Follows = append(p.vary.Follows, e)
		}
	case c.ahead(1).is("on"):
		if x := p.person(c); !c.bad {
			p.vary.People = append(p.vary.People, x)
		}
	default:
		if l := p.blockLine(c); !c.bad {
			p.vary.Lines = append(p.vary.Lines, l)
		}
	}
}

func (p *parser) server(c *cursor) *Server {
	p.misplaced(c)
	s := &Server{Row: c.rowHere(server)}
	s.Name = ServerRef{c.ref(server, exampleServer)}
	c.want("runs", "for example:  "+exampleServer)
	s.Policy = PolicyRef{c.ref(policy, exampleServer)}
	if c.accept("with") {
		s.Knobs = many(c, func() Knob {
			const example = "for example:  with document-signature off, forwarding on"
			n := c.node("knob")
			name := c.ref("knob", example)
			value := c.ref("value", example)
			return Knob{n, name.Name, value}
		})
	}
	c.end(`settings follow the policy:  ` + exampleServer + ` with document-signature off`)
	p.attach(&s.Row, c)
	return s
}

func (p *parser) person(c *cursor) *Person {
	p.misplaced(c)
	x := &Person{Row: c.rowHere(person)}
	x.Name = PersonRef{c.ref(person, examplePerson)}
	c.want("on", "for example:  "+examplePerson)
	x.Server = ServerRef{c.ref(server, examplePerson)}
	for !c.bad {
		if !x.Locked && c.accept("locked") {
			x.Locked = true
		} else if x.Display == nil && c.accept("as") {
			display := c.text(`for example:  alice on academy as "Alice A."`)
			x.Display = &display
		} else {
			break
		}
	}
	c.end(`the line may go on with locked and with as "Display name"`)
	p.attach(&x.Row, c)
	return x
}

func (p *parser) edge(c *cursor) *Edge {
	p.misplaced(c)
	e := &Edge{Row: c.rowHere("edge")}
	if p.section == "vary" {
		e.Without = c.accept("without")
	}
	e.Follower = PersonRef{c.ref(person, exampleEdge)}
	c.want("->", "for example:  "+exampleEdge+"   (berta follows alice)")
	e.Followed = PersonRef{c.ref(person, exampleEdge)}
	c.end("one follow a line")
	p.attach(&e.Row, c)
	return e
}

// misplaced catches the commonest slip of a declaration section: a story that begins without a step.
func (p *parser) misplaced(c *cursor) {
	first, second := c.peek(), c.ahead(1)
	isLine := first.kind == wordToken && slices.Contains(lineWords(), first.value) || second.kind == wordToken && slices.Contains(verbs(), second.value)
	if p.section != "vary" && isLine && !second.is("runs") && !second.is("on") && !second.is("->") {
		c.fail(first, fmt.Sprintf("this line needs a step around it, and %q is still open", p.section), `write a line  step "Alice posts"  above it`)
	}
}

// rows walks all lines of all blocks, in order.
func (f *File) rows() iter.Seq[Line] {
	return func(yield func(Line) bool) {
		for _, b := range f.Blocks {
			for _, l := range blockLines(b) {
				if !yield(l) {
					return
				}
			}
		}
	}
}

func blockLines(b Block) []Line {
	switch b := b.(type) {
	case *Step:
		return b.Lines
	case *Vary:
		return b.Lines
	}
	return nil
}

// creates returns the name a line gives to a new post, or nil.
func creates(l Line) *PostRef {
	switch l := l.(type) {
	case *Posts:
		return l.As
	case *Replies:
		return l.As
	case *Quotes:
		return l.As
	}
	return nil
}
