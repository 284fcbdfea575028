package play

import (
	"fmt"
	"slices"
)

// blockLine reads one line of a step or vary. The result means something only if the cursor is not bad.
func (p *parser) blockLine(c *cursor) Line {
	row := c.rowHere("")
	first, second := c.peek(), c.ahead(1)
	var l Line
	switch {
	case first.kind == wordToken && slices.Contains(lineWords(), first.value):
		c.take()
		l = p.lineOf(c, first.value, row)
	case second.kind == wordToken && p.isServer(first.value) && slices.Contains(serverVerbs(), second.value):
		l = p.governs(c, row)
	case first.kind == wordToken && second.kind == wordToken && slices.Contains(verbs(), second.value):
		l = p.action(c, row)
	default:
		p.notALine(c)
		return nil
	}
	c.end(trailing(l)...)
	if !c.bad {
		p.attach(l.row(), c)
	}
	return l
}

// notALine says what is wrong with a line whose first words are unknown.
func (p *parser) notALine(c *cursor) {
	first, second := c.peek(), c.ahead(1)
	switch {
	case second.is("->"):
		c.fail(first, "a follow edge cannot stand inside a step", "under follows, inside a vary, or as an action:  berta follows alice")
	case p.isPerson(first.value) && second.kind == wordToken:
		c.fail(second, fmt.Sprintf("people cannot do %q", second.value), "they can: "+listed(verbs()), didYouMean(second.value, verbs())...)
	case p.isServer(first.value) && second.kind == wordToken && !second.is("runs"):
		c.fail(second, fmt.Sprintf("servers cannot do %q", second.value), "they can: "+listed(serverVerbs()), didYouMean(second.value, serverVerbs())...)
	case p.isPerson(first.value):
		c.fail(second, fmt.Sprintf("what %s does is missing", first.value), "people can: "+listed(verbs()))
	case second.is("runs"):
		c.fail(first, "a server cannot be declared inside a step", "under servers, or inside a vary to override it there")
	default:
		words := slices.Clone(lineWords())
		for _, x := range p.file.People {
			words = append(words, x.Name.Name)
		}
		c.fail(first, fmt.Sprintf("a line of a step cannot begin with %s", first), "a person, or one of "+listed(lineWords()), didYouMean(first.value, words)...)
	}
}

func (p *parser) isPerson(name string) bool {
	is := func(x *Person) bool { return x.Name.Name == name }
	return slices.ContainsFunc(p.file.People, is) || p.vary != nil && slices.ContainsFunc(p.vary.People, is)
}

func (p *parser) isServer(name string) bool {
	return slices.ContainsFunc(p.file.Servers, func(s *Server) bool { return s.Name.Name == name })
}

// lineOf reads what follows one of the lineWords.
func (p *parser) lineOf(c *cursor, word string, row Row) Line {
	row.Kind = word
	switch word {
	case "settle":
		s := &Settle{Row: row}
		if c.accept("within") {
			s.Within = c.duration(example(word))
		}
		return s
	case "wait":
		return &Wait{row, c.duration(example(word))}
	case "say":
		return &Say{row, c.text(example(word))}
	case "show":
		return &Show{row, c.choice(word, "diagram", "matrix", "map", "log")}
	case "look":
		c.want("at", example(word))
		l := &Look{row, AnyRef{c.ref(anyOf, example(word))}}
		p.loose = append(p.loose, &l.At)
		return l
	case "predict":
		l := &Predict{Row: row, Question: c.text(example(word))}
		c.want("=", example(word))
		l.Answer = p.answer(c)
		return l
	}
	if slices.Contains(faultWords(), word) {
		return p.fault(c, word, row)
	}
	return p.check(c, word, row)
}

// answer is yes, no, a number, a text, or names with commas.
func (p *parser) answer(c *cursor) Answer {
	a := Answer{Node: c.node("answer")}
	t := c.peek()
	switch {
	case t.kind == textToken:
		text := c.text("")
		a.Text = &text
	case t.is("yes"), t.is("no"):
		yes := c.take().value == "yes"
		a.YesNo = &yes
	case t.kind == wordToken && digits(t.value):
		n := c.count("")
		a.Number = &n
	case t.kind == wordToken:
		const example = "yes, no, a number, a text in quotes, or names with commas"
		a.Names = many(c, func() AnyRef { return AnyRef{c.ref(anyOf, example)} })
		for i := range a.Names {
			p.loose = append(p.loose, &a.Names[i])
		}
	default:
		c.fail(t, fmt.Sprintf("the answer is missing before %s", t), "yes, no, a number, a text in quotes, or names with commas")
	}
	return a
}

// trailing hints at what may still follow a complete line.
func trailing(l Line) []string {
	switch l.(type) {
	case *Posts, *Replies, *Quotes:
		return []string{"a post may be followed by  as NAME , by  visibly public, unlisted, private or direct , by  warning \"…\"  and by  poll \"…\", \"…\""}
	case *Assertion:
		return []string{"a check may be followed by  because RULE , and if it counts or denies, by  overall"}
	case *Settle:
		return []string{"settle may be followed by  within 30s ; to let time pass, write  wait 15m"}
	case *Predict:
		return []string{"an answer of several words stands in quotes"}
	case Action:
		return []string{"only posts, replies and quotes can be named with as"}
	}
	return nil
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
