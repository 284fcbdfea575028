package play

import (
	"fmt"
	"strconv"
	"strings"
)

// The canonical words of every line and condition. What they print, the parser reads back to the same tree.

func (a *Posts) String() string {
	return fmt.Sprintf("%s posts %s", a.Who, a.Text) + naming(a.As, a.Visibly)
}

func (a *Replies) String() string {
	return fmt.Sprintf("%s replies to %s with %s", a.Who, a.To, a.Text) + naming(a.As, a.Visibly)
}

func (a *Boosts) String() string {
	return fmt.Sprintf("%s boosts %s", a.Who, a.Post) + naming(nil, a.Visibly)
}

func (a *Likes) String() string     { return fmt.Sprintf("%s likes %s", a.Who, a.Post) }
func (a *Undoes) String() string    { return fmt.Sprintf("%s undoes %s of %s", a.Who, a.What, a.Post) }
func (a *Deletes) String() string   { return fmt.Sprintf("%s deletes %s", a.Who, a.Post) }
func (a *Follows) String() string   { return fmt.Sprintf("%s follows %s", a.Who, a.Whom) }
func (a *Unfollows) String() string { return fmt.Sprintf("%s unfollows %s", a.Who, a.Whom) }
func (a *Opens) String() string     { return fmt.Sprintf("%s opens %s", a.Who, a.Post) }
func (a *Searches) String() string  { return fmt.Sprintf("%s searches for %s", a.Who, a.Post) }

func naming(as *PostRef, v Visibility) string {
	s := ""
	if as != nil {
		s += " as " + as.Name
	}
	if v != "" {
		s += " visibly " + string(v)
	}
	return s
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
	verb := " is "
	if len(c.Posts) > 1 {
		verb = " are "
	}
	if c.Not {
		verb += "not "
	}
	return joined(c.Posts) + verb + "on " + joined(c.Servers)
}

func (c *Counter) String() string {
	counts := make([]string, len(c.Counts))
	for i, n := range c.Counts {
		counts[i] = fmt.Sprintf("%s %d", n.Server, n.N)
	}
	return fmt.Sprintf("%s of %s: %s", c.What, c.Post, strings.Join(counts, ", "))
}

func (c *Delivery) String() string {
	s := fmt.Sprintf("delivery %s %s -> %s", c.Activity, c.From, c.To)
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

// String returns "FOLLOWER -> FOLLOWED".
func (e *Edge) String() string { return e.Follower.Name + " -> " + e.Followed.Name }

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
