package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// bookmarks lists what the viewer keeps for themselves.
func (w *Web) bookmarks(c *fiber.Ctx) error {
	return w.marked(c, views.Timeline{
		Title: "Bookmarks", Sentence: "Posts that you keep to find them again. Nobody else sees this.",
		EmptyTitle: "No bookmarks", EmptySentence: "Bookmark a post and it stands here.", EmptyHref: "/home", EmptyDo: "Go home",
	}, func(ctx context.Context, me social.ID, p social.Page) ([]mark, error) {
		found, err := w.Store.Bookmarks(ctx, me, p)
		out := make([]mark, len(found))
		for i, b := range found {
			out[i] = mark{b.ID, b.StatusID}
		}
		return out, err
	})
}

// favourites lists what the viewer favourited.
func (w *Web) favourites(c *fiber.Ctx) error {
	return w.marked(c, views.Timeline{
		Title: "Favourites", Sentence: "Posts that you favourited, the latest first.",
		EmptyTitle: "No favourites", EmptySentence: "Favourite a post and it stands here.", EmptyHref: "/home", EmptyDo: "Go home",
	}, func(ctx context.Context, me social.ID, p social.Page) ([]mark, error) {
		found, err := w.Store.FavouritesOf(ctx, me, p)
		out := make([]mark, len(found))
		for i, f := range found {
			out[i] = mark{f.ID, f.StatusID}
		}
		return out, err
	})
}

// mark is a status by when something was done to it.
type mark struct{ id, status social.ID }

// marked draws a page of marks; those whose post is out of sight now do not end the list.
func (w *Web) marked(c *fiber.Ctx, t views.Timeline, load func(ctx context.Context, me social.ID, p social.Page) ([]mark, error)) error {
	l, err := w.mine(c, t.Title, "")
	if err != nil {
		return err
	}
	ctx, me := c.UserContext(), l.Viewer.ID
	marks, next, err := listed(c, func(p social.Page) ([]mark, error) { return load(ctx, me, p) }, func(m mark) social.ID { return m.id })
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(marks))
	for i, m := range marks {
		ids[i] = m.status
	}
	t.Older = next
	if t.Posts, err = w.Reader.Statuses(ctx, me, ids); err != nil {
		return err
	}
	return w.draw(c, views.TimelinePage(l, t))
}
