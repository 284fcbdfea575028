package storage

import (
	"context"

	"orrery/social"
)

const domainBlockColumns = `id, domain, severity, reject_media, reject_reports, private_comment, public_comment, obfuscate, created_at`

func scanDomainBlock(r scanner) (social.DomainBlock, error) {
	var b social.DomainBlock
	var created int64
	var severity string
	err := r.Scan(&b.ID, &b.Domain, &severity, &b.RejectMedia, &b.RejectReports, &b.PrivateComment, &b.PublicComment, &b.Obfuscate, &created)
	b.Severity, b.CreatedAt = social.Severity(severity), fromMillis(created)
	return b, err
}

// InsertDomainBlock implements social.DomainStore.
func (s *Store) InsertDomainBlock(ctx context.Context, b social.DomainBlock) error {
	const q = `
		INSERT INTO domain_blocks (` + domainBlockColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(b.ID), b.Domain, string(b.Severity), b.RejectMedia, b.RejectReports, b.PrivateComment,
		b.PublicComment, b.Obfuscate, millis(b.CreatedAt))
	return added(n, err, "block %s", b.Domain)
}

// UpdateDomainBlock implements social.DomainStore.
func (s *Store) UpdateDomainBlock(ctx context.Context, b social.DomainBlock) error {
	const q = `
		UPDATE domain_blocks
		SET severity = $2, reject_media = $3, reject_reports = $4, private_comment = $5, public_comment = $6, obfuscate = $7
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(b.ID), string(b.Severity), b.RejectMedia, b.RejectReports, b.PrivateComment, b.PublicComment, b.Obfuscate)
	return touched(n, err, "change the block of %s", b.Domain)
}

// DeleteDomainBlock implements social.DomainStore.
func (s *Store) DeleteDomainBlock(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM domain_blocks
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "lift domain block %d", id)
}

// DomainBlockByID implements social.DomainStore.
func (s *Store) DomainBlockByID(ctx context.Context, id social.ID) (social.DomainBlock, error) {
	const q = `
		SELECT ` + domainBlockColumns + `
		FROM domain_blocks
		WHERE id = $1`
	b, err := scanDomainBlock(s.row(ctx, q, int64(id)))
	return b, missing(err, "domain block %d", id)
}

// DomainBlocks implements social.DomainStore.
func (s *Store) DomainBlocks(ctx context.Context, p social.Page) ([]social.DomainBlock, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanDomainBlock, `
		SELECT `+domainBlockColumns+`
		FROM domain_blocks
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list domain blocks"))
}

// AllDomainBlocks implements social.DomainStore.
func (s *Store) AllDomainBlocks(ctx context.Context) ([]social.DomainBlock, error) {
	const q = `
		SELECT ` + domainBlockColumns + `
		FROM domain_blocks
		ORDER BY domain`
	out, err := list(ctx, s, scanDomainBlock, q)
	return out, wrap(err, "list all domain blocks")
}

func scanDomainAllow(r scanner) (social.DomainAllow, error) {
	var a social.DomainAllow
	var created int64
	err := r.Scan(&a.ID, &a.Domain, &created)
	a.CreatedAt = fromMillis(created)
	return a, err
}

// InsertDomainAllow implements social.DomainStore.
func (s *Store) InsertDomainAllow(ctx context.Context, a social.DomainAllow) error {
	const q = `
		INSERT INTO domain_allows (id, domain, created_at)
		VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(a.ID), a.Domain, millis(a.CreatedAt))
	return added(n, err, "allow %s", a.Domain)
}

// DeleteDomainAllow implements social.DomainStore.
func (s *Store) DeleteDomainAllow(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM domain_allows
		WHERE id = $1`
	n, err := s.exec(ctx, q, int64(id))
	return touched(n, err, "take back domain allow %d", id)
}

// DomainAllowByID implements social.DomainStore.
func (s *Store) DomainAllowByID(ctx context.Context, id social.ID) (social.DomainAllow, error) {
	const q = `
		SELECT id, domain, created_at
		FROM domain_allows
		WHERE id = $1`
	a, err := scanDomainAllow(s.row(ctx, q, int64(id)))
	return a, missing(err, "domain allow %d", id)
}

// DomainAllows implements social.DomainStore.
func (s *Store) DomainAllows(ctx context.Context, p social.Page) ([]social.DomainAllow, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanDomainAllow, `
		SELECT id, domain, created_at
		FROM domain_allows
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list domain allows"))
}

// AllDomainAllows implements social.DomainStore.
func (s *Store) AllDomainAllows(ctx context.Context) ([]social.DomainAllow, error) {
	const q = `
		SELECT id, domain, created_at
		FROM domain_allows
		ORDER BY domain`
	out, err := list(ctx, s, scanDomainAllow, q)
	return out, wrap(err, "list all domain allows")
}
