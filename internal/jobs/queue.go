package jobs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Lease is how long a claimed job belongs to its worker; a job whose worker died comes back when it ends.
const Lease = 2 * time.Minute

// limit is how long a handler may take: less than the lease, or a second worker would begin what the first still does.
const limit = Lease - 20*time.Second

// Queue runs jobs from a Store: one at a time by Step, or with a pool of workers for each queue by Run.
type Queue struct {
	Store Store
	Now   func() time.Time
	At    func(time.Time) <-chan time.Time // a timer on the same clock
	Log   *slog.Logger
	// Workers says how many jobs of each queue run at once under Run.
	Workers map[string]int
	// PerHost says how many of them one host may keep busy: one that answers slowly must not hold up what goes to others.
	// A queue that is not named has no such limit.
	PerHost map[string]int
	// Limit is how long one job may take on the real clock before its context ends; 0 is a little less than the lease.
	Limit time.Duration

	kinds map[string]kind
	mu    sync.Mutex
	wakes map[string]chan struct{} // of the running pools, by queue
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

// Wake tells the running pool of a queue that there may be work. It never blocks.
func (q *Queue) Wake(queue string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case q.wakes[queue] <- struct{}{}:
	default: // it is awake already, or nobody works on that queue here
	}
}

// Step runs the next job that is due, and reports whether there was one. An error is one of the queue, not of the job.
func (q *Queue) Step(ctx context.Context) (bool, error) {
	claimed, err := q.Store.ClaimJobs(ctx, "", nil, q.Now(), q.Now().Add(Lease), 1)
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
		if q.wakes == nil {
			q.wakes = map[string]chan struct{}{}
		}
		q.wakes[name] = wake
		q.mu.Unlock()
		pools.Go(func() { q.pool(ctx, name, n, wake) })
	}
	pools.Wait()
	return nil
}

// pool does jobs of one queue with n workers. It claims as many at once, so that the next are at hand when a worker is
// free: a worker that had to wait for this goroutine to be scheduled would be idle beside a busy processor.
func (q *Queue) pool(ctx context.Context, name string, n int, wake <-chan struct{}) {
	hand, hosts := make(chan Job, n), &crowd{limit: q.PerHost[name]}
	var workers sync.WaitGroup
	for range n {
		workers.Go(func() { q.work(context.WithoutCancel(ctx), hand, hosts) })
	}
	for ctx.Err() == nil {
		now := q.Now()
		claimed, err := q.Store.ClaimJobs(ctx, name, hosts.away(), now, now.Add(Lease), n)
		if err != nil && ctx.Err() == nil {
			q.Log.ErrorContext(ctx, "claim jobs", "queue", name, "err", err)
		}
		admitted, others := hosts.admit(claimed)
		q.unclaim(context.WithoutCancel(ctx), others)
		q.handOut(ctx, hand, admitted)
		if len(claimed) < n {
			q.rest(ctx, name, now, wake)
		}
	}
	q.putBack(context.WithoutCancel(ctx), hand)
	close(hand)
	workers.Wait()
}

func (q *Queue) work(ctx context.Context, hand <-chan Job, hosts *crowd) {
	for j := range hand {
		if err := q.run(ctx, j); err != nil {
			q.Log.ErrorContext(ctx, "run job", "kind", j.Kind, "id", j.ID, "err", err)
		}
		if hosts.done(j.Host) {
			q.Wake(j.Queue)
		}
	}
}

// handOut gives claimed jobs to the workers until ctx ends.
func (q *Queue) handOut(ctx context.Context, hand chan Job, claimed []Job) {
	for i, j := range claimed {
		select {
		case hand <- j:
		case <-ctx.Done():
			q.unclaim(context.WithoutCancel(ctx), claimed[i:])
			return
		}
	}
}

// putBack gives up the jobs that no worker has begun.
func (q *Queue) putBack(ctx context.Context, hand chan Job) {
	var left []Job
	for {
		select {
		case j := <-hand:
			left = append(left, j)
		default:
			q.unclaim(ctx, left)
			return
		}
	}
}

func (q *Queue) unclaim(ctx context.Context, js []Job) {
	if len(js) == 0 {
		return
	}
	ids := make([]int64, len(js))
	for i, j := range js {
		ids[i] = j.ID
	}
	if err := q.Store.UnclaimJobs(ctx, ids); err != nil {
		q.Log.ErrorContext(ctx, "put claimed jobs back", "jobs", len(js), "err", err)
	}
}

// rest waits until there may be something to do: news, the next time that was not yet due at now, or a minute, in which
// leases may have ended.
func (q *Queue) rest(ctx context.Context, name string, now time.Time, wake <-chan struct{}) {
	until := now.Add(time.Minute)
	if next, err := q.Store.NextJob(ctx, name, now); err == nil && !next.IsZero() && next.Before(until) {
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
		return q.later(ctx, j, later.at, err)
	}
	wait, ok := q.kinds[j.Kind].retry(j.Attempt)
	q.Log.WarnContext(ctx, "job failed", "kind", j.Kind, "id", j.ID, "attempt", j.Attempt, "again", ok, "err", err)
	if !ok {
		return q.Store.DeleteJob(ctx, j.ID)
	}
	return q.later(ctx, j, q.Now().Add(wait), err)
}

// later puts j off, and tells its pool, which may rest until a later time than that.
func (q *Queue) later(ctx context.Context, j Job, at time.Time, why error) error {
	if err := q.Store.RetryJob(ctx, j.ID, at, why.Error()); err != nil {
		return err
	}
	q.Wake(j.Queue)
	return nil
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
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(q.Limit, limit))
	defer cancel()
	return k.run(ctx, j)
}
