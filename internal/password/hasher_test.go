package password

import (
	"context"
	"crypto/rand"
	"errors"
	"testing"
)

func TestHasher_a_third_caller_waits_and_may_leave(t *testing.T) {
	t.Parallel()
	h := NewHasher(rand.Reader)
	for range 2 {
		if err := h.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.Hash(ctx, "pw"); !errors.Is(err, context.Canceled) {
		t.Errorf("Hash while two are at work = %v, want cancelled", err)
	}
	if _, err := h.Verify(ctx, "", "pw"); !errors.Is(err, context.Canceled) {
		t.Errorf("Verify while two are at work = %v, want cancelled", err)
	}
	h.leave()
	if _, err := h.Hash(t.Context(), "pw"); err != nil {
		t.Errorf("Hash after one left = %v, want none", err)
	}
}
