package play

import (
	"fmt"
	"slices"
)

// verbs are what a person can do; lineWords open the other lines. Both are fixed tables of the grammar.
var (
	verbs     = []string{"posts", "replies", "boosts", "likes", "undoes", "deletes", "follows", "unfollows", "opens", "searches"}
	lineWords = []string{"expect", "observe", "settle", "wait", "say", "predict", "show", "look"}
)

// blockLine reads one line of a step or vary. The result means something only if the cursor is not bad.
func (p *parser) blockLine(c *cursor) Line {
	row := c.rowHere("")
	first, second := c.peek(), c.ahead(1)
	var l Line
	switch {
	case first.kind == wordToken && slices.Contains(lineWords, first.value):
		c.take()
		l = p.lineOf(c, first.value, row)
	case first.kind == wordToken && second.kind == wordToken && slices.Contains(verbs, second.value):
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
		c.fail(second, fmt.Sprintf("people cannot do %q", second.value), "they can: "+listed(verbs), didYouMean(second.value, verbs)...)
	case p.isPerson(first.value):
		c.fail(second, fmt.Sprintf("what %s does is missing", first.value), "people can: "+listed(verbs))
	case second.is("runs"):
		c.fail(first, "a server cannot be declared inside a step", "under servers, or inside a vary to override it there")
	default:
		words := slices.Clone(lineWords)
		for _, x := range p.file.People {
			words = append(words, x.Name.Name)
		}
		c.fail(first, fmt.Sprintf("a line of a step cannot begin with %s", first), "a person, or one of "+listed(lineWords), didYouMean(first.value, words)...)
	}
}

func (p *parser) isPerson(name string) bool {
	return slices.ContainsFunc(p.file.People, func(x *Person) bool { return x.Name.Name == name })
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
			s.Within = c.duration("for example:  settle within 30s")
		}
		return s
	case "wait":
		return &Wait{row, c.duration("for example:  wait 15m")}
	case "say":
		return &Say{row, c.text(`for example:  say "Two signatures."`)}
	case "show":
		return &Show{row, c.choice(word, "diagram", "matrix", "map")}
	case "look":
		c.want("at", "for example:  look at hello")
		l := &Look{row, AnyRef{c.ref(anyOf, "for example:  look at hello")}}
		p.loose = append(p.loose, &l.At)
		return l
	case "predict":
		const example = `for example:  predict "Will it arrive?" = yes`
		l := &Predict{Row: row, Question: c.text(example)}
		c.want("=", example)
		l.Answer = p.answer(c)
		return l
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

// action reads PERSON VERB …; both words are known to be there.
func (p *parser) action(c *cursor, row Row) Line {
	a := act{row, PersonRef{c.ref(person, "")}}
	verb := c.take().value
	a.Kind = verb
	example := "for example:  alice " + verbExample(verb)
	ofPost := func() PostRef { return PostRef{c.ref(post, example)} }
	switch verb {
	case "posts":
		l := &Posts{act: a, Text: c.text(example)}
		l.As, l.Visibly = p.naming(c, true)
		return l
	case "replies":
		c.want("to", example)
		l := &Replies{act: a, To: ofPost()}
		c.want("with", example)
		l.Text = c.text(example)
		l.As, l.Visibly = p.naming(c, true)
		return l
	case "boosts":
		l := &Boosts{act: a, Post: ofPost()}
		_, l.Visibly = p.naming(c, false)
		return l
	case "undoes":
		l := &Undoes{act: a, What: c.choice(verb, "boost", "like")}
		c.want("of", example)
		l.Post = ofPost()
		return l
	case "follows":
		return &Follows{a, PersonRef{c.ref(person, example)}}
	case "unfollows":
		return &Unfollows{a, PersonRef{c.ref(person, example)}}
	case "likes":
		return &Likes{a, ofPost()}
	case "deletes":
		return &Deletes{a, ofPost()}
	case "opens":
		return &Opens{a, ofPost()}
	}
	c.want("for", example)
	return &Searches{a, ofPost()}
}

func verbExample(verb string) string {
	switch verb {
	case "posts":
		return `posts "Hello world" as hello`
	case "replies":
		return `replies to hello with "@berta Yes" as r1 visibly unlisted`
	case "undoes":
		return "undoes like of hello"
	case "follows", "unfollows":
		return verb + " berta"
	case "searches":
		return "searches for hello"
	}
	return verb + " hello"
}

// naming reads `as NAME` (of verbs that write a post) and `visibly VISIBILITY`, in either order.
func (p *parser) naming(c *cursor, writes bool) (as *PostRef, v Visibility) {
	for !c.bad {
		if as == nil && writes && c.accept("as") {
			as = &PostRef{c.ref(post, `for example:  alice posts "Hello world" as hello`)}
		} else if v == "" && c.accept("visibly") {
			v = Visibility(c.choice("visibly", "public", "unlisted", "private", "direct"))
		} else {
			break
		}
	}
	return as, v
}

// trailing hints at what may still follow a complete line.
func trailing(l Line) []string {
	switch l.(type) {
	case *Posts, *Replies:
		return []string{"a post may be followed by  as NAME  and by  visibly public, unlisted, private or direct"}
	case *Assertion:
		return []string{"a check may be followed by  because RULE , and if it counts or denies, by  overall"}
	case *Settle:
		return []string{"settle may be followed by  within 30s ; to let time pass, write  wait 15m"}
	case *Predict:
		return []string{"an answer of several words stands in quotes"}
	case Action:
		return []string{"only posts and replies can be named with as"}
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
