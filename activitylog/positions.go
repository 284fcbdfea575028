package activitylog

import "sync"

// Positions is the Sequencer of one process.
type Positions struct {
	mu   sync.Mutex
	last int64
}

// NewPositions starts after last, the highest position of any store that shares it.
func NewPositions(last int64) *Positions { return &Positions{last: last} }

// Hold implements Sequencer.
func (p *Positions) Hold() (next func() int64, release func()) {
	p.mu.Lock()
	return func() int64 { p.last++; return p.last }, p.mu.Unlock
}

// Seen raises the counter to at least last, before anything is appended.
func (p *Positions) Seen(last int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = max(p.last, last)
}
