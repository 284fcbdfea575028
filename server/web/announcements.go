package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/views"
)

// announced is what those who run the server tell everybody and me has not put away yet.
func (w *Web) announced(ctx context.Context, me social.ID) ([]views.Announced, error) {
	current, err := w.Announcements.Current(ctx, me, false)
	if err != nil {
		return nil, err
	}
	out := make([]views.Announced, len(current))
	for i, v := range current {
		html := clientapi.AnnouncementHTML(v, w.render())
		out[i] = views.Announced{AnnouncementView: v, HTML: w.homeward(html, &social.StatusView{Mentions: v.Mentions, Tags: v.Tags})}
	}
	return out, nil
}

// dismiss puts an announcement away for the viewer.
func (w *Web) dismiss(c *fiber.Ctx) error {
	me, which, err := w.deed(c)
	if err != nil {
		return err
	}
	if err := w.Announcements.Dismiss(c.UserContext(), me.ID, which); err != nil {
		return err
	}
	if partial(c) {
		return nil // htmx takes it away
	}
	return c.Redirect("/home", fiber.StatusSeeOther)
}
