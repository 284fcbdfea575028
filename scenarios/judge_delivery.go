package scenarios

import (
	"context"
	"encoding/json"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// mostEvidence is how many entries a check shows.
const mostEvidence = 12

// delivery asks for a delivery, or for one that was passed on.
func (r *run) delivery(ctx context.Context, c *play.Delivery, since mark, want rules.ID) (finding, error) {
	if c.Failed {
		return r.failedDelivery(ctx, c, since, want)
	}
	var f finding
	var decided []rules.ID
	for _, e := range r.rec.sent(since) {
		same, err := r.about(ctx, e, c.Activity)
		if err != nil {
			return f, err
		}
		if same && r.fits(e, c) == 0 {
			f.ok = true
			f.evidence = append(f.evidence, e)
			decided = append(decided, e.Exchange.Rule)
		}
	}
	if f.ok {
		f.found = plural(len(f.evidence), "such delivery", "such deliveries")
		return compareRule(f, want, decided), nil
	}
	f.found = "no such delivery"
	near, where, err := r.nearest(ctx, c, since)
	if err != nil || near == nil {
		return f, err
	}
	f.near, f.evidence, f.rule = r.describe(ctx, *near)+where, []activitylog.Entry{*near}, near.Exchange.Rule
	return f, nil
}

// failedDelivery asks for a try of a delivery that was not taken.
func (r *run) failedDelivery(ctx context.Context, c *play.Delivery, since mark, want rules.ID) (finding, error) {
	f := finding{found: "no such try failed"}
	var decided []rules.ID
	for _, e := range r.rec.tried(since) {
		same, err := r.about(ctx, e, c.Activity)
		if err != nil {
			return f, err
		}
		if !same || r.fits(e, c) != 0 {
			continue
		}
		if taken(e) {
			f.near = r.describe(ctx, e)
			continue
		}
		f.evidence = append(f.evidence, e)
		decided = append(decided, e.Exchange.Rule)
		for _, fact := range e.Facts {
			if fact.Rule != "" {
				decided = append(decided, fact.Rule)
			}
		}
	}
	if f.ok = len(f.evidence) > 0; !f.ok {
		return f, nil
	}
	f.found, f.near = plural(len(f.evidence), "try failed", "tries failed"), ""
	f.evidence = f.evidence[:min(len(f.evidence), mostEvidence)]
	return compareRule(f, want, decided), nil
}

// fits counts what keeps e from being the delivery of c, its activity apart.
func (r *run) fits(e activitylog.Entry, c *play.Delivery) (wrong int) {
	x := e.Exchange
	for _, bad := range []bool{
		x.Instance != c.From.Name,
		r.rec.peer(e) != c.To.Name,
		c.Forward && !forwarded(e),
		c.SharedInbox && x.URL != r.lab.Host(c.To.Name).Instance.Config.Origin+"/inbox",
		c.SignedBy != nil && carrierOf(e) != r.uri(c.SignedBy.Name),
		c.WrittenBy != nil && x.Activity.Actor != r.uri(c.WrittenBy.Name),
	} {
		if bad {
			wrong++
		}
	}
	return wrong
}

// nearest is the try of a delivery that comes closest to c: one of the same activity in this step, else of the same before
// it, else of another activity in this step if that is wrong in one thing at most. nil when nothing resembles it.
func (r *run) nearest(ctx context.Context, c *play.Delivery, since mark) (near *activitylog.Entry, where string, err error) {
	for _, look := range []struct {
		from  mark
		same  bool
		far   int
		where string
	}{{since, true, 7, ""}, {mark{}, true, 7, "  (before this step)"}, {since, false, 2, ""}} {
		best := look.far
		for _, e := range r.rec.tried(look.from) {
			same, err := r.about(ctx, e, c.Activity)
			if err != nil {
				return nil, "", err
			}
			if wrong := r.fits(e, c); same == look.same && wrong < best {
				best, near = wrong, &e
			}
		}
		if near != nil {
			return near, look.where, nil
		}
	}
	return nil, "", nil
}

// noDelivery asks that an activity was not delivered, or not passed on, to one server or to any.
func (r *run) noDelivery(ctx context.Context, c *play.NoDelivery, since mark, want rules.ID) (finding, error) {
	var f finding
	for _, e := range r.rec.sent(since) {
		same, err := r.about(ctx, e, c.Activity)
		if err != nil {
			return f, err
		}
		if same && (c.To == nil || r.rec.peer(e) == c.To.Name) && (!c.Forward || forwarded(e)) {
			f.evidence = append(f.evidence, e)
		}
	}
	if n := len(f.evidence); n > 0 {
		f.found, f.rule = plural(n, "delivery", "deliveries"), f.evidence[0].Exchange.Rule
		f.near = r.describe(ctx, f.evidence[0])
		return f, nil
	}
	f.ok, f.found = true, "none"
	post := r.posts[c.Activity.Of.Name]
	switch {
	case want == "":
		return f, nil
	case c.Forward && post != nil:
		return compareRule(f, want, r.notPassedOn(post, since)), nil
	case c.Activity.Type == "Create" && c.To != nil && post != nil:
		why, err := r.why(ctx, c.To.Name, post)
		return r.absence(f, want, why), err
	}
	return undecided(f, want), nil
}

// notPassedOn are the rules by which servers that got p since m did not forward it.
func (r *run) notPassedOn(p *post, since mark) []rules.ID {
	names := map[string]bool{p.uri: true} // such a fact names the post, or the activity about it
	for _, e := range r.rec.entries {
		if a := e.Exchange.Activity; a.Object == p.uri && a.ID != "" {
			names[a.ID] = true
		}
	}
	var out []rules.ID
	for _, h := range r.lab.Hosts {
		for _, s := range r.skipped(h.Name, "forward") {
			if names[s.target] && s.fact.Pos > since.pos {
				out = append(out, s.fact.Rule)
			}
		}
	}
	return out
}

type skip struct {
	fact   activitylog.Fact
	target string
}

// skipped are the facts of a server about work that does not follow.
func (r *run) skipped(server, what string) []skip {
	var out []skip
	for _, f := range r.rec.facts[server] {
		var s observe.Skipped
		if f.Kind == s.Kind() && json.Unmarshal(f.Detail, &s) == nil && s.What == what {
			out = append(out, skip{f, s.Target})
		}
	}
	return out
}

// deliveries asks how many deliveries there were of anything, between any two servers.
func (r *run) deliveries(c *play.Deliveries, since mark, want rules.ID) finding {
	all := r.rec.sent(since)
	f := finding{ok: len(all) == c.N, found: plural(len(all), "delivery", "deliveries"), evidence: all[:min(len(all), mostEvidence)]}
	if want == "" || !f.ok {
		return f
	}
	for _, e := range all {
		if e.Exchange.Rule != want {
			f.evidence = []activitylog.Entry{e}
			return compareRule(f, want, []rules.ID{e.Exchange.Rule})
		}
	}
	f.rule = want
	return f
}

// nothingSent asks that a server delivered nothing.
func (r *run) nothingSent(c *play.NothingSent, since mark) finding {
	f := finding{found: "nothing"}
	for _, e := range r.rec.sent(since) {
		if e.Exchange.Instance == c.By.Name && len(f.evidence) < mostEvidence {
			f.evidence = append(f.evidence, e)
		}
	}
	if f.ok = len(f.evidence) == 0; !f.ok {
		f.found, f.rule = plural(len(f.evidence), "delivery", "deliveries"), f.evidence[0].Exchange.Rule
	}
	return f
}
