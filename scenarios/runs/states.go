package runs

import (
	"context"
	"slices"

	"orrery/activitylog/kept"
)

// State is a run, wherever it is; kept.ErrNoRun when there is none of that id. Of one that has ended it holds everything.
func (d *Desk) State(ctx context.Context, id string) (State, error) {
	d.mu.Lock()
	for _, t := range d.waiting() {
		if t.id == id {
			defer d.mu.Unlock()
			return d.state(t), nil
		}
	}
	d.mu.Unlock()
	run, err := d.Store.KeptRun(ctx, id)
	return State{Run: run, Phase: Ended}, err
}

// List are the runs of an owner, or of all with everyone: on the first page those that have not ended, newest first, then
// those that are kept. before is the id of the last run of the page before, "" for the first page.
func (d *Desk) List(ctx context.Context, owner string, everyone bool, before string, limit int) ([]State, error) {
	var all []State
	d.mu.Lock()
	for _, t := range d.waiting() {
		if before == "" && (everyone || t.Owner == owner) {
			all = append(all, d.state(t))
		}
	}
	d.mu.Unlock()
	rows, err := d.Store.KeptRuns(ctx, owner, everyone, before, limit)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		if slices.ContainsFunc(all, func(s State) bool { return s.ID == r.ID }) {
			continue // it was just written down
		}
		all = append(all, State{Run: r, Phase: Ended})
	}
	return all, nil
}

// waiting are the runs that have not ended, the newest first. The lock is held.
func (d *Desk) waiting() []*ticket {
	var all []*ticket
	for _, t := range slices.Backward(slices.Concat(d.running, d.queue)) {
		if t.trial == nil && t.ctx.Err() == nil {
			all = append(all, t)
		}
	}
	return all
}

// state is a run that has not ended. The lock is held.
func (d *Desk) state(t *ticket) State {
	s := State{
		Run:   kept.Run{ID: t.id, Owner: t.Owner, Name: t.Name, Title: t.file.Title(), Policy: t.Policy, Seed: t.Seed, Started: t.asked, Source: t.Source},
		Phase: Running, Line: t.line, Vary: t.vary, Done: t.done, Of: t.lines,
	}
	for i, x := range d.queue {
		if x == t {
			s.Phase, s.Place = Queued, i+1
		}
	}
	if s.Phase == Running {
		s.Started, s.Took = t.began, d.Clock.Now().Sub(t.began)
	}
	return s
}

// at notes which line a run has come to.
func (d *Desk) at(t *ticket, vary string, line int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if t.line != 0 {
		t.done++
	}
	t.line, t.vary = line, vary
}
