// Package clock tells the time and waits for it, really or by hand.
//
// Everything that asks for the time takes a Clock (or its Now), so that several instances can run side by side with
// different clocks and a scenario can move a week in a millisecond. This package is the only one outside cmd that may
// call time.Now; internal/archtest checks that. Dates, time zones for people and schedules belong to others.
//
// What a newcomer gets wrong: a Stepped clock never moves by itself. Code that waits on At of a stepped clock waits
// until somebody calls Advance or Set.
package clock

import "time"

// Clock is where the time comes from.
type Clock interface {
	// Now is the present moment in UTC.
	Now() time.Time

	// At returns a channel that receives one value when the clock reaches t, at once when t is not in the future.
	// The value never has to be waited for: a channel that nobody reads blocks nobody.
	At(t time.Time) <-chan time.Time
}

// Real is the machine's clock.
type Real struct{}

// Now is the machine's time in UTC.
func (Real) Now() time.Time { return time.Now().UTC() }

// At waits on a timer of the runtime. An abandoned channel costs nothing: the timer is collected with it.
func (Real) At(t time.Time) <-chan time.Time { return time.After(time.Until(t)) }
