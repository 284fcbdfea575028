// Package memory keeps what was used lately, within a bound. It does not know when a thing is out of date: who puts something in
// gives it a key that says so, or checks what comes out.
package memory

import "sync"

// Of remembers values by key. The zero value remembers nothing; safe for concurrent use. What comes out is shared: nobody may
// change it.
//
// There are two halves. What is used moves to the young one; when that is full, the old one is forgotten and the young one
// grows old. So nothing is moved or freed one by one, and what is used at least once in the meantime stays.
type Of[K comparable, V any] struct {
	half int // bytes of young, and so of old

	mu         sync.Mutex
	young, old map[K]kept[V]
	size       int // bytes of young
}

type kept[V any] struct {
	value V
	size  int
}

// New remembers about as many bytes, by the sizes that Put is told.
func New[K comparable, V any](bytes int) *Of[K, V] { return &Of[K, V]{half: bytes / 2} }

// Get returns what was put in last under key, if it is remembered still.
func (m *Of[K, V]) Get(key K) (value V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if x, ok := m.young[key]; ok {
		return x.value, true
	}
	x, ok := m.old[key]
	if ok {
		m.put(key, x)
	}
	return x.value, ok
}

// Put remembers value, which takes about size bytes, its key included. What is larger than an eighth of everything is not
// remembered, and what was under key is not either.
func (m *Of[K, V]) Put(key K, value V, size int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if size > m.half/4 {
		m.size -= m.young[key].size
		delete(m.young, key)
		delete(m.old, key)
		return
	}
	m.put(key, kept[V]{value, size})
}

func (m *Of[K, V]) put(key K, x kept[V]) {
	if m.young == nil || m.size+x.size > m.half {
		m.young, m.old, m.size = map[K]kept[V]{}, m.young, 0
	}
	m.size += x.size - m.young[key].size
	m.young[key] = x
}
