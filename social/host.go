package social

import (
	"context"
	"time"
)

// FailedDays is on how many days another server took nothing since it was last heard of.
type FailedDays struct {
	Host string
	Days int
	Last string // the latest of them, as Day writes it
}

// Day names the day of t, in UTC.
func Day(t time.Time) string { return t.UTC().Format("20060102") }

// HostStore remembers other servers that take nothing (federation.md §8.6).
type HostStore interface {
	// AddFailedDay notes that host took nothing on the day of at, and returns on how many days it did so.
	AddFailedDay(ctx context.Context, host string, at time.Time) (int, error)
	// ForgetFailedDays is for a server that was heard of again.
	ForgetFailedDays(ctx context.Context, host string) error
	FailedDays(ctx context.Context) ([]FailedDays, error)
	// KnownInboxes are the preferred inboxes of all accounts of other servers, each once, in order.
	KnownInboxes(ctx context.Context) ([]string, error)
}
