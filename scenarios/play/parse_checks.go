package play

import (
	"fmt"
	"slices"
)

const (
	exampleOn       = "expect r1 is on academy, techhub"
	exampleCounter  = "expect likes of hello: academy 1, techhub 0"
	exampleDelivery = "expect delivery Create(hello) academy -> masto signed by alice"
	exampleForward  = "expect forward of Create(r1) academy -> masto signed by alice written by berta"
	exampleNo       = "expect no delivery of Create(r1) to techhub"
	exampleFetch    = "expect exactly 1 fetch masto -> academy of hello"
	exampleExactly  = "expect exactly 2 deliveries"
	exampleNothing  = "expect nothing sent by academy"
)

// check reads what follows expect or observe.
func (p *parser) check(c *cursor, word string, row Row) *Assertion {
	row.Kind = "check"
	k := &Assertion{Row: row, Observe: word == "observe"}
	k.Condition = p.condition(c, word)
	for !c.bad {
		t := c.peek()
		if !k.Overall && c.accept("overall") {
			k.Overall = true
			if !k.Condition.countable() {
				c.fail(t, "overall belongs to counts and absences", "no delivery of …, no forward of …, exactly …, N fetches …, nothing sent by …",
					"other checks look at how things stand when the line is reached")
			}
		} else if k.Because == nil && c.accept("because") {
			k.Because = &RuleRef{c.ref(rule, "for example:  because deliver.mention")}
		} else {
			break
		}
	}
	return k
}

func (p *parser) condition(c *cursor, word string) Condition {
	n, t := c.node(""), c.peek()
	switch {
	case t.is("exactly") || t.kind == wordToken && digits(t.value):
		return p.counted(c, n)
	case t.is("delivery"), t.is("failed") && c.ahead(1).is("delivery"):
		return p.delivery(c, n, false)
	case t.is("forward"):
		c.take()
		c.want("of", exampleForward)
		return p.delivery(c, n, true)
	case t.is("decision"), t.is("no") && c.ahead(1).is("decision"):
		return p.decision(c, n)
	case t.is("no"):
		return p.absence(c, n)
	case t.is("answer") && c.ahead(1).is("to"):
		return p.answered(c, n)
	case t.is("nothing"):
		c.take()
		n.Kind = "nothing-sent"
		c.want("sent", exampleNothing)
		c.want("by", exampleNothing)
		return &NothingSent{n, ServerRef{c.ref(server, exampleNothing)}}
	case slices.Contains(counters, t.value) && (c.ahead(1).is("of") || c.ahead(1).is("for")):
		return p.counter(c, n)
	case t.kind == wordToken:
		return p.about(c, n, word)
	}
	c.fail(t, fmt.Sprintf("%q needs something to look at before %s", word, t), "for example:  "+exampleOn)
	return &OnServers{}
}

// notACheck finds out why the words after expect make no condition.
func (p *parser) notACheck(c *cursor, word string, first, second token) {
	const needs = "%q needs a post, delivery, forward, fetch or counter here; "
	examples := "for example:  " + exampleOn + "   |   " + exampleCounter
	switch {
	case p.isPerson(first.value):
		c.fail(first, fmt.Sprintf(needs+"%s is a person", word, first), examples+"   |   expect alice is following berta")
	case p.isServer(first.value):
		c.fail(first, fmt.Sprintf(needs+"%s is a server", word, first), examples)
	case second.is("on"):
		c.fail(second, `"is" is missing before "on"`, "for example:  "+exampleOn)
	case second.is("not"):
		c.fail(second, `"is" is missing before "not"`, "for example:  expect r1 is not on academy")
	default:
		openers := append([]string{"delivery", "failed", "forward", "no", "nothing", "exactly", "decision", "answer"}, counters...)
		c.fail(first, fmt.Sprintf("%s begins no check", first), examples, didYouMean(first.value, openers)...)
	}
}

func (p *parser) delivery(c *cursor, n Node, forward bool) Condition {
	d := &Delivery{Node: n, Forward: forward}
	example := "for example:  " + exampleDelivery
	if d.Kind = "delivery"; !forward {
		d.Failed = c.accept("failed")
		c.want("delivery", example)
	}
	if forward {
		d.Kind, example = "forward", "for example:  "+exampleForward
	}
	p.activity(c, &d.Activity, example)
	d.From, d.To = c.link(example)
	for !c.bad {
		t := c.peek()
		switch {
		case d.SignedBy == nil && c.accept("signed", "by"):
			d.SignedBy = &PersonRef{c.ref(person, example)}
		case d.WrittenBy == nil && c.accept("written", "by"):
			d.WrittenBy = &PersonRef{c.ref(person, example)}
		case !d.SharedInbox && c.accept("to", "shared", "inbox"):
			d.SharedInbox = true
			if forward {
				c.fail(t, "a forward does not say which inbox", "signed by PERSON and written by PERSON",
					"to test the inbox, write  expect delivery … to shared inbox")
			}
		case t.is("to") || t.is("signed") || t.is("written"):
			c.fail(t, fmt.Sprintf("%s is not complete, or said twice", t), "to shared inbox, signed by PERSON, written by PERSON; each once")
		default:
			return d
		}
	}
	return d
}

// link reads SERVER -> SERVER.
func (c *cursor) link(example string) (from, to ServerRef) {
	from = ServerRef{c.ref(server, example)}
	c.want("->", example)
	return from, ServerRef{c.ref(server, example)}
}

// activity reads KIND(NAME) into place, because its name is resolved later through a pointer.
func (p *parser) activity(c *cursor, a *Activity, example string) {
	t := c.peek()
	a.Node = c.node("activity")
	a.Type = c.ref("kind of activity", example).Name
	if _, ok := activityKinds(a.Type); !ok && !c.bad {
		c.fail(t, fmt.Sprintf("%s is no activity", t), listed(kindsOfActivity), didYouMean(t.value, kindsOfActivity)...)
	}
	c.want("(", example)
	a.Of = AnyRef{c.ref(anyOf, example)}
	c.want(")", example)
	p.loose = append(p.loose, &a.Of)
}

func (p *parser) absence(c *cursor, n Node) Condition {
	c.take()
	d := &NoDelivery{Node: n}
	d.Forward = c.peek().is("forward")
	d.Kind = "no-" + c.choice("no", "delivery", "forward")
	c.want("of", "for example:  "+exampleNo)
	p.activity(c, &d.Activity, "for example:  "+exampleNo)
	if c.accept("to") {
		d.To = &ServerRef{c.ref(server, "for example:  "+exampleNo)}
	}
	return d
}

// counted reads `[exactly] N fetches …` and `exactly N deliveries`.
func (p *parser) counted(c *cursor, n Node) Condition {
	exactly := c.accept("exactly")
	number := c.peek()
	count := c.count("for example:  " + exampleExactly)
	t := c.peek()
	if t.is("delivery") || t.is("deliveries") {
		if !exactly {
			c.fail(number, `deliveries are counted with "exactly"`, "for example:  "+exampleExactly)
		}
		c.take()
		n.Kind = "deliveries"
		return &Deliveries{n, count}
	}
	n.Kind = "fetches"
	f := &Fetches{Node: n, Exactly: exactly, N: count}
	if !c.accept("fetch") && !c.accept("fetches") {
		c.fail(t, fmt.Sprintf("%q is followed by deliveries or fetches, not by %s", number.value, t), exampleExactly+"   |   "+exampleFetch)
	}
	if !exactly && count == 0 {
		c.fail(number, "0 fetches or more is always true", "for example:  expect exactly 0 fetches masto -> academy of hello")
	}
	f.From, f.To = c.link("for example:  " + exampleFetch)
	c.want("of", "for example:  "+exampleFetch)
	// A post may not be called "replies" (it is a reserved word), so this is never a name.
	if c.accept("replies") {
		f.Replies = true
		c.want("to", "for example:  expect 1 fetch masto -> academy of replies to hello")
	}
	f.Post = PostRef{c.ref(post, "for example:  "+exampleFetch)}
	return f
}
