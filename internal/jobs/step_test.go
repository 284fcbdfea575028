package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"orrery/internal/clock"
	"orrery/internal/jobs"
)

// logged is what was logged.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) { l.mu.Lock(); defer l.mu.Unlock(); return l.b.Write(p) }
func (l *logged) String() string              { l.mu.Lock(); defer l.mu.Unlock(); return l.b.String() }
func (l *logged) logger() *slog.Logger        { return slog.New(slog.NewTextHandler(l, nil)) }

func TestStep_settles_a_job_by_how_its_handler_ends(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, tt := range []struct {
		name   string
		do     func(m *memory) jobs.Handler
		gone   bool
		next   time.Duration // after noon, when it is kept
		reason string
	}{
		{"done", func(*memory) jobs.Handler { return ends(nil) }, true, 0, ""},
		{"failed: again by its schedule", func(*memory) jobs.Handler { return ends(boom) }, false, time.Minute, "boom"},
		{"useless: given up", func(*memory) jobs.Handler { return ends(fmt.Errorf("read it: %w", jobs.Permanent(boom))) }, true, 0, ""},
		{"put off: again when it says", func(*memory) jobs.Handler {
			return ends(fmt.Errorf("busy: %w", jobs.RetryAt(boom, noon.Add(7*time.Second))))
		},
			false, 7 * time.Second, "busy: boom"},
		{"panicked: again by its schedule", func(*memory) jobs.Handler {
			return func(context.Context, jobs.Job) error { panic("a bad document") }
		}, false, time.Minute, "panic in job k: a bad document"},
		{"finished in its own transaction", func(m *memory) jobs.Handler {
			return func(ctx context.Context, j jobs.Job) error { return j.Finish(ctx, m) }
		}, true, 0, ""},
		{"finished in a transaction that was undone", func(m *memory) jobs.Handler {
			return func(ctx context.Context, j jobs.Job) error {
				err := j.Finish(ctx, m)
				m.rows[j.ID] = &row{Job: j}
				return errors.Join(err, boom)
			}
		}, false, time.Minute, "boom"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m := newMemory(job(1))
			q := newQueue(m, clock.New(noon), &logged{}, tt.do(m))
			if !step(t, q) {
				t.Fatal("Step did nothing, want the job that is due")
			}
			r, kept := m.row(1)
			if kept == tt.gone {
				t.Fatalf("kept: %v, want %v", kept, !tt.gone)
			}
			if kept && (!r.RunAt.Equal(noon.Add(tt.next)) || !r.leased.IsZero() || !strings.HasPrefix(r.reason, tt.reason)) {
				t.Errorf("next at %v, leased until %v, because %q; want %v, not leased, %q", r.RunAt, r.leased, r.reason, noon.Add(tt.next), tt.reason)
			}
			if step(t, q) {
				t.Error("Step found more to do")
			}
		})
	}
}

func ends(err error) jobs.Handler { return func(context.Context, jobs.Job) error { return err } }

func TestStep_gives_up_when_the_schedule_ends(t *testing.T) {
	t.Parallel()
	var attempts []int
	m, c, log := newMemory(job(1)), clock.New(noon), &logged{}
	q := newQueue(m, c, log, func(_ context.Context, j jobs.Job) error {
		attempts = append(attempts, j.Attempt)
		return errors.New("no answer")
	})
	for range 10 {
		step(t, q)
		c.Advance(time.Minute)
	}
	if got, want := fmt.Sprint(attempts), "[1 2 3]"; got != want {
		t.Errorf("attempts %s, want %s: the first and two retries", got, want)
	}
	if _, kept := m.row(1); kept {
		t.Error("it is still kept")
	}
	if !strings.Contains(log.String(), "again=false") {
		t.Errorf("nobody was told that it was given up:\n%s", log)
	}
}

func TestStep_discards_what_nobody_does(t *testing.T) {
	t.Parallel()
	m, log := newMemory(jobs.Job{ID: 1, Kind: "of a newer version", Queue: "push", RunAt: noon}), &logged{}
	q := newQueue(m, clock.New(noon), log, ends(nil))
	step(t, q)
	if _, kept := m.row(1); kept || !strings.Contains(log.String(), "of a newer version") {
		t.Errorf("kept: %v, want it gone and told:\n%s", kept, log)
	}
}

func TestStep_takes_every_queue_in_order(t *testing.T) {
	t.Parallel()
	var done []int64
	early, other := job(9), job(2)
	early.RunAt, other.Queue = noon.Add(-time.Second), "pull"
	q := newQueue(newMemory(job(3), other, early), clock.New(noon), &logged{}, func(_ context.Context, j jobs.Job) error {
		done = append(done, j.ID)
		return nil
	})
	for step(t, q) {
	}
	if got, want := fmt.Sprint(done), "[9 2 3]"; got != want {
		t.Errorf("done in order %s, want %s: by due time, then id", got, want)
	}
}

func TestStep_leaves_a_job_to_its_worker_until_the_lease_ends(t *testing.T) {
	t.Parallel()
	m, c := newMemory(job(1)), clock.New(noon)
	q := newQueue(m, c, &logged{}, ends(nil))
	if _, err := m.ClaimJobs(t.Context(), "push", nil, noon, noon.Add(jobs.Lease), 1); err != nil { // a worker that then dies
		t.Fatal(err)
	}
	c.Advance(jobs.Lease - time.Millisecond)
	if step(t, q) {
		t.Error("the job was taken from a worker that may be doing it")
	}
	c.Advance(time.Millisecond)
	if !step(t, q) {
		t.Error("the job of the dead worker was not taken over")
	}
}

func TestStep_reports_a_store_that_fails(t *testing.T) {
	t.Parallel()
	m := newMemory()
	m.broken = errors.New("disk full")
	if did, err := newQueue(m, clock.New(noon), &logged{}, ends(nil)).Step(t.Context()); did || !errors.Is(err, m.broken) {
		t.Errorf("Step = %v, %v, want false, %v", did, err, m.broken)
	}
}
