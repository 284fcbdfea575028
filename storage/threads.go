package storage

import (
	"context"
	"slices"

	"orrery/social"
)

// maxTree is how many rows of a thread are read at most before it is ordered and cut to the limit asked for.
const maxTree = 10_000

// AdoptReplies implements social.StatusStore. An author who goes on in their own thread keeps answering the person first
// answered (federation.md §8.2).
func (s *Store) AdoptReplies(ctx context.Context, uri string, parent social.Status) ([]social.ID, error) {
	var ids []social.ID
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			UPDATE statuses
			SET reply_to_id = $2, reply_to_account_id = CASE WHEN account_id = $3 THEN $4 ELSE $3 END
			WHERE reply_to_uri = $1 AND reply_to_uri <> '' AND reply_to_id = 0 AND deleted_at = 0 AND id <> $2
			RETURNING id, account_id, reply_to_id, boost_of_id, visibility`
		adopted, err := list(ctx, s, scanRelated, q, uri, int64(parent.ID), int64(parent.AccountID),
			int64(social.AnsweredAccount(parent.AccountID, parent)))
		if err != nil {
			return err
		}
		counted := 0
		for _, x := range adopted {
			ids = append(ids, x.ID)
			if x.Visibility.Distributable() {
				counted++
			}
		}
		slices.Sort(ids)
		if counted == 0 {
			return nil
		}
		return s.addReplies(ctx, parent.ID, counted)
	})
	return ids, wrap(err, "adopt replies to %s", uri)
}

// Ancestors implements social.StatusStore. A deleted status breaks the chain. Remote servers can claim circles; the walk
// stops where it meets itself.
func (s *Store) Ancestors(ctx context.Context, id social.ID, limit int) ([]social.ID, error) {
	const q = `
		WITH RECURSIVE up (id, parent_id, depth) AS (
			SELECT s.id, s.reply_to_id, CAST(0 AS BIGINT)
			FROM statuses s
			WHERE s.id = $1 AND s.deleted_at = 0
			UNION ALL
			SELECT p.id, p.reply_to_id, up.depth + 1
			FROM up
			JOIN statuses p ON p.id = up.parent_id AND p.deleted_at = 0
			WHERE up.depth < $2
		)
		SELECT up.id
		FROM up
		WHERE up.depth > 0
		ORDER BY up.depth`
	chain, err := list(ctx, s, scanID, q, int64(id), int64(max(limit, 0)))
	seen := map[social.ID]bool{id: true}
	for i, x := range chain {
		if seen[x] {
			chain = chain[:i]
			break
		}
		seen[x] = true
	}
	slices.Reverse(chain)
	return chain, wrap(err, "ancestors of %d", id)
}

// Descendants implements social.StatusStore. UNION drops rows already seen, which ends circles. Of a thread with more
// than maxTree replies the nearest are read.
func (s *Store) Descendants(ctx context.Context, id social.ID, limit, depth int) ([]social.ID, error) {
	const q = `
		WITH RECURSIVE down (id, parent_id) AS (
			SELECT s.id, s.reply_to_id
			FROM statuses s
			WHERE s.reply_to_id = $1 AND s.reply_to_id <> 0 AND s.deleted_at = 0
			UNION
			SELECT c.id, c.reply_to_id
			FROM down
			JOIN statuses c ON c.reply_to_id = down.id AND c.reply_to_id <> 0 AND c.deleted_at = 0
		)
		SELECT down.id, down.parent_id
		FROM down
		LIMIT $2`
	type edge struct{ id, parent social.ID }
	edges, err := list(ctx, s, func(r scanner) (e edge, err error) {
		err = r.Scan(&e.id, &e.parent)
		return e, err
	}, q, int64(id), int64(maxTree))
	if err != nil {
		return nil, wrap(err, "descendants of %d", id)
	}
	replies := map[social.ID][]social.ID{}
	for _, e := range edges {
		replies[e.parent] = append(replies[e.parent], e.id)
	}
	var out []social.ID
	levels := map[social.ID]int{id: 0} // of what was seen
	// A stack instead of recursion: a hostile thread may be thousands deep.
	stack := []social.ID{id}
	for len(stack) > 0 && len(out) < limit {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if at != id {
			out = append(out, at)
		}
		if levels[at] == depth {
			continue
		}
		below := replies[at]
		slices.Sort(below)
		for _, x := range slices.Backward(below) {
			if _, seen := levels[x]; !seen {
				levels[x] = levels[at] + 1
				stack = append(stack, x)
			}
		}
	}
	return out, nil
}

// SelfReplies implements social.StatusStore (federation.md §3.7).
func (s *Store) SelfReplies(ctx context.Context, id, minID social.ID, limit int) ([]social.Status, error) {
	return s.directReplies(ctx, id, minID, limit, "=")
}

// OtherReplies implements social.StatusStore (federation.md §3.7).
func (s *Store) OtherReplies(ctx context.Context, id, minID social.ID, limit int) ([]social.Status, error) {
	return s.directReplies(ctx, id, minID, limit, "<>")
}

func (s *Store) directReplies(ctx context.Context, id, minID social.ID, limit int, author string) ([]social.Status, error) {
	out, err := list(ctx, s, scanStatus, `
		SELECT `+statusColumns+`
		FROM statuses s
		WHERE s.reply_to_id = $1 AND s.reply_to_id <> 0 AND s.id > $2 AND s.deleted_at = 0
			AND s.visibility IN ('public', 'unlisted')
			AND s.account_id `+author+` (SELECT p.account_id FROM statuses p WHERE p.id = $1)
			AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.id = s.account_id AND (a.suspended_at <> 0 OR a.deleted_at <> 0))
		ORDER BY s.id
		LIMIT $3`, int64(id), int64(minID), int64(max(limit, 0)))
	return out, wrap(err, "replies to %d", id)
}
