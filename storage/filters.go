package storage

import (
	"context"

	"orrery/social"
)

// Filters implements social.FilterStore.
func (s *Store) Filters(ctx context.Context, owner social.ID) ([]social.Filter, error) {
	const q = `
		SELECT f.id, f.title, f.contexts, f.action, f.expires_at, f.created_at
		FROM filters f
		WHERE f.account_id = $1
		ORDER BY f.id`
	out, err := list(ctx, s, func(r scanner) (social.Filter, error) {
		f := social.Filter{AccountID: owner}
		var contexts, action string
		var expires, created int64
		err := r.Scan(&f.ID, &f.Title, &contexts, &action, &expires, &created)
		for _, c := range words(contexts) {
			f.Contexts = append(f.Contexts, social.FilterContext(c))
		}
		f.Action, f.ExpiresAt, f.CreatedAt = social.FilterAction(action), fromMillis(expires), fromMillis(created)
		return f, err
	}, q, int64(owner))
	if err != nil || len(out) == 0 { // most people have none
		return nil, wrap(err, "filters of %d", owner)
	}
	at := make(map[social.ID]*social.Filter, len(out))
	for i := range out {
		at[out[i].ID] = &out[i]
	}
	if err := s.filterParts(ctx, owner, at); err != nil {
		return nil, wrap(err, "filters of %d", owner)
	}
	return out, nil
}

// filterParts adds keywords and statuses, by id.
func (s *Store) filterParts(ctx context.Context, owner social.ID, at map[social.ID]*social.Filter) error {
	const keywords = `
		SELECT k.filter_id, k.id, k.keyword, k.whole_word
		FROM filter_keywords k
		JOIN filters f ON f.id = k.filter_id
		WHERE f.account_id = $1
		ORDER BY k.id`
	_, err := list(ctx, s, func(r scanner) (of social.ID, err error) {
		var k social.FilterKeyword
		err = r.Scan(&of, &k.ID, &k.Keyword, &k.WholeWord)
		if f := at[of]; f != nil {
			f.Keywords = append(f.Keywords, k)
		}
		return of, err
	}, keywords, int64(owner))
	if err != nil {
		return err
	}
	const statuses = `
		SELECT x.filter_id, x.id, x.status_id
		FROM filter_statuses x
		JOIN filters f ON f.id = x.filter_id
		WHERE f.account_id = $1
		ORDER BY x.id`
	_, err = list(ctx, s, func(r scanner) (of social.ID, err error) {
		var x social.FilterStatus
		err = r.Scan(&of, &x.ID, &x.StatusID)
		if f := at[of]; f != nil {
			f.Statuses = append(f.Statuses, x)
		}
		return of, err
	}, statuses, int64(owner))
	return err
}

// PutFilter implements social.FilterStore.
func (s *Store) PutFilter(ctx context.Context, f social.Filter) error {
	contexts := ""
	for _, c := range f.Contexts {
		contexts += string(c) + " "
	}
	err := s.atomic(ctx, func(s *Store) error {
		const put = `
			INSERT INTO filters (id, account_id, title, contexts, action, expires_at, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)
			ON CONFLICT (id) DO UPDATE
			SET title = excluded.title, contexts = excluded.contexts, action = excluded.action, expires_at = excluded.expires_at`
		if _, err := s.exec(ctx, put, int64(f.ID), int64(f.AccountID), f.Title, contexts, string(f.Action),
			millis(f.ExpiresAt), millis(f.CreatedAt)); err != nil {
			return err
		}
		for _, table := range []string{"filter_keywords", "filter_statuses"} {
			if _, err := s.exec(ctx, `
				DELETE FROM `+table+`
				WHERE filter_id = $1`, int64(f.ID)); err != nil {
				return err
			}
		}
		if err := s.putFilterParts(ctx, f); err != nil {
			return err
		}
		return s.tellFilters(ctx, f.AccountID)
	})
	return wrap(err, "put filter %d of %d", f.ID, f.AccountID)
}

func (s *Store) putFilterParts(ctx context.Context, f social.Filter) error {
	for _, k := range f.Keywords {
		const q = `
			INSERT INTO filter_keywords (id, filter_id, keyword, whole_word)
			VALUES ($1, $2, $3, $4)`
		if _, err := s.exec(ctx, q, int64(k.ID), int64(f.ID), k.Keyword, k.WholeWord); err != nil {
			return err
		}
	}
	for _, x := range f.Statuses {
		const q = `
			INSERT INTO filter_statuses (id, filter_id, status_id)
			SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), s.id
			FROM statuses s
			WHERE s.id = $3
			ON CONFLICT DO NOTHING`
		if _, err := s.exec(ctx, q, int64(x.ID), int64(f.ID), int64(x.StatusID)); err != nil {
			return err
		}
	}
	return nil
}

// DeleteFilter implements social.FilterStore. It is ErrNotFound when owner has no such filter.
func (s *Store) DeleteFilter(ctx context.Context, owner, id social.ID) error {
	const q = `
		DELETE FROM filters
		WHERE account_id = $1 AND id = $2`
	return s.atomic(ctx, func(s *Store) error {
		if err := s.deleteOne(ctx, q, "filter", owner, id); err != nil {
			return err
		}
		return s.tellFilters(ctx, owner)
	})
}

// tellFilters tells that owner's filters are others now.
func (s *Store) tellFilters(ctx context.Context, owner social.ID) error {
	return s.Tell(ctx, social.News{Kind: social.NewsFilters, Feeds: []social.ID{owner}})
}
