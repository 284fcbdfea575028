package activitylog

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"orrery/federation/observe"
)

// reasons finds, for a delivery, the fact of its cause that says for whom it is made, and puts a copy among the
// delivery's facts: "canon there follows alice" is recorded once, where the delivery was planned.
//
// It remembers the plans of a few causes, since a fan-out of hundreds shares one.
type reasons struct {
	mu    sync.Mutex
	plans map[ID][]plan
	order []ID
}

type plan struct {
	fact   Fact
	queued observe.Queued
}

const plansKept = 64

func (r *reasons) forget() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.plans, r.order = nil, nil
}

// attach is best effort: without the fact the sentence names the rule only.
func (r *reasons) attach(ctx context.Context, s Named, e *Entry) {
	x := e.Exchange
	if x.Direction != Out || x.Kind != Delivery || x.Cause == 0 {
		return
	}
	p, ok := match(r.remembered(x.Cause), x)
	if !ok {
		cause, err := s.Entries(ctx, Filter{After: x.Cause - 1, Before: x.Cause + 1, Limit: 1})
		if err != nil || len(cause) == 0 {
			return
		}
		plans := plansOf(cause[0].Facts)
		r.remember(x.Cause, plans)
		if p, ok = match(plans, x); !ok {
			return
		}
	}
	e.Facts = append(e.Facts[:len(e.Facts):len(e.Facts)], p.fact)
}

func (r *reasons) remembered(cause ID) []plan {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.plans[cause]
}

func (r *reasons) remember(cause ID, plans []plan) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.plans == nil {
		r.plans = map[ID][]plan{}
	}
	if _, known := r.plans[cause]; !known {
		r.order = append(r.order, cause)
	}
	r.plans[cause] = plans
	if len(r.order) > plansKept {
		delete(r.plans, r.order[0])
		r.order = r.order[1:]
	}
}

func plansOf(facts []Fact) []plan {
	var plans []plan
	for _, f := range facts {
		var q observe.Queued
		if f.Kind == q.Kind() && json.Unmarshal(f.Detail, &q) == nil && q.What != "fetch" {
			plans = append(plans, plan{f, q})
		}
	}
	return plans
}

// match finds the plan of a delivery: the same inbox, else the same server.
func match(plans []plan, x Exchange) (plan, bool) {
	var near *plan
	for i, p := range plans {
		if p.queued.Activity != "" && x.Activity.ID != "" && p.queued.Activity != x.Activity.ID {
			continue
		}
		if p.queued.Target == x.URL {
			return p, true
		}
		u, err := url.Parse(p.queued.Target)
		if near == nil && (p.queued.Target == x.Peer || (err == nil && strings.EqualFold(u.Host, x.Peer))) {
			near = &plans[i]
		}
	}
	if near == nil {
		return plan{}, false
	}
	return *near, true
}
