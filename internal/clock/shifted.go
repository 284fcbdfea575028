package clock

import (
	"sync/atomic"
	"time"
)

// Shifted is a clock that is wrong by a time that can be changed: ahead of another, or behind it when By is negative.
// Safe for concurrent use.
type Shifted struct {
	of Clock
	by atomic.Int64
}

// NewShifted is a clock that is ahead of another by d.
func NewShifted(of Clock, d time.Duration) *Shifted {
	s := &Shifted{of: of}
	s.Shift(d)
	return s
}

// Shift makes the clock wrong by d from now on. Who waits already goes on waiting for the moment that At computed.
func (s *Shifted) Shift(d time.Duration) { s.by.Store(int64(d)) }

// By is how far ahead it is.
func (s *Shifted) By() time.Duration { return time.Duration(s.by.Load()) }

// Now is what the wrong clock shows.
func (s *Shifted) Now() time.Time { return s.of.Now().Add(s.By()) }

// At fires when the wrong clock shows t. The value is the moment by the other clock.
func (s *Shifted) At(t time.Time) <-chan time.Time { return s.of.At(t.Add(-s.By())) }
