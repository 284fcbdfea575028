package storage

import (
	"context"

	"orrery/social"
)

// Wary implements social.CarryStore.
func (s *Store) Wary(ctx context.Context, target, after social.ID, limit int) ([]social.ID, error) {
	const q = `
		SELECT a.id
		FROM accounts a
		WHERE a.domain = '' AND a.id > $2 AND a.id IN (
			SELECT b.account_id FROM blocks b WHERE b.target_id = $1
			UNION SELECT m.account_id FROM mutes m WHERE m.target_id = $1
			UNION SELECT n.account_id FROM account_notes n WHERE n.target_id = $1)
		ORDER BY a.id
		LIMIT $3`
	out, err := list(ctx, s, scanID, q, int64(target), int64(after), limit)
	return out, wrap(err, "who keeps away from %d", target)
}

// BlockersElsewhere implements social.CarryStore.
func (s *Store) BlockersElsewhere(ctx context.Context, target social.ID) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.domain <> '' AND a.id IN (SELECT b.account_id FROM blocks b WHERE b.target_id = $1)
		ORDER BY a.id`
	out, err := list(ctx, s, scanAccount, q, int64(target))
	return out, wrap(err, "who blocks %d elsewhere", target)
}
