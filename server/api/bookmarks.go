package api

import (
	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// bookmark keeps a status for the sender; nobody hears of it.
func (a *API) bookmark(r *request) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	id, err := a.Reactions.Bookmark(r.ctx, r.viewer(), v.Status.ID)
	if err != nil {
		return err
	}
	return a.answerStatus(r, id)
}

func (a *API) unbookmark(r *request) error {
	v, err := a.proper(r)
	if err != nil {
		return err
	}
	id, err := a.Reactions.Unbookmark(r.ctx, r.viewer(), v.Status.ID)
	if err != nil {
		return err
	}
	return a.answerStatus(r, id)
}

func (a *API) listBookmarks(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	found, err := a.Store.Bookmarks(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(found)), make([]social.ID, len(found))
	for i, b := range found {
		ids[i], cursors[i] = b.StatusID, b.ID
	}
	return a.answerMarked(r, ids, cursors, p.Limit)
}

func (a *API) listFavourites(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	found, err := a.Store.FavouritesOf(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(found)), make([]social.ID, len(found))
	for i, f := range found {
		ids[i], cursors[i] = f.StatusID, f.ID
	}
	return a.answerMarked(r, ids, cursors, p.Limit)
}

// answerMarked answers with statuses that are paged by the ids of what was done to them. What is out of sight now is left
// out, and does not end the list.
func (a *API) answerMarked(r *request, ids, cursors []social.ID, limit int) error {
	vs, err := a.Reader.Statuses(r.ctx, r.viewer(), ids)
	if err != nil {
		return err
	}
	if len(cursors) > 0 {
		link := r.link("prev", "min_id", cursors[0])
		if len(cursors) == limit {
			link = r.link("next", "max_id", cursors[len(cursors)-1]) + ", " + link
		}
		r.Set(fiber.HeaderLink, link)
	}
	return r.statuses(vs)
}
