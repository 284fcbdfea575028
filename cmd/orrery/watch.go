package main

import (
	"context"
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
	// EnableTrustedProxyCheck, with no proxy trusted: the host is that of the request, whatever X-Forwarded-Host says.
	app := fiber.New(fiber.Config{Immutable: true, DisableStartupMessage: true, DisableDefaultDate: true, EnableTrustedProxyCheck: true})
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
	return holder(c.UserContext(), c.Cookies(web.Cookie), i)
}

// holder is who has a session's cookie.
func holder(ctx context.Context, cookie string, i *server.Instance) (social.Account, bool) {
	if cookie == "" {
		return social.Account{}, false
	}
	a, err := i.Services.SignIns.Session(ctx, cookie)
	return a, err == nil
}

// still says of a stream that somebody began whether they are signed in as they were.
func still(c *fiber.Ctx, i *server.Instance) func(context.Context) bool {
	cookie := strings.Clone(c.Cookies(web.Cookie))
	_, was := holder(c.UserContext(), cookie, i)
	return func(ctx context.Context) bool {
		_, is := holder(ctx, cookie, i)
		return is == was
	}
}
