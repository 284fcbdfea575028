package storage

import (
	"context"

	"orrery/social"
)

// InsertDeed implements social.DeedStore.
func (s *Store) InsertDeed(ctx context.Context, d social.Deed) error {
	const q = `
		INSERT INTO audit_log (id, account_id, action, target_type, target_id, target, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`
	_, err := s.exec(ctx, q, int64(d.ID), int64(d.By), d.Action, d.TargetType, int64(d.TargetID), d.Target, millis(d.At))
	return wrap(err, "note that %d did %s to %s", d.By, d.Action, d.Target)
}

// Deeds implements social.DeedStore.
func (s *Store) Deeds(ctx context.Context, p social.Page) ([]social.Deed, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanDeed, `
		SELECT id, account_id, action, target_type, target_id, target, created_at
		FROM audit_log
		WHERE id < $1 AND id > $2
		ORDER BY id `+k.order+`
		LIMIT $3`, k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "list what was done"))
}

func scanDeed(r scanner) (social.Deed, error) {
	var d social.Deed
	var at int64
	err := r.Scan(&d.ID, &d.By, &d.Action, &d.TargetType, &d.TargetID, &d.Target, &at)
	d.At = fromMillis(at)
	return d, err
}
