package storage

import (
	"context"
	"time"

	"orrery/social"
)

// idempotencySpan is how long a client's key stands for the status it made.
const idempotencySpan = time.Hour

// StatusIDByIdempotencyKey implements social.StatusStore.
func (s *Store) StatusIDByIdempotencyKey(ctx context.Context, account social.ID, key string, since time.Time) (social.ID, error) {
	const q = `
		SELECT status_id
		FROM idempotency_keys
		WHERE account_id = $1 AND name = $2 AND used_at >= $3`
	id, err := scanID(s.row(ctx, q, int64(account), key, millis(since)))
	return id, missing(err, "idempotency key of %d", account)
}

// PutIdempotencyKey implements social.StatusStore. It is ErrConflict when the key was used within the last hour: then two
// requests with one key ran side by side, and the later must undo its status and return the earlier's. Older keys, of
// anybody, are forgotten.
func (s *Store) PutIdempotencyKey(ctx context.Context, account social.ID, key string, status social.ID, at time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM idempotency_keys
			WHERE used_at < $1`
		if _, err := s.exec(ctx, forget, millis(at.Add(-idempotencySpan))); err != nil {
			return err
		}
		const q = `
			INSERT INTO idempotency_keys (account_id, name, status_id, used_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(account), key, int64(status), millis(at))
		if err == nil && n == 0 {
			err = social.ErrConflict
		}
		return err
	})
	return wrap(err, "put idempotency key of %d", account)
}

// ForgetTombstones implements social.TombstoneStore.
func (s *Store) ForgetTombstones(ctx context.Context, account social.ID) error {
	const q = `
		DELETE FROM tombstones
		WHERE account_id = $1`
	_, err := s.exec(ctx, q, int64(account))
	return wrap(err, "forget tombstones of %d", account)
}

// InsertTombstone implements social.TombstoneStore.
func (s *Store) InsertTombstone(ctx context.Context, account social.ID, uri string, at time.Time) error {
	const q = `
		INSERT INTO tombstones (uri, account_id, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, uri, int64(account), millis(at))
	return wrap(err, "insert tombstone %s", uri)
}

// TakenBack implements social.TombstoneStore.
func (s *Store) TakenBack(ctx context.Context, account social.ID, uri string, now time.Time) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (SELECT 1 FROM tombstones WHERE uri = $2)
			OR EXISTS (SELECT 1 FROM suppressions WHERE account_id = $1 AND uri = $2 AND until > $3)`
	err := s.row(ctx, q, int64(account), uri, millis(now)).Scan(&found)
	return found, wrap(err, "whether %d took %s back", account, uri)
}

// Suppress implements social.TombstoneStore; the later end wins. Those that ended social.SuppressFor ago are forgotten.
func (s *Store) Suppress(ctx context.Context, account social.ID, uri string, until time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM suppressions
			WHERE until < $1`
		if _, err := s.exec(ctx, forget, millis(until.Add(-2*social.SuppressFor))); err != nil {
			return err
		}
		const q = `
			INSERT INTO suppressions (account_id, uri, until)
			VALUES ($1, $2, $3)
			ON CONFLICT (account_id, uri) DO UPDATE
			SET until = excluded.until
			WHERE suppressions.until < excluded.until`
		_, err := s.exec(ctx, q, int64(account), uri, millis(until))
		return err
	})
	return wrap(err, "suppress %s for %d", uri, account)
}

// Suppressed implements social.TombstoneStore; at the end itself it no longer is.
func (s *Store) Suppressed(ctx context.Context, account social.ID, uri string, now time.Time) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (SELECT 1 FROM suppressions WHERE account_id = $1 AND uri = $2 AND until > $3)`
	err := s.row(ctx, q, int64(account), uri, millis(now)).Scan(&found)
	return found, wrap(err, "suppression of %s for %d", uri, account)
}
