package activitypub

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/vocab"
)

// tag serves the name of a hashtag's collection and nothing of what is in it, as Mastodon does; a browser gets the page.
func (d *Documents) tag(c *fiber.Ctx) error {
	if !asksForDocument(c) {
		return c.Next()
	}
	return d.recorded(c, activitylog.Fetch, d.guard(func(c *fiber.Ctx) error {
		name, err := url.PathUnescape(strings.TrimSuffix(c.Params("tag"), ".json"))
		if err != nil {
			return errNoDocument
		}
		return d.document(c, documentLife, vocab.Object{
			{Name: "@context", Value: vocab.ActivityStreams},
			{Name: "id", Value: d.URLs.Tag(name)},
			{Name: "type", Value: "OrderedCollection"},
		})
	}))
}
