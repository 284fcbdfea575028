package storage

import (
	"context"
	"time"

	"orrery/social"
)

// Followers implements social.FollowStore.
func (s *Store) Followers(ctx context.Context, account social.ID, p social.Page) ([]social.Follow, error) {
	out, err := s.follows(ctx, "f.target_id", "NOT f.pending", account, p)
	return out, wrap(err, "followers of %d", account)
}

// Following implements social.FollowStore.
func (s *Store) Following(ctx context.Context, account social.ID, p social.Page) ([]social.Follow, error) {
	out, err := s.follows(ctx, "f.account_id", "NOT f.pending", account, p)
	return out, wrap(err, "followed by %d", account)
}

// FollowRequests implements social.FollowStore.
func (s *Store) FollowRequests(ctx context.Context, target social.ID, p social.Page) ([]social.Follow, error) {
	out, err := s.follows(ctx, "f.target_id", "f.pending", target, p)
	return out, wrap(err, "requests to follow %d", target)
}

func (s *Store) follows(ctx context.Context, side, state string, id social.ID, p social.Page) ([]social.Follow, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanFollow, `
		SELECT `+followColumns+`
		FROM follows f
		WHERE `+side+` = $1 AND f.id < $2 AND f.id > $3 AND `+state+`
		ORDER BY f.id `+k.order+`
		LIMIT $4`, int64(id), k.below, k.above, k.limit)
	return turn(k, out, err)
}

// LocalFollowers implements social.FollowStore; pending ones are left out.
func (s *Store) LocalFollowers(ctx context.Context, account social.ID) ([]social.ID, error) {
	const q = `
		SELECT a.id
		FROM follows f
		JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND a.domain = ''
		ORDER BY a.id`
	out, err := list(ctx, s, scanID, q, int64(account))
	return out, wrap(err, "local followers of %d", account)
}

// HasLocalFollower implements social.FollowStore.
func (s *Store) HasLocalFollower(ctx context.Context, account social.ID) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (
			SELECT 1
			FROM follows f
			JOIN accounts a ON a.id = f.account_id
			WHERE f.target_id = $1 AND NOT f.pending AND a.domain = ''
		)`
	err := s.row(ctx, q, int64(account)).Scan(&found)
	return found, wrap(err, "look for a local follower of %d", account)
}

// RemoteFollowers implements social.FollowStore; pending ones are left out.
func (s *Store) RemoteFollowers(ctx context.Context, account social.ID) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM follows f
		JOIN accounts a ON a.id = f.account_id
		WHERE f.target_id = $1 AND NOT f.pending AND a.domain <> ''
		ORDER BY a.id`
	out, err := list(ctx, s, scanAccount, q, int64(account))
	return out, wrap(err, "remote followers of %d", account)
}

// FollowedLately implements social.FollowStore.
func (s *Store) FollowedLately(ctx context.Context, account social.ID, since time.Time, pending bool, limit int) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM follows f
		JOIN accounts a ON a.id = f.target_id
		WHERE f.account_id = $1 AND f.created_at >= $2 AND f.pending = $3 AND a.domain <> ''
		ORDER BY a.id
		LIMIT $4`
	out, err := list(ctx, s, scanAccount, q, int64(account), millis(since), pending, int64(limit))
	return out, wrap(err, "whom %d followed lately", account)
}

// Follows implements social.FollowStore.
func (s *Store) Follows(ctx context.Context, account social.ID, targets []social.ID) (map[social.ID]bool, error) {
	out, err := s.edges(ctx, "f.account_id", "f.target_id", account, targets)
	return out, wrap(err, "whom of %d accounts %d follows", len(targets), account)
}

// FollowedBy implements social.FollowStore: true for those of others who follow account, false for those who have asked,
// absent when neither.
func (s *Store) FollowedBy(ctx context.Context, account social.ID, others []social.ID) (map[social.ID]bool, error) {
	out, err := s.edges(ctx, "f.target_id", "f.account_id", account, others)
	return out, wrap(err, "who of %d accounts follows %d", len(others), account)
}

// edges says for each of others how account, which stands in column one, is joined to it, which stands in column many.
func (s *Store) edges(ctx context.Context, one, many string, account social.ID, others []social.ID) (map[social.ID]bool, error) {
	out := make(map[social.ID]bool, len(others))
	if len(others) == 0 {
		return out, nil
	}
	type edge struct {
		other   social.ID
		pending bool
	}
	args := []any{int64(account)}
	found, err := list(ctx, s, func(r scanner) (e edge, err error) {
		err = r.Scan(&e.other, &e.pending)
		return e, err
	}, `
		SELECT `+many+`, f.pending
		FROM follows f
		WHERE `+one+` = $1 AND `+many+` IN (`+inIDs(&args, others)+`)`, args...)
	for _, e := range found {
		out[e.other] = !e.pending
	}
	return out, err
}
