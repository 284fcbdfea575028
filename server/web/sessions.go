package web

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/social"
	"orrery/views"
)

func (w *Web) signInForm(c *fiber.Ctx) error {
	l, err := w.look(c, "Sign in", "")
	if err != nil {
		return err
	}
	next := local(field(c, "next"), "/home")
	if l.Viewer != nil {
		return c.Redirect(next, fiber.StatusSeeOther)
	}
	how, err := w.Accounts.Registration(c.UserContext())
	if err != nil {
		return err
	}
	return w.draw(c, views.SignInPage(l, views.SignIn{Next: next, Join: how.Open()}))
}

// longestName is more than any username has.
const longestName = 64

func (w *Web) signIn(c *fiber.Ctx) error {
	f := views.SignIn{Username: strings.TrimSpace(field(c, "username")), Next: local(field(c, "next"), "/home")}
	f.Username = strings.ToValidUTF8(f.Username[:min(len(f.Username), longestName)], "") // it is counted under this name, whatever was sent
	cookie, err := w.SignIns.SignIn(c.UserContext(), f.Username, field(c, "password"), clientip.Counted(clientip.Of(c)))
	if errors.Is(err, social.ErrUnauthorized) || errors.Is(err, social.ErrThrottled) || errors.Is(err, social.ErrForbidden) {
		f.Wrong = blame{"": "password"}.wrong(c, "", err)
		how, err := w.Accounts.Registration(c.UserContext())
		if err != nil {
			return err
		}
		f.Join = how.Open()
		l, err := w.look(c, "Sign in", "")
		if err != nil {
			return err
		}
		return w.draw(c, views.SignInPage(l, f))
	}
	if err != nil {
		return err
	}
	w.SetSession(c, cookie)
	return c.Redirect(f.Next, fiber.StatusSeeOther)
}

// SetSession gives the browser the cookie of a session that was just opened, here or by a ticket.
func (w *Web) SetSession(c *fiber.Ctx, cookie string) {
	c.Cookie(&fiber.Cookie{
		Name: Cookie, Value: cookie, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		Secure: w.Secure, MaxAge: int(social.SessionLife.Seconds()),
	})
}

func (w *Web) signOut(c *fiber.Ctx) error {
	if cookie := strings.Clone(c.Cookies(Cookie)); cookie != "" {
		if err := w.SignIns.Close(c.UserContext(), cookie); err != nil && !errors.Is(err, social.ErrNotFound) {
			return err
		}
	}
	c.Cookie(&fiber.Cookie{Name: Cookie, Path: "/", HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode, Secure: w.Secure, MaxAge: -1})
	return c.Redirect("/", fiber.StatusSeeOther)
}
