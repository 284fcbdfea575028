package observatory

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/views"
)

// pageRules stand before every page: what browsers must not do with it, and no changes asked for by other sites.
func (o *Observatory) pageRules(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentSecurityPolicy, views.Policy(o.Lab != nil))
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	c.Set(fiber.HeaderCacheControl, "no-store")
	if c.Method() != fiber.MethodGet && c.Method() != fiber.MethodHead && !o.ours(c) {
		return o.tell(c, fiber.StatusForbidden, "That came from another site",
			"Only this site’s own pages may ask for changes. Open the lab and press the button there.", "/lab", "To the lab")
	}
	return c.Next()
}

// apiRules stand before the JSON: no other site may read it, and it is never offered to one by CORS.
func (o *Observatory) apiRules(c *fiber.Ctx) error {
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderCacheControl, "no-store")
	site := c.Get("Sec-Fetch-Site")
	if foreign(c.Get(fiber.HeaderOrigin), o.own(c)) || site == "cross-site" || site == "same-site" {
		return sayJSON(c, refuse(fiber.StatusForbidden, "", "Other sites may not read this API; call it from the server's own pages or without an Origin header."))
	}
	if c.Method() == fiber.MethodPost && !o.ours(c) && !plainClient(c) {
		return sayJSON(c, refuse(fiber.StatusForbidden, "", "Send the request as application/json, so that no web page can have made it."))
	}
	return sayJSON(c, c.Next())
}

// own is this site's origin as browsers write it.
func (o *Observatory) own(c *fiber.Ctx) string {
	scheme := c.Protocol()
	if o.Https {
		scheme = "https"
	}
	return scheme + "://" + c.Hostname()
}

// foreign reports whether an Origin header names another site. "null" does.
func foreign(origin, own string) bool { return origin != "" && !strings.EqualFold(origin, own) }

// ours reports whether a request was made by a page of this site (contracts.md 5): the browser says so. Without either
// header it is refused.
func (o *Observatory) ours(c *fiber.Ctx) bool {
	origin := c.Get(fiber.HeaderOrigin)
	if foreign(origin, o.own(c)) {
		return false
	}
	if site := c.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return origin != ""
}

// plainClient reports whether a request cannot have been made by a browser for another site: without the headers that
// browsers add, and of a type that a form cannot send.
func plainClient(c *fiber.Ctx) bool {
	media, _, _ := strings.Cut(c.Get(fiber.HeaderContentType), ";")
	return c.Get(fiber.HeaderOrigin) == "" && c.Get("Sec-Fetch-Site") == "" &&
		strings.EqualFold(strings.TrimSpace(media), fiber.MIMEApplicationJSON)
}

func hostOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil {
		return ""
	}
	return u.Host
}
