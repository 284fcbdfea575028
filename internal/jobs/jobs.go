// Package jobs is the durable work queue of an instance: enqueue in the transaction of the change that needs the work,
// claim with a lease, retry by the schedule of the kind.
//
// It knows neither SQL (the Store does) nor what the work is (handlers do). Work is at least once: a crash between doing
// and finishing runs it again, so handlers are idempotent. A newcomer's usual mistake is to enqueue outside the
// transaction: then a crash loses either the change or the work.
package jobs

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Job is one piece of durable work.
type Job struct {
	ID      int64
	Kind    string
	Queue   string // push | pull | ingress
	Host    string // target host, for order and limits; may be empty
	Payload []byte // JSON
	RunAt   time.Time
	Attempt int   // how many times it has been started, this one included
	Cause   int64 // exchange or local action that led to it
	Root    int64 // first of that chain

	done *bool
}

// Tx is what a handler's transaction offers for finishing its job in the same commit as its effects.
type Tx interface {
	DeleteJob(ctx context.Context, id int64) error
}

// Finish completes j in tx, so that the work's effects and its completion commit together.
func (j Job) Finish(ctx context.Context, tx Tx) error {
	if err := tx.DeleteJob(ctx, j.ID); err != nil {
		return fmt.Errorf("finish job %d (%s): %w", j.ID, j.Kind, err)
	}
	if j.done != nil {
		*j.done = true
	}
	return nil
}

// Store keeps jobs.
type Store interface {
	Tx
	InsertJob(ctx context.Context, j Job) error
	// ClaimJobs leases up to n jobs of queue ("" for any) that are due at now, ordered by due time and id, and counts the
	// attempt. It passes over those of the hosts except.
	ClaimJobs(ctx context.Context, queue string, except []string, now, leaseUntil time.Time, n int) ([]Job, error)
	// RetryJob puts a claimed job back until at.
	RetryJob(ctx context.Context, id int64, at time.Time, reason string) error
	// ReleaseLeases puts every leased job back: for a process that knows it is alone and has just started.
	ReleaseLeases(ctx context.Context) (int64, error)
	// UnclaimJobs puts claimed jobs back as if they had never been claimed.
	UnclaimJobs(ctx context.Context, ids []int64) error
	// NextJob says when the next job of queue that is not yet due at now will be (zero: none).
	NextJob(ctx context.Context, queue string, now time.Time) (time.Time, error)
	// PendingJobs counts what is due at now and what is leased, and says when the next one is due (zero: none).
	PendingJobs(ctx context.Context, now time.Time) (due, inFlight int, next time.Time, err error)
}

// Handler does one job. A nil error completes it; an error made by Permanent discards it; one made by RetryAt puts it off
// until then; any other is retried by the kind's schedule.
type Handler func(ctx context.Context, j Job) error

// Schedule says how long to wait before the n-th retry (1 is the first), or false to give up.
type Schedule func(retry int) (time.Duration, bool)

type permanentError struct{ error }

// Permanent marks err as not worth retrying.
func Permanent(err error) error { return permanentError{err} }

func (p permanentError) Unwrap() error { return p.error }

type retryError struct {
	error
	at time.Time
}

// RetryAt says that the job should be tried again at at.
func RetryAt(err error, at time.Time) error { return retryError{err, at} }

func (r retryError) Unwrap() error { return r.error }

// IsPermanent reports whether err says that retrying is useless.
func IsPermanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}
