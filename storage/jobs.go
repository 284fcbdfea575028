package storage

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"orrery/federation/observe"
	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage/sqldb"
)

// planKind is the job that makes deliveries of an event; federation/outbox handles it.
const planKind = "outbox.plan"

// AppendEvent implements social.EventStore: the event becomes a job in the transaction of the change it tells of.
func (s *Store) AppendEvent(ctx context.Context, e social.Event) error {
	payload, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", e.Kind, err)
	}
	c := observe.CauseOf(ctx)
	return s.InsertJob(ctx, jobs.Job{
		Kind: planKind, Queue: "push", Payload: payload, RunAt: e.At.Add(e.Rest), Cause: int64(c.Exchange), Root: int64(c.Root),
	})
}

// InsertJob implements jobs.Store. A job without an id gets one.
func (s *Store) InsertJob(ctx context.Context, j jobs.Job) error {
	return s.InsertJobs(ctx, []jobs.Job{j})
}

// InsertJobs is InsertJob for several at once, in their order.
func (s *Store) InsertJobs(ctx context.Context, js []jobs.Job) error {
	queues := map[string]bool{}
	for part := range slices.Chunk(js, chunk) {
		args := make([]any, 0, 11*len(part))
		for _, j := range part {
			if j.ID == 0 {
				j.ID = s.newID()
			}
			if j.Payload == nil {
				j.Payload = []byte{}
			}
			args = append(args, j.ID, j.Kind, j.Queue, j.Host, j.Payload, millis(j.RunAt), int64(j.Attempt), int64(0), j.Cause, j.Root, "")
			queues[j.Queue] = true
		}
		if _, err := s.exec(ctx, `
			INSERT INTO jobs (id, kind, queue, host, payload, run_at, attempt, leased_until, cause, root, last_error)
			VALUES `+values(len(part), 11), args...); err != nil {
			return fmt.Errorf("insert %d jobs, first a %s: %w", len(part), part[0].Kind, err)
		}
	}
	if s.enqueued == nil {
		return nil
	}
	s.AfterEnd(func(committed bool) {
		for queue := range queues {
			if committed {
				s.enqueued(queue)
			}
		}
	})
	return nil
}

// ClaimJobs implements jobs.Store.
func (s *Store) ClaimJobs(ctx context.Context, queue string, except []string, now, leaseUntil time.Time, n int) ([]jobs.Job, error) {
	args := []any{millis(now), int64(max(n, 0)), millis(leaseUntil)}
	from := ""
	if queue != "" {
		from = "j.queue = " + param(&args, queue) + " AND "
	}
	if len(except) > 0 {
		from += "j.host NOT IN (" + sqldb.In(&args, except...) + ") AND "
	}
	// On PostgreSQL, workers side by side pass over what another is claiming. SQLite has one writer.
	lock := ""
	if s.Dialect() == "postgres" {
		lock = "FOR UPDATE SKIP LOCKED"
	}
	claimed, err := list(ctx, s, scanJob, `
		WITH due AS MATERIALIZED (
			SELECT j.id
			FROM jobs j
			WHERE `+from+`j.run_at <= $1 AND j.leased_until <= $1
			ORDER BY j.run_at, j.id
			LIMIT $2
			`+lock+`
		)
		UPDATE jobs
		SET leased_until = $3, attempt = attempt + 1
		WHERE id IN (SELECT due.id FROM due)
		RETURNING id, kind, queue, host, payload, run_at, attempt, cause, root`, args...)
	// RETURNING has no order.
	slices.SortFunc(claimed, func(a, b jobs.Job) int {
		return cmp.Or(a.RunAt.Compare(b.RunAt), cmp.Compare(a.ID, b.ID))
	})
	return claimed, wrap(err, "claim %d jobs of queue %q", n, queue)
}

func scanJob(r scanner) (jobs.Job, error) {
	var j jobs.Job
	var runAt, attempt int64
	err := r.Scan(&j.ID, &j.Kind, &j.Queue, &j.Host, &j.Payload, &runAt, &attempt, &j.Cause, &j.Root)
	j.RunAt, j.Attempt = fromMillis(runAt), int(attempt)
	return j, err
}

// DeleteJob implements jobs.Tx. It is social.ErrNotFound when the job is gone: then its lease ran out and somebody else
// finished it, and the effects in this transaction must not be done twice.
func (s *Store) DeleteJob(ctx context.Context, id int64) error {
	const q = `
		DELETE FROM jobs
		WHERE id = $1`
	n, err := s.exec(ctx, q, id)
	return touched(n, err, "delete job %d", id)
}

// RetryJob implements jobs.Store. A job that is gone stays gone.
func (s *Store) RetryJob(ctx context.Context, id int64, at time.Time, reason string) error {
	const q = `
		UPDATE jobs
		SET run_at = $2, leased_until = 0, last_error = $3
		WHERE id = $1`
	_, err := s.exec(ctx, q, id, millis(at), reason)
	return wrap(err, "retry job %d", id)
}

// ReleaseLeases implements jobs.Store and returns how many there were.
func (s *Store) ReleaseLeases(ctx context.Context) (int64, error) {
	const q = `
		UPDATE jobs
		SET leased_until = 0
		WHERE leased_until <> 0`
	n, err := s.exec(ctx, q)
	return n, wrap(err, "release leases")
}

// UnclaimJobs implements jobs.Store.
func (s *Store) UnclaimJobs(ctx context.Context, ids []int64) error {
	var args []any
	_, err := s.exec(ctx, `
		UPDATE jobs
		SET leased_until = 0, attempt = attempt - 1
		WHERE id IN (`+inIDs(&args, ids)+`) AND leased_until <> 0`, args...)
	return wrap(err, "unclaim %d jobs", len(ids))
}

// NextJob implements jobs.Store. A leased job was due when it was claimed, so it is never among those to come.
func (s *Store) NextJob(ctx context.Context, queue string, now time.Time) (time.Time, error) {
	const q = `
		SELECT COALESCE(MIN(run_at), 0)
		FROM jobs
		WHERE queue = $1 AND run_at > $2`
	var at int64
	err := s.row(ctx, q, queue, millis(now)).Scan(&at)
	return fromMillis(at), wrap(err, "find the next job of queue %q", queue)
}

// PendingJobs implements jobs.Store. A job whose lease has passed is due again.
func (s *Store) PendingJobs(ctx context.Context, now time.Time) (due, inFlight int, next time.Time, err error) {
	const q = `
		SELECT (SELECT COUNT(*) FROM jobs WHERE run_at <= $1 AND leased_until <= $1),
			(SELECT COUNT(*) FROM jobs WHERE leased_until > $1 AND leased_until <> 0),
			COALESCE((SELECT MIN(run_at) FROM jobs WHERE run_at > $1 AND leased_until <= $1), 0)`
	var dueRows, leased, nextAt int64
	err = s.row(ctx, q, millis(now)).Scan(&dueRows, &leased, &nextAt)
	return int(dueRows), int(leased), fromMillis(nextAt), wrap(err, "count pending jobs")
}

// DueWork is how many jobs of one kind for one host are due. Host is "" for work that is not about one.
type DueWork struct {
	Kind, Host string
	Count      int
}

// DueWork counts the jobs that are due, the most frequent kind first, ten kinds at most.
func (s *Store) DueWork(ctx context.Context, now time.Time) ([]DueWork, error) {
	due, err := list(ctx, s, func(r scanner) (w DueWork, err error) {
		err = r.Scan(&w.Kind, &w.Host, &w.Count)
		return w, err
	}, `
		SELECT kind, host, COUNT(*)
		FROM jobs
		WHERE run_at <= $1 AND leased_until <= $1
		GROUP BY kind, host
		ORDER BY COUNT(*) DESC, kind, host
		LIMIT 10`, millis(now))
	return due, wrap(err, "list due jobs")
}

// FirstDue returns when the job that is longest due was due; false when none is. A stepped lab takes turns by it.
func (s *Store) FirstDue(ctx context.Context, now time.Time) (time.Time, bool, error) {
	const q = `
		SELECT run_at
		FROM jobs
		WHERE run_at <= $1 AND leased_until <= $1
		ORDER BY run_at
		LIMIT 1`
	var at int64
	err := s.row(ctx, q, millis(now)).Scan(&at)
	if errors.Is(err, sqldb.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return fromMillis(at), err == nil, wrap(err, "find the first due job")
}
