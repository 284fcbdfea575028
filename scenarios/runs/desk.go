package runs

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"time"

	"orrery/activitylog/kept"
	"orrery/internal/clock"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// Desk takes scripts, has them run and keeps what came of them. Its fields are set before its first use and not changed.
type Desk struct {
	Store  kept.Store
	Limits scenarios.Limits
	AtOnce int // runs under way
	Most   int // runs that wait besides
	Each   int // runs of one owner, or from one address, that wait or are under way
	Source int // bytes of a script
	Bytes  int // of a log, before it is compressed
	Keep   int // runs of one owner; the oldest go
	All    int // runs of everybody
	Clock  clock.Clock
	Rand   io.Reader
	Slog   *slog.Logger
	// Dir is where labs have their databases while they run; "" is the system's folder for temporary files.
	Dir string

	taking  sync.Mutex // one run is taken at a time: there must still be room for it when it is noted
	mu      sync.Mutex
	queue   []*ticket
	running []*ticket
	trials  []*verdict // the newest last
	closed  bool
	work    sync.WaitGroup
}

// New is a desk with the limits that are right for visitors.
func New(store kept.Store, c clock.Clock, random io.Reader, log *slog.Logger) *Desk {
	l := scenarios.DefaultLimits()
	l.Requests, l.Log, l.Bytes, l.Real = 5_000, 50_000, 64<<20, time.Minute
	return &Desk{
		Store: store, Limits: l, AtOnce: 2, Most: 16, Each: 8, Source: 256 << 10, Bytes: 48 << 20, Keep: 200, All: 5_000,
		Clock: c, Rand: random, Slog: log,
	}
}

// ticket is a run that has not ended.
type ticket struct {
	Ask
	id     string
	file   *play.File
	trial  *trial // a question instead of a run, nil of a run
	lines  int    // to be carried out
	asked  time.Time
	ctx    context.Context
	cancel context.CancelCauseFunc // with errDropped or errClosed

	// The rest changes, under the desk's lock.
	began      time.Time
	done, line int
	vary       string
}

// Why a run that has not ended is given up: somebody wants it no more, or the program ends and takes it up when it starts again.
var (
	errDropped = errors.New("the run was dropped")
	errClosed  = errors.New("the program ends")
)

// Take checks a script and has it run as soon as its turn comes. A script with mistakes is answered with all of them, and
// nothing runs; a FullError says that there is no room. A run that is taken is noted in the store before Take returns.
func (d *Desk) Take(ctx context.Context, a Ask) (State, play.Problems, error) {
	file, problems := d.read(a)
	if len(problems) > 0 {
		return State{}, problems, nil
	}
	id, err := d.newID()
	if err != nil {
		return State{}, nil, err
	}
	t := d.ticket(a, id, file, d.Clock.Now())
	d.taking.Lock()
	defer d.taking.Unlock()
	d.mu.Lock()
	err = d.room(a)
	d.mu.Unlock()
	if err == nil {
		err = d.Store.AwaitRun(ctx, kept.Awaited{ID: id, Owner: a.Owner, Name: a.Name, Policy: a.Policy, Source: a.Source, Seed: a.Seed, Asked: t.asked})
	}
	if err != nil {
		t.cancel(err)
		return State{}, nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, t)
	d.begin()
	return d.state(t), nil, nil
}

// read makes a file of a script, or says everything that is wrong with it.
func (d *Desk) read(a Ask) (*play.File, play.Problems) {
	if len(a.Source) > d.Source {
		return nil, play.Problems{{Path: a.Name, Line: 1, Column: 1, Width: 1,
			Message: fmt.Sprintf("a script that is run here has %d KiB at most", d.Source>>10)}}
	}
	file, problems := play.Load(a.Name, []byte(a.Source), scenarios.Vocabulary())
	if len(problems) > 0 {
		return nil, problems
	}
	if p := d.tooMuch(file); p != nil {
		return nil, play.Problems{*p}
	}
	return file, nil
}

func (d *Desk) ticket(a Ask, id string, file *play.File, asked time.Time) *ticket {
	t := &ticket{Ask: a, id: id, file: file, lines: lines(file), asked: asked}
	t.ctx, t.cancel = context.WithCancelCause(context.Background())
	return t
}

// tooMuch is why a script without mistakes is not run, nil when it is.
func (d *Desk) tooMuch(file *play.File) *play.Problem {
	var limit *scenarios.LimitError
	if err := d.Limits.Check(file); errors.As(err, &limit) {
		return &play.Problem{Path: file.Path, Line: limit.Line, Column: 1, Width: 1, Message: limit.What}
	}
	if file.VirtualTime() {
		return nil
	}
	p := &play.Problem{Path: file.Path, Line: 1, Column: 1, Width: 1, Message: "scenarios run here on a clock that is moved by hand: take the line “time real” away"}
	for _, h := range file.Headers {
		if h.Name == "time" {
			p.Line = h.Line
		}
	}
	return p
}

// room says why a is not taken; nil when it is.
func (d *Desk) room(a Ask) error {
	if d.closed {
		return &FullError{Retry: time.Minute}
	}
	own := 0
	for _, t := range slices.Concat(d.queue, d.running) {
		if t.Owner == a.Owner || a.From != "" && t.From == a.From {
			own++
		}
	}
	wait := time.Duration(1+len(d.queue)/max(d.AtOnce, 1)) * 5 * time.Second
	switch {
	case own >= d.Each:
		return &FullError{Own: true, Retry: wait}
	case len(d.queue) >= d.Most && len(d.running) >= d.AtOnce:
		return &FullError{Retry: wait}
	}
	return nil
}

// begin starts what waits, as far as there is room. The lock is held.
func (d *Desk) begin() {
	for !d.closed && len(d.running) < d.AtOnce && len(d.queue) > 0 {
		t := d.queue[0]
		d.queue = d.queue[1:]
		t.began = d.Clock.Now()
		d.running = append(d.running, t)
		d.work.Add(1)
		go d.carry(t)
	}
}

// carry runs a script to its end.
func (d *Desk) carry(t *ticket) {
	defer d.work.Done()
	defer t.cancel(nil)
	if t.trial != nil {
		d.answer(t)
	} else {
		d.carryRun(t)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.running = slices.DeleteFunc(d.running, func(x *ticket) bool { return x == t })
	d.begin()
}

// carryRun runs a script and keeps what came of it.
func (d *Desk) carryRun(t *ticket) {
	d.begun(t)
	if run, ok := d.perform(t); ok {
		d.keep(run)
		if errors.Is(context.Cause(t.ctx), errDropped) { // while it was written down
			_ = d.Store.DropRun(context.Background(), t.id)
		}
	} else if errors.Is(context.Cause(t.ctx), errClosed) {
		d.rest(t)
	}
}

// keep writes a run down; it must outlive the request that asked for it.
func (d *Desk) keep(run kept.Run) {
	ctx := context.Background()
	err := d.Store.KeepRun(ctx, run)
	if err == nil && d.Keep > 0 {
		err = d.Store.PruneRuns(ctx, run.Owner, false, d.Keep)
	}
	if err == nil && d.All > 0 {
		err = d.Store.PruneRuns(ctx, "", true, d.All)
	}
	if err != nil {
		d.Slog.Error("keep a run of a scenario", "run", run.ID, "err", err)
	}
}

// Drop ends a run that waits or is under way, or deletes one that has ended.
func (d *Desk) Drop(ctx context.Context, id string) error {
	d.mu.Lock()
	dropped := false
	drop := func(t *ticket) bool {
		of := t.id == id || t.trial != nil && t.trial.run == id
		if of {
			t.cancel(errDropped)
		}
		dropped = dropped || t.id == id
		return of
	}
	d.queue = slices.DeleteFunc(d.queue, drop)
	for _, t := range d.running {
		drop(t)
	}
	d.trials = slices.DeleteFunc(d.trials, func(e *verdict) bool { return e.run == id })
	d.mu.Unlock()
	err := d.Store.DropRun(ctx, id)
	if dropped && errors.Is(err, kept.ErrNoRun) {
		return nil
	}
	return err
}

// Close ends everything that is under way and waits for it. What has not ended then is taken up by Resume, another time.
func (d *Desk) Close() {
	d.mu.Lock()
	d.closed = true
	for _, t := range slices.Concat(d.queue, d.running) {
		t.cancel(errClosed)
	}
	d.queue = nil
	d.mu.Unlock()
	d.work.Wait()
}

// newID is 128 bits of chance, as letters that an address takes.
func (d *Desk) newID() (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(d.Rand, b); err != nil {
		return "", fmt.Errorf("make an id for a run: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// lines counts what a run carries out: the steps once for the file and once for each vary, and each vary's own.
func lines(f *play.File) int {
	steps, n := 0, 0
	for _, s := range f.Steps() {
		steps += len(s.Lines)
	}
	for _, v := range f.Varies() {
		n += len(v.Lines)
	}
	return n + steps*(1+len(f.Varies()))
}
