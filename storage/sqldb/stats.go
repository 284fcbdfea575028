package sqldb

import "sync/atomic"

// counters are Stats while they change.
type counters struct{ commits, functions, undone, largest, retries, queries atomic.Uint64 }

// ended counts one real transaction in which ran functions ran and good of them succeeded.
// Only one goroutine at a time may call it where ran can exceed 1.
func (c *counters) ended(ran int, good uint64, committed bool) {
	if !committed {
		good = 0
	}
	c.undone.Add(uint64(ran) - good)
	if good == 0 {
		return
	}
	c.commits.Add(1)
	c.functions.Add(good)
	if good > c.largest.Load() {
		c.largest.Store(good)
	}
}

func (c *counters) snapshot() Stats {
	return Stats{
		Commits:      c.commits.Load(),
		Functions:    c.functions.Load(),
		Undone:       c.undone.Load(),
		LargestBatch: c.largest.Load(),
		Queries:      c.queries.Load(),
		Retries:      c.retries.Load(),
	}
}
