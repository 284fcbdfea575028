package storage

import (
	"context"
	"math"
	"strconv"

	"orrery/social"
)

// InsertHome implements social.TimelineStore. An entry that exists keeps its Via.
func (s *Store) InsertHome(ctx context.Context, entries []social.HomeEntry) error {
	if len(entries) == 0 {
		return nil
	}
	n := len(entries)
	err := s.atomic(ctx, func(s *Store) error {
		for len(entries) > 0 {
			part := entries[:min(len(entries), chunk)]
			entries = entries[len(part):]
			args := make([]any, 0, 4*len(part))
			for _, e := range part {
				args = append(args, int64(e.AccountID), int64(e.StatusID), int64(e.BoostOfID), e.Via)
			}
			if _, err := s.exec(ctx, `
				INSERT INTO home_entries (account_id, status_id, boost_of_id, via)
				VALUES `+values(len(part), 4)+`
				ON CONFLICT DO NOTHING`, args...); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "insert %d home entries", n)
}

// RemoveFromHome implements social.TimelineStore.
func (s *Store) RemoveFromHome(ctx context.Context, account, author social.ID) error {
	const q = `
		DELETE FROM home_entries
		WHERE account_id = $1
			AND EXISTS (SELECT 1 FROM statuses s WHERE s.id = home_entries.status_id AND s.account_id = $2)`
	_, err := s.exec(ctx, q, int64(account), int64(author))
	return wrap(err, "remove posts of %d from the home of %d", author, account)
}

// ClearFromHome implements social.TimelineStore.
func (s *Store) ClearFromHome(ctx context.Context, account, author social.ID) error {
	const q = `
		DELETE FROM home_entries
		WHERE account_id = $1
			AND (EXISTS (
					SELECT 1
					FROM statuses s
					WHERE s.id IN (home_entries.status_id, home_entries.boost_of_id) AND s.account_id = $2)
				OR EXISTS (
					SELECT 1
					FROM status_mentions m
					WHERE m.status_id IN (home_entries.status_id, home_entries.boost_of_id) AND m.account_id = $2))`
	_, err := s.exec(ctx, q, int64(account), int64(author))
	return wrap(err, "take %d out of the home of %d", author, account)
}

// BackfillHome implements social.TimelineStore. Replies to people whom account does not follow are passed over, as they
// are when they arrive, and so are boosts of what stands there already, however far down (federation.md §10.2).
func (s *Store) BackfillHome(ctx context.Context, account, author social.ID, n int) error {
	const q = `
		INSERT INTO home_entries (account_id, status_id, boost_of_id, via)
		SELECT CAST($1 AS BIGINT), s.id, s.boost_of_id, 'follow'
		FROM statuses s
		WHERE s.account_id = $2 AND s.visibility IN ('public', 'unlisted') AND s.deleted_at = 0
			AND (s.reply_to_id = 0 AND s.reply_to_uri = ''
				OR s.reply_to_account_id IN ($1, $2)
				OR EXISTS (
					SELECT 1
					FROM follows f
					WHERE f.account_id = $1 AND f.target_id = s.reply_to_account_id AND NOT f.pending))
			AND (s.boost_of_id = 0
				OR NOT EXISTS (
					SELECT 1
					FROM home_entries h
					WHERE h.account_id = $1 AND h.status_id = s.boost_of_id)
				AND NOT EXISTS (
					SELECT 1
					FROM home_entries h
					WHERE h.boost_of_id = s.boost_of_id AND h.account_id = $1))
		ORDER BY s.id DESC
		LIMIT $3
		ON CONFLICT DO NOTHING`
	_, err := s.exec(ctx, q, int64(account), int64(author), int64(max(n, 0)))
	return wrap(err, "add posts of %d to the home of %d", author, account)
}

// Home implements social.TimelineStore.
func (s *Store) Home(ctx context.Context, account social.ID, p social.Page) ([]social.HomeEntry, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.HomeEntry, error) {
		e := social.HomeEntry{AccountID: account}
		err := r.Scan(&e.StatusID, &e.BoostOfID, &e.Via)
		return e, err
	}, homeQuery(k), int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "home of %d", account))
}

// homeQuery asks for no more than the newest FeedLength entries. The newest page cannot reach beyond them, so it does not
// walk to the last.
func homeQuery(k keyset) string {
	end := `
			AND h.status_id >= COALESCE((
				SELECT n.status_id
				FROM home_entries n
				WHERE n.account_id = $1
				ORDER BY n.status_id DESC
				LIMIT 1 OFFSET ` + strconv.Itoa(social.FeedLength-1) + `), 0)`
	if k.below == math.MaxInt64 && k.order == "DESC" && k.limit <= social.FeedLength {
		end = ""
	}
	return `
		SELECT h.status_id, h.boost_of_id, h.via
		FROM home_entries h
		WHERE h.account_id = $1 AND h.status_id < $2 AND h.status_id > $3` + end + `
		ORDER BY h.status_id ` + k.order + `
		LIMIT $4`
}

// SeenAtHome implements social.TimelineStore. A reader's entry is among the newest n when the n-th newest is no newer.
func (s *Store) SeenAtHome(ctx context.Context, readers []social.ID, status social.ID, newest int) (map[social.ID]bool, error) {
	if len(readers) == 0 || newest <= 0 {
		return map[social.ID]bool{}, nil
	}
	args := []any{int64(status), int64(newest - 1)}
	in := inIDs(&args, readers)
	found, err := setOf(ctx, s, scanID, `
		SELECT h.account_id
		FROM (
			SELECT e.account_id, e.status_id
			FROM home_entries e
			WHERE e.status_id = $1 AND e.account_id IN (`+in+`)
			UNION ALL
			SELECT b.account_id, b.status_id
			FROM home_entries b
			WHERE b.boost_of_id = $1 AND b.boost_of_id <> 0 AND b.account_id IN (`+in+`)
		) h
		WHERE h.status_id >= COALESCE((
			SELECT n.status_id
			FROM home_entries n
			WHERE n.account_id = h.account_id
			ORDER BY n.status_id DESC
			LIMIT 1 OFFSET $2), 0)`, args...)
	return found, wrap(err, "who of %d readers has %d at home", len(readers), status)
}
