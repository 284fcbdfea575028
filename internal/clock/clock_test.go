package clock_test

import (
	"sync"
	"testing"
	"time"

	"orrery/internal/clock"
)

func start() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("CET", 3600)) }

func fired(ch <-chan time.Time) (time.Time, bool) {
	select {
	case t := <-ch:
		return t, true
	default:
		return time.Time{}, false
	}
}

func TestStepped_stands_still_until_moved(t *testing.T) {
	t.Parallel()
	c := clock.New(start())
	if got, want := c.Now(), start(); !got.Equal(want) || got.Location() != time.UTC {
		t.Fatalf("Now() = %v, want %v in UTC", got, want)
	}
	c.Advance(time.Second)
	c.Advance(-time.Hour)
	c.Set(start())
	if got, want := c.Now(), start().Add(time.Second); !got.Equal(want) {
		t.Errorf("after a second and two attempts to go back: Now() = %v, want %v", got, want)
	}
}

func TestStepped_At_fires_when_reached(t *testing.T) {
	t.Parallel()
	c := clock.New(start())
	past, now := c.At(start().Add(-time.Hour)), c.At(start())
	minute, hour := c.At(start().Add(time.Minute)), c.At(start().Add(time.Hour))
	for name, ch := range map[string]<-chan time.Time{"past": past, "now": now} {
		if got, ok := fired(ch); !ok || !got.Equal(start()) {
			t.Errorf("At(%s) gave %v, %v, want %v at once", name, got, ok, start())
		}
	}
	c.Advance(59 * time.Second)
	if got, ok := fired(minute); ok {
		t.Errorf("At(+1m) fired at +59s with %v", got)
	}
	c.Set(start().Add(time.Hour))
	if got, ok := fired(minute); !ok || !got.Equal(start().Add(time.Minute)) {
		t.Errorf("At(+1m) gave %v, %v, want its own time", got, ok)
	}
	if _, ok := fired(hour); !ok {
		t.Error("At(+1h) did not fire when the clock was set to +1h")
	}
	if got, ok := fired(hour); ok {
		t.Errorf("At(+1h) fired twice: %v", got)
	}
	if got := cap(hour); got != 1 {
		t.Errorf("capacity of the channel is %d, want 1", got)
	}
}

func TestStepped_is_safe_for_concurrent_use(t *testing.T) {
	t.Parallel()
	c := clock.New(start())
	var wg sync.WaitGroup
	for i := range 50 {
		ch := c.At(start().Add(time.Duration(i) * time.Second))
		wg.Go(func() { <-ch })
		wg.Go(func() { c.Advance(time.Second); c.Now() })
	}
	wg.Wait()
	if got, want := c.Now(), start().Add(50*time.Second); !got.Equal(want) {
		t.Errorf("Now() = %v, want %v", got, want)
	}
}

func TestReal(t *testing.T) {
	t.Parallel()
	var c clock.Clock = clock.Real{}
	if got := c.Now().Location(); got != time.UTC {
		t.Errorf("Now() is in %v, want UTC", got)
	}
	before := c.Now()
	<-c.At(before.Add(5 * time.Millisecond))
	if got := c.Now().Sub(before); got < 5*time.Millisecond {
		t.Errorf("At(+5ms) fired after %v", got)
	}
	<-c.At(before.Add(-time.Hour))
}
