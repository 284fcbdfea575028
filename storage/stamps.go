package storage

import (
	"context"

	"orrery/social"
)

// Stamps implements social.StampStore.
func (s *Store) Stamps(ctx context.Context, reader social.ID, statuses, accounts []social.ID) (social.Stamps, error) {
	out := social.Stamps{Statuses: make(map[social.ID]int64, len(statuses)), Accounts: make(map[social.ID]int64, len(accounts))}
	args := []any{int64(reader)}
	type row struct {
		id, stamp, kind int64
	}
	found, err := list(ctx, s, func(r scanner) (x row, err error) { return x, r.Scan(&x.id, &x.stamp, &x.kind) }, `
		SELECT s.id, s.stamp, 1
		FROM statuses s
		WHERE s.id IN (`+inIDs(&args, statuses)+`) AND s.deleted_at = 0
		UNION ALL
		SELECT a.id, a.stamp, 2
		FROM accounts a
		WHERE a.id IN (`+inIDs(&args, accounts)+`)
		UNION ALL
		SELECT u.account_id, u.stamp, 3
		FROM users u
		WHERE u.account_id = $1`, args...)
	for _, x := range found {
		switch x.kind {
		case 1:
			out.Statuses[social.ID(x.id)] = x.stamp
		case 2:
			out.Accounts[social.ID(x.id)] = x.stamp
		default:
			out.Reader, out.Known = x.stamp, true
		}
	}
	return out, wrap(err, "stamps of %d statuses and %d accounts", len(statuses), len(accounts))
}
