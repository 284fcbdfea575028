package activitypub

import (
	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// featured lists pinned posts, whole where everybody may see them, else by address (federation.md §2.3).
func (d *Documents) featured(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	ids, err := d.Store.Pins(ctx, a.ID)
	if err != nil {
		return err
	}
	found, err := d.Store.StatusesByID(ctx, ids)
	if err != nil {
		return err
	}
	var pinned []social.Status
	for _, id := range ids {
		if s, ok := found[id]; ok {
			pinned = append(pinned, s)
		}
	}
	items, context, err := d.notes(ctx, pinned)
	if err != nil {
		return err
	}
	return d.document(c, documentLife, collectionOf(context, a.FeaturedURL, "OrderedCollection", "orderedItems", items))
}

// featuredTags lists the hashtags shown on a profile.
func (d *Documents) featuredTags(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	tags, err := d.Store.FeaturedTags(c.UserContext(), a.ID)
	if err != nil {
		return err
	}
	items := []any{}
	for _, t := range tags {
		items = append(items, d.Writer.FeaturedTag(a, t.Name))
	}
	return d.document(c, documentLife, collectionOf(vocab.ActivityStreams, a.URI+"/collections/tags", "Collection", "items", items))
}

func collectionOf(context any, id, kind, name string, items []any) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: context},
		{Name: "id", Value: id},
		{Name: "type", Value: kind},
		{Name: "totalItems", Value: len(items)},
		{Name: name, Value: items},
	}
}
