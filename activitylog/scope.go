package activitylog

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"orrery/federation/observe"
)

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
}

type scopeKey struct{}

func scopeOf(ctx context.Context) *scope {
	s, _ := ctx.Value(scopeKey{}).(*scope)
	return s
}

func (r *Recorder) begin(ctx context.Context, x *Exchange, st State) (context.Context, *scope) {
	s := &scope{id: x.ID, pending: x, state: st}
	s.awaited = x.Direction == In && x.Kind == Delivery
	ctx = observe.WithCause(ctx, observe.Cause{Exchange: x.ID, Root: x.Root})
	return context.WithValue(ctx, scopeKey{}, s), s
}

// Scoped returns ctx with a scope of its own when it has none, so that what is observed inside a transaction becomes durable
// with it: writing it apart would wait for the very transaction it is made in.
func (r *Recorder) Scoped(ctx context.Context) context.Context {
	if scopeOf(ctx) != nil {
		return ctx
	}
	return context.WithValue(ctx, scopeKey{}, &scope{answered: true})
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
