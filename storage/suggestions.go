package storage

import (
	"context"

	"orrery/social"
)

// presentable are accounts that may be shown to strangers.
const presentable = `a.discoverable AND a.suspended_at = 0 AND a.silenced_at = 0 AND a.deleted_at = 0 AND a.moved_to_id = 0
			AND a.domain <> 'handle.invalid'`

// suggestible are accounts a whom $1 does not know yet.
const suggestible = presentable + `
			AND a.id <> $1
			AND NOT EXISTS (SELECT 1 FROM follows k WHERE k.account_id = $1 AND k.target_id = a.id)
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1 AND b.target_id = a.id)
			AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = a.id AND b.target_id = $1)
			AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.account_id = $1 AND m.target_id = a.id)
			AND NOT EXISTS (SELECT 1 FROM user_domain_blocks d WHERE d.account_id = $1 AND d.domain = a.domain)
			AND NOT EXISTS (SELECT 1 FROM suggestion_dismissals x WHERE x.account_id = $1 AND x.target_id = a.id)`

// FriendsOfFriends implements social.SuggestionStore. Those who hide whom they follow are nobody's friends here.
func (s *Store) FriendsOfFriends(ctx context.Context, account social.ID, limit int) ([]social.ID, error) {
	const q = `
		SELECT a.id
		FROM follows f
		JOIN accounts friend ON friend.id = f.target_id
		JOIN follows g ON g.account_id = f.target_id
		JOIN accounts a ON a.id = g.target_id
		WHERE f.account_id = $1 AND NOT f.pending AND NOT g.pending AND NOT friend.hide_collections AND ` + suggestible + `
		GROUP BY a.id
		ORDER BY COUNT(*) DESC, a.id DESC
		LIMIT $2`
	out, err := list(ctx, s, scanID, q, int64(account), int64(max(limit, 0)))
	return out, wrap(err, "friends of friends of %d", account)
}

// MostFollowed implements social.SuggestionStore.
func (s *Store) MostFollowed(ctx context.Context, account social.ID, limit int) ([]social.ID, error) {
	const q = `
		SELECT a.id
		FROM follows f
		JOIN accounts o ON o.id = f.account_id
		JOIN accounts a ON a.id = f.target_id
		WHERE o.domain = '' AND NOT f.pending AND ` + suggestible + `
		GROUP BY a.id
		ORDER BY COUNT(*) DESC, a.id DESC
		LIMIT $2`
	out, err := list(ctx, s, scanID, q, int64(account), int64(max(limit, 0)))
	return out, wrap(err, "whom people here follow most")
}

// DismissSuggestion implements social.SuggestionStore.
func (s *Store) DismissSuggestion(ctx context.Context, account, target social.ID) error {
	const q = `
		INSERT INTO suggestion_dismissals (account_id, target_id)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(account), int64(target))
	return wrap(err, "suggest %d to %d no more", target, account)
}
