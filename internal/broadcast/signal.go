package broadcast

import "sync"

// Signal wakes its subscribers. Each has room for one wake: however often Notify is called while it is busy, it wakes
// once more afterwards, so work announced before it read its storage is never slept over. The zero value is ready; safe
// for concurrent use.
type Signal struct {
	mu      sync.Mutex
	waiters map[chan struct{}]struct{}
}

// Subscribe returns the channel on which to wait and a function that ends the subscription. The channel is never closed.
// Subscribe first and read storage then; the other way round loses what came between.
func (s *Signal) Subscribe() (wake <-chan struct{}, cancel func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiters == nil {
		s.waiters = make(map[chan struct{}]struct{})
	}
	s.waiters[ch] = struct{}{}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.waiters, ch)
	}
}

// Notify wakes all subscribers and returns at once. Call it after the commit that made the news visible.
func (s *Signal) Notify() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for ch := range s.waiters {
		select {
		case ch <- struct{}{}:
		default: // already told
		}
	}
}
