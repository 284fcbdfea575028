package storage

import (
	"context"

	"orrery/social"
)

// LocalSharers implements social.StatusStore.
func (s *Store) LocalSharers(ctx context.Context, status social.ID) ([]social.ID, error) {
	const q = `
		SELECT b.account_id
		FROM statuses b
		JOIN accounts a ON a.id = b.account_id
		WHERE b.deleted_at = 0 AND a.domain = '' AND b.id IN (
			SELECT s.id
			FROM statuses s
			WHERE s.boost_of_id = $1 AND s.boost_of_id <> 0
			UNION
			SELECT q.status_id
			FROM quotes q
			WHERE q.quoted_id = $1 AND q.quoted_id <> 0 AND q.state = 'accepted'
		)
		ORDER BY b.id`
	out, err := list(ctx, s, scanID, q, int64(status))
	return out, wrap(err, "who of this server shared %d", status)
}
