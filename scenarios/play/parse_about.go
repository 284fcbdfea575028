package play

import (
	"fmt"
	"slices"
)

// counters are what servers show a number of: of posts, and from "followers" on, of people.
var counters = []string{"likes", "boosts", "replies", "votes", "followers", "following"}

// The words behind `is`, by what they are about.
var (
	states    = []string{"edited", "deleted", "pinned"}
	relations = []string{"following", "followed", "waiting", "asked", "blocking", "muting"}
	accounts  = []string{"known", "silenced", "suspended"}
)

// about reads a condition that begins with what it is about: posts, or a person.
func (p *parser) about(c *cursor, n Node, word string) Condition {
	first, second := c.peek(), c.ahead(1)
	switch {
	case second.is("shows"):
		return p.shows(c, n)
	case second.is("has"):
		return p.moved(c, n)
	case !second.is("is") && !second.is("are") && !second.is(","):
		p.notACheck(c, word, first, second)
		return &OnServers{}
	}
	names := many(c, func() Ref { return c.ref(post, exampleOn) })
	if !c.accept("is") && !c.accept("are") {
		c.want("is", "for example:  "+exampleOn)
	}
	not := c.accept("not")
	t := c.peek()
	switch {
	case c.bad || t.is("on"):
		n.Kind = "on-servers"
		c.want("on", "for example:  "+exampleOn)
		return &OnServers{n, postsOf(names), not, p.servers(c, exampleOn)}
	case t.is("in"):
		return p.inTimeline(c, n, names, not)
	case slices.Contains(states, t.value):
		n.Kind = "state"
		k := &State{Node: n, Posts: postsOf(names), Not: not, Is: c.take().value}
		c.want("on", example("is edited"))
		k.Servers = p.servers(c, example("is edited"))
		return k
	}
	words := slices.Concat([]string{"on", "in", "notified"}, states, relations, accounts)
	if !slices.Contains(words, t.value) {
		if p.isPerson(first.value) || len(names) > 1 {
			c.fail(t, fmt.Sprintf("%s cannot stand here", t), listed(words), didYouMean(t.value, words)...)
		} else {
			c.want("on", "for example:  "+exampleOn)
		}
		return &OnServers{}
	}
	if len(names) > 1 {
		c.fail(t, fmt.Sprintf("%s is asked of one person at a time", t), "a line for each of them")
	}
	return p.ofPerson(c, n, names[0], not)
}

// ofPerson reads what is asked of a person behind `is`; its first word is known.
func (p *parser) ofPerson(c *cursor, n Node, name Ref, not bool) Condition {
	who := PersonRef{name}
	who.Kind = person
	word := c.take().value
	switch {
	case slices.Contains(accounts, word):
		n.Kind = "account"
		c.want("on", example("is known"))
		return &Account{n, who, not, word, p.servers(c, example("is known"))}
	case slices.Contains(relations, word):
		n.Kind = "relation"
		if after := map[string]string{"followed": "by", "waiting": "for", "asked": "by"}[word]; after != "" {
			c.want(after, example("is following"))
		}
		return &Relation{n, who, not, word, PersonRef{c.ref(person, example("is following"))}}
	}
	n.Kind = "notified"
	c.want("of", example("is notified"))
	k := &Notified{Node: n, Who: who, Not: not, Of: c.choice("of", Notifications...)}
	for !c.bad {
		switch {
		case k.By == nil && c.accept("by"):
			k.By = &PersonRef{c.ref(person, example("is notified"))}
		case k.About == nil && c.accept("about"):
			k.About = &PostRef{c.ref(post, example("is notified"))}
		default:
			return k
		}
	}
	return k
}

func postsOf(names []Ref) []PostRef {
	out := make([]PostRef, len(names))
	for i, r := range names {
		out[i] = PostRef{r}
	}
	return out
}

// servers reads one or more of them.
func (p *parser) servers(c *cursor, example string) []ServerRef {
	return many(c, func() ServerRef { return ServerRef{c.ref(server, example)} })
}

func (p *parser) inTimeline(c *cursor, n Node, names []Ref, not bool) Condition {
	n.Kind = "in-timeline"
	example := example("is in timeline")
	c.want("in", example)
	k := &InTimeline{Node: n, Posts: postsOf(names), Not: not, Timeline: c.choice("in", "home", "local", "public", "tag")}
	if k.Timeline == "tag" {
		tag := c.ref("hashtag", "for example:  expect p is in tag cats timeline of berta")
		k.Tag = &tag
	}
	c.want("timeline", example)
	c.want("of", example)
	k.Of = AnyRef{c.ref(anyOf, example)}
	p.loose = append(p.loose, &k.Of)
	return k
}

func (p *parser) shows(c *cursor, n Node) Condition {
	n.Kind = "shows"
	example := example("shows")
	k := &Shows{Node: n, Post: PostRef{c.ref(post, example)}}
	c.want("shows", example)
	k.Not = c.accept("not")
	k.Text = c.text(example)
	c.want("on", example)
	k.Servers = p.servers(c, example)
	return k
}

func (p *parser) moved(c *cursor, n Node) Condition {
	n.Kind = "moved"
	example := example("has moved")
	k := &Moved{Node: n, Who: PersonRef{c.ref(person, example)}}
	c.want("has", example)
	k.Not = c.accept("not")
	c.want("moved", example)
	c.want("to", example)
	k.To = PersonRef{c.ref(person, example)}
	c.want("on", example)
	k.Servers = p.servers(c, example)
	return k
}

func (p *parser) counter(c *cursor, n Node) Condition {
	n.Kind = "counter"
	k := &Counter{Node: n, What: c.take().value}
	ofPeople := slices.Contains(counters[4:], k.What)
	if c.peek().is("for") {
		t := c.take()
		if k.What != "votes" {
			c.fail(t, fmt.Sprintf("%s are of a post, not for an answer", k.What), "for example:  "+exampleCounter)
		}
		text := c.text(example("votes for"))
		k.Option = &text
		c.want("in", example("votes for"))
	} else {
		c.want("of", exampleCounter)
	}
	if ofPeople {
		k.Person = &PersonRef{c.ref(person, example("followers of"))}
	} else {
		k.Post = PostRef{c.ref(post, exampleCounter)}
	}
	c.want(":", "for example:  "+exampleCounter)
	k.Counts = many(c, func() ServerCount {
		return ServerCount{ServerRef{c.ref(server, exampleCounter)}, c.count("for example:  " + exampleCounter)}
	})
	return k
}

func (p *parser) decision(c *cursor, n Node) Condition {
	n.Kind = "decision"
	example := example("decision")
	k := &Decision{Node: n, No: c.accept("no")}
	c.want("decision", example)
	k.Rule = RuleRef{c.ref(rule, example)}
	c.want("on", example)
	k.On = ServerRef{c.ref(server, example)}
	if c.accept("about") {
		k.About = &AnyRef{c.ref(anyOf, example)}
		p.loose = append(p.loose, k.About)
	}
	return k
}

func (p *parser) answered(c *cursor, n Node) Condition {
	n.Kind = "answer"
	example := example("answer")
	c.want("answer", example)
	c.want("to", example)
	k := &Answered{Node: n, Attachment: c.ref("attachment", example)}
	c.want("is", example)
	k.Status = c.count(example)
	return k
}
