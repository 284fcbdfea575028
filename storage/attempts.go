package storage

import (
	"context"
	"errors"
	"time"

	"orrery/social"
	"orrery/storage/sqldb"
)

// keepAttempts is how long a key that nobody tries again stays; longer than any window in use.
const keepAttempts = 24 * time.Hour

// CountAttempt implements social.UserStore. One statement counts, so that parallel guesses are all counted.
func (s *Store) CountAttempt(ctx context.Context, key string, now time.Time, span time.Duration) (int, error) {
	var n int64
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM attempts
			WHERE started_at < $1`
		if _, err := s.exec(ctx, forget, millis(now.Add(-keepAttempts))); err != nil {
			return err
		}
		const q = `
			INSERT INTO attempts (name, started_at, failures)
			VALUES ($1, $2, 1)
			ON CONFLICT (name) DO UPDATE
			SET failures = CASE WHEN attempts.started_at <= $3 THEN 1 ELSE attempts.failures + 1 END,
				started_at = CASE WHEN attempts.started_at <= $3 THEN excluded.started_at ELSE attempts.started_at END
			RETURNING failures`
		return s.row(ctx, q, key, millis(now), millis(now.Add(-span))).Scan(&n)
	})
	return int(n), wrap(err, "count attempt of %s", key)
}

// Attempts implements social.UserStore.
func (s *Store) Attempts(ctx context.Context, key string, now time.Time, span time.Duration) (int, error) {
	var n int64
	const q = `
		SELECT failures
		FROM attempts
		WHERE name = $1 AND started_at > $2`
	err := s.row(ctx, q, key, millis(now.Add(-span))).Scan(&n)
	if errors.Is(err, sqldb.ErrNoRows) {
		return 0, nil
	}
	return int(n), wrap(err, "attempts of %s", key)
}

// TakeBackAttempt implements social.UserStore.
func (s *Store) TakeBackAttempt(ctx context.Context, key string) error {
	const q = `
		UPDATE attempts
		SET failures = failures - 1
		WHERE name = $1 AND failures > 0`
	_, err := s.exec(ctx, q, key)
	return wrap(err, "take back an attempt of %s", key)
}

// ClearAttempts implements social.UserStore.
func (s *Store) ClearAttempts(ctx context.Context, key string) error {
	const q = `
		DELETE FROM attempts
		WHERE name = $1`
	_, err := s.exec(ctx, q, key)
	return wrap(err, "clear attempts of %s", key)
}

// UseTicket implements social.UserStore. Used tickets are forgotten once they have expired: the caller refuses those.
func (s *Store) UseTicket(ctx context.Context, hash string, now, expires time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM tickets
			WHERE expires_at < $1`
		if _, err := s.exec(ctx, forget, millis(now)); err != nil {
			return err
		}
		const q = `
			INSERT INTO tickets (hash, expires_at)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, hash, millis(expires))
		if err == nil && n == 0 {
			err = social.ErrConflict
		}
		return err
	})
	return wrap(err, "use ticket")
}
