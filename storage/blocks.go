package storage

import (
	"context"

	"orrery/social"
)

// InsertBlock implements social.BlockStore.
func (s *Store) InsertBlock(ctx context.Context, b social.Block) error {
	const q = `
		INSERT INTO blocks (id, account_id, target_id, uri, created_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(b.ID), int64(b.AccountID), int64(b.TargetID), b.URI, millis(b.CreatedAt))
	return added(n, err, "insert block of %d by %d", b.TargetID, b.AccountID)
}

const blockColumns = `b.id, b.account_id, b.target_id, b.uri, b.created_at`

func scanBlock(r scanner) (social.Block, error) {
	var b social.Block
	var created int64
	err := r.Scan(&b.ID, &b.AccountID, &b.TargetID, &b.URI, &created)
	b.CreatedAt = fromMillis(created)
	return b, err
}

// BlockBetween implements social.BlockStore.
func (s *Store) BlockBetween(ctx context.Context, account, target social.ID) (social.Block, error) {
	const q = `
		SELECT ` + blockColumns + `
		FROM blocks b
		WHERE b.account_id = $1 AND b.target_id = $2`
	b, err := scanBlock(s.row(ctx, q, int64(account), int64(target)))
	return b, missing(err, "block of %d by %d", target, account)
}

// BlockByURI implements social.BlockStore.
func (s *Store) BlockByURI(ctx context.Context, uri string) (social.Block, error) {
	const q = `
		SELECT ` + blockColumns + `
		FROM blocks b
		WHERE b.uri = $1 AND b.uri <> ''
		ORDER BY b.id DESC
		LIMIT 1`
	b, err := scanBlock(s.row(ctx, q, uri))
	return b, missing(err, "block %s", uri)
}

// SetBlockURI implements social.BlockStore.
func (s *Store) SetBlockURI(ctx context.Context, id social.ID, uri string) error {
	const q = `
		UPDATE blocks
		SET uri = $2
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(id), uri)
	return wrap(err, "set the URI of block %d", id)
}

// DeleteBlock implements social.BlockStore. It is ErrNotFound when there is none.
func (s *Store) DeleteBlock(ctx context.Context, account, target social.ID) error {
	const q = `
		DELETE FROM blocks
		WHERE account_id = $1 AND target_id = $2`
	return s.deleteOne(ctx, q, "block", account, target)
}

// deleteOne runs q about what account has with target, and is ErrNotFound when there is nothing.
func (s *Store) deleteOne(ctx context.Context, q, what string, account, target social.ID) error {
	n, err := s.exec(ctx, q, int64(account), int64(target))
	return touched(n, err, "delete %s of %d by %d", what, target, account)
}

// Blocks implements social.BlockStore.
func (s *Store) Blocks(ctx context.Context, account social.ID, p social.Page) ([]social.Block, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanBlock, `
		SELECT `+blockColumns+`
		FROM blocks b
		WHERE b.account_id = $1 AND b.id < $2 AND b.id > $3
		ORDER BY b.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "whom %d blocks", account))
}

// BlocksAnybody implements social.BlockStore.
func (s *Store) BlocksAnybody(ctx context.Context, account social.ID) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (SELECT 1 FROM blocks b WHERE b.account_id = $1)
			OR EXISTS (SELECT 1 FROM user_domain_blocks d WHERE d.account_id = $1)`
	err := s.row(ctx, q, int64(account)).Scan(&found)
	return found, wrap(err, "whether %d blocks anybody", account)
}

// InsertUserDomainBlock implements social.UserDomainBlockStore.
func (s *Store) InsertUserDomainBlock(ctx context.Context, b social.UserDomainBlock) error {
	const q = `
		INSERT INTO user_domain_blocks (id, account_id, domain, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(b.ID), int64(b.AccountID), b.Domain, millis(b.CreatedAt))
	return wrap(err, "insert block of %s by %d", b.Domain, b.AccountID)
}

// DeleteUserDomainBlock implements social.UserDomainBlockStore. It is ErrNotFound when there is none.
func (s *Store) DeleteUserDomainBlock(ctx context.Context, account social.ID, domain string) error {
	const q = `
		DELETE FROM user_domain_blocks
		WHERE account_id = $1 AND domain = $2`
	n, err := s.exec(ctx, q, int64(account), domain)
	return touched(n, err, "delete block of %s by %d", domain, account)
}

// UserDomainBlocks implements social.UserDomainBlockStore.
func (s *Store) UserDomainBlocks(ctx context.Context, account social.ID, p social.Page) ([]social.UserDomainBlock, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.UserDomainBlock, error) {
		b := social.UserDomainBlock{AccountID: account}
		var created int64
		err := r.Scan(&b.ID, &b.Domain, &created)
		b.CreatedAt = fromMillis(created)
		return b, err
	}, `
		SELECT d.id, d.domain, d.created_at
		FROM user_domain_blocks d
		WHERE d.account_id = $1 AND d.id < $2 AND d.id > $3
		ORDER BY d.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "domains that %d blocks", account))
}

// FollowsAcross implements social.UserDomainBlockStore, in the order of the follows' ids.
func (s *Store) FollowsAcross(ctx context.Context, account social.ID, domain string) ([]social.Follow, error) {
	const q = `
		SELECT ` + followColumns + `
		FROM follows f
		JOIN accounts a ON a.id = CASE WHEN f.account_id = $1 THEN f.target_id ELSE f.account_id END
		WHERE (f.account_id = $1 OR f.target_id = $1) AND a.domain = $2
		ORDER BY f.id`
	out, err := list(ctx, s, scanFollow, q, int64(account), domain)
	return out, wrap(err, "follows between %d and %s", account, domain)
}

// ForgetDomain implements social.UserDomainBlockStore.
func (s *Store) ForgetDomain(ctx context.Context, account social.ID, domain string) error {
	err := s.atomic(ctx, func(s *Store) error {
		const home = `
			DELETE FROM home_entries
			WHERE account_id = $1
				AND EXISTS (
					SELECT 1
					FROM statuses s
					JOIN accounts a ON a.id = s.account_id
					WHERE s.id IN (home_entries.status_id, home_entries.boost_of_id) AND a.domain = $2)`
		const news = `
			DELETE FROM notifications
			WHERE account_id = $1
				AND EXISTS (SELECT 1 FROM accounts a WHERE a.id = notifications.from_id AND a.domain = $2)`
		for _, q := range []string{home, news} {
			if _, err := s.exec(ctx, q, int64(account), domain); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "take %s out of the lists of %d", domain, account)
}
