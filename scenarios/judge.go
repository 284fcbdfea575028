package scenarios

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// finding is what a check found.
type finding struct {
	ok          bool
	found, near string
	rule        rules.ID // that decided what was found, "" when none did
	evidence    []activitylog.Entry
}

// judge asks the condition of a. Counts, deliveries and fetches, and the decisions behind them, are those since the step
// began, or with `overall` those of the whole run after the lab was set up.
func (r *run) judge(ctx context.Context, a *play.Assertion) (finding, error) {
	since := r.from
	if a.Overall {
		since = mark{id: r.lab.SetUpUntil}
	}
	want := rules.ID("")
	if a.Because != nil {
		want = rules.ID(a.Because.Name)
	}
	switch c := a.Condition.(type) {
	case *play.OnServers:
		return r.onServers(ctx, c, want)
	case *play.Counter:
		f, err := r.counter(ctx, c)
		return undecided(f, want), err
	case *play.Delivery:
		return r.delivery(ctx, c, since, want)
	case *play.NoDelivery:
		return r.noDelivery(ctx, c, since, want)
	case *play.Fetches:
		return r.fetches(ctx, c, since, want), nil
	case *play.Deliveries:
		return r.deliveries(c, since, want), nil
	case *play.NothingSent:
		return undecided(r.nothingSent(c, since), want), nil
	}
	if d, ok := a.Condition.(*play.Decision); ok {
		return undecided(r.decision(d, since), want), nil
	}
	f, err := r.judgePeople(ctx, a.Condition)
	return undecided(f, want), err
}

// undecided fails a check that names a rule where none decides.
func undecided(f finding, want rules.ID) finding {
	if want != "" && f.ok {
		f.ok = false
		f.found += "; no single rule decides this, so leave the because away"
	}
	return f
}

// about reports whether e is the activity that a check names, KIND(NAME).
func (r *run) about(ctx context.Context, e activitylog.Entry, a play.Activity) (bool, error) {
	got := e.Exchange.Activity
	if got.Type != a.Type {
		return false, nil
	}
	uri := r.uri(a.Of.Name)
	switch a.Type {
	case "Undo":
		object, err := r.rec.takenBack(ctx, e)
		return object == uri, err
	case "Accept", "Reject": // of a request to follow whom it names: they answer it
		return got.Actor == uri, nil
	}
	return got.Object == uri, nil
}

// describe is one entry in a line: who asked whom for what, when, and how it ended.
func (r *run) describe(ctx context.Context, e activitylog.Entry) string {
	x := e.Exchange
	s := fmt.Sprintf("entry %s  %s", x.ID, x.Instance)
	switch {
	case x.Direction == activitylog.Local:
		return s + fmt.Sprintf("  %s(%s)  +%s", x.Activity.Type, r.noun(x.Activity.Object), x.At.Sub(r.began))
	case x.Direction == activitylog.Out:
		s += " -> " + r.rec.peer(e)
	default:
		s = fmt.Sprintf("entry %s  %s -> %s", x.ID, r.rec.peer(e), x.Instance)
	}
	path := x.URL
	if u, err := url.Parse(x.URL); err == nil {
		path = u.Path
	}
	if x.Kind == activitylog.Delivery {
		object := x.Activity.Object
		if x.Activity.Type == "Undo" {
			if uri, err := r.rec.takenBack(ctx, e); err == nil {
				object = uri
			}
		} else if x.Activity.Type == "Accept" || x.Activity.Type == "Reject" {
			object = x.Activity.Actor
		}
		s += fmt.Sprintf("%s  %s(%s)", path, x.Activity.Type, r.noun(object))
	} else {
		s += fmt.Sprintf("  GET %s", r.noun(x.URL))
	}
	s += fmt.Sprintf("  +%s", x.At.Sub(r.began))
	if carrier := carrierOf(e); carrier != "" && x.Kind == activitylog.Delivery {
		s += "  signed by " + r.noun(carrier)
		if x.Activity.Actor != carrier {
			s += ", written by " + r.noun(x.Activity.Actor)
		}
	}
	switch {
	case e.Answer == nil:
		s += "  not answered"
	case e.Answer.Err != "":
		s += "  " + activitylog.Plain(e.Answer.Err, 100)
	case !taken(e):
		s += fmt.Sprintf("  answered %d", e.Answer.Status)
	}
	return s
}

func carrierOf(e activitylog.Entry) string {
	if e.State.Carrier != "" {
		return e.State.Carrier
	}
	return e.Exchange.Carrier
}

// forwarded reports whether a server that is not the author's passed e on.
func forwarded(e activitylog.Entry) bool {
	return slices.Contains(e.State.Badges, activitylog.Forwarded) && strings.HasPrefix(string(e.Exchange.Rule), "forward.")
}

// compareRule fails a finding that another rule decided.
func compareRule(f finding, want rules.ID, got []rules.ID) finding {
	got = slices.Compact(slices.Clone(got))
	if len(got) > 0 {
		f.rule = got[0]
	}
	if want == "" || !f.ok {
		return f
	}
	if slices.Contains(got, want) {
		f.rule = want
		return f
	}
	f.ok = false
	words := make([]string, len(got))
	for i, g := range got {
		words[i] = string(g)
	}
	if len(words) == 0 {
		words = []string{"no rule"}
	}
	f.found = fmt.Sprintf("it is so, but %s decided it, not %s", strings.Join(words, " and "), want)
	return f
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
