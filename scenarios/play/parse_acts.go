package play

// action reads PERSON VERB …; both words are known to be there.
func (p *parser) action(c *cursor, row Row) Line {
	a := act{row, PersonRef{c.ref(person, "")}}
	verb := c.take().value
	a.Kind = verb
	example := example(verb)
	ofPost := func() PostRef { return PostRef{c.ref(post, example)} }
	switch verb {
	case "posts":
		l := &Posts{act: a, Text: c.text(example)}
		l.manner = p.manner(c, example)
		return l
	case "replies":
		c.want("to", example)
		l := &Replies{act: a, To: ofPost()}
		c.want("with", example)
		l.Text = c.text(example)
		l.manner = p.manner(c, example)
		return l
	case "quotes":
		l := &Quotes{act: a, Post: ofPost()}
		c.want("with", example)
		l.Text = c.text(example)
		l.manner = p.manner(c, example)
		return l
	case "edits":
		l := &Edits{act: a, Post: ofPost()}
		c.want("to", example)
		l.Text = c.text(example)
		if c.accept("warning") {
			warning := c.text(example)
			l.Warning = &warning
		}
		return l
	case "boosts":
		l := &Boosts{act: a, Post: ofPost()}
		if c.accept("visibly") {
			l.Visibly = p.visibility(c)
		}
		return l
	case "undoes":
		l := &Undoes{act: a, What: c.choice(verb, "boost", "like")}
		c.want("of", example)
		l.Post = ofPost()
		return l
	case "follows", "unfollows":
		if c.peek().is("tag") && c.ahead(1).kind != endToken {
			c.take()
			a.Kind += "-tag"
			return &FollowsTag{a, c.ref("hashtag", "for example:  alice "+verb+" tag cats")}
		}
		whom := PersonRef{c.ref(person, example)}
		if verb == "follows" {
			return &Follows{a, whom}
		}
		return &Unfollows{a, whom}
	case "likes":
		return &Likes{a, ofPost()}
	case "deletes":
		return &Deletes{a, ofPost()}
	case "opens":
		return &Opens{a, ofPost()}
	case "pins", "unpins":
		return &Pins{a, ofPost()}
	case "votes":
		c.want("for", example)
		l := &Votes{act: a, For: many(c, func() Text { return c.text(example) })}
		c.want("in", example)
		l.Post = ofPost()
		return l
	case "moves":
		c.want("to", example)
		return &Moves{a, PersonRef{c.ref(person, example)}}
	case "sends":
		l := &Sends{act: a, Attachment: c.ref("attachment", example)}
		c.want("to", example)
		l.To = AnyRef{c.ref(anyOf, example)}
		p.loose = append(p.loose, &l.To)
		if c.accept("with") {
			l.Flaw = c.choice("with", Flaws...)
		}
		return l
	case "searches":
		c.want("for", example)
		l := &Searches{a, AnyRef{c.ref(anyOf, example)}}
		p.loose = append(p.loose, &l.For)
		return l
	}
	l := &Regards{a, AnyRef{c.ref(anyOf, example)}}
	p.loose = append(p.loose, &l.Whom)
	return l
}

// manner reads what may follow the text of a post, in any order, each once.
func (p *parser) manner(c *cursor, example string) (m manner) {
	for !c.bad {
		switch {
		case m.As == nil && c.accept("as"):
			m.As = &PostRef{c.ref(post, example)}
		case m.Visibly == "" && c.accept("visibly"):
			m.Visibly = p.visibility(c)
		case m.Warning == nil && c.accept("warning"):
			text := c.text(example)
			m.Warning = &text
		case m.Poll == nil && c.accept("poll"):
			poll := &Poll{Node: c.node("poll")}
			poll.Options = many(c, func() Text { return c.text(example) })
			poll.Several = c.accept("several")
			if c.accept("for") {
				poll.For = c.duration(example)
			}
			m.Poll = poll
		default:
			return m
		}
	}
	return m
}

func (p *parser) visibility(c *cursor) Visibility {
	return Visibility(c.choice("visibly", string(Public), string(Unlisted), string(Private), string(Direct)))
}

// governs reads SERVER VERB …; both words are known to be there.
func (p *parser) governs(c *cursor, row Row) Line {
	g := &Governs{Row: row, By: ServerRef{c.ref(server, "")}}
	g.Kind = c.take().value
	shown := "academy " + g.Kind + " techhub"
	for _, w := range ofServers {
		if w.Word == g.Kind {
			shown = "for example:  " + w.Example
		}
	}
	switch g.Kind {
	case "subscribes":
		c.want("to", shown)
	case "unsubscribes":
		c.want("from", shown)
	}
	g.Whom = AnyRef{c.ref(anyOf, shown)}
	p.loose = append(p.loose, &g.Whom)
	return g
}

// fault reads what follows stop, start, cut, heal, slow, drop, lose, skew or rotate.
func (p *parser) fault(c *cursor, word string, row Row) Line {
	row.Kind = word
	example := example(word)
	switch word {
	case "stop", "start":
		return &Stop{row, ServerRef{c.ref(server, example)}}
	case "skew":
		f := &Skew{Row: row, Server: ServerRef{c.ref(server, example)}}
		c.want("by", example)
		f.By = c.ref("duration", example)
		return f
	case "rotate":
		c.want("key", example)
		c.want("of", example)
		return &Rotate{row, PersonRef{c.ref(person, example)}}
	}
	f := &Link{Row: row}
	if word == "drop" || word == "lose" {
		c.want("next", example)
		kinds := kindsOfActivity
		if word == "drop" {
			kinds = append([]string{"fetch"}, kinds...)
		}
		f.Activity = c.choice("next", kinds...)
		c.want("on", example)
	}
	f.From = ServerRef{c.ref(server, example)}
	if f.OneWay = c.accept("->"); !f.OneWay {
		c.want("-", example)
	}
	f.To = ServerRef{c.ref(server, example)}
	if word == "slow" {
		c.want("by", example)
		f.By = c.duration(example)
	}
	return f
}
