package social

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Scheduled is a post that is to be published later.
type Scheduled struct {
	ID, AccountID ID
	AppID         ID // 0 when it was written on a page
	At            time.Time
	Draft         Draft
	CreatedAt     time.Time
}

// ScheduledStore keeps them. Lookups return ErrNotFound, also for those of others.
type ScheduledStore interface {
	// InsertScheduled keeps its uploads from being deleted as well. ErrConflict when the idempotency key is taken.
	InsertScheduled(ctx context.Context, s Scheduled) error
	ScheduledByID(ctx context.Context, account, id ID) (Scheduled, error)
	ScheduledByKey(ctx context.Context, account ID, key string) (Scheduled, error)
	// ScheduledDue finds one by id alone, for the job that publishes it.
	ScheduledDue(ctx context.Context, id ID) (Scheduled, error)
	// ScheduledOf are paged by id, newest first.
	ScheduledOf(ctx context.Context, account ID, p Page) ([]Scheduled, error)
	MoveScheduled(ctx context.Context, account, id ID, at time.Time) error
	DeleteScheduled(ctx context.Context, account, id ID) error
	// CountScheduled counts account's that are due in [from, to); zero times are no bound.
	CountScheduled(ctx context.Context, account ID, from, to time.Time) (int64, error)
	// Schedules reports whether a post that is to come shows the upload.
	Schedules(ctx context.Context, attachment ID) (bool, error)
}

// Bounds of what is published later.
const (
	ScheduleAhead    = 5 * time.Minute
	maxScheduledDay  = 25
	maxScheduledEver = 300
)

// Schedule is the rules of posting later. Safe for concurrent use.
type Schedule struct {
	Store    Store
	Now      func() time.Time
	NewID    func() ID
	Statuses *Statuses
	// Leave leaves the job in tx that calls Publish with id at a time.
	Leave func(ctx context.Context, tx Tx, id ID, at time.Time) error
}

// Add keeps d to be published at a time. A key that was used before gives what it made. Errors: ErrInvalid (too soon, too
// many, what Publish refuses), ErrNotFound (the post answered).
func (s *Schedule) Add(ctx context.Context, author, app ID, at time.Time, d Draft) (Scheduled, error) {
	if err := d.check(); err != nil {
		return Scheduled{}, err
	}
	if d.IdempotencyKey != "" {
		if known, err := s.Store.ScheduledByKey(ctx, author, d.IdempotencyKey); !errors.Is(err, ErrNotFound) {
			return known, err
		}
	}
	if _, err := s.Statuses.parent(ctx, author, d.ReplyTo); err != nil {
		return Scheduled{}, err
	}
	if _, err := draftMedia(ctx, s.Store, author, 0, d.MediaIDs); err != nil {
		return Scheduled{}, err
	}
	out := Scheduled{ID: s.NewID(), AccountID: author, AppID: app, At: at, Draft: d, CreatedAt: s.Now()}
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := s.free(ctx, tx, author, at, 1); err != nil {
			return err
		}
		if err := tx.InsertScheduled(ctx, out); err != nil {
			return err
		}
		return s.Leave(ctx, tx, out.ID, at)
	})
	if d.IdempotencyKey != "" && errors.Is(err, ErrConflict) { // the same request at the same moment was quicker
		return s.Store.ScheduledByKey(ctx, author, d.IdempotencyKey)
	}
	return out, err
}

// Move gives one of author's another time. Errors: ErrNotFound, ErrInvalid (too soon, too many on that day).
func (s *Schedule) Move(ctx context.Context, author, id ID, at time.Time) (Scheduled, error) {
	var out Scheduled
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if out, err = tx.ScheduledByID(ctx, author, id); err != nil {
			return err
		}
		if err := s.free(ctx, tx, author, at, 0); err != nil {
			return err
		}
		out.At = at
		if err := tx.MoveScheduled(ctx, author, id, at); err != nil {
			return err
		}
		return s.Leave(ctx, tx, id, at)
	})
	return out, err
}

// free refuses a time that is too soon, and posts that are too many.
func (s *Schedule) free(ctx context.Context, tx Tx, author ID, at time.Time, more int64) error {
	if !at.After(s.Now().Add(ScheduleAhead)) {
		return &Error{Kind: ErrInvalid, Field: "scheduled_at", Message: "Validation failed: Scheduled at must be more than 5 minutes in the future."}
	}
	day := at.UTC().Truncate(24 * time.Hour)
	thatDay, err := tx.CountScheduled(ctx, author, day, day.Add(24*time.Hour))
	if err != nil {
		return err
	}
	ever, err := tx.CountScheduled(ctx, author, time.Time{}, time.Time{})
	if err != nil {
		return err
	}
	if thatDay >= maxScheduledDay {
		return &Error{Kind: ErrInvalid, Field: "scheduled_at", Message: fmt.Sprintf("At most %d posts can be scheduled for one day: choose another.", maxScheduledDay)}
	}
	if ever+more > maxScheduledEver {
		return &Error{Kind: ErrInvalid, Field: "scheduled_at", Message: fmt.Sprintf("At most %d posts can be scheduled: delete one first.", maxScheduledEver)}
	}
	return nil
}

// Publish publishes one whose time has come; one that is gone, or has another time now, is left alone. What cannot be
// published any more stays listed, so that its author keeps the text and may choose another time.
func (s *Schedule) Publish(ctx context.Context, id ID) error {
	due, err := s.Store.ScheduledDue(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil || due.At.After(s.Now()) {
		return err
	}
	due.Draft.IdempotencyKey = "scheduled-" + id.String() // after a crash the next attempt finds what was published
	_, err = s.Statuses.Publish(ctx, due.AccountID, due.Draft)
	var refused *Error
	if errors.As(err, &refused) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("publish scheduled %d: %w", id, err)
	}
	err = s.Store.DeleteScheduled(ctx, due.AccountID, id)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
