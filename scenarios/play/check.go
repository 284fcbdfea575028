package play

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// reserved words are part of the grammar, now or in the verbs that are planned; a noun may not be called like one.
var reserved = strings.Fields(`scenario about source level policies time servers people follows step vary runs with on locked as
	posts replies boosts likes undoes deletes unfollows opens searches edits sends to of for visibly public unlisted private direct
	settle within wait stop start cut heal slow drop expect observe is are not no nothing sent by exactly delivery deliveries
	forward fetch fetches signed written shared inbox overall because say predict show look at yes boost like
	lose skew rotate failed decision answer without shows has tag everybody in blocks unblocks mutes unmutes silences unsilences
	suspends unsuspends subscribes unsubscribes pins unpins votes moves quotes accepts rejects warning poll several about notified`)

// symbol is a declared noun. author and poll are set for posts, on and locked for people.
type symbol struct {
	kind   string
	line   int
	author string
	poll   *Poll
	on     string
	locked bool
}

type checker struct {
	*Problems
	f      *File
	v      Vocabulary
	names  map[string]symbol // what is declared at this point of the file
	future map[string]symbol // posts that a later line creates
	inVary map[string]symbol // posts that only a vary creates
	order  map[string][]string
}

// Check finds what the grammar cannot see: nouns that are not declared, not yet, twice or of the wrong kind, counts and
// settings that make no sense, sections that are missing. It reports everything it finds, by position, and reports nothing
// that follows from a line Parse has refused.
func Check(f *File, v Vocabulary) Problems {
	c := &checker{Problems: &Problems{}, f: f, v: v, names: map[string]symbol{}, future: map[string]symbol{},
		inVary: map[string]symbol{}, order: map[string][]string{}}
	c.missing()
	c.servers()
	c.people()
	c.follows(f.Follows, map[string]int{})
	for _, s := range f.Steps() {
		c.foresee(s.Lines, c.future)
	}
	for _, b := range f.Varies() {
		c.foresee(b.Lines, c.inVary)
	}
	for _, s := range f.Steps() {
		c.step(s)
	}
	titles := map[string]int{}
	for _, b := range f.Varies() {
		c.vary(b, titles)
	}
	return c.Problems.sorted()
}

func (c *checker) say(n Node, width int, message, expect string, hints ...string) {
	c.report(Problem{Path: c.f.Path, Line: n.Line, Column: n.Column, Width: width, Message: message, Expect: expect, Hints: hints})
}

func (c *checker) sayRef(r Ref, message, expect string, hints ...string) {
	c.say(r.Node, len([]rune(r.Name)), message, expect, hints...)
}

// missing looks for the sections no scenario can do without.
func (c *checker) missing() {
	lacks := func(name, example string) {
		c.say(Node{Line: 1, Column: 1}, 1, fmt.Sprintf("the file has no %q", name), example)
	}
	if !slices.ContainsFunc(c.f.Headers, func(h *Header) bool { return h.Name == "scenario" }) {
		lacks("scenario", `it begins with a line  scenario "Replies are forwarded"`)
	}
	for _, section := range []struct {
		name, example string
		size          int
	}{{"servers", exampleServer, len(c.f.Servers)}, {"people", examplePerson, len(c.f.People)}, {"follows", exampleEdge, len(c.f.Follows)}} {
		heading := c.f.headings[section.name]
		switch {
		case heading == nil && section.name != "follows":
			lacks(section.name, "a section with lines such as  "+section.example)
		case heading != nil && section.size == 0 && !c.f.spoiled[heading]:
			c.say(heading.Node, len(section.name), fmt.Sprintf("%q has no lines", section.name), "for example:  "+section.example)
		}
	}
	if len(c.f.Steps()) == 0 {
		lacks("step", `what happens stands in blocks:  step "Alice posts"`)
	}
	for _, h := range c.f.Headers {
		for i, p := range h.Policies {
			c.policy(p)
			if slices.ContainsFunc(h.Policies[:i], func(q PolicyRef) bool { return q.Name == p.Name }) {
				c.sayRef(p.Ref, fmt.Sprintf("%q is named twice", p.Name), "each policy once")
			}
		}
		if h.Value.Kind == "text" && strings.TrimSpace(h.Value.Value) == "" {
			c.say(h.Value.Node, 2, fmt.Sprintf("%q says nothing", h.Name), "a few words in quotes")
		}
	}
}

// declare enters a noun into the one namespace all nouns share, so that `look at NAME` can mean only one thing.
func (c *checker) declare(r Ref, s symbol) {
	s.line = r.Line
	old, dup := c.names[r.Name]
	switch {
	case slices.Contains(reserved, r.Name):
		c.sayRef(r, fmt.Sprintf("%q is a word of the language", r.Name), "another name")
	case !validName(r.Name):
		c.sayRef(r, fmt.Sprintf("%q cannot be a name", r.Name), fmt.Sprintf("small letters a to z and digits, a letter first, %d at most", MaxName))
	case dup:
		c.sayRef(r, fmt.Sprintf("%q is already the name of a %s (line %d)", r.Name, old.kind, old.line), "another name")
		return
	}
	c.names[r.Name] = s
	c.order[s.kind] = append(c.order[s.kind], r.Name)
}

func validName(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != "" && len(s) <= MaxName
}

// use looks a noun up; wanted are the kinds that fit. It returns the symbol, or false after reporting.
func (c *checker) use(r Ref, wanted ...string) (symbol, bool) {
	s, ok := c.names[r.Name]
	if ok && slices.Contains(wanted, s.kind) {
		return s, true
	}
	if len(*c.Problems) >= maxProblems || !ok && c.f.lost[r.Name] {
		return symbol{}, false
	}
	need := alternatives(wanted)
	if ok {
		c.sayRef(r, fmt.Sprintf("%q is a %s (line %d); a %s is needed here", r.Name, s.kind, s.line, need), c.declared(wanted))
		return symbol{}, false
	}
	if slices.Contains(wanted, post) {
		if later, ok := c.future[r.Name]; ok {
			c.sayRef(r, fmt.Sprintf("%s is used before it exists (created on line %d)", r.Name, later.line), c.declared(wanted))
			return symbol{}, false
		}
		if in, ok := c.inVary[r.Name]; ok {
			c.sayRef(r, fmt.Sprintf("%s exists only in the vary that creates it (line %d)", r.Name, in.line), c.declared(wanted))
			return symbol{}, false
		}
	}
	var known []string
	for _, kind := range wanted {
		known = append(known, c.order[kind]...)
	}
	hints := didYouMean(r.Name, known)
	if len(hints) == 0 {
		hints = c.howToDeclare(r.Name, wanted[0])
	}
	c.sayRef(r, fmt.Sprintf("unknown %s %q", need, r.Name), c.declared(wanted), hints...)
	return symbol{}, false
}

// declared names what there is to choose from.
func (c *checker) declared(kinds []string) string {
	var parts []string
	for _, kind := range kinds {
		plural := map[string]string{server: "declared servers", person: "declared people", post: "posts so far"}[kind]
		if names := c.order[kind]; len(names) > 0 {
			parts = append(parts, plural+": "+listed(names))
		} else {
			parts = append(parts, plural+": none")
		}
	}
	return strings.Join(parts, "; ")
}

func (c *checker) howToDeclare(name, kind string) []string {
	first := func(kind, otherwise string) string {
		if names := c.order[kind]; len(names) > 0 {
			return names[0]
		}
		return otherwise
	}
	if !validName(name) {
		return nil
	}
	switch kind {
	case person:
		return []string{fmt.Sprintf("or add a line under people:  %s on %s", name, first(server, "academy"))}
	case server:
		return []string{fmt.Sprintf("or add a line under servers:  %s runs mastodon-4.1", name)}
	}
	return []string{fmt.Sprintf("a post gets its name when it is written:  %s posts \"Hello\" as %s", first(person, "alice"), name)}
}

// foresee notes who will create which post where.
func (c *checker) foresee(lines []Line, into map[string]symbol) {
	for _, l := range lines {
		if as := creates(l); as != nil {
			if _, dup := into[as.Name]; !dup {
				into[as.Name] = symbol{kind: post, line: as.Line}
			}
		}
	}
}

// scoped runs a vary on a copy of the names, so that its posts stay inside.
func (c *checker) scoped(do func()) {
	names, order := c.names, c.order
	c.names, c.order = maps.Clone(names), map[string][]string{}
	for kind, list := range order {
		c.order[kind] = slices.Clone(list)
	}
	do()
	c.names, c.order = names, order
}
