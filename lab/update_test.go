package lab_test

import (
	"net/url"
	"testing"
	"time"
)

// A changed name is seen on the servers of followers once the change has rested for five seconds.
func TestAChangedProfileSpreads(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	l := newLab(t)
	name := func() string {
		t.Helper()
		a, err := as(t, l, "berta").AccountLookup(ctx, "alice@academy.test")
		if err != nil {
			t.Fatal(err)
		}
		return a.DisplayName
	}
	if got := name(); got != "Alice" {
		t.Fatalf("berta knows alice as %q at first, want Alice", got)
	}
	if _, err := as(t, l, "alice").UpdateCredentials(ctx, url.Values{"display_name": {"Alice of Academy"}}); err != nil {
		t.Fatal(err)
	}
	if err := l.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "Alice" {
		t.Errorf("berta knows alice as %q at once, want Alice still", got)
	}
	if err := l.Advance(ctx, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	if got := name(); got != "Alice of Academy" {
		t.Errorf("berta knows alice as %q five seconds later, want Alice of Academy", got)
	}
}
