// Package broadcast tells many listeners within one process that something happened, without ever making the teller wait.
//
// There are two ways. Signal only wakes: a reader that keeps a cursor into storage (the live log) is woken and reads on from
// there, so it can neither miss nor repeat anything. Hub carries values, for what is stored nowhere; a listener that falls
// behind is cut off rather than waited for. Other processes are storage's business.
//
// What a newcomer gets wrong: a closed channel from Hub means "you were too slow, or the hub is closing", not "there is
// nothing more". Subscribe again, after refilling from where the truth is kept.
package broadcast

import "sync"

// Hub passes every published value to all its subscribers. The zero value is ready; safe for concurrent use.
type Hub[T any] struct {
	mu     sync.Mutex
	subs   map[*subscription[T]]struct{}
	closed bool
}

type subscription[T any] struct{ ch chan T }

// Subscribe returns a channel that holds up to buffer unread values (at least one), and a function that ends the
// subscription; calling it twice is harmless. The hub closes the channel when it overflows, at cancel and at Close.
func (h *Hub[T]) Subscribe(buffer int) (values <-chan T, cancel func()) {
	s := &subscription[T]{ch: make(chan T, max(buffer, 1))}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		close(s.ch)
		return s.ch, func() {}
	}
	if h.subs == nil {
		h.subs = make(map[*subscription[T]]struct{})
	}
	h.subs[s] = struct{}{}
	return s.ch, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.drop(s)
	}
}

// Publish gives v to every subscriber that has room and drops the others. It never blocks.
func (h *Hub[T]) Publish(v T) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.subs {
		select {
		case s.ch <- v:
		default:
			h.drop(s)
		}
	}
}

// Close ends all subscriptions, and later ones at once. A server calls it before it waits for its open streams.
func (h *Hub[T]) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	for s := range h.subs {
		h.drop(s)
	}
}

// drop is called with the lock held, so no send can meet the closed channel.
func (h *Hub[T]) drop(s *subscription[T]) {
	if _, ok := h.subs[s]; ok {
		delete(h.subs, s)
		close(s.ch)
	}
}
