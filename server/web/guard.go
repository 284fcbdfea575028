package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// guard sets the headers of every page and turns an error of h into the error page.
func (w *Web) guard(h fiber.Handler) fiber.Handler {
	policy := views.Policy(w.Lab)
	return func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentSecurityPolicy, policy)
		c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
		c.Set("Cross-Origin-Opener-Policy", "same-origin")
		c.Set(fiber.HeaderCacheControl, "private, no-cache")
		c.Set(fiber.HeaderVary, "Cookie, HX-Request")
		if err := h(c); err != nil {
			return w.fail(c, err)
		}
		return nil
	}
}

// sameOrigin lets h run only for requests that our own pages make (contracts.md 5): a browser says so in Sec-Fetch-Site
// or in Origin. Other programs have the client API.
func sameOrigin(origin string, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		site, from := c.Get("Sec-Fetch-Site"), c.Get(fiber.HeaderOrigin)
		if site == "same-origin" && (from == "" || from == "null" || from == origin) || site == "" && from == origin {
			return h(c)
		}
		return &social.Error{Kind: social.ErrForbidden,
			Message: "This was not sent from a page of this server, so nothing was done. Go back, reload the page and try again."}
	}
}

// members keeps h for who is signed in under limited federation, as the client API is (federation.md §11).
func (w *Web) members(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if w.Domains != nil && w.Domains.Limited {
			if _, err := w.signedIn(c); err != nil {
				return err
			}
		}
		return h(c)
	}
}

// local keeps path when it leads to this host, so that nobody is sent elsewhere by a crafted link; else instead.
func local(path, instead string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t\x00") {
		return instead
	}
	return path
}

// from is the page that a browser came from.
func (w *Web) from(c *fiber.Ctx) string {
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || !strings.EqualFold(from.Scheme+"://"+from.Host, w.URLs.Origin) {
		return "/home"
	}
	return local(from.RequestURI(), "/home")
}

// back sends a browser to the page that it came from, at the post or person concerned.
func (w *Web) back(c *fiber.Ctx, fragment string) error {
	to := w.from(c)
	if fragment != "" {
		to += "#" + fragment
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// partial reports whether htmx asks for the part that changed.
func partial(c *fiber.Ctx) bool { return c.Get("HX-Request") == "true" }
