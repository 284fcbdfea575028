package runs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"time"

	"orrery/activitylog/kept"
	"orrery/scenarios"
)

// perform runs a script. ok is false when it was dropped meanwhile, so that there is nothing to keep.
func (d *Desk) perform(t *ticket) (run kept.Run, ok bool) {
	run = kept.Run{ID: t.id, Owner: t.Owner, Name: t.Name, Title: t.file.Title(), Policy: t.Policy, Seed: t.Seed, Started: t.began, Source: t.Source}
	o, log, err := d.attempt(t)
	if t.ctx.Err() != nil {
		return run, false
	}
	var limit *scenarios.LimitError
	switch {
	case errors.As(err, &limit):
		o.Stopped, o.Passed = limit.Error(), false
	case err != nil:
		d.Slog.Error("run a scenario", "run", t.id, "err", err)
		o.Stopped, o.Passed = "the run could not be carried out, through no fault of the script; the reason is in this server's own log", false
	}
	if o.Name == "" {
		o.Name, o.Title, o.About, o.Seed = t.Name, run.Title, t.file.About(), t.Seed
	}
	run.Passed, run.Log, run.Took = o.Passed, log, d.Clock.Now().Sub(t.began)
	if run.Result, err = json.Marshal(o); err != nil {
		d.Slog.Error("encode what came of a scenario", "run", t.id, "err", err)
		return run, false
	}
	return run, true
}

// apart calls do with a folder of its own, which is gone afterwards, and what a ticket asks for. A panic ends this and nothing
// else.
func (d *Desk) apart(t *ticket, do func(o scenarios.Options) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	dir, err := os.MkdirTemp(d.Dir, "orrery-run-")
	if err != nil {
		return fmt.Errorf("make a folder for a run: %w", err)
	}
	defer os.RemoveAll(dir)
	return do(scenarios.Options{
		Dir: dir, Policy: t.Policy, Seed: t.Seed, Log: d.Slog, Limits: d.Limits, At: func(vary string, line int) { d.at(t, vary, line) },
	})
}

// attempt runs a script.
func (d *Desk) attempt(t *ticket) (o Outcome, log []byte, err error) {
	w := kept.NewWriter(d.Bytes)
	o.Posts, o.Servers = []Post{}, []string{}
	var res scenarios.Result
	err = d.apart(t, func(with scenarios.Options) (err error) {
		with.Trace = true
		with.Ask = func(ctx context.Context, vary string, s *scenarios.Stage) error {
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute) // what a run that took too long did is told, too
			defer cancel()
			return d.gather(ctx, &o, w, vary, s)
		}
		res, err = scenarios.Run(t.ctx, t.file, with)
		return err
	})
	o.Result = res
	o.Compared.Policy, o.Compared.Passed = res.Policy, res.Passed
	if o.Unkept != "" {
		w = kept.NewWriter(d.Bytes)
	}
	log, ended := w.Bytes()
	return o, log, errors.Join(err, ended)
}

// gather takes from a run what is kept of it, while its lab is still there.
func (d *Desk) gather(ctx context.Context, o *Outcome, w *kept.Writer, vary string, s *scenarios.Stage) error {
	if vary == "" {
		o.Servers = s.Servers()
		for _, name := range s.Posts() {
			parent, author := s.Parent(name)
			o.Posts = append(o.Posts, Post{Name: name, URI: s.URI(name), Author: author, Parent: parent})
		}
		var err error
		if o.Compared.Posts, o.Compared.Cost, err = s.Outcome(ctx); err != nil {
			return err
		}
	}
	if o.Unkept != "" {
		return nil
	}
	err := w.Add(ctx, vary, s.Log(), s.Known())
	if errors.Is(err, kept.ErrTooBig) {
		o.Unkept = fmt.Sprintf("the log has more than %d MiB, and was not kept", d.Bytes>>20)
		return nil
	}
	return err
}
