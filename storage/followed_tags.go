package storage

import (
	"context"

	"orrery/social"
)

// FollowTag implements social.FollowedTagStore.
func (s *Store) FollowTag(ctx context.Context, t social.FollowedTag) error {
	const q = `
		INSERT INTO followed_tags (id, account_id, tag, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(t.ID), int64(t.AccountID), t.Tag, millis(t.CreatedAt))
	return wrap(err, "follow #%s for %d", t.Tag, t.AccountID)
}

// UnfollowTag implements social.FollowedTagStore.
func (s *Store) UnfollowTag(ctx context.Context, account social.ID, tag string) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			DELETE FROM followed_tags
			WHERE account_id = $1 AND tag = $2`
		if _, err := s.exec(ctx, q, int64(account), tag); err != nil {
			return err
		}
		const home = `
			DELETE FROM home_entries
			WHERE account_id = $1 AND via = $2`
		_, err := s.exec(ctx, home, int64(account), "tag:"+tag)
		return err
	})
	return wrap(err, "unfollow #%s for %d", tag, account)
}

// FollowedTags implements social.FollowedTagStore.
func (s *Store) FollowedTags(ctx context.Context, account social.ID, p social.Page) ([]social.FollowedTag, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.FollowedTag, error) {
		t := social.FollowedTag{AccountID: account}
		var created int64
		err := r.Scan(&t.ID, &t.Tag, &created)
		t.CreatedAt = fromMillis(created)
		return t, err
	}, `
		SELECT t.id, t.tag, t.created_at
		FROM followed_tags t
		WHERE t.account_id = $1 AND t.id < $2 AND t.id > $3
		ORDER BY t.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "tags that %d follows", account))
}

// FollowsTags implements social.FollowedTagStore.
func (s *Store) FollowsTags(ctx context.Context, account social.ID, tags []string) (map[string]bool, error) {
	if len(tags) == 0 {
		return map[string]bool{}, nil
	}
	args := []any{int64(account)}
	found, err := setOf(ctx, s, scanWord, `
		SELECT t.tag
		FROM followed_tags t
		WHERE t.account_id = $1 AND t.tag IN (`+inWords(&args, tags)+`)`, args...)
	return found, wrap(err, "which of %d tags %d follows", len(tags), account)
}
