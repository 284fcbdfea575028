package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"orrery/social"
)

const scheduledColumns = `x.id, x.account_id, x.due_at, x.draft, x.app_id, x.created_at`

func scanScheduled(r scanner) (social.Scheduled, error) {
	var x social.Scheduled
	var due, created int64
	err := r.Scan(&x.ID, &x.AccountID, &due, asJSON(&x.Draft), &x.AppID, &created)
	x.At, x.CreatedAt = fromMillis(due), fromMillis(created)
	return x, err
}

// InsertScheduled implements social.ScheduledStore.
func (s *Store) InsertScheduled(ctx context.Context, x social.Scheduled) error {
	draft, err := json.Marshal(x.Draft)
	if err != nil {
		return fmt.Errorf("encode the draft of %d: %w", x.ID, err)
	}
	err = s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO scheduled (id, account_id, due_at, draft, app_id, idempotency_key, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(x.ID), int64(x.AccountID), millis(x.At), string(draft), int64(x.AppID), x.Draft.IdempotencyKey,
			millis(x.CreatedAt))
		if err == nil && n == 0 {
			err = social.ErrConflict
		}
		if err != nil {
			return err
		}
		for _, id := range x.Draft.MediaIDs {
			const keep = `
				INSERT INTO scheduled_media (attachment_id, scheduled_id)
				VALUES ($1, $2)
				ON CONFLICT DO NOTHING`
			if _, err := s.exec(ctx, keep, int64(id), int64(x.ID)); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "schedule %d for %d", x.ID, x.AccountID)
}

// ScheduledByID implements social.ScheduledStore.
func (s *Store) ScheduledByID(ctx context.Context, account, id social.ID) (social.Scheduled, error) {
	const q = `
		SELECT ` + scheduledColumns + `
		FROM scheduled x
		WHERE x.id = $1 AND x.account_id = $2`
	x, err := scanScheduled(s.row(ctx, q, int64(id), int64(account)))
	return x, missing(err, "scheduled %d of %d", id, account)
}

// ScheduledByKey implements social.ScheduledStore.
func (s *Store) ScheduledByKey(ctx context.Context, account social.ID, key string) (social.Scheduled, error) {
	const q = `
		SELECT ` + scheduledColumns + `
		FROM scheduled x
		WHERE x.account_id = $1 AND x.idempotency_key = $2 AND x.idempotency_key <> ''`
	x, err := scanScheduled(s.row(ctx, q, int64(account), key))
	return x, missing(err, "scheduled of %d by key", account)
}

// ScheduledDue implements social.ScheduledStore.
func (s *Store) ScheduledDue(ctx context.Context, id social.ID) (social.Scheduled, error) {
	const q = `
		SELECT ` + scheduledColumns + `
		FROM scheduled x
		WHERE x.id = $1`
	x, err := scanScheduled(s.row(ctx, q, int64(id)))
	return x, missing(err, "scheduled %d", id)
}

// ScheduledOf implements social.ScheduledStore.
func (s *Store) ScheduledOf(ctx context.Context, account social.ID, p social.Page) ([]social.Scheduled, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanScheduled, `
		SELECT `+scheduledColumns+`
		FROM scheduled x
		WHERE x.account_id = $1 AND x.id < $2 AND x.id > $3
		ORDER BY x.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "scheduled of %d", account))
}

// MoveScheduled implements social.ScheduledStore.
func (s *Store) MoveScheduled(ctx context.Context, account, id social.ID, at time.Time) error {
	const q = `
		UPDATE scheduled
		SET due_at = $3
		WHERE account_id = $1 AND id = $2`
	n, err := s.exec(ctx, q, int64(account), int64(id), millis(at))
	return touched(n, err, "move scheduled %d of %d", id, account)
}

// DeleteScheduled implements social.ScheduledStore.
func (s *Store) DeleteScheduled(ctx context.Context, account, id social.ID) error {
	const q = `
		DELETE FROM scheduled
		WHERE account_id = $1 AND id = $2`
	return s.deleteOne(ctx, q, "scheduled", account, id)
}

// CountScheduled implements social.ScheduledStore.
func (s *Store) CountScheduled(ctx context.Context, account social.ID, from, to time.Time) (int64, error) {
	until := int64(math.MaxInt64)
	if !to.IsZero() {
		until = millis(to)
	}
	var n int64
	const q = `
		SELECT COUNT(*)
		FROM scheduled
		WHERE account_id = $1 AND due_at >= $2 AND due_at < $3`
	err := s.row(ctx, q, int64(account), millis(from), until).Scan(&n)
	return n, wrap(err, "count scheduled of %d", account)
}

// Schedules implements social.ScheduledStore.
func (s *Store) Schedules(ctx context.Context, attachment social.ID) (bool, error) {
	var n int64
	const q = `
		SELECT COUNT(*)
		FROM scheduled_media
		WHERE attachment_id = $1`
	err := s.row(ctx, q, int64(attachment)).Scan(&n)
	return n > 0, wrap(err, "whether %d is scheduled", attachment)
}
