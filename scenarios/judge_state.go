package scenarios

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/clientapi"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// onServers asks whether posts are on servers, one by one; the first that is not as expected is told.
func (r *run) onServers(ctx context.Context, c *play.OnServers, want rules.ID) (finding, error) {
	var all finding
	var found []string
	for _, p := range c.Posts {
		for _, s := range c.Servers {
			f, err := r.onServer(ctx, r.posts[p.Name], s.Name, c.Not, want)
			if err != nil || !f.ok {
				return f, err
			}
			found = append(found, f.found)
			all.rule = f.rule
			if len(all.evidence) < mostEvidence {
				all.evidence = append(all.evidence, f.evidence...)
			}
		}
	}
	all.ok, all.found = true, strings.Join(found, "; ")
	return all, nil
}

func (r *run) onServer(ctx context.Context, p *post, server string, not bool, want rules.ID) (finding, error) {
	_, there, err := r.shown(ctx, p, server)
	if err != nil {
		return finding{}, err
	}
	f := finding{ok: there != not}
	if there {
		k := r.rec.cell(server, p.uri)
		f.found = fmt.Sprintf("%s is on %s", p.name, server)
		f.evidence = r.arrival(server, p, k)
		if f.ok {
			return compareRule(f, want, r.kept(server, p)), nil
		}
		f.rule = k.How
		if len(f.evidence) > 0 {
			f.near = r.describe(ctx, f.evidence[0])
		}
		return f, nil
	}
	f.found = fmt.Sprintf("%s is not on %s", p.name, server)
	if want == "" && f.ok {
		return f, nil // asking why reads bodies, and nobody asked
	}
	why, err := r.why(ctx, server, p)
	if err != nil || !f.ok {
		f.found += ": " + why.text
		f.rule, f.evidence = why.rule, why.evidence
		return f, err
	}
	return r.absence(f, want, why), nil
}

// absence compares the last rung of the ladder with what was expected.
func (r *run) absence(f finding, want rules.ID, why rung) finding {
	f.evidence = append(f.evidence, why.evidence...)
	var got []rules.ID
	if why.rule != "" {
		got = append(got, why.rule)
	}
	f = compareRule(f, want, got)
	if !f.ok {
		f.found += ": " + why.text
	}
	return f
}

// shown asks a server for a post, as each of its people, and compares with what its log says: public posts that the log knows
// must be shown, unless their author blocks all who could look, and others must not, else something is wrong here and not in the
// scenario. A server without people has nobody to ask, and then the log alone tells.
func (r *run) shown(ctx context.Context, p *post, server string) (clientapi.Status, bool, error) {
	k := r.rec.cell(server, p.uri)
	asked, hidden := false, true // from everybody who was asked
	for _, x := range r.lab.Plan.People {
		if x.Server != server {
			continue
		}
		s, ok, err := known(ctx, r.people[x.Name], p)
		if lockedOut(err) {
			continue
		}
		if err != nil {
			return s, false, err
		}
		asked = true
		if !ok && k.State.Has() && p.public && hidden {
			if hidden, err = r.lab.Hidden(ctx, x.Name, p.author.name); err != nil {
				return s, false, err
			}
		}
		if !ok {
			continue
		}
		if !k.State.Has() {
			return s, false, fmt.Errorf("%s shows %s to %s, but its log never learned of it: this is a fault of the program", server, p.name, x.Name)
		}
		return s, true, nil
	}
	if asked && k.State.Has() && p.public && !hidden {
		return clientapi.Status{}, false, fmt.Errorf("the log of %s knows %s, but nobody there is shown it: this is a fault of the program", server, p.name)
	}
	return clientapi.Status{}, !asked && k.State.Has() && p.public, nil
}

// lockedOut reports whether err says that somebody is suspended, and so is shown nothing at all.
func lockedOut(err error) bool {
	var answer *clientapi.ResponseError
	return errors.As(err, &answer) && answer.Status == http.StatusForbidden
}

// kept are the rules by which a server came to have p in this step, or in this run for the lines of a vary.
func (r *run) kept(server string, p *post) []rules.ID {
	var out []rules.ID
	for _, f := range r.rec.facts[server] {
		if f.Object != p.uri || f.Pos <= r.from.pos && !r.deciding {
			continue
		}
		var d observe.Decided
		switch f.Kind {
		case observe.Learned{}.Kind():
			out = append(out, f.Rule)
		case d.Kind():
			if json.Unmarshal(f.Detail, &d) == nil && d.Outcome == observe.Accepted {
				out = append(out, f.Rule)
			}
		}
	}
	return out
}

// arrival are the entries that brought p to a server: the GET it was read with, or what the fact belongs to.
func (r *run) arrival(server string, p *post, k knowledge.Cell) []activitylog.Entry {
	for _, e := range r.rec.fetched(mark{}) {
		if e.Exchange.Instance == server && e.Exchange.URL == p.uri && e.Pos <= k.Pos {
			return []activitylog.Entry{e}
		}
	}
	if e, ok := r.rec.entry(k.Entry); ok {
		return []activitylog.Entry{e}
	}
	return nil
}
