package play

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

func (c *checker) servers() {
	for i, s := range c.f.Servers {
		if i == MaxServers {
			c.sayRef(s.Name.Ref, fmt.Sprintf("more than %d servers", MaxServers), "a diagram has no room for more")
		}
		c.declare(s.Name.Ref, symbol{kind: server})
		c.runs(s)
	}
}

func (c *checker) policy(p PolicyRef) {
	if !c.v.knowsPolicy(p.Name) {
		c.sayRef(p.Ref, fmt.Sprintf("unknown policy %q", p.Name), "policies: "+listed(c.v.Policies), didYouMean(p.Name, c.v.Policies)...)
	}
}

// runs checks the policy and its settings, of a declaration or an override.
func (c *checker) runs(s *Server) {
	c.policy(s.Policy)
	seen := map[string]bool{}
	for _, k := range s.Knobs {
		width := len([]rune(k.Name))
		knob, ok := c.v.Knobs[k.Name]
		switch {
		case !ok:
			known := slices.Sorted(maps.Keys(c.v.Knobs))
			c.say(k.Node, width, fmt.Sprintf("unknown setting %q", k.Name), "settings: "+listed(known), didYouMean(k.Name, known)...)
		case seen[k.Name]:
			c.say(k.Node, width, fmt.Sprintf("%s is set twice for %s", k.Name, s.Name.Name), "")
		case !knob.accepts(k.Value.Name):
			c.sayRef(k.Value, fmt.Sprintf("%s cannot be %q", k.Name, k.Value.Name), knob.expects())
		case knob.Check != nil:
			if err := knob.Check(k.Value.Name); err != nil {
				c.sayRef(k.Value, fmt.Sprintf("%s cannot be %q", k.Name, k.Value.Name), err.Error())
			}
		}
		seen[k.Name] = true
	}
}

func (c *checker) people() {
	for i, x := range c.f.People {
		if i == MaxPeople {
			c.sayRef(x.Name.Ref, fmt.Sprintf("more than %d people", MaxPeople), "a scenario is a story; for load there are benchmarks")
		}
		c.declare(x.Name.Ref, symbol{kind: person, on: x.Server.Name, locked: x.Locked})
		c.lives(x)
	}
}

func (c *checker) lives(x *Person) {
	c.use(x.Server.Ref, server)
	if x.Display != nil && strings.TrimSpace(x.Display.Value) == "" {
		c.say(x.Display.Node, 2, fmt.Sprintf("the display name of %s is empty", x.Name.Name), "a name in quotes, or leave as out")
	}
}

// follows checks edges; seen holds the lines of those that exist already.
func (c *checker) follows(edges []*Edge, seen map[string]int) {
	for _, e := range edges {
		c.use(e.Follower.Ref, person)
		c.use(e.Followed.Ref, person)
		if e.Follower.Name == e.Followed.Name {
			c.sayRef(e.Followed.Ref, fmt.Sprintf("%s cannot follow themselves", e.Follower.Name), "another person")
		}
		line, there := seen[e.pair()]
		switch {
		case e.Without && !there:
			c.sayRef(e.Follower.Ref, fmt.Sprintf("%s does not follow %s, so nothing can be taken away", e.Follower.Name, e.Followed.Name), "a line that stands under follows")
		case e.Without:
			delete(seen, e.pair())
			continue
		case there:
			c.sayRef(e.Follower.Ref, fmt.Sprintf("%s follows %s already (line %d)", e.Follower.Name, e.Followed.Name, line), "")
		}
		seen[e.pair()] = e.Line
	}
}

func (c *checker) step(s *Step) {
	c.title(s.Title, s.Row, "step")
	if len(s.Lines) == 0 && !c.f.spoiled[&s.Row] {
		c.say(s.Node, 4, "this step is empty", "lines such as  alice posts \"Hello world\" as hello", "or remove the step")
	}
	c.lines(s.Lines)
}

func (c *checker) vary(b *Vary, titles map[string]int) {
	c.title(b.Title, b.Row, "vary")
	if line, dup := titles[b.Title.Value]; dup {
		c.say(b.Title.Node, len([]rune(b.Title.String())), fmt.Sprintf("there is already a vary with this title (line %d)", line), "another title; reports tell them apart by it")
	}
	titles[b.Title.Value] = b.Line
	if len(b.Servers)+len(b.People)+len(b.Follows)+len(b.Lines) == 0 && !c.f.spoiled[&b.Row] {
		c.say(b.Node, 4, "this vary changes nothing", "a line such as  techhub runs mastodon-4.1 with document-signature off")
	}
	edges := map[string]int{}
	for _, e := range c.f.Follows {
		edges[e.pair()] = e.Line
	}
	c.scoped(func() {
		c.setUp(b)
		c.newcomers(b)
		c.follows(b.Follows, edges)
		c.lines(b.Lines)
	})
}

// setUp checks the servers of a vary: one that is declared already runs otherwise there, another is added.
func (c *checker) setUp(b *Vary) {
	seen := map[string]int{}
	added := 0
	for _, s := range b.Servers {
		line, dup := seen[s.Name.Name]
		old, known := c.names[s.Name.Name]
		switch {
		case dup:
			c.sayRef(s.Name.Ref, fmt.Sprintf("%s is overridden twice in this vary (line %d)", s.Name.Name, line), "one line with all its settings")
		case known && old.kind == server:
		case !known && !b.settles(s.Name.Name):
			c.use(s.Name.Ref, server)
		default:
			if added++; len(c.f.Servers)+added == MaxServers+1 {
				c.sayRef(s.Name.Ref, fmt.Sprintf("more than %d servers", MaxServers), "a diagram has no room for more")
			}
			c.declare(s.Name.Ref, symbol{kind: server})
		}
		seen[s.Name.Name] = s.Line
		c.runs(s)
	}
}

// settles reports whether somebody of this vary lives on the server or subscribes to it. Nothing could happen on another that a
// vary adds, so its name is rather a slip.
func (b *Vary) settles(name string) bool {
	return slices.ContainsFunc(b.People, func(x *Person) bool { return x.Server.Name == name }) ||
		slices.ContainsFunc(b.Lines, func(l Line) bool { g, ok := l.(*Governs); return ok && g.Kind == "subscribes" && g.Whom.Name == name })
}

// newcomers checks the people of a vary: one who is declared already lives otherwise there, another is added.
func (c *checker) newcomers(b *Vary) {
	seen := map[string]int{}
	for i, x := range b.People {
		if len(c.f.People)+i == MaxPeople {
			c.sayRef(x.Name.Ref, fmt.Sprintf("more than %d people", MaxPeople), "")
		}
		if line, dup := seen[x.Name.Name]; dup {
			c.sayRef(x.Name.Ref, fmt.Sprintf("%s stands twice in this vary (line %d)", x.Name.Name, line), "one line for each person")
		} else if old, ok := c.names[x.Name.Name]; !ok || old.kind != person {
			c.declare(x.Name.Ref, symbol{kind: person, on: x.Server.Name, locked: x.Locked})
		}
		seen[x.Name.Name] = x.Line
		c.lives(x)
	}
}

func (c *checker) title(t Text, r Row, word string) {
	if t.Kind != "" && strings.TrimSpace(t.Value) == "" {
		c.say(t.Node, 2, fmt.Sprintf("the title of this %s is empty", word), "a few words in quotes")
	}
}
