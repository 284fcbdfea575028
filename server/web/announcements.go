package web

import (
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/views"
)

// announced is what those who run the server tell everybody and me has not put away yet.
func (w *Web) announced(ctx context.Context, me social.ID) ([]views.Announced, error) {
	current, err := w.Announcements.Current(ctx, me, false)
	if err != nil || len(current) == 0 {
		return nil, err
	}
	picks, err := w.picks(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]views.Announced, len(current))
	for i, v := range current {
		out[i] = w.announcement(v, picks)
	}
	return out, nil
}

// maxPicks is how many emojis of this server are offered to react with; a page is no picker.
const maxPicks = 24

// picks are those emojis.
func (w *Web) picks(ctx context.Context) ([]social.Emoji, error) {
	local, err := w.Store.LocalEmojis(ctx)
	picks := slices.DeleteFunc(local, func(e social.Emoji) bool { return !e.Offered() })
	return picks[:min(len(picks), maxPicks)], err
}

func (w *Web) announcement(v social.AnnouncementView, picks []social.Emoji) views.Announced {
	html := w.homeward(clientapi.AnnouncementHTML(v, w.render()), &social.StatusView{Mentions: v.Mentions, Tags: v.Tags})
	return views.Announced{AnnouncementView: v, HTML: w.pictured(html, v.Emojis), Picks: picks}
}

// react answers an announcement with an emoji, or takes that back. htmx gets it drawn anew.
func (w *Web) react(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	which, err := id(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	switch c.Params("act") {
	case "react":
		err = w.Announcements.React(ctx, l.Viewer.ID, which, field(c, "name"))
	case "unreact":
		err = w.Announcements.Unreact(ctx, l.Viewer.ID, which, field(c, "name"))
	default:
		err = social.ErrNotFound
	}
	if err != nil && !mendable(err) {
		return err
	}
	if err != nil {
		l.Wrong = blame{}.wrong(c, "announcement-"+which.String(), err)
		if !partial(c) {
			l.Title, l.Place = "Home", "home"
			return w.homePage(c, l, "")
		}
	}
	if !partial(c) {
		return c.Redirect("/home#announcement-"+which.String(), fiber.StatusSeeOther)
	}
	v, err := w.Announcements.View(ctx, l.Viewer.ID, which)
	if err != nil {
		return err
	}
	if v.Read {
		return nil // meanwhile: htmx takes it away
	}
	picks, err := w.picks(ctx)
	if err != nil {
		return err
	}
	return w.draw(c, views.Announcement(l, w.announcement(v, picks)))
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
