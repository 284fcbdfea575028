package main

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
)

// Jobs end in any order, and what they made is taken in theirs, as soon as it can be; no more than so many run at once.
func TestInOrder(t *testing.T) {
	t.Parallel()
	const n = 9
	var gates [n]chan struct{}
	for i := range gates {
		gates[i] = make(chan struct{})
	}
	close(gates[0])
	close(gates[2])
	var under, most atomic.Int64
	var got []int
	err := inOrder(t.Context(), n, 3, func(_ context.Context, i int) (int, error) {
		if now := under.Add(1); now > most.Load() {
			most.Store(now)
		}
		defer under.Add(-1)
		<-gates[i]
		return i, nil
	}, func(i int) error {
		got = append(got, i)
		if i == 0 { // 2 may be done long before, 1 cannot
			close(gates[1])
			for _, g := range gates[3:] {
				close(g)
			}
		}
		return nil
	})
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}; err != nil || !slices.Equal(got, want) || most.Load() > 3 {
		t.Errorf("took %v with %v, %d at once; want %v, at most 3 at once", got, err, most.Load(), want)
	}
}

// The first error in the order of the jobs is the one that is told; what runs is told to end, and is waited for.
func TestInOrder_ends(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	var under atomic.Int64
	until := func(ctx context.Context, i int) (int, error) {
		under.Add(1)
		defer under.Add(-1)
		if i == 1 {
			return 0, wrong
		}
		if i > 1 {
			<-ctx.Done()
		}
		return i, ctx.Err()
	}
	var got []int
	take := func(i int) error { got = append(got, i); return nil }
	if err := inOrder(t.Context(), 50, 2, until, take); !errors.Is(err, wrong) || !slices.Equal(got, []int{0}) || under.Load() != 0 {
		t.Errorf("got %v after %v, %d still run; want the error of job 1 after job 0, and none", err, got, under.Load())
	}
	ctx, cancel := context.WithCancel(t.Context())
	err := inOrder(ctx, 50, 2, func(ctx context.Context, i int) (int, error) {
		cancel()
		<-ctx.Done()
		return i, nil
	}, func(int) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted it ends with %v, want that it was", err)
	}
	if err := inOrder(t.Context(), 3, 2, func(_ context.Context, i int) (int, error) { return i, nil }, func(int) error { return wrong }); !errors.Is(err, wrong) {
		t.Errorf("got %v, want what take said", err)
	}
}

// Somebody who interrupts a run is not told that everything holds.
func TestPlayRun_interrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if code := run(ctx, []string{"play", "run", "first-post", "follow", "likes-travel"}); code != 2 {
		t.Errorf("an interrupted run ends with %d, want 2", code)
	}
}
