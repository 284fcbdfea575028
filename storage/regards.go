package storage

import (
	"context"

	"orrery/social"
)

// PutAccountNote implements social.RegardStore.
func (s *Store) PutAccountNote(ctx context.Context, account, target social.ID, comment string) error {
	if comment == "" {
		const q = `
			DELETE FROM account_notes
			WHERE account_id = $1 AND target_id = $2`
		_, err := s.exec(ctx, q, int64(account), int64(target))
		return wrap(err, "remove note about %d by %d", target, account)
	}
	const q = `
		INSERT INTO account_notes (account_id, target_id, comment)
		VALUES ($1, $2, $3)
		ON CONFLICT (account_id, target_id) DO UPDATE
		SET comment = excluded.comment`
	_, err := s.exec(ctx, q, int64(account), int64(target), comment)
	return wrap(err, "put note about %d by %d", target, account)
}

// InsertEndorsement implements social.RegardStore.
func (s *Store) InsertEndorsement(ctx context.Context, e social.Endorsement) error {
	const q = `
		INSERT INTO endorsements (id, account_id, target_id, created_at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(e.ID), int64(e.AccountID), int64(e.TargetID), millis(e.CreatedAt))
	return wrap(err, "insert endorsement of %d by %d", e.TargetID, e.AccountID)
}

// DeleteEndorsement implements social.RegardStore. It is ErrNotFound when there is none.
func (s *Store) DeleteEndorsement(ctx context.Context, account, target social.ID) error {
	const q = `
		DELETE FROM endorsements
		WHERE account_id = $1 AND target_id = $2`
	return s.deleteOne(ctx, q, "endorsement", account, target)
}

// Endorsements implements social.RegardStore.
func (s *Store) Endorsements(ctx context.Context, account social.ID, p social.Page) ([]social.Endorsement, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.Endorsement, error) {
		e := social.Endorsement{AccountID: account}
		var created int64
		err := r.Scan(&e.ID, &e.TargetID, &created)
		e.CreatedAt = fromMillis(created)
		return e, err
	}, `
		SELECT e.id, e.target_id, e.created_at
		FROM endorsements e
		WHERE e.account_id = $1 AND e.id < $2 AND e.id > $3
		ORDER BY e.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "whom %d endorses", account))
}
