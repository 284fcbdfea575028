package memory_test

import (
	"sync"
	"testing"

	"orrery/internal/memory"
)

func TestOf(t *testing.T) {
	t.Parallel()
	m := memory.New[int, string](100)
	get := func(key int, want string, known bool) {
		t.Helper()
		if got, ok := m.Get(key); got != want || ok != known {
			t.Errorf("%d: got %q, %t, want %q, %t", key, got, ok, want, known)
		}
	}
	get(1, "", false)
	m.Put(1, "one", 10)
	m.Put(1, "uno", 10)
	get(1, "uno", true)
	for i := 2; i < 10; i++ { // 80 bytes more: 1 is old now
		m.Put(i, "more", 10)
	}
	get(1, "uno", true) // and young again
	for i := 10; i < 15; i++ {
		m.Put(i, "more", 10)
	}
	get(1, "uno", true)
	for i := 20; i < 40; i++ {
		m.Put(i, "more", 10)
	}
	get(1, "", false)
	m.Put(2, "small", 10)
	m.Put(2, "too large", 13)
	get(2, "", false)
}

// However much goes through it, what comes out is what was put in last.
func TestOf_is_safe_for_many(t *testing.T) {
	t.Parallel()
	m := memory.New[int, int](1000)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for i := range 5000 {
				key := i % 300
				if got, ok := m.Get(key); ok && got != key {
					t.Errorf("%d: got %d", key, got)
				}
				m.Put(key, key, 1+i%7)
			}
		})
	}
	wg.Wait()
}
