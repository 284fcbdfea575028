package jobs_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"orrery/internal/clock"
	"orrery/internal/jobs"
)

// A handler that waits for somebody who never answers is ended before its lease is, and tried again.
func TestStep_ends_a_job_that_takes_too_long(t *testing.T) {
	t.Parallel()
	m, c, log := newMemory(jobs.Job{ID: 1, Kind: "k", Queue: "push", RunAt: noon}), clock.New(noon), &logged{}
	q := &jobs.Queue{Store: m, Now: c.Now, At: c.At, Log: log.logger(), Limit: time.Millisecond}
	q.Handle("k", func(ctx context.Context, _ jobs.Job) error {
		<-ctx.Done()
		return ctx.Err()
	}, func(int) (time.Duration, bool) { return time.Minute, true })
	if did, err := q.Step(t.Context()); !did || err != nil {
		t.Fatalf("Step gave %v, %v", did, err)
	}
	r := m.rows[1]
	if r == nil || !r.RunAt.Equal(noon.Add(time.Minute)) || !r.leased.IsZero() || !strings.Contains(r.reason, "deadline") {
		t.Errorf("kept as %+v, want it to be tried again in a minute", r)
	}
}
