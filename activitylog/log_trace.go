package activitylog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Trace is what one action of a person caused, on every server of the log.
type Trace struct {
	Action Entry
	Steps  []Step // in the order in which they began
	// More says that there were more steps than a trace holds.
	More bool
}

// Step is one request that the action caused, as its sender recorded it, and how the other side took it.
type Step struct {
	Entry Entry
	Taken *Entry // nil when the other side keeps no log here, or has not yet recorded it
}

// Took is how long it took from the action to the last answer; 0 while nothing has been answered.
func (t Trace) Took() time.Duration {
	var took time.Duration
	for _, s := range t.Steps {
		if a := s.Entry.Answer; a != nil {
			took = max(took, s.Entry.Exchange.At.Add(a.Took).Sub(t.Action.Exchange.At))
		}
	}
	return took
}

// Waiting reports whether a request of the trace has no answer yet.
func (t Trace) Waiting() bool {
	return slices.ContainsFunc(t.Steps, func(s Step) bool { return s.Entry.Answer == nil })
}

const maxSteps = 250

// Trace returns the newest local action of actor and what it caused, or ErrNoEntry when there is none.
//
// Causes do not travel on the wire, so a server that receives something begins a chain of its own. The chains are joined
// where both sides recorded the same request: so key look-ups, forwards and gap fills on other servers belong to it.
func (l *Log) Trace(ctx context.Context, actor string) (Trace, error) {
	newest, err := l.Entries(ctx, Filter{Actor: actor, Directions: []Direction{Local}, Limit: 1})
	if err != nil {
		return Trace{}, err
	}
	if len(newest) == 0 {
		return Trace{}, fmt.Errorf("newest action of %s: %w", actor, ErrNoEntry)
	}
	t := Trace{Action: newest[0]}
	first := t.Action.Exchange.Root
	if first == 0 {
		first = t.Action.Exchange.ID
	}
	chains, known := []ID{first}, map[ID]bool{first: true, 0: true}
	for len(chains) > 0 && !t.More {
		chain, err := l.Entries(ctx, Filter{Root: chains[0], Limit: MaxLimit})
		if err != nil {
			return Trace{}, err
		}
		chains = chains[1:]
		t.More = len(chain) == MaxLimit
		for _, e := range chain {
			if e.Exchange.Direction != Out {
				continue
			}
			step := Step{Entry: e}
			taken, err := l.Counterpart(ctx, e)
			if err != nil && !errors.Is(err, ErrNoEntry) {
				return Trace{}, err
			}
			if err == nil {
				step.Taken = &taken
				if root := taken.Exchange.Root; !known[root] {
					known[root] = true
					chains = append(chains, root)
				}
			}
			if len(t.Steps) == maxSteps {
				t.More = true
				break
			}
			t.Steps = append(t.Steps, step)
		}
	}
	slices.SortStableFunc(t.Steps, func(a, b Step) int {
		if c := a.Entry.Exchange.At.Compare(b.Entry.Exchange.At); c != 0 {
			return c
		}
		return cmp.Compare(a.Entry.Exchange.ID, b.Entry.Exchange.ID)
	})
	return t, nil
}
