package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/views"
)

// Pages of other packages are drawn in the same house and guarded by the same doors.

// Guard sets the headers of every page and turns an error of h into the error page.
func (w *Web) Guard(h fiber.Handler) fiber.Handler { return w.guard(h) }

// SameOrigin is Guard for what changes something: h runs only for requests of our own pages.
func (w *Web) SameOrigin(h fiber.Handler) fiber.Handler {
	return w.guard(sameOrigin(w.URLs.Origin, h))
}

// Look is the page around what a handler draws, with the viewer when there is one.
func (w *Web) Look(c *fiber.Ctx, title string) (views.Look, error) { return w.look(c, title, "") }

// Session is the cookie that SetSession gave the browser, "" when it has none.
func (w *Web) Session(c *fiber.Ctx) string { return strings.Clone(c.Cookies(Cookie)) }
