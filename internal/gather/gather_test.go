package gather

import (
	"slices"
	"sync"
	"testing"
	"time"
)

func TestEachIsDoneOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var done []int
	g := &Group[int]{Do: func(lot []int) {
		mu.Lock()
		defer mu.Unlock()
		done = append(done, lot...)
	}}
	const n = 500
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			g.Add(i)
			mu.Lock()
			defer mu.Unlock()
			if !slices.Contains(done, i) {
				t.Errorf("%d was not done when Add returned", i)
			}
		})
	}
	all.Wait()
	slices.Sort(done)
	for i, got := range done {
		if got != i {
			t.Fatalf("got %v, want each of %d once", done, n)
		}
	}
	if len(done) != n {
		t.Errorf("%d were done, want %d", len(done), n)
	}
}

func TestNobodyWaitsForOneWhoPanicked(t *testing.T) {
	t.Parallel()
	g := &Group[*bool]{Do: func([]*bool) { panic("no") }}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			defer func() { _ = recover() }()
			var done bool
			if g.Add(&done); done {
				t.Error("it was done, though Do panicked")
			}
		})
	}
	ended := make(chan struct{})
	go func() { all.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(30 * time.Second):
		t.Fatal("somebody still waits")
	}
}
