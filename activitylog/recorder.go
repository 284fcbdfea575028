package activitylog

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"orrery/federation/observe"
)

// Recorder is an instance's one writer of the log. It implements observe.Observer and taps both HTTP edges.
//
// What is observed while a request or a job is handled gathers in a scope carried by the context and becomes durable with
// the next transaction of that work (Commit), or at the latest when the scope ends.
type Recorder struct {
	Instance string
	Now      func() time.Time
	NewID    func() int64
	// Write runs fn in a transaction of its own.
	Write func(ctx context.Context, fn func(ctx context.Context, log Appender) error) error
	// Woken is called after every commit that appended.
	Woken func()
	Log   *slog.Logger
	// Discard keeps nothing: for measuring what recording costs. Set it before the first use.
	Discard bool

	sent summaries
}

// identify fills what every exchange needs: an id, the instance, the time and its place in the chain of causes.
func (r *Recorder) identify(ctx context.Context, x *Exchange) {
	x.ID, x.Instance = observe.ExchangeID(r.NewID()), r.Instance
	if x.At.IsZero() {
		x.At = r.Now()
	}
	cause := observe.CauseOf(ctx)
	x.Cause, x.Root = cause.Exchange, cause.Root
	if x.Root == 0 {
		x.Root = x.ID
	}
	x.Attempt = max(x.Attempt, 1)
}

// Received is an incoming request in the log. Finish must be called before its answer is sent.
type Received struct {
	r     *Recorder
	ctx   context.Context
	scope *scope
}

// Receive notes an incoming request, whatever the judgement will be, and returns ctx marked with it. It becomes durable
// with the first transaction of its handling, before the first nested request, or in Finish.
func (r *Recorder) Receive(ctx context.Context, x Exchange) (context.Context, *Received) {
	x.Direction = In
	r.identify(ctx, &x)
	ctx, s := r.begin(ctx, &x, State{Author: x.Activity.Actor, Outcome: observe.Pending})
	return ctx, &Received{r: r, ctx: ctx, scope: s}
}

// ID is the exchange's id.
func (x *Received) ID() observe.ExchangeID { return x.scope.id }

// Answer sets what will be answered, so that it commits together with what the request led to. It may be called again
// as long as nothing has been committed.
func (x *Received) Answer(a Answer) {
	x.scope.mu.Lock()
	defer x.scope.mu.Unlock()
	if !x.scope.answered {
		x.scope.answer = &a
	}
}

// Finish writes what has not been written yet. After it the answer may be sent.
func (x *Received) Finish() error { return x.r.flushAlone(x.ctx, x.scope) }

// Action notes something that a person of this instance does and returns ctx marked with it, and a function that makes it
// durable at the latest then. Work that it causes points to it.
func (r *Recorder) Action(ctx context.Context, what Summary) (context.Context, func()) {
	x := Exchange{Direction: Local, Kind: Action, Activity: what, Carrier: what.Actor}
	r.identify(ctx, &x)
	ctx, s := r.begin(ctx, &x, State{Author: what.Actor, Carrier: what.Actor, Outcome: observe.Accepted})
	s.answer = &Answer{}
	return ctx, func() {
		s.mu.Lock()
		unused := s.pending != nil && len(s.facts) == 0
		s.mu.Unlock()
		if unused {
			return // it changed nothing, so there is nothing to tell
		}
		if err := r.flushAlone(ctx, s); err != nil {
			r.Log.ErrorContext(ctx, "record local action", "err", err)
		}
	}
}

// Work returns ctx for carrying out a job that cause led to. Facts observed in it belong to exchange about; end writes
// those that no transaction took along.
func (r *Recorder) Work(ctx context.Context, cause observe.Cause, about observe.ExchangeID, st State) (context.Context, func() error) {
	s := &scope{id: about, state: st, job: true, awaited: true}
	ctx = observe.WithCause(ctx, cause)
	ctx = context.WithValue(ctx, scopeKey{}, s)
	return ctx, func() error { return r.flushAlone(ctx, s) }
}

// Observe implements observe.Observer.
func (r *Recorder) Observe(ctx context.Context, f observe.Fact) {
	if r.Discard {
		return
	}
	detail, err := json.Marshal(f)
	if err != nil {
		r.Log.ErrorContext(ctx, "encode fact", "kind", f.Kind(), "err", err)
		return
	}
	cause := observe.CauseOf(ctx)
	fact := Fact{Cause: cause.Exchange, Root: cause.Root, At: r.Now(), Kind: f.Kind(), Rule: observe.RuleOf(f), Object: objectOf(f), Detail: detail}
	s := scopeOf(ctx)
	if s == nil {
		if err := r.Write(ctx, func(ctx context.Context, log Appender) error {
			return log.AppendFacts(ctx, 0, []Fact{fact}, State{})
		}); err != nil {
			r.Log.ErrorContext(ctx, "record fact", "kind", f.Kind(), "err", err)
			return
		}
		r.Woken()
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	fact.Exchange = s.id
	s.facts = append(s.facts, fact)
	if !s.job || s.state.Outcome != "" { // what a later job decides is not what became of the exchange that led to it
		s.state.learn(f)
	}
}
