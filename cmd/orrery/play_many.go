package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"

	"orrery/federation/policy"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// performance is a file to be run, under a policy for all servers or, with "", as it is written.
type performance struct {
	file   *play.File
	policy string
}

// everyNamed asks for each file as it is written and under every policy that it names.
const everyNamed = "all"

// performances are the runs that --policy asks for.
func (c playRunCmd) performances(files []*play.File) ([]performance, error) {
	if c.Policy != "" && c.Policy != everyNamed {
		if _, err := policy.Named(c.Policy); err != nil {
			return nil, err
		}
	}
	var all []performance
	for _, f := range files {
		if c.Policy != everyNamed {
			all = append(all, performance{f, c.Policy})
			continue
		}
		all = append(all, performance{f, ""})
		for _, p := range f.Policies() {
			if p != scenarios.Policies(f) {
				all = append(all, performance{f, p})
			}
		}
	}
	return all, nil
}

// many performs all, as many at once as there are processors, and hands each result to take, in their order and as soon as
// those before it are there.
func (c playRunCmd) many(ctx context.Context, all []performance, log *slog.Logger, take func(scenarios.Result) error) error {
	dir, err := os.MkdirTemp("", "orrery-play-")
	if err != nil {
		return fmt.Errorf("no temporary folder can be made: %w. Set TMPDIR to a folder you may write to", err)
	}
	defer os.RemoveAll(dir)
	trace := c.Format == "mermaid" || c.Format == "html"
	err = inOrder(ctx, len(all), runtime.GOMAXPROCS(0), func(ctx context.Context, n int) (scenarios.Result, error) {
		own := filepath.Join(dir, fmt.Sprint(n))
		defer os.RemoveAll(own)
		return scenarios.Run(ctx, all[n].file, scenarios.Options{
			Dir: own, Policy: all[n].policy, Seed: c.Seed, Log: log, Trace: trace, Limits: scenarios.DefaultLimits(),
		})
	}, take)
	if err != nil && ctx.Err() != nil {
		return errors.New("it was interrupted, so not every scenario was run")
	}
	return err
}

// inOrder does the jobs 0 to n-1, at most abreast of them at once, and hands what each of them made to take, in order. It
// returns the first error in that order; then, and when ctx ends, nothing more is begun, and what is under way is told to end.
func inOrder[T any](ctx context.Context, n, abreast int, do func(ctx context.Context, n int) (T, error), take func(T) error) error {
	type outcome struct {
		made T
		err  error
	}
	ctx, cancel := context.WithCancel(ctx)
	places, done := make(chan struct{}, abreast), make([]chan outcome, n)
	for i := range done {
		done[i] = make(chan outcome, 1)
	}
	begun := make(chan struct{}) // closed when no more will be
	go func() {
		defer close(begun)
		for i := range n {
			places <- struct{}{}
			if ctx.Err() != nil {
				<-places
				break
			}
			go func() {
				made, err := do(ctx, i)
				done[i] <- outcome{made, err}
				<-places
			}()
		}
	}()
	err := func() error {
		for _, d := range done {
			select {
			case o := <-d:
				if o.err != nil {
					return o.err
				}
				if err := take(o.made); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}()
	cancel()
	<-begun
	for range abreast {
		places <- struct{}{} // all have ended when every place is free
	}
	return err
}
