package api

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// edge does what every answer under /api needs, errors too: CORS, the request's id, cache headers, errors in JSON.
func (a *API) edge(c *fiber.Ctx) error {
	if !ownPath(c.Path()) {
		return c.Next()
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlExposeHeaders,
		"Link, Mastodon-Async-Refresh, X-RateLimit-Reset, X-RateLimit-Limit, X-RateLimit-Remaining, X-Request-Id")
	c.Set(fiber.HeaderXRequestID, a.requestID(c.Get(fiber.HeaderXRequestID)))
	c.Set(fiber.HeaderVary, "Authorization, Origin")
	c.Set(fiber.HeaderCacheControl, noStore)
	if c.Method() == fiber.MethodOptions {
		return preflight(c)
	}
	if err := c.Next(); err != nil {
		return a.answerError(c, err)
	}
	return nil
}

// ownPath reports whether path belongs to the client API. /api/orrery is the observatory's and must stay closed to
// foreign pages (contracts.md 18).
func ownPath(path string) bool {
	path = strings.ToLower(path)
	return strings.HasPrefix(path, "/api/") && path != "/api/orrery" && !strings.HasPrefix(path, "/api/orrery/")
}

func preflight(c *fiber.Ctx) error {
	c.Set(fiber.HeaderAccessControlAllowMethods, "POST, PUT, DELETE, GET, PATCH, OPTIONS")
	if wanted := c.Get(fiber.HeaderAccessControlRequestHeaders); wanted != "" {
		c.Set(fiber.HeaderAccessControlAllowHeaders, wanted)
	}
	c.Set(fiber.HeaderAccessControlMaxAge, "7200")
	return c.SendStatus(fiber.StatusNoContent)
}

var plausibleID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,255}$`)

// requestID is the sender's, so that a proxy's log and ours can be joined, or one of our own.
func (a *API) requestID(given string) string {
	if plausibleID.MatchString(given) {
		return strings.Clone(given)
	}
	return "api-" + strconv.FormatUint(a.requests.Add(1), 10)
}

// Cache-Control values (behaviours.md §3).
const (
	noStore    = "private, no-store"
	forAnybody = "public, max-age=15"
	forAWhile  = "public, max-age=300"
)

// allowCaching loosens the default for what everybody sees alike.
func (r *request) allowCaching(who access) {
	switch {
	case who == open:
		r.Set(fiber.HeaderCacheControl, forAWhile)
	case who == anybody && r.token == nil:
		r.Set(fiber.HeaderCacheControl, forAnybody)
	}
}
