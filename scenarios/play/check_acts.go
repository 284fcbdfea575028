package play

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds on polls, as Mastodon's.
const (
	minOptions, maxOptions = 2, 4
	longestOption          = 50
)

// own checks that who wrote the post: do and does are the verb.
func (c *checker) own(who PersonRef, p PostRef, do, does string) {
	if s, ok := c.use(p.Ref, post); ok && s.author != who.Name {
		c.sayRef(who.Ref, fmt.Sprintf("%s cannot %s %s, %s wrote it (line %d)", who.Name, do, p.Name, s.author, s.line),
			fmt.Sprintf("%s %s %s", s.author, does, p.Name))
	}
}

func (c *checker) manner(m manner) {
	c.warning(m.Warning)
	if m.Poll == nil {
		return
	}
	if n := len(m.Poll.Options); n < minOptions || n > maxOptions {
		c.say(m.Poll.Node, 1, fmt.Sprintf("a poll with %d answers", n), fmt.Sprintf("%d to %d of them", minOptions, maxOptions))
	}
	seen := map[string]bool{}
	for _, o := range m.Poll.Options {
		width := len([]rune(o.String()))
		switch {
		case strings.TrimSpace(o.Value) == "":
			c.say(o.Node, width, "an answer without words", "a few words in quotes")
		case len([]rune(o.Value)) > longestOption:
			c.say(o.Node, width, fmt.Sprintf("this answer is longer than %d characters", longestOption), "servers refuse it")
		case seen[o.Value]:
			c.say(o.Node, width, fmt.Sprintf("the answer %s stands twice in this poll", o), "")
		}
		seen[o.Value] = true
	}
}

func (c *checker) warning(t *Text) {
	if t != nil && strings.TrimSpace(t.Value) == "" {
		c.say(t.Node, 2, "this warning has no words", "a few words in quotes, or leave warning out")
	}
}

func (c *checker) tag(r Ref) {
	if strings.ContainsAny(r.Name, "-.+@/") || strings.Trim(r.Name, "0123456789") == "" {
		c.sayRef(r, fmt.Sprintf("%q cannot be a hashtag", r.Name), "letters, digits and _, not digits alone")
	}
}

// pollOf is the poll that a line asks, or nil.
func pollOf(l Line) *Poll {
	switch l := l.(type) {
	case *Posts:
		return l.Poll
	case *Replies:
		return l.Poll
	case *Quotes:
		return l.Poll
	}
	return nil
}

// option checks that a post asks a poll with that answer.
func (c *checker) option(p PostRef, s symbol, t Text) {
	if s.poll == nil {
		c.sayRef(p.Ref, fmt.Sprintf("%s asks nothing (line %d)", p.Name, s.line), `a post with a poll:  alice posts "What?" as p poll "Tea", "Coffee"`)
		return
	}
	var options []string
	for _, o := range s.poll.Options {
		options = append(options, o.Value)
	}
	if !slices.Contains(options, t.Value) {
		c.say(t.Node, len([]rune(t.String())), fmt.Sprintf("%s is no answer of %s", t, p.Name), "answers: "+joined(s.poll.Options), didYouMean(t.Value, options)...)
	}
}

func (c *checker) votes(l *Votes) {
	s, ok := c.use(l.Post.Ref, post)
	if !ok {
		return
	}
	for i, t := range l.For {
		if slices.ContainsFunc(l.For[:i], func(o Text) bool { return o.Value == t.Value }) {
			c.say(t.Node, len([]rune(t.String())), fmt.Sprintf("%s stands twice in this list", t), "")
		}
		c.option(l.Post, s, t)
	}
	if len(l.For) > 1 && s.poll != nil && !s.poll.Several {
		c.say(l.For[1].Node, len([]rune(l.For[1].String())), fmt.Sprintf("only one answer of %s may be chosen", l.Post.Name), "or write several behind the answers of the poll")
	}
}

func (c *checker) regards(l *Regards) {
	kinds := []string{person}
	if l.Kind == "blocks" || l.Kind == "unblocks" {
		kinds = []string{person, server}
	}
	s, ok := c.use(l.Whom.Ref, kinds...)
	if !ok {
		return
	}
	verb := strings.TrimSuffix(l.Kind, "s")
	home := c.names[l.Who.Name].on
	switch {
	case s.kind == person && l.Whom.Name == l.Who.Name:
		c.sayRef(l.Whom.Ref, fmt.Sprintf("%s cannot %s themselves", l.Who.Name, verb), "another person")
	case s.kind == server && l.Whom.Name == home:
		c.sayRef(l.Whom.Ref, fmt.Sprintf("%s lives on %s", l.Who.Name, home), "another server")
	}
}

func (c *checker) governs(l *Governs) {
	c.use(l.By.Ref, server)
	kinds := map[string][]string{"suspends": {person}, "unsuspends": {person}, "silences": {server, person}, "unsilences": {server, person}}[l.Kind]
	if kinds == nil {
		kinds = []string{server}
	}
	if _, ok := c.use(l.Whom.Ref, kinds...); ok && l.By.Name == l.Whom.Name {
		c.sayRef(l.Whom.Ref, fmt.Sprintf("%s cannot do that to itself", l.By.Name), "another server")
	}
}

func (c *checker) attachment(r Ref) {
	var names []string
	for _, a := range c.f.Attachments {
		if a.Name == r.Name {
			return
		}
		names = append(names, a.Name)
	}
	there := "attachments: none; one begins behind the last step, with a line  -- " + r.Name + " --"
	if len(names) > 0 {
		there = "attachments: " + listed(names)
	}
	c.sayRef(r, fmt.Sprintf("unknown attachment %q", r.Name), there, didYouMean(r.Name, names)...)
}

func (c *checker) posts(list []PostRef) {
	for _, r := range list {
		c.use(r.Ref, post)
	}
	unique(c, list, func(r PostRef) Ref { return r.Ref })
}

func (c *checker) onServers(list []ServerRef) {
	for _, r := range list {
		c.use(r.Ref, server)
	}
	unique(c, list, func(r ServerRef) Ref { return r.Ref })
}

func (c *checker) counter(k *Counter) {
	if k.Person != nil {
		c.use(k.Person.Ref, person)
	} else if s, ok := c.use(k.Post.Ref, post); ok && k.Option != nil {
		c.option(k.Post, s, *k.Option)
	} else if ok && k.What == "votes" && s.poll == nil {
		c.sayRef(k.Post.Ref, fmt.Sprintf("%s asks nothing (line %d)", k.Post.Name, s.line), "a post with a poll")
	}
	for _, n := range k.Counts {
		c.use(n.Server.Ref, server)
	}
	unique(c, k.Counts, func(n ServerCount) Ref { return n.Server.Ref })
}

// conditionAbout checks the conditions that begin with what they are about, and those about decisions and answers.
func (c *checker) conditionAbout(k Condition) {
	switch k := k.(type) {
	case *InTimeline:
		c.posts(k.Posts)
		kinds := []string{person, server}
		if k.Timeline == "home" {
			kinds = []string{person}
		}
		c.use(k.Of.Ref, kinds...)
		if k.Tag != nil {
			c.tag(*k.Tag)
		}
	case *State:
		c.posts(k.Posts)
		c.onServers(k.Servers)
	case *Shows:
		c.use(k.Post.Ref, post)
		c.spoken(k.Text, "text")
		c.onServers(k.Servers)
	case *Relation:
		c.use(k.Who.Ref, person)
		c.toAnother(k.Who, k.Whom, "be asked about")
	case *Account:
		c.use(k.Who.Ref, person)
		c.onServers(k.Servers)
	case *Moved:
		c.use(k.Who.Ref, person)
		c.use(k.To.Ref, person)
		c.onServers(k.Servers)
	case *Notified:
		c.use(k.Who.Ref, person)
		if k.By != nil {
			c.use(k.By.Ref, person)
		}
		if k.About != nil {
			c.use(k.About.Ref, post)
		}
	case *Answered:
		c.attachment(k.Attachment)
		if k.Status < 100 || k.Status > 599 {
			c.say(k.Node, 1, fmt.Sprintf("%d is no status of HTTP", k.Status), "202, 401 or another number from 100 to 599")
		}
	case *Decision:
		c.rule(k.Rule)
		c.use(k.On.Ref, server)
		if k.About != nil {
			c.use(k.About.Ref, post, person)
		}
	}
}
