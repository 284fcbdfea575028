package activitylog

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
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

// scope is the part of the log that one piece of work is writing.
type scope struct {
	mu       sync.Mutex
	id       observe.ExchangeID // 0 for work that stands in no exchange of its own
	awaited  bool               // an incoming delivery: its outcome is decided later
	job      bool               // a job: it takes along the answer of the delivery it makes
	pending  *Exchange          // not yet written
	answer   *Answer
	answered bool
	state    State
	facts    []Fact
	cause    observe.Cause
}

type scopeKey struct{}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

func (r *Recorder) begin(ctx context.Context, x *Exchange, st State) (context.Context, *scope) {
	s := &scope{id: x.ID, pending: x, state: st, cause: observe.Cause{Exchange: x.ID, Root: x.Root}}
	s.awaited = x.Direction == In && x.Kind == Delivery
	ctx = observe.WithCause(ctx, s.cause)
	return context.WithValue(ctx, scopeKey{}, s), s
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
	s := &scope{id: about, state: st, cause: cause, job: true, awaited: true}
	ctx = observe.WithCause(ctx, cause)
	ctx = context.WithValue(ctx, scopeKey{}, s)
	return ctx, func() error { return r.flushAlone(ctx, s) }
}

// Scoped returns ctx with a scope of its own when it has none, so that what is observed inside a transaction becomes durable
// with it: writing it apart would wait for the very transaction it is made in.
func (r *Recorder) Scoped(ctx context.Context) context.Context {
	if scopeOf(ctx) != nil {
		return ctx
	}
	return context.WithValue(ctx, scopeKey{}, &scope{cause: observe.CauseOf(ctx), answered: true})
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

// Commit writes what the scope of ctx has gathered so far through log, in the caller's transaction. done must be called
// with the outcome of that transaction: what was not committed stays in the scope.
func (r *Recorder) Commit(ctx context.Context, log Appender) (done func(committed bool), err error) {
	s := scopeOf(ctx)
	if s == nil || r.Discard {
		return func(bool) {}, nil
	}
	return r.flush(ctx, s, log)
}

// Mark returns how much the scope of ctx holds, and Rewind takes it back to that: a transaction that is tried again must
// not observe twice.
func (r *Recorder) Mark(ctx context.Context) (rewind func()) {
	s := scopeOf(ctx)
	if s == nil {
		return func() {}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	n, st := len(s.facts), s.state
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if n <= len(s.facts) {
			s.facts, s.state = s.facts[:n], st
		}
	}
}

func (r *Recorder) flush(ctx context.Context, s *scope, log Appender) (func(bool), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x, answer, facts, st := s.pending, s.answer, slices.Clone(s.facts), s.state.clone()
	if s.answered {
		answer = nil
	}
	if x == nil && answer == nil && len(facts) == 0 {
		return func(bool) {}, nil
	}
	if answer != nil {
		st.settle(*answer, s.awaited)
	}
	if err := appendAll(ctx, log, s.id, x, facts, answer, st); err != nil {
		return nil, err
	}
	return func(committed bool) {
		if !committed {
			return
		}
		s.mu.Lock()
		s.facts = s.facts[len(facts):]
		if x != nil {
			s.pending = nil
		}
		s.answered = s.answered || answer != nil
		s.mu.Unlock()
		r.Woken()
	}, nil
}

// appendAll writes a new exchange with all that is known of it at once, and what is known later of one that was written.
func appendAll(ctx context.Context, log Appender, id observe.ExchangeID, x *Exchange, facts []Fact, answer *Answer, st State) error {
	if x != nil {
		if err := log.AppendExchange(ctx, *x, facts, answer, st); err != nil {
			return fmt.Errorf("record exchange %d: %w", x.ID, err)
		}
		return nil
	}
	if len(facts) > 0 {
		if err := log.AppendFacts(ctx, id, facts, st); err != nil {
			return fmt.Errorf("record facts of exchange %d: %w", id, err)
		}
	}
	if answer != nil {
		if err := log.AppendAnswer(ctx, id, *answer, st); err != nil {
			return fmt.Errorf("record answer of exchange %d: %w", id, err)
		}
	}
	return nil
}

func (r *Recorder) flushAlone(ctx context.Context, s *scope) error {
	if r.Discard {
		return nil
	}
	s.mu.Lock()
	nothing := s.pending == nil && len(s.facts) == 0 && (s.answer == nil || s.answered)
	s.mu.Unlock()
	if nothing {
		return nil
	}
	var done func(bool)
	err := r.Write(context.WithoutCancel(ctx), func(ctx context.Context, log Appender) (err error) {
		done, err = r.flush(ctx, s, log)
		return err
	})
	if done != nil {
		done(err == nil)
	}
	return err
}

// ensure makes the scope's exchange durable before something that it causes is.
func (r *Recorder) ensure(ctx context.Context) error {
	s := scopeOf(ctx)
	if s == nil {
		return nil
	}
	s.mu.Lock()
	written := s.pending == nil
	hold := s.answer
	s.answer = nil // it is not over yet
	s.mu.Unlock()
	if written {
		s.restore(hold)
		return nil
	}
	err := r.flushAlone(ctx, s)
	s.restore(hold)
	return err
}

func (s *scope) restore(a *Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer == nil {
		s.answer = a
	}
}

func objectOf(f observe.Fact) string {
	switch f := f.(type) {
	case observe.Learned:
		return f.Object
	case observe.Decided:
		return f.Object
	case observe.Queued:
		return f.Activity
	case observe.Followed:
		return f.Follower
	}
	return ""
}

// learn folds a fact into the state.
func (s *State) learn(f observe.Fact) {
	switch f := f.(type) {
	case observe.Verified:
		if f.Owner != "" {
			s.Carrier = f.Owner
		}
		if !f.OK {
			s.Rule = f.Rule
		}
	case observe.DocumentVerified:
		if f.OK {
			s.Author = f.Author
		}
	case observe.Decided:
		s.Outcome, s.Rule = f.Outcome, f.Rule
		if f.Rule == rules.DropDuplicate {
			s.badge(Duplicate)
		}
	case observe.Retried:
		s.Rule = f.Rule
	}
	if s.Carrier != "" && s.Author != "" && s.Carrier != s.Author {
		s.badge(Forwarded)
	}
}

// settle folds an answer into a state that no decision has settled. awaited: success alone decides nothing.
func (s *State) settle(a Answer, awaited bool) {
	switch {
	case a.Err != "", a.Status >= 500:
		s.Outcome = observe.Failed
	case a.Status >= 400:
		s.Outcome = observe.Rejected
	case s.Outcome == observe.Pending && !awaited:
		s.Outcome = observe.Accepted
	}
}

func (s *State) badge(b string) {
	if !slices.Contains(s.Badges, b) {
		s.Badges = append(s.Badges, b)
	}
}

func (s State) clone() State {
	s.Badges = slices.Clone(s.Badges)
	return s
}
