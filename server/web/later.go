package web

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// later keeps d to be published at the time that the form has, and shows what waits.
func (w *Web) later(c *fiber.Ctx, l views.Look, d social.Draft) error {
	at, err := time.Parse("2006-01-02T15:04", field(c, "scheduled_at")) // as browsers send it; UTC, as all times of the pages
	if err != nil {
		return w.refused(c, l, d, &social.Error{Kind: social.ErrInvalid, Field: "scheduled_at", Message: "That is no time: write it like 2026-11-30T18:00."})
	}
	err = w.counted("statuses", l.Viewer.ID, func() error {
		_, err := w.Schedule.Add(c.UserContext(), l.Viewer.ID, 0, at, d)
		return err
	})
	if err != nil {
		return w.refusedOr(c, l, d, err)
	}
	const waiting = "/settings/scheduled"
	if partial(c) {
		c.Set("HX-Redirect", waiting)
		return nil
	}
	return c.Redirect(waiting, fiber.StatusSeeOther)
}
