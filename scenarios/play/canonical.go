package play

import (
	"fmt"
	"strconv"
	"strings"
)

// The canonical words of every line and condition. What they print, the parser reads back to the same tree.

func (a *Posts) String() string {
	return fmt.Sprintf("%s posts %s", a.Who, a.Text) + a.manner.String()
}

func (a *Replies) String() string {
	return fmt.Sprintf("%s replies to %s with %s", a.Who, a.To, a.Text) + a.manner.String()
}

func (a *Quotes) String() string {
	return fmt.Sprintf("%s quotes %s with %s", a.Who, a.Post, a.Text) + a.manner.String()
}

func (a *Edits) String() string {
	s := fmt.Sprintf("%s edits %s to %s", a.Who, a.Post, a.Text)
	if a.Warning != nil {
		s += " warning " + a.Warning.String()
	}
	return s
}

func (a *Boosts) String() string {
	return fmt.Sprintf("%s boosts %s", a.Who, a.Post) + manner{Visibly: a.Visibly}.String()
}

func (a *Likes) String() string     { return fmt.Sprintf("%s likes %s", a.Who, a.Post) }
func (a *Undoes) String() string    { return fmt.Sprintf("%s undoes %s of %s", a.Who, a.What, a.Post) }
func (a *Deletes) String() string   { return fmt.Sprintf("%s deletes %s", a.Who, a.Post) }
func (a *Follows) String() string   { return fmt.Sprintf("%s follows %s", a.Who, a.Whom) }
func (a *Unfollows) String() string { return fmt.Sprintf("%s unfollows %s", a.Who, a.Whom) }
func (a *Opens) String() string     { return fmt.Sprintf("%s opens %s", a.Who, a.Post) }
func (a *Searches) String() string  { return fmt.Sprintf("%s searches for %s", a.Who, a.For) }

func (m manner) String() string {
	s := ""
	if m.As != nil {
		s += " as " + m.As.Name
	}
	if m.Visibly != "" {
		s += " visibly " + string(m.Visibly)
	}
	if m.Warning != nil {
		s += " warning " + m.Warning.String()
	}
	if p := m.Poll; p != nil {
		s += " poll " + joined(p.Options)
		if p.Several {
			s += " several"
		}
		if p.For != 0 {
			s += " for " + p.For.String()
		}
	}
	return s
}

func (a *Votes) String() string {
	return fmt.Sprintf("%s votes for %s in %s", a.Who, joined(a.For), a.Post)
}
func (a *Pins) String() string    { return fmt.Sprintf("%s %s %s", a.Who, a.Kind, a.Post) }
func (a *Regards) String() string { return fmt.Sprintf("%s %s %s", a.Who, a.Kind, a.Whom) }
func (a *Moves) String() string   { return fmt.Sprintf("%s moves to %s", a.Who, a.To) }

func (a *FollowsTag) String() string {
	return fmt.Sprintf("%s %s tag %s", a.Who, strings.TrimSuffix(a.Kind, "-tag"), a.Tag)
}

func (a *Sends) String() string {
	s := fmt.Sprintf("%s sends %s to %s", a.Who, a.Attachment, a.To)
	if a.Flaw != "" {
		s += " with " + a.Flaw
	}
	return s
}

func (g *Governs) String() string {
	between := map[string]string{"subscribes": " to", "unsubscribes": " from"}[g.Kind]
	return fmt.Sprintf("%s %s%s %s", g.By, g.Kind, between, g.Whom)
}

func (f *Stop) String() string   { return f.Kind + " " + f.Server.Name }
func (f *Skew) String() string   { return fmt.Sprintf("skew %s by %s", f.Server, f.By) }
func (f *Rotate) String() string { return "rotate key of " + f.Person.Name }

func (f *Link) String() string {
	mark := "-"
	if f.OneWay {
		mark = "->"
	}
	link := fmt.Sprintf("%s %s %s", f.From, mark, f.To)
	switch f.Kind {
	case "slow":
		return "slow " + link + " by " + f.By.String()
	case "drop", "lose":
		return f.Kind + " next " + f.Activity + " on " + link
	}
	return f.Kind + " " + link
}

func (w *Settle) String() string {
	if w.Within != 0 {
		return "settle within " + w.Within.String()
	}
	return "settle"
}

func (w *Wait) String() string    { return "wait " + w.For.String() }
func (t *Say) String() string     { return "say " + t.Text.String() }
func (t *Predict) String() string { return fmt.Sprintf("predict %s = %s", t.Question, t.Answer) }
func (t *Show) String() string    { return "show " + t.View }
func (t *Look) String() string    { return "look at " + t.At.Name }

// String returns the answer as a script writes it.
func (a Answer) String() string {
	switch {
	case a.YesNo != nil && *a.YesNo:
		return "yes"
	case a.YesNo != nil:
		return "no"
	case a.Number != nil:
		return strconv.Itoa(*a.Number)
	case a.Text != nil:
		return a.Text.String()
	}
	return joined(a.Names)
}

func (c *Assertion) String() string {
	s := "expect "
	if c.Observe {
		s = "observe "
	}
	s += c.Condition.String()
	if c.Overall {
		s += " overall"
	}
	if c.Because != nil {
		s += " because " + c.Because.Name
	}
	return s
}

func (c *OnServers) String() string {
	return joined(c.Posts) + isOrNot(len(c.Posts), c.Not) + "on " + joined(c.Servers)
}

func (c *Counter) String() string {
	counts := make([]string, len(c.Counts))
	for i, n := range c.Counts {
		counts[i] = fmt.Sprintf("%s %d", n.Server, n.N)
	}
	of := c.Post.Name
	if c.Person != nil {
		of = c.Person.Name
	}
	head := fmt.Sprintf("%s of %s: ", c.What, of)
	if c.Option != nil {
		head = fmt.Sprintf("%s for %s in %s: ", c.What, c.Option, of)
	}
	return head + strings.Join(counts, ", ")
}

// isOrNot is "is", "are", "is not" or "are not".
func isOrNot(n int, not bool) string {
	verb := " is "
	if n > 1 {
		verb = " are "
	}
	if not {
		verb += "not "
	}
	return verb
}

func (c *InTimeline) String() string {
	name := c.Timeline
	if c.Tag != nil {
		name += " " + c.Tag.Name
	}
	return joined(c.Posts) + isOrNot(len(c.Posts), c.Not) + "in " + name + " timeline of " + c.Of.Name
}

func (c *State) String() string {
	return joined(c.Posts) + isOrNot(len(c.Posts), c.Not) + c.Is + " on " + joined(c.Servers)
}

func (c *Shows) String() string {
	verb := " shows "
	if c.Not {
		verb = " shows not "
	}
	return c.Post.Name + verb + c.Text.String() + " on " + joined(c.Servers)
}

func (c *Relation) String() string {
	after := map[string]string{"followed": " by", "waiting": " for", "asked": " by"}[c.Is]
	return c.Who.Name + isOrNot(1, c.Not) + c.Is + after + " " + c.Whom.Name
}

func (c *Account) String() string {
	return c.Who.Name + isOrNot(1, c.Not) + c.Is + " on " + joined(c.Servers)
}

func (c *Moved) String() string {
	verb := " has moved to "
	if c.Not {
		verb = " has not moved to "
	}
	return c.Who.Name + verb + c.To.Name + " on " + joined(c.Servers)
}

func (c *Notified) String() string {
	s := c.Who.Name + isOrNot(1, c.Not) + "notified of " + c.Of
	if c.By != nil {
		s += " by " + c.By.Name
	}
	if c.About != nil {
		s += " about " + c.About.Name
	}
	return s
}

func (c *Answered) String() string { return fmt.Sprintf("answer to %s is %d", c.Attachment, c.Status) }

func (c *Decision) String() string {
	s := "decision "
	if c.No {
		s = "no decision "
	}
	s += c.Rule.Name + " on " + c.On.Name
	if c.About != nil {
		s += " about " + c.About.Name
	}
	return s
}

func (c *Delivery) String() string {
	s := fmt.Sprintf("delivery %s %s -> %s", c.Activity, c.From, c.To)
	if c.Failed {
		s = "failed " + s
	}
	if c.Forward {
		s = fmt.Sprintf("forward of %s %s -> %s", c.Activity, c.From, c.To)
	}
	if c.SharedInbox {
		s += " to shared inbox"
	}
	if c.SignedBy != nil {
		s += " signed by " + c.SignedBy.Name
	}
	if c.WrittenBy != nil {
		s += " written by " + c.WrittenBy.Name
	}
	return s
}

func (c *NoDelivery) String() string {
	s := "no delivery of " + c.Activity.String()
	if c.Forward {
		s = "no forward of " + c.Activity.String()
	}
	if c.To != nil {
		s += " to " + c.To.Name
	}
	return s
}

func (c *Fetches) String() string {
	s := plural(c.N, "fetch", "fetches") + fmt.Sprintf(" %s -> %s of ", c.From, c.To)
	if c.Replies {
		s += "replies to "
	}
	if c.Exactly {
		s = "exactly " + s
	}
	return s + c.Post.Name
}

func (c *Deliveries) String() string {
	return "exactly " + plural(c.N, "delivery", "deliveries")
}

func (c *NothingSent) String() string { return "nothing sent by " + c.By.Name }

// String returns KIND(NAME).
func (a Activity) String() string { return a.Type + "(" + a.Of.Name + ")" }

// String returns the declaration as a script writes it.
func (s *Server) String() string { return s.Name.Name + " " + s.rest() }

func (s *Server) rest() string {
	out := "runs " + s.Policy.Name
	for i, k := range s.Knobs {
		if i == 0 {
			out += " with "
		} else {
			out += ", "
		}
		out += k.Name + " " + k.Value.Name
	}
	return out
}

// String returns the declaration as a script writes it.
func (p *Person) String() string { return p.Name.Name + " " + p.rest() }

func (p *Person) rest() string {
	out := "on " + p.Server.Name
	if p.Locked {
		out += " locked"
	}
	if p.Display != nil {
		out += " as " + p.Display.String()
	}
	return out
}

// String returns "FOLLOWER -> FOLLOWED", as a vary that takes it away with "without" before it.
func (e *Edge) String() string {
	if e.Without {
		return "without " + e.pair()
	}
	return e.pair()
}

func (e *Edge) pair() string { return e.Follower.Name + " -> " + e.Followed.Name }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func joined[S fmt.Stringer](items []S) string {
	words := make([]string, len(items))
	for i, it := range items {
		words[i] = it.String()
	}
	return strings.Join(words, ", ")
}
