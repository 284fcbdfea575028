// Package gather lets goroutines that want the same kind of thing at the same time have it done once for all of them.
//
// There is no timer. Whoever comes first lets everybody run who is ready to, and then does what has gathered: on an idle
// machine nobody is ready, and it is done at once; on a busy one the wait is for the processor, which had to be waited for
// anyway. A newcomer's usual mistake is to let one of them fail for the others: who gathers them must keep them apart.
package gather

import (
	"runtime"
	"sync"
)

// Group gathers what is added at the same time. Safe for concurrent use; several lots may be done at once.
type Group[T any] struct {
	// Do does a lot, in the goroutine of whoever came first. What became of each is told in it.
	Do func(lot []T)

	mu   sync.Mutex
	open *lot[T] // takes in more; nil when nobody gathers
}

type lot[T any] struct {
	all  []T
	done chan struct{}
}

// Add returns when x was done, alone or among others. When Do panics only the first is told so: the others find x as it was.
func (g *Group[T]) Add(x T) {
	g.mu.Lock()
	if l := g.open; l != nil {
		l.all = append(l.all, x)
		g.mu.Unlock()
		<-l.done
		return
	}
	l := &lot[T]{all: []T{x}, done: make(chan struct{})}
	g.open = l
	g.mu.Unlock()
	runtime.Gosched()
	g.mu.Lock()
	g.open = nil
	g.mu.Unlock()
	defer close(l.done)
	g.Do(l.all)
}
