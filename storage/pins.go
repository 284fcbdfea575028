package storage

import (
	"context"
	"time"

	"orrery/social"
)

// InsertPin implements social.PinStore.
func (s *Store) InsertPin(ctx context.Context, account, status social.ID, at time.Time) error {
	const q = `
		INSERT INTO pins (account_id, status_id, pinned_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(account), int64(status), millis(at))
	return wrap(err, "pin %d", status)
}

// DeletePin implements social.PinStore.
func (s *Store) DeletePin(ctx context.Context, account, status social.ID) (bool, error) {
	const q = `
		DELETE FROM pins
		WHERE account_id = $1 AND status_id = $2`
	n, err := s.exec(ctx, q, int64(account), int64(status))
	return n > 0, wrap(err, "unpin %d", status)
}

// Pins implements social.PinStore.
func (s *Store) Pins(ctx context.Context, account social.ID) ([]social.ID, error) {
	const q = `
		SELECT p.status_id
		FROM pins p
		JOIN statuses s ON s.id = p.status_id
		WHERE p.account_id = $1 AND s.deleted_at = 0
		ORDER BY p.pinned_at DESC, p.status_id DESC`
	out, err := list(ctx, s, scanID, q, int64(account))
	return out, wrap(err, "pins of %d", account)
}

// InsertFeaturedTag implements social.PinStore.
func (s *Store) InsertFeaturedTag(ctx context.Context, t social.FeaturedTag) error {
	const q = `
		INSERT INTO featured_tags (id, account_id, tag, name)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(t.ID), int64(t.AccountID), t.Tag, t.Name)
	return added(n, err, "feature hashtag %s", t.Tag)
}

// DeleteFeaturedTag implements social.PinStore.
func (s *Store) DeleteFeaturedTag(ctx context.Context, account social.ID, tag string) (bool, error) {
	const q = `
		DELETE FROM featured_tags
		WHERE account_id = $1 AND tag = $2`
	n, err := s.exec(ctx, q, int64(account), tag)
	return n > 0, wrap(err, "feature hashtag %s no more", tag)
}

// FeaturedTags implements social.PinStore, in the order of id.
func (s *Store) FeaturedTags(ctx context.Context, account social.ID) ([]social.FeaturedTag, error) {
	const q = `
		SELECT f.id, f.tag, f.name, COUNT(s.id), COALESCE(MAX(s.created_at), 0)
		FROM featured_tags f
		LEFT JOIN status_tags t ON t.tag = f.tag
		LEFT JOIN statuses s ON s.id = t.status_id AND s.account_id = f.account_id AND s.deleted_at = 0
			AND s.visibility IN ('public', 'unlisted')
		WHERE f.account_id = $1
		GROUP BY f.id, f.tag, f.name
		ORDER BY f.id`
	out, err := list(ctx, s, func(r scanner) (social.FeaturedTag, error) {
		t := social.FeaturedTag{AccountID: account}
		var id, last int64
		err := r.Scan(&id, &t.Tag, &t.Name, &t.Statuses, &last)
		t.ID, t.LastStatusAt = social.ID(id), fromMillis(last)
		return t, err
	}, q, int64(account))
	return out, wrap(err, "featured hashtags of %d", account)
}

// UsedTags implements social.PinStore.
func (s *Store) UsedTags(ctx context.Context, account social.ID, limit int) ([]string, error) {
	const q = `
		SELECT t.tag
		FROM statuses s
		JOIN status_tags t ON t.status_id = s.id
		WHERE s.account_id = $1 AND s.deleted_at = 0 AND s.visibility IN ('public', 'unlisted')
			AND NOT EXISTS (SELECT 1 FROM featured_tags f WHERE f.account_id = $1 AND f.tag = t.tag)
		GROUP BY t.tag
		ORDER BY COUNT(*) DESC, t.tag
		LIMIT $2`
	out, err := list(ctx, s, scanWord, q, int64(account), int64(limit))
	return out, wrap(err, "hashtags that %d uses", account)
}
