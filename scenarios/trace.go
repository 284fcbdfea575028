package scenarios

import (
	"context"
	"slices"

	"orrery/activitylog"
)

// traced is what the record needs to say later what a line made: where the log stood before it and after it.
type traced struct {
	step, line   int
	kind         string
	before, then mark
}

// trace notes where the log stands after a line.
func (r *run) trace(ctx context.Context, kind string, line int, before mark) (mark, error) {
	if !r.tracing {
		return mark{}, nil
	}
	if err := r.rec.read(ctx); err != nil {
		return mark{}, err
	}
	now := r.rec.now()
	r.traces = append(r.traces, traced{len(r.steps), line, kind, before, now})
	return now, nil
}

// explain gives every line the entries and decisions that it made. What an action leads to happens in later lines; it is
// found by its root.
func (r *run) explain() {
	for _, t := range r.traces {
		l := &r.steps[t.step].Lines[t.line]
		mine := func(e activitylog.Entry) bool { return e.Exchange.ID > t.before.id && e.Exchange.ID <= t.then.id }
		roots := map[activitylog.ID]bool{}
		for _, e := range r.rec.entries {
			if mine(e) && t.kind != WaitLine {
				roots[e.Exchange.ID], roots[e.Exchange.Root] = true, true
			}
		}
		if t.kind == CheckLine {
			continue // it only looks
		}
		r.received(roots)
		for _, e := range r.rec.entries {
			if x := e.Exchange; (mine(e) || roots[x.Root]) && x.Direction != activitylog.In {
				l.Made = append(l.Made, Made{x.ID.String(), activitylog.Sentence(e, r.rec.names)})
			}
		}
		l.Decisions = r.decisions(t, roots)
	}
	for i := range r.steps {
		var from, to mark
		for _, t := range r.traces {
			if t.step == i && (t.line == 0 || from == mark{}) {
				from = t.before
			}
			if t.step == i {
				to = t.then
			}
		}
		var entries []activitylog.Entry
		for _, e := range r.rec.entries {
			if e.Exchange.ID > from.id && e.Exchange.ID <= to.id {
				entries = append(entries, e)
			}
		}
		r.steps[i].Diagram = sequence(r.rec.names, entries, r.noun)
	}
}

// received adds what arrived elsewhere because of the roots, and what that led to: entries are in the order of time, and
// both ends of a request have the same pair.
func (r *run) received(roots map[activitylog.ID]bool) {
	pairs := map[string]bool{}
	for _, e := range r.rec.entries {
		switch x := e.Exchange; {
		case x.Pair == "":
		case x.Direction == activitylog.Out && roots[x.Root]:
			pairs[x.Pair] = true
		case x.Direction == activitylog.In && pairs[x.Pair]:
			roots[x.ID], roots[x.Root] = true, true
		}
	}
}

// decisions are the rules by which servers decided in what a line made, each with its server once.
func (r *run) decisions(t traced, roots map[activitylog.ID]bool) []string {
	var out []string
	for _, h := range r.lab.Hosts {
		for _, f := range r.rec.facts[h.Name] {
			during := f.Pos > t.before.pos && f.Pos <= t.then.pos
			said := h.Name + ": " + string(f.Rule)
			if f.Rule != "" && (during || roots[f.Root]) && !slices.Contains(out, said) {
				out = append(out, said)
			}
		}
	}
	return out
}
