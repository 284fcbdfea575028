package password

import (
	"context"
	"fmt"
	"io"
	"sync"
)

// atOnce is how many hashes a Hasher computes at the same time: two cores' worth, 38 MiB for strings made here.
const atOnce = 2

// Hasher hashes and verifies with bounded memory: callers beyond two wait their turn. Safe for concurrent use.
type Hasher struct {
	turn chan struct{}
	rand io.Reader
}

// NewHasher returns a Hasher that draws its salts from rand, one reader at a time.
func NewHasher(rand io.Reader) *Hasher {
	return &Hasher{turn: make(chan struct{}, atOnce), rand: &lockedReader{r: rand}}
}

// Hash is Hash, when a turn comes before ctx ends.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := h.wait(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	return Hash(h.rand, password)
}

// Verify is Verify, when a turn comes before ctx ends.
func (h *Hasher) Verify(ctx context.Context, phc, password string) (bool, error) {
	if err := h.wait(ctx); err != nil {
		return false, err
	}
	defer h.leave()
	return Verify(phc, password)
}

func (h *Hasher) wait(ctx context.Context) error {
	select {
	case h.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for a turn to check a password: %w", ctx.Err())
	}
}

func (h *Hasher) leave() { <-h.turn }

// lockedReader lets two hashes share a source that was not made for it, such as a seeded one.
type lockedReader struct {
	mu sync.Mutex
	r  io.Reader
}

func (l *lockedReader) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.r.Read(p)
}
