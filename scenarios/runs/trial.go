package runs

import (
	"errors"
	"slices"

	"orrery/activitylog/kept"
	"orrery/scenarios"
)

// A trial is a question about a run: the changes that may alter the answer are tried out, each in a run of its own. It waits
// its turn among the runs and has their limits; its answer is kept in memory only, for it can be asked again.

// trial is what was asked, of which run.
type trial struct {
	run string
	q   scenarios.Asked
}

// verdict is a trial that has come to its end.
type verdict struct {
	trial
	answer  scenarios.Explained
	stopped string
}

// Trial is how far a question has come.
type Trial struct {
	Phase Phase
	Place int // in the queue, from 1; 0 when it does not wait
	Done  int // lines carried out, in all runs
	// Answer is there when it has ended, unless Stopped says why there is none.
	Answer  scenarios.Explained
	Stopped string
}

// mostTrials is how many answers stay in memory.
const mostTrials = 100

// Try has the changes that may alter an answer tried out, unless that was done or is under way. owner is who asks, and from
// the address, "" when it does not count; a FullError says that there is no room.
func (d *Desk) Try(r kept.Run, q scenarios.Asked, owner, from string) (Trial, error) {
	if now, ok := d.Trial(r.ID, q); ok {
		return now, nil
	}
	a := Ask{Owner: owner, From: from, Name: r.Name, Source: r.Source, Policy: r.Policy, Seed: r.Seed}
	file, problems := d.read(a)
	if len(problems) > 0 {
		return Trial{Phase: Ended, Stopped: "the script of the run is no longer right for this program: " + problems[0].Message}, nil
	}
	t := d.ticket(a, "", file, d.Clock.Now())
	t.trial = &trial{r.ID, q}
	d.mu.Lock()
	defer d.mu.Unlock()
	if now, ok := d.tried(r.ID, q); ok { // somebody else was quicker
		return now, nil
	}
	if err := d.room(a); err != nil {
		t.cancel(err)
		return Trial{}, err
	}
	d.queue = append(d.queue, t)
	d.begin()
	now, _ := d.tried(r.ID, q)
	return now, nil
}

// Trial is how far a question has come; false when nobody asked it, or long ago.
func (d *Desk) Trial(run string, q scenarios.Asked) (Trial, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tried(run, q)
}

// tried is Trial. The lock is held.
func (d *Desk) tried(run string, q scenarios.Asked) (Trial, bool) {
	is := func(t *ticket) bool { return t.trial != nil && *t.trial == trial{run, q} }
	if i := slices.IndexFunc(d.queue, is); i >= 0 {
		return Trial{Phase: Queued, Place: i + 1}, true
	}
	if i := slices.IndexFunc(d.running, is); i >= 0 {
		return Trial{Phase: Running, Done: d.running[i].done}, true
	}
	if i := slices.IndexFunc(d.trials, func(e *verdict) bool { return e.trial == trial{run, q} }); i >= 0 {
		return Trial{Phase: Ended, Answer: d.trials[i].answer, Stopped: d.trials[i].stopped}, true
	}
	return Trial{}, false
}

// answer carries a trial out.
func (d *Desk) answer(t *ticket) {
	e := &verdict{trial: *t.trial}
	err := d.apart(t, func(o scenarios.Options) (err error) {
		e.answer, err = scenarios.Why(t.ctx, t.file, t.trial.q, o)
		return err
	})
	var limit *scenarios.LimitError
	switch {
	case t.ctx.Err() != nil:
		return
	case errors.As(err, &limit):
		e.stopped = limit.Error()
	case err != nil:
		d.Slog.Error("try out what would have changed a run", "run", t.trial.run, "err", err)
		e.stopped = "it could not be tried out, through no fault of the script; the reason is in this server's own log"
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.trials = append(d.trials, e); len(d.trials) > mostTrials {
		d.trials = d.trials[1:]
	}
}
