package storage

import (
	"context"

	"orrery/social"
)

// Marks implements social.ReactionStore. All in one query: with one for each, a page of a home took five more.
func (s *Store) Marks(ctx context.Context, account social.ID, ids []social.ID) (out map[social.ID]social.Marks, filters bool, err error) {
	out = make(map[social.ID]social.Marks, len(ids))
	if len(ids) == 0 {
		return out, false, nil
	}
	args := []any{int64(account)}
	in := inIDs(&args, ids)
	type mark struct{ status, kind int64 }
	found, err := list(ctx, s, func(r scanner) (m mark, err error) { return m, r.Scan(&m.status, &m.kind) }, `
		SELECT f.status_id, 1
		FROM favourites f
		WHERE f.account_id = $1 AND f.status_id IN (`+in+`)
		UNION ALL
		SELECT s.boost_of_id, 2
		FROM statuses s
		WHERE s.account_id = $1 AND s.boost_of_id <> 0 AND s.deleted_at = 0 AND s.boost_of_id IN (`+in+`)
		UNION ALL
		SELECT b.status_id, 3
		FROM bookmarks b
		WHERE b.account_id = $1 AND b.status_id IN (`+in+`)
		UNION ALL
		SELECT p.status_id, 4
		FROM pins p
		WHERE p.account_id = $1 AND p.status_id IN (`+in+`)
		UNION ALL
		SELECT s.id, 5
		FROM statuses s
		JOIN conversation_mutes c ON c.account_id = $1 AND c.conversation = s.conversation
		WHERE s.id IN (`+in+`) AND s.conversation <> ''
		UNION ALL
		SELECT 0, 6
		WHERE EXISTS (SELECT 1 FROM filters f WHERE f.account_id = $1)`, args...)
	for _, m := range found {
		if m.kind == 6 {
			filters = true
			continue
		}
		id := social.ID(m.status)
		had := out[id]
		switch m.kind {
		case 1:
			had.Favourited = true
		case 2:
			had.Boosted = true
		case 3:
			had.Bookmarked = true
		case 4:
			had.Pinned = true
		case 5:
			had.Muted = true
		}
		out[id] = had
	}
	return out, filters, wrap(err, "what %d did with %d statuses", account, len(ids))
}
