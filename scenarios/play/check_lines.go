package play

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// lines checks the lines of a block in order; a post exists from the line after the one that creates it.
func (c *checker) lines(lines []Line) {
	for _, l := range lines {
		c.line(l)
		if as := creates(l); as != nil {
			c.declare(as.Ref, symbol{kind: post, author: l.(Action).Actor().Name, poll: pollOf(l)})
		}
	}
}

func (c *checker) line(l Line) {
	if a, ok := l.(Action); ok {
		c.use(a.Actor().Ref, person)
	}
	switch l := l.(type) {
	case *Posts:
		c.written(l.Text)
		c.manner(l.manner)
	case *Replies:
		c.use(l.To.Ref, post)
		c.written(l.Text)
		c.manner(l.manner)
	case *Quotes:
		c.use(l.Post.Ref, post)
		c.written(l.Text)
		c.manner(l.manner)
	case *Edits:
		c.own(l.Who, l.Post, "edit", "edits")
		c.written(l.Text)
		c.warning(l.Warning)
	case *Pins:
		c.own(l.Who, l.Post, strings.TrimSuffix(l.Kind, "s"), l.Kind)
	case *Votes:
		c.votes(l)
	case *Regards:
		c.regards(l)
	case *FollowsTag:
		c.tag(l.Tag)
	case *Moves:
		c.toAnother(l.Who, l.To, "move to")
	case *Sends:
		c.attachment(l.Attachment)
		c.use(l.To.Ref, server, person)
	case *Governs:
		c.governs(l)
	case *Stop:
		c.use(l.Server.Ref, server)
	case *Link:
		c.link(l.From, l.To, "speaks to")
	case *Skew:
		c.use(l.Server.Ref, server)
		if d, err := time.ParseDuration(l.By.Name); err != nil || d.Abs() > 366*24*time.Hour {
			c.sayRef(l.By, fmt.Sprintf("%q is not a duration", l.By.Name), "for example +5m, -2h or 0s; a year at most")
		}
	case *Rotate:
		c.use(l.Person.Ref, person)
	case *Boosts:
		c.use(l.Post.Ref, post)
		if l.Visibly == Direct {
			c.say(l.Post.Node, len([]rune(l.Post.Name)), "a boost cannot be direct", "visibly public, unlisted or private")
		}
	case *Likes:
		c.use(l.Post.Ref, post)
	case *Undoes:
		c.use(l.Post.Ref, post)
	case *Deletes:
		c.own(l.Who, l.Post, "delete", "deletes")
	case *Follows:
		c.toAnother(l.Who, l.Whom, "follow")
	case *Unfollows:
		c.toAnother(l.Who, l.Whom, "unfollow")
	case *Opens:
		c.use(l.Post.Ref, post)
	case *Searches:
		c.use(l.For.Ref, post, person)
	case *Say:
		c.spoken(l.Text, "say")
	case *Predict:
		c.spoken(l.Question, "predict")
		for _, n := range l.Answer.Names {
			c.use(n.Ref, server, person, post)
		}
		unique(c, l.Answer.Names, func(a AnyRef) Ref { return a.Ref })
	case *Look:
		c.use(l.At.Ref, post, person, server)
	case *Assertion:
		c.condition(l.Condition)
		if l.Because != nil {
			c.rule(*l.Because)
		}
	}
}

func (c *checker) rule(r RuleRef) {
	if !slices.Contains(c.v.Rules, r.Name) {
		c.sayRef(r.Ref, fmt.Sprintf("unknown rule %q", r.Name), "rules: "+listed(likeRules(r.Name, c.v.Rules)), didYouMean(r.Name, c.v.Rules)...)
	}
}

func (c *checker) toAnother(who, whom PersonRef, verb string) {
	c.use(whom.Ref, person)
	if who.Name == whom.Name {
		c.sayRef(whom.Ref, fmt.Sprintf("%s cannot %s themselves", who.Name, verb), "another person")
	}
}

func (c *checker) condition(k Condition) {
	switch k := k.(type) {
	case *OnServers:
		c.posts(k.Posts)
		c.onServers(k.Servers)
	case *Counter:
		c.counter(k)
	case *Delivery:
		c.activity(k.Activity)
		c.link(k.From, k.To, "delivers to")
		for _, by := range []*PersonRef{k.SignedBy, k.WrittenBy} {
			if by != nil {
				c.use(by.Ref, person)
			}
		}
	case *NoDelivery:
		c.activity(k.Activity)
		if k.To != nil {
			c.use(k.To.Ref, server)
		}
	case *Fetches:
		c.link(k.From, k.To, "fetches from")
		c.use(k.Post.Ref, post)
	case *NothingSent:
		c.use(k.By.Ref, server)
	default:
		c.conditionAbout(k)
	}
}

func (c *checker) activity(a Activity) {
	nouns, _ := activityKinds(a.Type)
	c.use(a.Of.Ref, nouns...)
}

func (c *checker) link(from, to ServerRef, does string) {
	c.use(from.Ref, server)
	c.use(to.Ref, server)
	if from.Name == to.Name {
		c.sayRef(to.Ref, fmt.Sprintf("no server %s itself", does), "another server")
	}
}

// unique reports nouns that stand twice in one list.
func unique[T any](c *checker, items []T, ref func(T) Ref) {
	seen := map[string]bool{}
	for _, it := range items {
		r := ref(it)
		if seen[r.Name] {
			c.sayRef(r, fmt.Sprintf("%s stands twice in this list", r.Name), "")
		}
		seen[r.Name] = true
	}
}

func (c *checker) spoken(t Text, word string) {
	if strings.TrimSpace(t.Value) == "" {
		c.say(t.Node, 2, fmt.Sprintf("this %s has no words", word), "a sentence in quotes")
	}
}

// written checks the text of a post. `@alice` becomes a mention, so a slip in it would silently change who gets the post;
// `@alice@elsewhere.example` is left alone.
func (c *checker) written(t Text) {
	if strings.TrimSpace(t.Value) == "" {
		c.say(t.Node, 2, "a post without words", "a text in quotes; servers refuse an empty post")
	}
	runes := []rune(t.Value)
	for i := 0; i < len(runes); i++ {
		if runes[i] != '@' || i > 0 && (wordRune(runes[i-1])) {
			continue
		}
		end := i + 1
		for end < len(runes) && (runes[end] >= 'a' && runes[end] <= 'z' || runes[end] >= '0' && runes[end] <= '9') {
			end++
		}
		if end == i+1 || end < len(runes) && (runes[end] == '@' || runes[end] == '_') {
			continue
		}
		// The text may have grown by escapes; the place in the file is that of its quoted form.
		before := len([]rune(quote(string(runes[:i])))) - 1
		at := Node{person, t.Line, t.Column + before + 1}
		c.use(Ref{at, string(runes[i+1 : end])}, person)
		i = end - 1
	}
}

// likeRules narrows the rules to the family of the wrong one, "deliver." say, if it has one.
func likeRules(name string, rules []string) []string {
	family, _, _ := strings.Cut(name, ".")
	var out []string
	for _, r := range rules {
		if strings.HasPrefix(r, family+".") {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return rules
	}
	return out
}
