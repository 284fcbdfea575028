package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"orrery/storage/sqldb"
)

// PutBody keeps bytes once, under their SHA-256, and returns it in hex. Exchanges refer to it.
func (s *Store) PutBody(ctx context.Context, body []byte) (sha string, err error) {
	sum := sha256.Sum256(body)
	sha = hex.EncodeToString(sum[:])
	if body == nil {
		body = []byte{}
	}
	const q = `
		INSERT INTO bodies (sha256, bytes)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	_, err = s.exec(ctx, q, sha, body)
	return sha, wrap(err, "keep body %s", sha)
}

// Body returns the bytes kept under sha, or social.ErrNotFound.
func (s *Store) Body(ctx context.Context, sha string) ([]byte, error) {
	var body []byte
	const q = `
		SELECT bytes
		FROM bodies
		WHERE sha256 = $1`
	err := s.row(ctx, q, sha).Scan(&body)
	return body, missing(err, "body %s", sha)
}

// bodies loads several at once; those that were never kept are absent.
func (s *Store) bodies(ctx context.Context, shas ...string) (map[string][]byte, error) {
	type row struct {
		sha   string
		bytes []byte
	}
	var args []any
	rows, err := list(ctx, s, func(r scanner) (x row, err error) {
		err = r.Scan(&x.sha, &x.bytes)
		return x, err
	}, `
		SELECT b.sha256, b.bytes
		FROM bodies b
		WHERE b.sha256 IN (`+sqldb.In(&args, shas...)+`)`, args...)
	out := make(map[string][]byte, len(rows))
	for _, x := range rows {
		out[x.sha] = x.bytes
	}
	return out, wrap(err, "load bodies")
}
