package scenarios

import (
	"context"
	"fmt"
	"strings"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// judgePeople asks the conditions about people, and those that they see on their screens.
func (r *run) judgePeople(ctx context.Context, c play.Condition) (finding, error) {
	switch c := c.(type) {
	case *play.State:
		if c.Is == "deleted" {
			return r.each(c.Posts, c.Servers, func(p *post, server string) (finding, error) { return r.deleted(ctx, p, server, c.Not) })
		}
	case *play.Account:
		return r.standing(ctx, c.Who, c.Servers, c.Is, c.Not)
	case *play.Moved:
		return r.hasMoved(ctx, c)
	case *play.Answered:
		got := r.answers[c.Attachment.Name].status
		if got == 0 {
			return finding{found: "it was not answered"}, nil
		}
		return finding{ok: got == c.Status, found: fmt.Sprintf("answered %d", got)}, nil
	}
	f, judged, err := r.screens.judge(ctx, c)
	if !judged {
		err = fmt.Errorf("nobody can judge %T", c)
	}
	return f, err
}

// deleted asks whether a server had a post and has it no more; the log tells that apart from never having had it.
func (r *run) deleted(ctx context.Context, p *post, server string, not bool) (finding, error) {
	_, there, err := r.shown(ctx, p, server)
	is := r.rec.cell(server, p.uri).State == knowledge.Gone && !there
	return finding{ok: is != not, found: fmt.Sprintf("%s is %sdeleted on %s", p.name, map[bool]string{false: "not "}[is], server)}, err
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
