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
		WHERE b.boost_of_id = $1 AND b.boost_of_id <> 0 AND b.deleted_at = 0 AND a.domain = ''
		ORDER BY b.id`
	out, err := list(ctx, s, scanID, q, int64(status))
	return out, wrap(err, "who of this server shared %d", status)
}
