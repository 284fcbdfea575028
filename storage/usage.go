package storage

import (
	"context"
	"time"

	"orrery/social"
)

// CountPeople implements social.UsageStore.
func (s *Store) CountPeople(ctx context.Context, since time.Time) (int64, error) {
	const q = `
		SELECT COUNT(*)
		FROM accounts a
		WHERE a.domain = '' AND a.id <> $1 AND a.suspended_at = 0 AND a.deleted_at = 0 AND a.last_status_at >= $2`
	var n int64
	err := s.row(ctx, q, int64(social.InstanceActorID), millis(since)).Scan(&n)
	return n, wrap(err, "count people active since %s", since)
}
