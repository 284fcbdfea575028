package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Lease is how long a claimed job belongs to its worker. It is longer than any handler may take; a job whose worker died
// comes back when it ends.
const Lease = 2 * time.Minute

// Queue runs jobs from a Store: one at a time by Step, or with a pool of workers for each queue by Run.
type Queue struct {
	Store Store
	Now   func() time.Time
	At    func(time.Time) <-chan time.Time // a timer on the same clock
	Log   *slog.Logger
	// Workers says how many jobs of each queue run at once under Run.
	Workers map[string]int

	kinds map[string]kind
	mu    sync.Mutex
	wakes []chan struct{}
}

type kind struct {
	run   Handler
	retry Schedule
}

// Handle registers what does jobs of a kind and its retry schedule, before the first Step or Run.
func (q *Queue) Handle(name string, h Handler, retry Schedule) {
	if q.kinds == nil {
		q.kinds = map[string]kind{}
	}
	q.kinds[name] = kind{h, retry}
}

// Wake tells running pools that there may be work. It never blocks.
func (q *Queue) Wake() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.wakes {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Step runs the next job that is due, and reports whether there was one. An error is one of the queue, not of the job.
func (q *Queue) Step(ctx context.Context) (bool, error) {
	claimed, err := q.Store.ClaimJobs(ctx, "", q.Now(), q.Now().Add(Lease), 1)
	if err != nil || len(claimed) == 0 {
		return false, err
	}
	return true, q.run(ctx, claimed[0])
}

// Run works until ctx ends; then it waits for the jobs that are being done.
func (q *Queue) Run(ctx context.Context) error {
	var pools sync.WaitGroup
	for name, n := range q.Workers {
		wake := make(chan struct{}, 1)
		q.mu.Lock()
		q.wakes = append(q.wakes, wake)
		q.mu.Unlock()
		pools.Add(1)
		go func() {
			defer pools.Done()
			q.pool(ctx, name, n, wake)
		}()
	}
	pools.Wait()
	return nil
}

// pool keeps up to n jobs of one queue going.
func (q *Queue) pool(ctx context.Context, name string, n int, wake chan struct{}) {
	free := make(chan struct{}, n)
	for range n {
		free <- struct{}{}
	}
	var working sync.WaitGroup
	defer working.Wait()
	for ctx.Err() == nil {
		slots := takeAll(ctx, free)
		claimed, err := q.Store.ClaimJobs(ctx, name, q.Now(), q.Now().Add(Lease), slots)
		if err != nil && ctx.Err() == nil {
			q.Log.ErrorContext(ctx, "claim jobs", "queue", name, "err", err)
		}
		for range slots - len(claimed) {
			free <- struct{}{}
		}
		for _, j := range claimed {
			working.Add(1)
			go func() {
				defer working.Done()
				if err := q.run(context.WithoutCancel(ctx), j); err != nil {
					q.Log.Error("run job", "kind", j.Kind, "id", j.ID, "err", err)
				}
				free <- struct{}{}
			}()
		}
		if len(claimed) < slots {
			q.rest(ctx, wake)
		}
	}
}

// takeAll waits for one free slot and takes all there are.
func takeAll(ctx context.Context, free chan struct{}) int {
	select {
	case <-free:
	case <-ctx.Done():
		return 0
	}
	n := 1
	for {
		select {
		case <-free:
			n++
		default:
			return n
		}
	}
}

// rest waits until there may be something to do: news, the next due time, or a minute, in which leases may have ended.
func (q *Queue) rest(ctx context.Context, wake chan struct{}) {
	until := q.Now().Add(time.Minute)
	if _, _, next, err := q.Store.PendingJobs(ctx, q.Now()); err == nil && !next.IsZero() && next.Before(until) {
		until = next
	}
	select {
	case <-ctx.Done():
	case <-wake:
	case <-q.At(until):
	}
}

// run does one job and settles it.
func (q *Queue) run(ctx context.Context, j Job) error {
	done := false
	j.done = &done
	err := q.handle(ctx, j)
	if done && err == nil {
		return nil
	}
	var later retryError
	switch {
	case err == nil:
		return q.Store.DeleteJob(ctx, j.ID)
	case IsPermanent(err):
		q.Log.WarnContext(ctx, "job given up", "kind", j.Kind, "id", j.ID, "err", err)
		return q.Store.DeleteJob(ctx, j.ID)
	case errors.As(err, &later):
		return q.Store.RetryJob(ctx, j.ID, later.at, err.Error())
	}
	wait, ok := q.kinds[j.Kind].retry(j.Attempt)
	q.Log.WarnContext(ctx, "job failed", "kind", j.Kind, "id", j.ID, "attempt", j.Attempt, "again", ok, "err", err)
	if !ok {
		return q.Store.DeleteJob(ctx, j.ID)
	}
	return q.Store.RetryJob(ctx, j.ID, q.Now().Add(wait), err.Error())
}

// handle turns a panic of a handler into an error: one bad document must not end the process.
func (q *Queue) handle(ctx context.Context, j Job) (err error) {
	k, ok := q.kinds[j.Kind]
	if !ok {
		return Permanent(fmt.Errorf("nobody does jobs of kind %q", j.Kind))
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in job %s: %v\n%s", j.Kind, p, debug.Stack())
		}
	}()
	return k.run(ctx, j)
}
