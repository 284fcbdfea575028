package web

import (
	"context"
	"errors"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// deed is one thing that can be done to a post.
type deed struct {
	activity string // its type on the wire, for the log; "" when nobody hears of it
	counts   string // as what; see Web.Count
	do       func(w *Web, ctx context.Context, actor, status social.ID) error
}

// deedOf finds the deed that a form's address names.
func deedOf(name string) (deed, bool) {
	switch name {
	case "boost":
		return deed{"Announce", "statuses", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Statuses.Boost(ctx, actor, status, "")
			return err
		}}, true
	case "unboost":
		return deed{"Undo", "deletes", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Statuses.Unboost(ctx, actor, status)
			return err
		}}, true
	case "favourite":
		return deed{"Like", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Reactions.Favourite(ctx, actor, status)
			return err
		}}, true
	case "unfavourite":
		return deed{"Undo", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Reactions.Unfavourite(ctx, actor, status)
			return err
		}}, true
	case "bookmark":
		return deed{"", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Reactions.Bookmark(ctx, actor, status)
			return err
		}}, true
	case "unbookmark":
		return deed{"", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			_, err := w.Reactions.Unbookmark(ctx, actor, status)
			return err
		}}, true
	case "pin":
		return deed{"Add", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			return w.Features.Pin(ctx, actor, status)
		}}, true
	case "unpin":
		return deed{"Remove", "", func(w *Web, ctx context.Context, actor, status social.ID) error {
			return w.Features.Unpin(ctx, actor, status)
		}}, true
	case "delete":
		return deed{"Delete", "deletes", func(w *Web, ctx context.Context, actor, status social.ID) error {
			return w.Statuses.Delete(ctx, actor, status)
		}}, true
	}
	return deed{}, false
}

// actOnStatus boosts, favourites, takes either back, or deletes.
func (w *Web) actOnStatus(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	status, err := id(c)
	if err != nil {
		return err
	}
	deed, ok := deedOf(c.Params("act"))
	if !ok {
		return social.ErrNotFound
	}
	me := l.Viewer.ID
	v, err := w.Reader.Status(c.UserContext(), me, status)
	if err != nil {
		return err
	}
	ctx, done := c.UserContext(), func() {}
	if deed.activity != "" {
		ctx, done = w.act(ctx, activitylog.Summary{Type: deed.activity, Actor: l.Viewer.URI, Object: v.Proper().Status.URI})
	}
	err = w.counted(deed.counts, me, func() error { return deed.do(w, ctx, me, status) })
	done()
	return w.answered(c, l, status, "post", err)
}

// answered answers what was done to a post: htmx gets the card as it is now, and nothing when the post is gone; without
// scripts the page comes again that it was done on. When it was refused, the card says why at that place of it, without
// scripts on a page of its own.
func (w *Web) answered(c *fiber.Ctx, l views.Look, status social.ID, place string, refused error) error {
	if refused != nil && !mendable(refused) {
		return refused
	}
	now, err := w.Reader.Status(c.UserContext(), l.Viewer.ID, status)
	gone := errors.Is(err, social.ErrNotFound)
	switch {
	case err != nil && !gone:
		return err
	case refused != nil && gone:
		return refused
	case refused != nil:
		l.Wrong = blame{}.wrong(c, place+status.String(), refused)
	case !partial(c) && gone && field(c, "card") == "focused":
		return c.Redirect("/home", fiber.StatusSeeOther) // its page is gone too
	case !partial(c):
		return w.back(c, "s"+status.String())
	case gone:
		return w.draw(c, views.Said("Deleted."))
	}
	if !partial(c) {
		l.Title = "That did not work"
		return w.draw(c, views.RefusedPage(l, now, w.from(c)))
	}
	return w.draw(c, views.StatusCard(l, now, views.CardOf(field(c, "card"))))
}
