package jobs_test

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"orrery/internal/clock"
	"orrery/internal/jobs"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// memory is a Store whose rows a test may read. The one on SQL is tested in storage.
type memory struct {
	mu     sync.Mutex
	rows   map[int64]*row
	claims map[string]int // how often each queue was asked for work
	broken error          // what ClaimJobs answers
}

type row struct {
	jobs.Job
	leased time.Time
	reason string
}

func newMemory(js ...jobs.Job) *memory {
	m := &memory{rows: map[int64]*row{}, claims: map[string]int{}}
	for _, j := range js {
		m.rows[j.ID] = &row{Job: j}
	}
	return m
}

func (m *memory) InsertJob(_ context.Context, j jobs.Job) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.rows[j.ID] = &row{Job: j}
	return nil
}

func (m *memory) ClaimJobs(_ context.Context, queue string, except []string, now, until time.Time, n int) ([]jobs.Job, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.claims[queue]++
	var due []*row
	for _, r := range m.rows {
		if (queue == "" || r.Queue == queue) && !r.RunAt.After(now) && !r.leased.After(now) && !slices.Contains(except, r.Host) {
			due = append(due, r)
		}
	}
	slices.SortFunc(due, func(a, b *row) int { return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID)) })
	var out []jobs.Job
	for _, r := range due[:min(n, len(due))] {
		r.leased, r.Attempt = until, r.Attempt+1
		out = append(out, r.Job)
	}
	return out, m.broken
}

func (m *memory) DeleteJob(_ context.Context, id int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.rows[id] == nil {
		return errors.New("no such job")
	}
	delete(m.rows, id)
	return nil
}

func (m *memory) RetryJob(_ context.Context, id int64, at time.Time, reason string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rows[id]; r != nil {
		r.RunAt, r.leased, r.reason = at, time.Time{}, reason
	}
	return nil
}

func (m *memory) UnclaimJobs(_ context.Context, ids []int64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		m.rows[id].leased = time.Time{}
		m.rows[id].Attempt--
	}
	return nil
}

func (m *memory) ReleaseLeases(context.Context) (int64, error) {
	return 0, errors.New("the queue releases no leases")
}

func (m *memory) NextJob(_ context.Context, queue string, now time.Time) (next time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.rows {
		if r.Queue == queue && r.RunAt.After(now) && (next.IsZero() || r.RunAt.Before(next)) {
			next = r.RunAt
		}
	}
	return next, nil
}

func (m *memory) PendingJobs(context.Context, time.Time) (int, int, time.Time, error) {
	return 0, 0, time.Time{}, errors.New("the queue counts nothing")
}

// row is a copy of what is kept of a job; false when it is gone.
func (m *memory) row(id int64) (row, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.rows[id]; r != nil {
		return *r, true
	}
	return row{}, false
}

func (m *memory) asked(queue string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.claims[queue]
}

// job is due at noon on queue push.
func job(id int64) jobs.Job { return jobs.Job{ID: id, Kind: "k", Queue: "push", RunAt: noon} }

// newQueue does jobs of kind "k" with do, which are tried again after a minute, twice.
func newQueue(m *memory, c *clock.Stepped, log *logged, do jobs.Handler) *jobs.Queue {
	q := &jobs.Queue{Store: m, Now: c.Now, At: c.At, Log: log.logger(), Workers: map[string]int{"push": 2}}
	q.Handle("k", do, func(retry int) (time.Duration, bool) { return time.Duration(retry) * time.Minute, retry <= 2 })
	return q
}

func step(t *testing.T, q *jobs.Queue) bool {
	t.Helper()
	did, err := q.Step(t.Context())
	if err != nil {
		t.Fatalf("Step: %v", err)
	}
	return did
}
