package clock

import "time"

// Shifted is a clock that is wrong by a fixed time: ahead of another, or behind it when By is negative.
type Shifted struct {
	Clock
	By time.Duration
}

// Now is what the wrong clock shows.
func (s Shifted) Now() time.Time { return s.Clock.Now().Add(s.By) }

// At fires when the wrong clock shows t. The value is the moment by the other clock.
func (s Shifted) At(t time.Time) <-chan time.Time { return s.Clock.At(t.Add(-s.By)) }
