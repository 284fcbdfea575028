package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"orrery/storage/sqldb"
)

// PutBody keeps bytes once, under their SHA-256, and returns it in hex. Exchanges refer to it. The bytes must not change
// afterwards.
func (s *Store) PutBody(ctx context.Context, body []byte) (sha string, err error) {
	sum := sha256.Sum256(body)
	sha = hex.EncodeToString(sum[:])
	if sha == s.put { // a delivery's job and its exchange keep the same bytes in one transaction
		return sha, nil
	}
	if _, kept := s.recent.get(sha); kept { // it was committed, and bodies are never deleted
		return sha, nil
	}
	if body == nil {
		body = []byte{}
	}
	const q = `
		INSERT INTO bodies (sha256, bytes)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	if _, err = s.exec(ctx, q, sha, body); err != nil {
		return "", wrap(err, "keep body %s", sha)
	}
	if s.tx != nil {
		s.put = sha
	}
	s.AfterEnd(func(committed bool) {
		if committed {
			s.recent.keep(sha, body)
		}
	})
	return sha, nil
}

// Body returns the bytes kept under sha, or social.ErrNotFound. They are shared: do not change them.
func (s *Store) Body(ctx context.Context, sha string) ([]byte, error) {
	if body, ok := s.recent.get(sha); ok {
		return body, nil
	}
	var body []byte
	const q = `
		SELECT bytes
		FROM bodies
		WHERE sha256 = $1`
	err := s.row(ctx, q, sha).Scan(&body)
	if err == nil {
		s.recent.keep(sha, body)
	}
	return body, missing(err, "body %s", sha)
}

// recentBodies holds bytes that were kept or read lately: what arrives is applied at once, and a post on its way to
// hundreds of inboxes is read for each. What lies under a hash never changes.
type recentBodies struct {
	mu   sync.Mutex
	size int
	m    map[string][]byte
}

// recentSize bounds what is held, in bytes.
const recentSize = 4 << 20

func (r *recentBodies) get(sha string) ([]byte, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	body, ok := r.m[sha]
	return body, ok
}

func (r *recentBodies) keep(sha string, body []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.m[sha]; known {
		return
	}
	if r.size += len(body); r.m == nil || r.size > recentSize {
		r.m, r.size = map[string][]byte{}, len(body)
	}
	r.m[sha] = body
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
