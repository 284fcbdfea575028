package broadcast_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/internal/broadcast"
)

func drain[T any](ch <-chan T) (got []T, closed bool) {
	for {
		select {
		case v, ok := <-ch:
			if !ok {
				return got, true
			}
			got = append(got, v)
		default:
			return got, false
		}
	}
}

func TestHub_drops_the_slow_and_keeps_the_rest(t *testing.T) {
	t.Parallel()
	var h broadcast.Hub[int]
	slow, _ := h.Subscribe(2)
	quick, cancel := h.Subscribe(10)
	for i := range 4 {
		h.Publish(i)
	}
	if got, closed := drain(slow); !closed || !cmp.Equal(got, []int{0, 1}) {
		t.Errorf("slow subscriber got %v, closed %v, want [0 1] and closed", got, closed)
	}
	if got, closed := drain(quick); closed || !cmp.Equal(got, []int{0, 1, 2, 3}) {
		t.Errorf("quick subscriber got %v, closed %v, want [0 1 2 3] and open", got, closed)
	}
	cancel()
	cancel()
	h.Publish(9)
	if got, closed := drain(quick); !closed || got != nil {
		t.Errorf("after cancel got %v, closed %v, want nothing and closed", got, closed)
	}
}

func TestHub_Close_ends_everyone(t *testing.T) {
	t.Parallel()
	var h broadcast.Hub[string]
	early, cancel := h.Subscribe(0)
	h.Close()
	h.Close()
	late, cancelLate := h.Subscribe(1)
	h.Publish("nobody hears this")
	for name, ch := range map[string]<-chan string{"early": early, "late": late} {
		if got, closed := drain(ch); !closed || got != nil {
			t.Errorf("%s subscriber got %v, closed %v, want nothing and closed", name, got, closed)
		}
	}
	cancel()
	cancelLate()
}

func TestHub_concurrently(t *testing.T) {
	t.Parallel()
	var h broadcast.Hub[int]
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ch, cancel := h.Subscribe(4)
			defer cancel()
			for range 3 {
				select {
				case <-ch:
				default:
				}
			}
		})
		wg.Go(func() {
			for i := range 200 {
				h.Publish(i)
			}
		})
	}
	wg.Wait()
	h.Close()
}

func TestSignal_wakes_once_however_often_told(t *testing.T) {
	t.Parallel()
	var s broadcast.Signal
	a, cancelA := s.Subscribe()
	b, cancelB := s.Subscribe()
	defer cancelB()
	for range 5 {
		s.Notify()
	}
	for name, ch := range map[string]<-chan struct{}{"a": a, "b": b} {
		if got, _ := drain(ch); len(got) != 1 {
			t.Errorf("%s woke %d times, want once", name, len(got))
		}
	}
	cancelA()
	s.Notify()
	if got, closed := drain(a); len(got) != 0 || closed {
		t.Errorf("after cancel a woke %d times, closed %v, want neither", len(got), closed)
	}
	if got, _ := drain(b); len(got) != 1 {
		t.Errorf("b woke %d times, want once", len(got))
	}
}

// A reader that re-reads its source after every wake sees the last value, whatever the timing.
func TestSignal_never_leaves_news_unread(t *testing.T) {
	t.Parallel()
	var (
		s     broadcast.Signal
		truth atomic.Int64
		wg    sync.WaitGroup
	)
	const last = 2000
	for range 4 {
		wake, cancel := s.Subscribe()
		wg.Go(func() {
			defer cancel()
			for truth.Load() < last {
				<-wake
			}
		})
	}
	for i := range last {
		truth.Store(int64(i + 1))
		s.Notify()
	}
	wg.Wait()
}
