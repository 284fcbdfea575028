package views

import (
	"strconv"
	"time"

	"orrery/activitylog"
)

// TraceView is what somebody's last action caused on the wire.
type TraceView struct {
	Trace   activitylog.Trace
	Some    bool // false when they have done nothing yet
	Reading Reading
}

// traceStep is one rung: a request, or several look-ups of one server in a row.
type traceStep struct {
	words, note string
	hue         int
	entry       activitylog.ID
}

// steps tells the requests in order; look-ups in a row are one step.
func (v TraceView) steps() []traceStep {
	var steps []traceStep
	lookups := 0 // of the last step
	for _, s := range v.Trace.Steps {
		x := s.Entry.Exchange
		step := traceStep{words: activitylog.Sentence(s.Entry, v.Reading.Names), note: v.note(s), hue: Hue(x.Instance), entry: x.ID}
		if !s.Entry.Plumbing() {
			lookups = 0
			steps = append(steps, step)
			continue
		}
		if lookups > 0 && steps[len(steps)-1].hue == step.hue {
			lookups++
			last := &steps[len(steps)-1]
			last.note = count(lookups, "look-up", "look-ups") + " in a row; this was the first"
			continue
		}
		lookups = 1
		steps = append(steps, step)
	}
	return steps
}

func (v TraceView) note(s activitylog.Step) string {
	a := s.Entry.Answer
	if a == nil {
		return "waiting for the answer"
	}
	note := ""
	if a.Status > 0 {
		note = strconv.Itoa(a.Status)
		if a.Took > 0 {
			note += " in " + tookWords(a.Took)
		}
	}
	if s.Taken != nil && s.Taken.State.Rule != "" && s.Entry.Exchange.Kind == activitylog.Delivery {
		if did := map[string]string{"accepted": "kept", "dropped": "dropped", "rejected": "refused"}[string(s.Taken.State.Outcome)]; did != "" {
			note += " · " + did + ": " + activitylog.Clause(s.Taken.State.Rule)
		}
	}
	return note
}

// time says how long everything took.
func (v TraceView) time() string {
	switch took := v.Trace.Took(); {
	case len(v.Trace.Steps) == 0:
		return "It caused no requests so far."
	case v.Trace.Waiting():
		return "Some requests have no answer yet."
	case took <= 0:
		return "Every request it caused has been answered."
	default:
		return "It took " + tookWords(took) + " until every request it caused was answered."
	}
}

func tookWords(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "less than a millisecond"
	case d < 2*time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	}
	return d.Round(100 * time.Millisecond).String()
}
