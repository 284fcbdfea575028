package storage

import (
	"context"

	"orrery/social"
)

func scanEmailDomainBlock(r scanner) (social.EmailDomainBlock, error) {
	var b social.EmailDomainBlock
	var created int64
	err := r.Scan(&b.ID, &b.Domain, &b.AllowWithApproval, &created)
	b.CreatedAt = fromMillis(created)
	return b, err
}

// InsertEmailDomainBlock implements social.SignUpStore.
func (s *Store) InsertEmailDomainBlock(ctx context.Context, b social.EmailDomainBlock) error {
	const q = `
		INSERT INTO email_domain_blocks (id, domain, allow_with_approval, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(b.ID), b.Domain, b.AllowWithApproval, millis(b.CreatedAt))
	return added(n, err, "block addresses at %s", b.Domain)
}

// EmailDomainBlockByID implements social.SignUpStore.
func (s *Store) EmailDomainBlockByID(ctx context.Context, id social.ID) (social.EmailDomainBlock, error) {
	const q = `
		SELECT id, domain, allow_with_approval, created_at
		FROM email_domain_blocks
		WHERE id = $1`
	b, err := scanEmailDomainBlock(s.row(ctx, q, int64(id)))
	return b, missing(err, "block %d of addresses", id)
}

// EmailDomainBlocks implements social.SignUpStore.
func (s *Store) EmailDomainBlocks(ctx context.Context, p social.Page) ([]social.EmailDomainBlock, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanEmailDomainBlock, `
		SELECT id, domain, allow_with_approval, created_at
		FROM email_domain_blocks
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list blocks of addresses"))
}

// DeleteEmailDomainBlock implements social.SignUpStore.
func (s *Store) DeleteEmailDomainBlock(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM email_domain_blocks
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "lift block %d of addresses", id)
}

func scanEmailBlock(r scanner) (social.EmailBlock, error) {
	var b social.EmailBlock
	var created int64
	err := r.Scan(&b.ID, &b.Hash, &created)
	b.CreatedAt = fromMillis(created)
	return b, err
}

// InsertEmailBlock implements social.SignUpStore.
func (s *Store) InsertEmailBlock(ctx context.Context, b social.EmailBlock) error {
	const q = `
		INSERT INTO email_hash_blocks (id, hash, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(b.ID), b.Hash, millis(b.CreatedAt))
	return added(n, err, "block an address")
}

// EmailBlockByID implements social.SignUpStore.
func (s *Store) EmailBlockByID(ctx context.Context, id social.ID) (social.EmailBlock, error) {
	const q = `
		SELECT id, hash, created_at
		FROM email_hash_blocks
		WHERE id = $1`
	b, err := scanEmailBlock(s.row(ctx, q, int64(id)))
	return b, missing(err, "block %d of an address", id)
}

// EmailBlocksByHash implements social.SignUpStore.
func (s *Store) EmailBlocksByHash(ctx context.Context, hash string) ([]social.EmailBlock, error) {
	const q = `
		SELECT id, hash, created_at
		FROM email_hash_blocks
		WHERE hash = $1`
	out, err := list(ctx, s, scanEmailBlock, q, hash)
	return out, wrap(err, "find the block of an address")
}

// EmailBlocks implements social.SignUpStore.
func (s *Store) EmailBlocks(ctx context.Context, p social.Page) ([]social.EmailBlock, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanEmailBlock, `
		SELECT id, hash, created_at
		FROM email_hash_blocks
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list blocked addresses"))
}

// DeleteEmailBlock implements social.SignUpStore.
func (s *Store) DeleteEmailBlock(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM email_hash_blocks
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "lift block %d of an address", id)
}

func scanIPBlock(r scanner) (social.IPBlock, error) {
	var b social.IPBlock
	var severity string
	var expires, created int64
	err := r.Scan(&b.ID, &b.Network, &severity, &b.Comment, &expires, &created)
	b.Severity, b.ExpiresAt, b.CreatedAt = social.IPSeverity(severity), fromMillis(expires), fromMillis(created)
	return b, err
}

// InsertIPBlock implements social.SignUpStore.
func (s *Store) InsertIPBlock(ctx context.Context, b social.IPBlock) error {
	const q = `
		INSERT INTO ip_blocks (id, network, severity, comment, expires_at, created_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(b.ID), b.Network, string(b.Severity), b.Comment, millis(b.ExpiresAt), millis(b.CreatedAt))
	return added(n, err, "decide about the network %s", b.Network)
}

// UpdateIPBlock implements social.SignUpStore.
func (s *Store) UpdateIPBlock(ctx context.Context, b social.IPBlock) error {
	const q = `
		UPDATE ip_blocks
		SET network = $2, severity = $3, comment = $4, expires_at = $5
		WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM ip_blocks o WHERE o.network = $2 AND o.id <> $1)`
	n, err := s.exec(ctx, q, int64(b.ID), b.Network, string(b.Severity), b.Comment, millis(b.ExpiresAt))
	return added(n, err, "change what was decided about the network %s", b.Network)
}

// IPBlockByID implements social.SignUpStore.
func (s *Store) IPBlockByID(ctx context.Context, id social.ID) (social.IPBlock, error) {
	const q = `
		SELECT id, network, severity, comment, expires_at, created_at
		FROM ip_blocks
		WHERE id = $1`
	b, err := scanIPBlock(s.row(ctx, q, int64(id)))
	return b, missing(err, "block %d of a network", id)
}

// IPBlocks implements social.SignUpStore.
func (s *Store) IPBlocks(ctx context.Context, p social.Page) ([]social.IPBlock, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanIPBlock, `
		SELECT id, network, severity, comment, expires_at, created_at
		FROM ip_blocks
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list blocked networks"))
}

// DeleteIPBlock implements social.SignUpStore.
func (s *Store) DeleteIPBlock(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM ip_blocks
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "lift block %d of a network", id)
}
