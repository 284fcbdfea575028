package storage

import (
	"context"
	"strings"

	"orrery/social"
)

const followColumns = `f.id, f.account_id, f.target_id, f.uri, f.pending, f.hide_boosts, f.notify,
	f.languages, f.created_at`

func scanFollow(r scanner) (social.Follow, error) {
	var f social.Follow
	var created int64
	var languages string
	err := r.Scan(&f.ID, &f.AccountID, &f.TargetID, &f.URI, &f.Pending, &f.HideBoosts, &f.Notify, &languages, &created)
	f.CreatedAt = fromMillis(created)
	f.Languages = words(languages)
	return f, err
}

// InsertFollow implements social.FollowStore.
func (s *Store) InsertFollow(ctx context.Context, f social.Follow) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO follows (id, account_id, target_id, uri, pending, hide_boosts, notify, languages, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(f.ID), int64(f.AccountID), int64(f.TargetID), f.URI, f.Pending,
			f.HideBoosts, f.Notify, strings.Join(f.Languages, " "), millis(f.CreatedAt))
		switch {
		case err != nil:
			return err
		case n == 0:
			return social.ErrConflict
		case f.Pending:
			return nil
		}
		return s.countFollow(ctx, f.AccountID, f.TargetID, 1)
	})
	return wrap(err, "insert follow of %d by %d", f.TargetID, f.AccountID)
}

// countFollow adds n to the follower's and the followed one's counters, in one statement.
func (s *Store) countFollow(ctx context.Context, account, target social.ID, n int) error {
	const q = `
		UPDATE accounts
		SET following_count = CASE WHEN id <> $1 THEN following_count
				WHEN following_count + $3 < 0 THEN 0 ELSE following_count + $3 END,
			followers_count = CASE WHEN id <> $2 THEN followers_count
				WHEN followers_count + $3 < 0 THEN 0 ELSE followers_count + $3 END
		WHERE id IN ($1, $2)`
	_, err := s.exec(ctx, q, int64(account), int64(target), int64(n))
	return wrap(err, "count it")
}

// FollowBetween implements social.FollowStore.
func (s *Store) FollowBetween(ctx context.Context, account, target social.ID) (social.Follow, error) {
	const q = `
		SELECT ` + followColumns + `
		FROM follows f
		WHERE f.account_id = $1 AND f.target_id = $2`
	f, err := scanFollow(s.row(ctx, q, int64(account), int64(target)))
	return f, missing(err, "follow of %d by %d", target, account)
}

// FollowByURI implements social.FollowStore. Nobody keeps remote servers from using a URI twice; the newest counts.
func (s *Store) FollowByURI(ctx context.Context, uri string) (social.Follow, error) {
	const q = `
		SELECT ` + followColumns + `
		FROM follows f
		WHERE f.uri = $1 AND f.uri <> ''
		ORDER BY f.id DESC
		LIMIT 1`
	f, err := scanFollow(s.row(ctx, q, uri))
	return f, missing(err, "follow %s", uri)
}

// UpdateFollow implements social.FollowStore; the pair says which follow.
func (s *Store) UpdateFollow(ctx context.Context, f social.Follow) error {
	err := s.atomic(ctx, func(s *Store) error {
		const set = `
			UPDATE follows
			SET uri = $3, hide_boosts = $4, notify = $5, languages = $6
			WHERE account_id = $1 AND target_id = $2`
		n, err := s.exec(ctx, set, int64(f.AccountID), int64(f.TargetID), f.URI, f.HideBoosts, f.Notify,
			strings.Join(f.Languages, " "))
		if err != nil {
			return err
		}
		if n == 0 {
			return social.ErrNotFound
		}
		const flip = `
			UPDATE follows
			SET pending = $3
			WHERE account_id = $1 AND target_id = $2 AND pending <> $3`
		n, err = s.exec(ctx, flip, int64(f.AccountID), int64(f.TargetID), f.Pending)
		switch {
		case err != nil || n == 0:
			return err
		case f.Pending:
			return s.countFollow(ctx, f.AccountID, f.TargetID, -1)
		}
		return s.countFollow(ctx, f.AccountID, f.TargetID, 1)
	})
	return wrap(err, "update follow of %d by %d", f.TargetID, f.AccountID)
}

// DeleteFollow implements social.FollowStore. It is ErrNotFound when there is none.
func (s *Store) DeleteFollow(ctx context.Context, account, target social.ID) error {
	err := s.atomic(ctx, func(s *Store) error {
		var pending bool
		const q = `
			DELETE FROM follows
			WHERE account_id = $1 AND target_id = $2
			RETURNING pending`
		if err := s.row(ctx, q, int64(account), int64(target)).Scan(&pending); err != nil {
			return missing(err, "remove it")
		}
		if pending {
			return nil
		}
		return s.countFollow(ctx, account, target, -1)
	})
	return wrap(err, "delete follow of %d by %d", target, account)
}

// FamiliarFollowers implements social.FollowStore.
func (s *Store) FamiliarFollowers(ctx context.Context, account, target social.ID, limit int) ([]social.ID, error) {
	const q = `
		SELECT theirs.account_id
		FROM follows own
		JOIN follows theirs ON theirs.account_id = own.target_id
		JOIN accounts a ON a.id = theirs.account_id
		WHERE own.account_id = $1 AND NOT own.pending AND theirs.target_id = $2 AND NOT theirs.pending AND NOT a.hide_collections
		ORDER BY theirs.id DESC
		LIMIT $3`
	out, err := list(ctx, s, scanID, q, int64(account), int64(target), int64(limit))
	return out, wrap(err, "whom %d follows of those who follow %d", account, target)
}
