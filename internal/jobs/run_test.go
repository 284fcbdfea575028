package jobs_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"orrery/internal/clock"
	"orrery/internal/jobs"
)

// Every test here runs in a bubble: synctest.Wait returns when all goroutines wait for something, so a pool that loops
// without resting hangs the test.

// running is a queue at work in a bubble, with what its handler was given. The handler waits for an entry of may.
type running struct {
	*memory
	*jobs.Queue
	clock   *clock.Stepped
	log     *logged
	begun   chan int64
	may     chan error
	stop    context.CancelFunc
	stopped chan struct{}
}

func run(t *testing.T, m *memory) *running {
	ctx, cancel := context.WithCancel(t.Context())
	r := &running{memory: m, clock: clock.New(noon), log: &logged{}, begun: make(chan int64, 100), may: make(chan error), stop: cancel, stopped: make(chan struct{})}
	r.Queue = newQueue(m, r.clock, r.log, func(_ context.Context, j jobs.Job) error {
		r.begun <- j.ID
		return <-r.may
	})
	go func() {
		defer close(r.stopped)
		if err := r.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	t.Cleanup(func() {
		cancel()
		close(r.may)
		<-r.stopped
	})
	synctest.Wait()
	return r
}

// wants checks which jobs were begun since it was asked last.
// wants compares what has been begun with want, in any order: two workers are free at the same moment.
func (r *running) wants(t *testing.T, when string, want ...int64) {
	t.Helper()
	synctest.Wait()
	var got []int64
	for len(r.begun) > 0 {
		got = append(got, <-r.begun)
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("%s: begun %v, want %v", when, got, want)
	}
}

func (r *running) finish(n int) {
	for range n {
		r.may <- nil
	}
}

func TestRun_begins_a_job_when_it_is_told(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory())
		r.wants(t, "at the start")
		if err := r.InsertJob(t.Context(), job(1)); err != nil {
			t.Fatal(err)
		}
		r.Wake("pull")
		r.wants(t, "told of another queue")
		r.Wake("push")
		r.wants(t, "told", 1)
		r.finish(1)
		synctest.Wait()
		if _, kept := r.row(1); kept {
			t.Error("the job is done and still kept")
		}
	})
}

func TestRun_begins_a_job_when_it_is_due(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		later := job(1)
		later.RunAt = noon.Add(15 * time.Second)
		r := run(t, newMemory(later))
		r.clock.Advance(15*time.Second - time.Millisecond)
		r.wants(t, "too early")
		r.clock.Advance(time.Millisecond)
		r.wants(t, "due", 1)
	})
}

func TestRun_looks_once_a_minute_for_leases_that_ended(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory(job(1))
		if _, err := m.ClaimJobs(t.Context(), "push", nil, noon, noon.Add(jobs.Lease), 1); err != nil { // a worker that then dies
			t.Fatal(err)
		}
		r := run(t, m)
		r.clock.Advance(time.Minute)
		r.wants(t, "leased")
		r.clock.Advance(time.Minute)
		r.wants(t, "the lease has ended", 1)
	})
}

func TestRun_rests_while_another_queue_has_work(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		due, soon := job(1), job(2)
		due.Queue, soon.Queue, soon.RunAt = "pull", "pull", noon.Add(time.Second)
		r := run(t, newMemory(due, soon)) // would not return if it did not rest
		for range 5 {
			r.clock.Advance(time.Second)
			synctest.Wait()
		}
		if got := r.asked("push"); got != 1 {
			t.Errorf("the queue was asked for work %d times, want once", got)
		}
	})
}

func TestRun_keeps_every_worker_busy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for id := range int64(9) {
			m.rows[id+1] = &row{Job: job(id + 1)}
		}
		r := run(t, m)
		r.wants(t, "two workers", 1, 2)
		for id := int64(3); id <= 9; id++ { // one worker may be stuck for long: the other goes on
			r.finish(1)
			r.wants(t, "one is free", id)
		}
		r.finish(2)
		r.wants(t, "all done")
	})
}

func TestRun_waits_for_what_is_begun_and_puts_the_rest_back(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for id := range int64(9) {
			m.rows[id+1] = &row{Job: job(id + 1)}
		}
		r := run(t, m)
		r.wants(t, "two workers", 1, 2)
		r.stop()
		synctest.Wait()
		select {
		case <-r.stopped:
			t.Fatal("Run returned while jobs were being done")
		default:
		}
		r.finish(2)
		<-r.stopped
		r.wants(t, "after the end")
		for id := int64(3); id <= 9; id++ {
			if got, kept := r.row(id); !kept || got.Attempt != 0 || !got.leased.IsZero() {
				t.Errorf("job %d: kept %v, attempt %d, leased until %v; want as if it had never been claimed", id, kept, got.Attempt, got.leased)
			}
		}
	})
}

func TestRun_tries_again_when_the_time_has_come(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := run(t, newMemory(job(1)))
		r.wants(t, "first", 1)
		r.may <- jobs.RetryAt(errors.New("busy"), noon.Add(15*time.Second)) // long before the pool would look by itself
		r.clock.Advance(15*time.Second - time.Millisecond)
		r.wants(t, "too early")
		r.clock.Advance(time.Millisecond)
		r.wants(t, "due again", 1)
		r.may <- errors.New("no answer")
		synctest.Wait()
		r.clock.Advance(2 * time.Minute)
		r.wants(t, "by its schedule", 1)
	})
}
