package main

import (
	"strings"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/observatory"
	"orrery/server"
	"orrery/server/web"
	"orrery/social"
	"orrery/views"
)

// mount makes a handler of the observatory.
func mount(o *observatory.Observatory) fasthttp.RequestHandler {
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, DisableDefaultDate: true})
	o.Register(app)
	return app.Handler()
}

// everybody may see everything: a lab is on this machine only, and its people are roles.
func everybody(*fiber.Ctx) (actor string, operator bool) { return "", true }

// frame shows on the observatory's pages who is signed in on the host they are looked at.
func (f *labFace) frame(c *fiber.Ctx, p views.Page) views.Page {
	for _, h := range f.Lab().Hosts {
		if strings.EqualFold(h.Instance.Host(), c.Hostname()) {
			if a, ok := signedIn(c, h.Instance); ok {
				p.Viewer = &a
			}
		}
	}
	return p
}

func signedIn(c *fiber.Ctx, i *server.Instance) (social.Account, bool) {
	cookie := c.Cookies(web.Cookie)
	if cookie == "" {
		return social.Account{}, false
	}
	a, err := i.Services.SignIns.Session(c.UserContext(), cookie)
	return a, err == nil
}
