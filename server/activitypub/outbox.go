package activitypub

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

const outboxPage = 20

// outbox serves what a person posted, newest first, as far as the requester may see it (federation.md §2.3).
func (d *Documents) outbox(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	if !truthy(c.Query("page")) {
		return d.document(c, documentLife, vocab.Object{
			{Name: "@context", Value: vocab.ActivityStreams},
			{Name: "id", Value: a.OutboxURL},
			{Name: "type", Value: "OrderedCollection"},
			{Name: "totalItems", Value: a.StatusesCount},
			{Name: "first", Value: a.OutboxURL + "?page=true"},
			{Name: "last", Value: a.OutboxURL + "?min_id=0&page=true"},
		})
	}
	viewer, err := d.requester(c)
	if err != nil {
		return err
	}
	var viewerID social.ID
	if viewer != nil {
		viewerID = viewer.ID
	}
	p, query := outboxCursor(c)
	views, err := d.Reader.AccountTimeline(c.UserContext(), viewerID, a.ID, social.AccountFilter{}, p)
	if err != nil {
		return err
	}
	o, err := d.outboxPage(c.UserContext(), a.OutboxURL, query, views)
	switch {
	case err != nil:
		return err
	case viewer != nil:
		return d.private(c, o)
	}
	return d.document(c, outboxPageLife, o)
}

// outboxCursor reads which page is meant, and writes it again as the page's own address has it. min_id=0 means the
// oldest posts, so it must not read as "no bound".
func outboxCursor(c *fiber.Ctx) (social.Page, string) {
	p, query := social.Page{Limit: outboxPage}, "?"
	if id, ok := social.ParseID(c.Query("max_id")); ok {
		p.MaxID = id
		query += "max_id=" + id.String() + "&"
	}
	if id, ok := social.ParseID(c.Query("min_id")); ok || c.Query("min_id") == "0" {
		p.MinID = max(id, 1)
		query += "min_id=" + id.String() + "&"
	}
	return p, query + "page=true"
}

func (d *Documents) outboxPage(ctx context.Context, outbox, query string, views []social.StatusView) (vocab.Object, error) {
	items := []vocab.Object{}
	var notes []social.StatusView
	for _, v := range views {
		if v.Boost != nil {
			items = append(items, d.Writer.Announce(v)[1:])
			if v.Status.Visibility == social.Private {
				notes = append(notes, *v.Boost) // stands in its Announce, whole
			}
			continue
		}
		replies, err := d.embedded(ctx, v.Status.ID)
		if err != nil {
			return nil, err
		}
		items = append(items, d.Writer.Create(v, replies)[1:]) // without its @context: the page's holds for all
		notes = append(notes, v)
	}
	o := vocab.Object{
		{Name: "@context", Value: d.Writer.NoteContext(notes...)},
		{Name: "id", Value: outbox + query},
		{Name: "type", Value: "OrderedCollectionPage"},
	}
	if len(views) == outboxPage {
		o = o.With("next", outbox+"?max_id="+views[len(views)-1].Status.ID.String()+"&page=true")
	}
	if len(views) > 0 {
		o = o.With("prev", outbox+"?min_id="+views[0].Status.ID.String()+"&page=true")
	}
	return o.With("partOf", outbox).With("orderedItems", items), nil
}
