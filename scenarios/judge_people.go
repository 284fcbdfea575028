package scenarios

import (
	"context"
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/clientapi"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// newest is how many entries of a timeline a check looks at, the most that an app may ask for at once.
const newest = 40

// judgePeople asks the conditions that people can see on their screens.
func (r *run) judgePeople(ctx context.Context, c play.Condition) (finding, error) {
	switch c := c.(type) {
	case *play.InTimeline:
		return r.inTimeline(ctx, c)
	case *play.State:
		return r.each(c.Posts, c.Servers, func(p *post, server string) (finding, error) { return r.state(ctx, p, server, c) })
	case *play.Shows:
		return r.each([]play.PostRef{c.Post}, c.Servers, func(p *post, server string) (finding, error) { return r.shows(ctx, p, server, c) })
	case *play.Relation:
		return r.relation(ctx, c)
	case *play.Account:
		return r.standing(ctx, c.Who, c.Servers, c.Is, c.Not)
	case *play.Moved:
		return r.hasMoved(ctx, c)
	case *play.Notified:
		return r.notified(ctx, c)
	case *play.Answered:
		got := r.answers[c.Attachment.Name].status
		if got == 0 {
			return finding{found: "it was not answered"}, nil
		}
		return finding{ok: got == c.Status, found: fmt.Sprintf("answered %d", got)}, nil
	}
	return finding{}, fmt.Errorf("nobody can judge %T", c)
}

// each asks the same of every post on every server and joins what was found; the first that is not so is told.
func (r *run) each(posts []play.PostRef, servers []play.ServerRef, ask func(*post, string) (finding, error)) (finding, error) {
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

// viewer is somebody who lives on a server and can be asked what it shows.
func (r *run) viewer(server string) *person {
	for _, x := range r.lab.Plan.People {
		if x.Server == server {
			return r.people[x.Name]
		}
	}
	return nil
}

func (r *run) inTimeline(ctx context.Context, c *play.InTimeline) (finding, error) {
	who := r.people[c.Of.Name]
	if who == nil {
		h := r.lab.Host(c.Of.Name)
		who = &person{name: "anybody", server: h.Name, api: &clientapi.Client{BaseURL: h.Instance.Config.Origin, HTTP: r.lab.Client()}}
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

// state asks whether a post is edited, deleted or pinned.
func (r *run) state(ctx context.Context, p *post, server string, c *play.State) (finding, error) {
	s, there, err := r.shown(ctx, p, server)
	if err != nil {
		return finding{}, err
	}
	is := false
	switch {
	case c.Is == "deleted":
		is = r.rec.cell(server, p.uri).State == knowledge.Gone && !there
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

func (r *run) shows(ctx context.Context, p *post, server string, c *play.Shows) (finding, error) {
	s, there, err := r.shown(ctx, p, server)
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
func (r *run) relation(ctx context.Context, c *play.Relation) (finding, error) {
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

func (r *run) standing(ctx context.Context, who play.PersonRef, servers []play.ServerRef, is string, not bool) (finding, error) {
	f := finding{ok: true}
	var found []string
	for _, s := range servers {
		st, err := r.lab.Stands(ctx, s.Name, who.Name)
		if err != nil {
			return finding{}, err
		}
		got := map[string]bool{"known": st.Known, "silenced": st.Silenced, "suspended": st.Suspended}[is]
		f.ok = f.ok && got != not
		found = append(found, fmt.Sprintf("%s is %s%s on %s", who.Name, map[bool]string{false: "not "}[got], is, s.Name))
	}
	f.found = strings.Join(found, "; ")
	return f, nil
}

func (r *run) hasMoved(ctx context.Context, c *play.Moved) (finding, error) {
	f := finding{ok: true}
	var found []string
	for _, s := range c.Servers {
		st, err := r.lab.Stands(ctx, s.Name, c.Who.Name)
		if err != nil {
			return finding{}, err
		}
		where := "nowhere"
		if st.MovedTo != "" {
			where = "to " + r.noun(st.MovedTo)
		}
		f.ok = f.ok && (st.MovedTo == r.uri(c.To.Name)) != c.Not
		found = append(found, fmt.Sprintf("on %s %s moved %s", s.Name, c.Who.Name, where))
	}
	f.found = strings.Join(found, "; ")
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

func (r *run) notified(ctx context.Context, c *play.Notified) (finding, error) {
	who := r.people[c.Who.Name]
	all, err := who.api.Notifications(ctx, clientapi.Cursor{Limit: newest})
	if err != nil {
		return finding{}, refused(who, err)
	}
	var found []string
	is := false
	for _, n := range all {
		s := n.Type + " by " + r.noun(n.Account.URI)
		about := ""
		if n.Status != nil {
			about = r.noun(n.Status.URI)
			s += " about " + about
		}
		found = append(found, s)
		is = is || n.Type == kindOfNotification(c.Of) && (c.By == nil || n.Account.URI == r.uri(c.By.Name)) && (c.About == nil || about == c.About.Name)
	}
	return finding{ok: is != c.Not, found: fmt.Sprintf("%s is notified of: %s", who.name, orNothing(found))}, nil
}

// decision asks whether a server decided something by a rule since m.
func (r *run) decision(c *play.Decision, since mark) finding {
	f := finding{found: "no such decision", rule: rules.ID(c.Rule.Name)}
	uri := ""
	if c.About != nil {
		uri = r.uri(c.About.Name)
	}
	about := func(e activitylog.Entry) bool {
		a := e.Exchange.Activity
		return uri == "" || a.Object == uri || a.Actor == uri || e.Exchange.URL == uri
	}
	n := 0
	seen := map[activitylog.ID]bool{}
	note := func(e activitylog.Entry) {
		if !seen[e.Exchange.ID] && len(f.evidence) < mostEvidence {
			f.evidence = append(f.evidence, e)
		}
		seen[e.Exchange.ID] = true
	}
	for _, fact := range r.rec.facts[c.On.Name] {
		e, there := r.rec.entry(fact.Exchange)
		if string(fact.Rule) != c.Rule.Name || fact.Pos <= since.pos || uri != "" && fact.Object != uri && (!there || !about(e)) {
			continue
		}
		if n++; there {
			note(e)
		}
	}
	for _, e := range r.rec.entries {
		x := e.Exchange
		if x.Instance == c.On.Name && x.ID > since.id && string(x.Rule) == c.Rule.Name && about(e) {
			n++
			note(e)
		}
	}
	if n > 0 {
		f.found = plural(n, "such decision", "such decisions")
	}
	f.ok = (n > 0) != c.No
	return f
}
