package storage

import (
	"context"

	"orrery/social"
)

// InsertBookmark implements social.BookmarkStore.
func (s *Store) InsertBookmark(ctx context.Context, b social.Bookmark) error {
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			INSERT INTO bookmarks (id, account_id, status_id, created_at)
			VALUES ($1, $2, $3, $4)
			ON CONFLICT DO NOTHING`
		if _, err := s.exec(ctx, q, int64(b.ID), int64(b.AccountID), int64(b.StatusID), millis(b.CreatedAt)); err != nil {
			return err
		}
		return s.marked(ctx, b.StatusID, b.AccountID)
	})
	return wrap(err, "bookmark %d for %d", b.StatusID, b.AccountID)
}

// DeleteBookmark implements social.BookmarkStore.
func (s *Store) DeleteBookmark(ctx context.Context, account, status social.ID) error {
	const q = `
		DELETE FROM bookmarks
		WHERE account_id = $1 AND status_id = $2`
	_, err := s.exec(ctx, q, int64(account), int64(status))
	return wrap(err, "delete bookmark of %d by %d", status, account)
}

// Bookmarks implements social.BookmarkStore.
func (s *Store) Bookmarks(ctx context.Context, account social.ID, p social.Page) ([]social.Bookmark, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.Bookmark, error) {
		b := social.Bookmark{AccountID: account}
		var created int64
		err := r.Scan(&b.ID, &b.StatusID, &created)
		b.CreatedAt = fromMillis(created)
		return b, err
	}, `
		SELECT b.id, b.status_id, b.created_at
		FROM bookmarks b
		WHERE b.account_id = $1 AND b.id < $2 AND b.id > $3
		ORDER BY b.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "bookmarks of %d", account))
}

// FavouritesOf implements social.BookmarkStore.
func (s *Store) FavouritesOf(ctx context.Context, account social.ID, p social.Page) ([]social.Favourite, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, func(r scanner) (social.Favourite, error) {
		f := social.Favourite{AccountID: account}
		var created int64
		err := r.Scan(&f.ID, &f.StatusID, &f.URI, &created)
		f.CreatedAt = fromMillis(created)
		return f, err
	}, `
		SELECT f.id, f.status_id, f.uri, f.created_at
		FROM favourites f
		WHERE f.account_id = $1 AND f.id < $2 AND f.id > $3
		ORDER BY f.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "favourites of %d", account))
}
