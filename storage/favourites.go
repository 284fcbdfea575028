package storage

import (
	"context"

	"orrery/social"
)

// InsertFavourite implements social.ReactionStore. A status that is not there is ErrNotFound.
func (s *Store) InsertFavourite(ctx context.Context, f social.Favourite) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO favourites (id, account_id, status_id, uri, created_at)
			SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), s.id, CAST($4 AS TEXT), CAST($5 AS BIGINT)
			FROM statuses s
			WHERE s.id = $3 AND s.deleted_at = 0
			ON CONFLICT DO NOTHING`
		n, err := s.exec(ctx, q, int64(f.ID), int64(f.AccountID), int64(f.StatusID), f.URI, millis(f.CreatedAt))
		if err != nil {
			return err
		}
		if n == 0 {
			if _, err := s.StatusByID(ctx, f.StatusID); err != nil {
				return err
			}
			return social.ErrConflict
		}
		if err := s.addFavourites(ctx, f.StatusID, 1); err != nil {
			return err
		}
		return s.marked(ctx, f.StatusID, f.AccountID)
	})
	return wrap(err, "favourite %d by %d", f.StatusID, f.AccountID)
}

func (s *Store) addFavourites(ctx context.Context, status social.ID, n int) error {
	const q = `
		UPDATE statuses
		SET favourites_count = CASE WHEN favourites_count + $2 < 0 THEN 0 ELSE favourites_count + $2 END,
			origin_favourites = CASE WHEN origin_favourites < 0 THEN origin_favourites
				WHEN origin_favourites + $2 < 0 THEN 0 ELSE origin_favourites + $2 END
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(status), int64(n))
	return wrap(err, "count it")
}

// FavouriteBetween implements social.ReactionStore.
func (s *Store) FavouriteBetween(ctx context.Context, account, status social.ID) (social.Favourite, error) {
	f := social.Favourite{AccountID: account, StatusID: status}
	var created int64
	const q = `
		SELECT id, uri, created_at
		FROM favourites
		WHERE status_id = $1 AND account_id = $2`
	err := s.row(ctx, q, int64(status), int64(account)).Scan(&f.ID, &f.URI, &created)
	f.CreatedAt = fromMillis(created)
	return f, missing(err, "favourite of %d by %d", status, account)
}

// DeleteFavourite implements social.ReactionStore. It is ErrNotFound when there is none.
func (s *Store) DeleteFavourite(ctx context.Context, account, status social.ID) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			DELETE FROM favourites
			WHERE status_id = $1 AND account_id = $2`
		n, err := s.exec(ctx, q, int64(status), int64(account))
		if err != nil {
			return err
		}
		if n == 0 {
			return social.ErrNotFound
		}
		return s.addFavourites(ctx, status, -1)
	})
	return wrap(err, "delete favourite of %d by %d", status, account)
}

// FavouritedBy implements social.ReactionStore. Accounts are ordered and paged by their own id, the only one returned.
func (s *Store) FavouritedBy(ctx context.Context, status social.ID, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanID, `
		SELECT f.account_id
		FROM favourites f
		WHERE f.status_id = $1 AND f.account_id < $2 AND f.account_id > $3
		ORDER BY f.account_id `+k.order+`
		LIMIT $4`, int64(status), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "who likes %d", status))
}

// BoostedBy implements social.ReactionStore; paged as FavouritedBy. Private boosts count among those who boosted.
func (s *Store) BoostedBy(ctx context.Context, status social.ID, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanID, `
		SELECT s.account_id
		FROM statuses s
		WHERE s.boost_of_id = $1 AND s.boost_of_id <> 0 AND s.deleted_at = 0 AND s.account_id < $2 AND s.account_id > $3
		ORDER BY s.account_id `+k.order+`
		LIMIT $4`, int64(status), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "who boosted %d", status))
}

// Interacted implements social.ReactionStore. For a status that is being deleted, the boosts that went with it still
// count: those servers must hear of it (federation.md §8.2).
func (s *Store) Interacted(ctx context.Context, status social.ID) ([]social.Account, error) {
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.domain <> '' AND a.id IN (
			SELECT b.account_id
			FROM statuses o
			JOIN statuses b ON b.boost_of_id = o.id AND b.boost_of_id <> 0 AND b.deleted_at = o.deleted_at
			WHERE o.id = $1
			UNION
			SELECT f.account_id
			FROM favourites f
			WHERE f.status_id = $1
			UNION
			SELECT r.account_id
			FROM statuses r
			WHERE r.reply_to_id = $1 AND r.reply_to_id <> 0 AND r.deleted_at = 0
			UNION
			SELECT q.account_id
			FROM quotes q
			WHERE q.quoted_id = $1 AND q.quoted_id <> 0
		)
		ORDER BY a.id`
	out, err := list(ctx, s, scanAccount, q, int64(status))
	return out, wrap(err, "who interacted with %d", status)
}
