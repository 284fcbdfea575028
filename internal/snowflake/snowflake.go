// Package snowflake mints 64-bit ids whose order is the order of creation: milliseconds since the Unix epoch in the
// upper 48 bits, a counter in the lower 16.
//
// Ids made now and ids made for another time (a fetched post is filed under the day it was written) take their counters
// from different halves, so the two kinds never meet. Nothing here is random: the same clock and the same calls give the
// same ids. Whether an id is free in a database is the database's business: one generator serves one database.
//
// What a newcomer gets wrong: an id does not say exactly when. A generator that is asked faster than its clock moves runs
// a little ahead of it.
package snowflake

import (
	"sync"
	"time"
)

const (
	counterBits = 16
	half        = 1 << (counterBits - 1)     // ids of Next count below it, ids of At from it on
	maxMilli    = 1<<(63-counterBits) - 1    // the last millisecond that fits, in the year 6429
	goldenRatio = uint64(0x9E3779B97F4A7C15) // 2^64/φ, odd: multiplying by it spreads neighbouring numbers
)

// Generator mints ids. Safe for concurrent use.
type Generator struct {
	now func() time.Time

	mu    sync.Mutex
	last  int64  // newest id of Next
	other uint64 // running counter of At
}

// New returns a generator on the given clock. The counter of At begins at a place derived from the clock, so that two
// lives of a server do not file two posts of the same second under the same id.
func New(now func() time.Time) *Generator {
	return &Generator{now: now, other: (uint64(now().UnixMilli()) * goldenRatio) >> counterBits}
}

// Next returns an id for this moment, greater than every id Next returned before, also when the clock stands still or
// has been set back.
func (g *Generator) Next() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := first(g.now())
	if id <= g.last {
		id = g.last + 1
		if id&half != 0 { // this millisecond is used up: go on in the next one
			id = (id>>counterBits + 1) << counterBits
		}
	}
	g.last = id
	return id
}

// At returns an id for time t, which may lie far back, different from every id of Next. Two ids for one millisecond
// differ unless exactly a multiple of 32,768 calls lies between them; so a caller whose insert meets a taken id asks
// again. Times that do not fit (before 1970, after 6429) are moved to the nearest that does.
func (g *Generator) At(t time.Time) int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	id := first(t) | half | int64(g.other%half)
	g.other++
	return id
}

// Time returns the millisecond that id was minted for, in UTC.
func Time(id int64) time.Time { return time.UnixMilli(id >> counterBits).UTC() }

// first is the lowest id of t's millisecond; never 0, which means "no id" everywhere.
func first(t time.Time) int64 {
	return min(max(t.UnixMilli(), 1), maxMilli) << counterBits
}
