package storage

import (
	"context"
	"time"

	"orrery/social"
)

// AddFailedDay implements social.HostStore.
func (s *Store) AddFailedDay(ctx context.Context, host string, at time.Time) (int, error) {
	var n int64
	err := s.atomic(ctx, func(s *Store) error {
		const add = `
			INSERT INTO failed_days (host, day)
			VALUES ($1, $2)
			ON CONFLICT DO NOTHING`
		if _, err := s.exec(ctx, add, host, social.Day(at)); err != nil {
			return err
		}
		const count = `
			SELECT COUNT(*)
			FROM failed_days
			WHERE host = $1`
		return s.row(ctx, count, host).Scan(&n)
	})
	return int(n), wrap(err, "note that %s took nothing", host)
}

// ForgetFailedDays implements social.HostStore.
func (s *Store) ForgetFailedDays(ctx context.Context, host string) error {
	const q = `
		DELETE FROM failed_days
		WHERE host = $1`
	_, err := s.exec(ctx, q, host)
	return wrap(err, "forget that %s took nothing", host)
}

// FailedDays implements social.HostStore.
func (s *Store) FailedDays(ctx context.Context) ([]social.FailedDays, error) {
	const q = `
		SELECT host, COUNT(*), MAX(day)
		FROM failed_days
		GROUP BY host
		ORDER BY host`
	out, err := list(ctx, s, func(r scanner) (f social.FailedDays, err error) {
		var n int64
		err = r.Scan(&f.Host, &n, &f.Last)
		f.Days = int(n)
		return f, err
	}, q)
	return out, wrap(err, "list servers that took nothing")
}

// KnownInboxes implements social.HostStore.
func (s *Store) KnownInboxes(ctx context.Context) ([]string, error) {
	const q = `
		SELECT DISTINCT CASE WHEN shared_inbox_url <> '' THEN shared_inbox_url ELSE inbox_url END AS inbox
		FROM accounts
		WHERE domain <> '' AND (shared_inbox_url <> '' OR inbox_url <> '')
		ORDER BY inbox`
	out, err := list(ctx, s, scanWord, q)
	return out, wrap(err, "list known inboxes")
}
