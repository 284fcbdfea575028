package clock

import (
	"slices"
	"sync"
	"time"
)

// Stepped is a clock that moves by hand and only forward. Safe for concurrent use.
type Stepped struct {
	mu      sync.Mutex
	now     time.Time
	waiters []waiter // ordered by time, and by arrival within one time
}

type waiter struct {
	at time.Time
	ch chan time.Time
}

// New returns a clock that stands at start.
func New(start time.Time) *Stepped { return &Stepped{now: start.UTC()} }

// Now is where the clock stands, in UTC.
func (s *Stepped) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// At returns a channel of capacity one; the value it receives is the time waited for, or the present moment when that
// is already past.
func (s *Stepped) At(t time.Time) <-chan time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := waiter{at: t.UTC(), ch: make(chan time.Time, 1)}
	if !w.at.After(s.now) {
		w.ch <- s.now
		return w.ch
	}
	i := len(s.waiters)
	for i > 0 && s.waiters[i-1].at.After(w.at) {
		i--
	}
	s.waiters = slices.Insert(s.waiters, i, w)
	return w.ch
}

// Advance moves the clock by d; a d that is not positive moves nothing.
func (s *Stepped) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveTo(s.now.Add(d))
}

// Set moves the clock to t. A t before the present moment moves nothing: time does not run back here, since ids and
// log positions are ordered by it.
func (s *Stepped) Set(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveTo(t.UTC())
}

// moveTo wakes everybody whose time has come, the earliest first, with the clock standing at that time.
func (s *Stepped) moveTo(t time.Time) {
	if !t.After(s.now) {
		return
	}
	due := 0
	for ; due < len(s.waiters) && !s.waiters[due].at.After(t); due++ {
		w := s.waiters[due]
		s.now = w.at
		w.ch <- w.at
	}
	s.waiters = slices.Delete(s.waiters, 0, due)
	s.now = t
}
