package scenarios

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"orrery/clientapi"
	"orrery/scenarios/play"
)

// newest is how many entries of a timeline a check looks at, the most that an app may ask for at once.
const newest = 40

// judge asks the conditions that people can see on their screens; judged is false for those that they cannot.
func (r *screens) judge(ctx context.Context, c play.Condition) (f finding, judged bool, err error) {
	switch c := c.(type) {
	case *play.Counter:
		f, err = r.counter(ctx, c)
	case *play.InTimeline:
		f, err = r.inTimeline(ctx, c)
	case *play.State:
		if c.Is == "deleted" {
			return f, false, nil
		}
		f, err = r.each(c.Posts, c.Servers, func(p *post, server string) (finding, error) { return r.state(ctx, p, server, c) })
	case *play.Shows:
		f, err = r.each([]play.PostRef{c.Post}, c.Servers, func(p *post, server string) (finding, error) { return r.shows(ctx, p, server, c) })
	case *play.Relation:
		f, err = r.relation(ctx, c)
	case *play.Notified:
		f, err = r.notified(ctx, c)
	default:
		return f, false, nil
	}
	return f, true, err
}

// each asks the same of every post on every server and joins what was found; the first that is not so is told.
func (r *screens) each(posts []play.PostRef, servers []play.ServerRef, ask func(*post, string) (finding, error)) (finding, error) {
	var found []string
	for _, p := range posts {
		for _, s := range servers {
			f, err := ask(r.posts[p.Name], s.Name)
			if err != nil || !f.ok {
				return f, err
			}
			found = append(found, f.found)
		}
	}
	return finding{ok: true, found: strings.Join(found, "; ")}, nil
}

func (r *screens) inTimeline(ctx context.Context, c *play.InTimeline) (finding, error) {
	who := r.people[c.Of.Name]
	if who == nil {
		who = &person{name: "anybody", server: c.Of.Name, api: r.anybody(c.Of.Name)}
	}
	page := clientapi.Cursor{Limit: newest}
	var shown []clientapi.Status
	var err error
	switch c.Timeline {
	case "home":
		shown, err = who.api.Home(ctx, page)
	case "tag":
		shown, err = who.api.Tag(ctx, c.Tag.Name, page)
	default:
		shown, err = who.api.Public(ctx, c.Timeline == "local", page)
	}
	if err != nil {
		return finding{}, refused(who, err)
	}
	var there []string
	for _, s := range shown {
		if s.Reblog != nil {
			s = *s.Reblog
		}
		there = append(there, r.noun(s.URI))
	}
	f := finding{ok: true, found: "it shows " + orNothing(there)}
	for _, p := range c.Posts {
		f.ok = f.ok && slices.Contains(there, p.Name) != c.Not
	}
	return f, nil
}

func orNothing(names []string) string {
	if len(names) == 0 {
		return "nothing"
	}
	return strings.Join(names, ", ")
}

// state asks whether a post is edited or pinned.
func (r *screens) state(ctx context.Context, p *post, server string, c *play.State) (finding, error) {
	s, there, err := r.look(ctx, p, server)
	if err != nil {
		return finding{}, err
	}
	is := false
	switch {
	case !there || s.URI == "":
		return finding{found: fmt.Sprintf("nobody on %s is shown %s", server, p.name)}, nil
	case c.Is == "edited":
		is = s.EditedAt != nil
	default:
		pinned, err := r.viewer(server).api.Pinned(ctx, s.Account.ID)
		if err != nil {
			return finding{}, err
		}
		is = slices.ContainsFunc(pinned, func(x clientapi.Status) bool { return x.URI == p.uri })
	}
	not := map[bool]string{false: "not "}[is]
	return finding{ok: is != c.Not, found: fmt.Sprintf("%s is %s%s on %s", p.name, not, c.Is, server)}, nil
}

var tag = regexp.MustCompile(`<[^>]*>`)

// words is what a post says without its mark-up.
func words(s clientapi.Status) string {
	text := html.UnescapeString(tag.ReplaceAllString(strings.NewReplacer("</p>", " ", "<br>", " ", "<br />", " ").Replace(s.Content), ""))
	return strings.Join(strings.Fields(text), " ")
}

func (r *screens) shows(ctx context.Context, p *post, server string, c *play.Shows) (finding, error) {
	s, there, err := r.look(ctx, p, server)
	if err != nil {
		return finding{}, err
	}
	if !there || s.URI == "" {
		return finding{found: fmt.Sprintf("nobody on %s is shown %s", server, p.name)}, nil
	}
	f := finding{found: fmt.Sprintf("%s shows %q", server, words(s))}
	if s.SpoilerText != "" {
		f.found += fmt.Sprintf(" behind %q", s.SpoilerText)
	}
	contains := strings.Contains(words(s), c.Text.Value) || strings.Contains(s.SpoilerText, c.Text.Value)
	f.ok = contains != c.Not
	return f, nil
}

// relation asks the first person's server.
func (r *screens) relation(ctx context.Context, c *play.Relation) (finding, error) {
	who, whom := r.people[c.Who.Name], r.people[c.Whom.Name]
	id, err := r.account(ctx, who, whom, false)
	var unknown *cannotError
	if errors.As(err, &unknown) {
		return finding{ok: c.Not, found: fmt.Sprintf("%s does not know %s", who.server, whom.name)}, nil
	}
	if err != nil {
		return finding{}, err
	}
	all, err := who.api.Relationships(ctx, id)
	if err != nil || len(all) != 1 {
		return finding{}, fmt.Errorf("how %s stands to %s: got %d answers: %w", who.name, whom.name, len(all), err)
	}
	got := all[0]
	stands := []struct {
		word string
		is   bool
	}{
		{"following", got.Following}, {"followed", got.FollowedBy}, {"waiting", got.Requested}, {"asked", got.RequestedBy},
		{"blocking", got.Blocking || got.DomainBlocking}, {"muting", got.Muting},
	}
	var holds []string
	f := finding{}
	for _, s := range stands {
		if s.is {
			holds = append(holds, s.word)
		}
		if s.word == c.Is {
			f.ok = s.is != c.Not
		}
	}
	f.found = fmt.Sprintf("%s to %s on %s: %s", who.name, whom.name, who.server, orNothing(holds))
	return f, nil
}

// kindOfNotification is Mastodon's name for what a script calls otherwise.
func kindOfNotification(word string) string {
	if name, ok := map[string]string{
		"boost": "reblog", "like": "favourite", "follow-request": "follow_request", "edit": "update", "post": "status",
	}[word]; ok {
		return name
	}
	return word
}

func (r *screens) notified(ctx context.Context, c *play.Notified) (finding, error) {
	who := r.people[c.Who.Name]
	all, err := who.api.Notifications(ctx, clientapi.Cursor{Limit: newest})
	if err != nil {
		return finding{}, refused(who, err)
	}
	var found []string
	is := false
	for _, n := range all {
		s := n.Type + " by " + r.noun(cmp.Or(n.Account.URI, n.Account.URL))
		about := ""
		if n.Status != nil {
			about = r.noun(n.Status.URI)
			s += " about " + about
		}
		found = append(found, s)
		is = is || n.Type == kindOfNotification(c.Of) && (c.By == nil || cmp.Or(n.Account.URI, n.Account.URL) == r.uri(c.By.Name)) && (c.About == nil || about == c.About.Name)
	}
	return finding{ok: is != c.Not, found: fmt.Sprintf("%s is notified of: %s", who.name, orNothing(found))}, nil
}
