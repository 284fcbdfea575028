package storage

import (
	"context"
	"time"

	"orrery/social"
)

// ExternalPosts implements social.ExternalStore.
func (s *Store) ExternalPosts(ctx context.Context, limit int) ([]social.ExternalPost, error) {
	const q = `
		SELECT p.id, p.uri, p.url, p.created_at, COALESCE(e.checked_at, 0)
		FROM statuses p
		LEFT JOIN external_checks e ON e.status_id = p.id
		WHERE NOT p.local AND p.deleted_at = 0 AND p.boost_of_id = 0 AND p.visibility IN ('public', 'unlisted')
			AND (EXISTS (SELECT 1 FROM home_entries h WHERE h.status_id = p.id)
				OR EXISTS (SELECT 1 FROM home_entries h WHERE h.boost_of_id = p.id AND h.boost_of_id <> 0)
				OR EXISTS (SELECT 1 FROM statuses r WHERE r.reply_to_id = p.id AND r.reply_to_id <> 0 AND r.local AND r.deleted_at = 0))
		ORDER BY p.id DESC
		LIMIT $1`
	posts, err := list(ctx, s, func(r scanner) (social.ExternalPost, error) {
		var p social.ExternalPost
		var id, created, checked int64
		err := r.Scan(&id, &p.URI, &p.URL, &created, &checked)
		p.ID, p.CreatedAt, p.CheckedAt = social.ID(id), fromMillis(created), fromMillis(checked)
		return p, err
	}, q, int64(limit))
	return posts, wrap(err, "posts whose threads are asked for")
}

// NoteExternal implements social.ExternalStore.
func (s *Store) NoteExternal(ctx context.Context, id social.ID, at time.Time) error {
	const q = `
		INSERT INTO external_checks (status_id, checked_at)
		VALUES ($1, $2)
		ON CONFLICT (status_id) DO UPDATE SET checked_at = $2`
	_, err := s.exec(ctx, q, int64(id), millis(at))
	return wrap(err, "note that the thread of %d was asked for", id)
}

// HasJob reports whether work of that kind waits or is being done.
func (s *Store) HasJob(ctx context.Context, kind string) (bool, error) {
	const q = `
		SELECT COUNT(*)
		FROM jobs
		WHERE kind = $1`
	var n int64
	err := s.row(ctx, q, kind).Scan(&n)
	return n > 0, wrap(err, "look for work of kind %s", kind)
}
