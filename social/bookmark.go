package social

import (
	"context"
	"time"
)

// Bookmark keeps a status to be found again; nobody but AccountID knows of it.
type Bookmark struct {
	ID                  ID
	AccountID, StatusID ID
	CreatedAt           time.Time
}

// BookmarkStore keeps bookmarks.
type BookmarkStore interface {
	// InsertBookmark does nothing when it exists, DeleteBookmark when it does not.
	InsertBookmark(ctx context.Context, b Bookmark) error
	DeleteBookmark(ctx context.Context, account, status ID) error
	// Bookmarks and FavouritesOf are paged by their own ids, newest first.
	Bookmarks(ctx context.Context, account ID, p Page) ([]Bookmark, error)
	FavouritesOf(ctx context.Context, account ID, p Page) ([]Favourite, error)
}

// Bookmark keeps the status for actor; a boost stands for what it boosts. Errors: ErrNotFound (out of sight).
func (r *Reactions) Bookmark(ctx context.Context, actor, id ID) (ID, error) {
	v, err := (&Reader{Store: r.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	proper := v.Proper().Status.ID
	return proper, r.Store.InsertBookmark(ctx, Bookmark{ID: r.NewID(), AccountID: actor, StatusID: proper, CreatedAt: r.Now()})
}

// Unbookmark takes it back. Nothing happens when there is none.
func (r *Reactions) Unbookmark(ctx context.Context, actor, id ID) (ID, error) {
	v, err := (&Reader{Store: r.Store}).Status(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	proper := v.Proper().Status.ID
	return proper, r.Store.DeleteBookmark(ctx, actor, proper)
}
