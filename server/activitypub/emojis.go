package activitypub

import (
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// emoji serves an emoji of this instance.
func (d *Documents) emoji(c *fiber.Ctx) error {
	number := strings.TrimSuffix(c.Params("id"), ".json")
	local, err := d.Store.LocalEmojis(c.UserContext())
	if err != nil {
		return err
	}
	for _, e := range local {
		if e.ID.String() == number && !e.Disabled {
			return d.document(c, documentLife, d.Writer.EmojiDocument(e))
		}
	}
	return fmt.Errorf("no emoji has the number %q: %w", number, social.ErrNotFound)
}
