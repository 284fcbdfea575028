package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// crossOrigin lets web apps of other origins read what names people and describes the server (behaviours.md §3): Phanpy and
// Elk look there before anybody signs in. The client API and OAuth do it for their own paths; nothing else is readable.
func crossOrigin(c *fiber.Ctx) error {
	if !forEveryOrigin(c.Path()) {
		return c.Next()
	}
	if c.Method() != fiber.MethodOptions {
		err := c.Next()
		c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
		return err
	}
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set(fiber.HeaderAccessControlAllowMethods, "GET, HEAD")
	if wanted := c.Get(fiber.HeaderAccessControlRequestHeaders); wanted != "" {
		c.Set(fiber.HeaderAccessControlAllowHeaders, wanted)
	}
	c.Set(fiber.HeaderAccessControlMaxAge, "7200")
	return c.SendStatus(fiber.StatusNoContent)
}

// forEveryOrigin: /.well-known/*, /nodeinfo/*, /@name, /users/name, and nothing below a name.
func forEveryOrigin(path string) bool {
	if strings.HasPrefix(path, "/.well-known/") || strings.HasPrefix(path, "/nodeinfo/") {
		return true
	}
	name, ok := strings.CutPrefix(path, "/@")
	if !ok {
		name, ok = strings.CutPrefix(path, "/users/")
	}
	return ok && name != "" && !strings.Contains(strings.TrimSuffix(name, "/"), "/")
}
