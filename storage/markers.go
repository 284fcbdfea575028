package storage

import (
	"context"
	"time"

	"orrery/social"
)

func scanMarker(r scanner) (social.Marker, error) {
	var m social.Marker
	var updated int64
	err := r.Scan(&m.Timeline, &m.LastReadID, &m.Version, &updated)
	m.UpdatedAt = fromMillis(updated)
	return m, err
}

// Markers implements social.MarkerStore.
func (s *Store) Markers(ctx context.Context, account social.ID) ([]social.Marker, error) {
	const q = `
		SELECT timeline, last_read_id, version, updated_at
		FROM markers
		WHERE account_id = $1
		ORDER BY timeline`
	out, err := list(ctx, s, scanMarker, q, int64(account))
	return out, wrap(err, "markers of %d", account)
}

// PutMarker implements social.MarkerStore.
func (s *Store) PutMarker(ctx context.Context, account social.ID, timeline string, lastRead social.ID, at time.Time) (social.Marker, error) {
	var m social.Marker
	err := s.atomic(ctx, func(s *Store) error {
		const put = `
			INSERT INTO markers (account_id, timeline, last_read_id, version, updated_at)
			VALUES ($1, $2, $3, 1, $4)
			ON CONFLICT (account_id, timeline) DO UPDATE
			SET last_read_id = excluded.last_read_id, version = markers.version + 1, updated_at = excluded.updated_at`
		if _, err := s.exec(ctx, put, int64(account), timeline, int64(lastRead), millis(at)); err != nil {
			return err
		}
		const q = `
			SELECT timeline, last_read_id, version, updated_at
			FROM markers
			WHERE account_id = $1 AND timeline = $2`
		var err error
		m, err = scanMarker(s.row(ctx, q, int64(account), timeline))
		return err
	})
	return m, wrap(err, "mark %s of %d", timeline, account)
}
