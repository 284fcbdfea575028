package snowflake_test

import (
	"sync"
	"testing"
	"time"

	"orrery/internal/snowflake"
)

func noon() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func TestNext_increases(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		step time.Duration
	}{
		{"clock moves", time.Millisecond},
		{"clock stands still", 0},
		{"clock goes back", -time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			now := noon()
			g := snowflake.New(func() time.Time { now = now.Add(tt.step); return now })
			last := int64(0)
			for i := range 100_000 { // more than one millisecond holds
				id := g.Next()
				if id <= last {
					t.Fatalf("id %d is %d, not above %d", i, id, last)
				}
				last = id
			}
		})
	}
}

func TestNext_carries_its_time(t *testing.T) {
	t.Parallel()
	g := snowflake.New(noon)
	id := g.Next()
	if got := snowflake.Time(id); !got.Equal(noon()) {
		t.Errorf("Time(%d) = %v, want %v", id, got, noon())
	}
	if want := noon().UnixMilli() << 16; id != want {
		t.Errorf("first id = %d, want %d", id, want)
	}
}

func TestAt_is_unique_and_apart_from_Next(t *testing.T) {
	t.Parallel()
	g := snowflake.New(noon)
	seen := map[int64]bool{}
	add := func(id int64) {
		if seen[id] {
			t.Fatalf("id %d came twice", id)
		}
		seen[id] = true
	}
	for range 32_768 {
		add(g.At(noon()))
		add(g.Next())
	}
	older := g.At(noon().Add(-24 * time.Hour))
	if got, want := snowflake.Time(older), noon().Add(-24*time.Hour); !got.Equal(want) {
		t.Errorf("Time(At(yesterday)) = %v, want %v", got, want)
	}
}

func TestAt_keeps_to_what_fits(t *testing.T) {
	t.Parallel()
	g := snowflake.New(noon)
	for _, at := range []time.Time{{}, time.Unix(0, 0), time.Unix(-1e12, 0), time.Unix(1e12, 0), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)} {
		if id := g.At(at); id <= 0 {
			t.Errorf("At(%v) = %d, want a positive id", at, id)
		}
	}
}

func TestGenerator_is_deterministic(t *testing.T) {
	t.Parallel()
	a, b := snowflake.New(noon), snowflake.New(noon)
	for i := range 10 {
		if x, y := a.Next(), b.Next(); x != y {
			t.Errorf("Next %d: %d and %d", i, x, y)
		}
		if x, y := a.At(noon()), b.At(noon()); x != y {
			t.Errorf("At %d: %d and %d", i, x, y)
		}
	}
	later := snowflake.New(func() time.Time { return noon().Add(time.Hour) })
	if x, y := snowflake.New(noon).At(noon()), later.At(noon()); x == y {
		t.Errorf("two lives of a server both minted %d for the same moment", x)
	}
}

func TestGenerator_is_safe_for_concurrent_use(t *testing.T) {
	t.Parallel()
	g := snowflake.New(noon)
	var mu sync.Mutex
	seen := map[int64]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 500 {
				a, b := g.Next(), g.At(noon())
				mu.Lock()
				seen[a], seen[b] = true, true
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	if got, want := len(seen), 8*500*2; got != want {
		t.Errorf("%d different ids, want %d", got, want)
	}
}
