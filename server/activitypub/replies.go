package activitypub

import (
	"cmp"
	"context"
	"slices"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// repliesPage is how many replies a page lists (federation.md §3.7).
const repliesPage = 60

// replies serves who answered a post: first the author, page by page, then everybody else. With RepliesEveryone there is
// one series that lists everybody.
func (d *Documents) replies(c *fiber.Ctx) error {
	v, err := d.found(c)
	if err != nil {
		return err
	}
	if v.Boost != nil {
		return social.ErrNotFound
	}
	collection := v.Status.URI + "/replies"
	minID, _ := social.ParseID(c.Query("min_id"))
	others := truthy(c.Query("only_other_accounts"))
	page, context, err := d.repliesOf(c.UserContext(), v.Status.ID, collection, minID, others)
	if err != nil {
		return err
	}
	o := append(vocab.Object{{Name: "@context", Value: context}}, page...)
	if !truthy(c.Query("page")) {
		o = vocab.Object{
			{Name: "@context", Value: context},
			{Name: "id", Value: collection},
			{Name: "type", Value: "Collection"},
			{Name: "first", Value: page},
		}
	}
	if !v.Status.Visibility.Distributable() {
		return d.private(c, o)
	}
	return d.document(c, 0, o)
}

func (d *Documents) repliesOf(ctx context.Context, id social.ID, collection string, minID social.ID, others bool) (vocab.Object, any, error) {
	list := d.listed
	if others {
		list = d.Store.OtherReplies
	}
	found, err := list(ctx, id, minID, repliesPage)
	if err != nil {
		return nil, nil, err
	}
	items, context, err := d.notes(ctx, found)
	if err != nil {
		return nil, nil, err
	}
	next, full := "", len(found) == repliesPage
	switch {
	case full:
		next = collection + repliesQuery(found[len(found)-1].ID, others)
	case !others && !d.RepliesEveryone:
		next = collection + repliesQuery(0, true)
	}
	page := vocab.Object{
		{Name: "id", Value: collection + repliesQuery(minID, others)},
		{Name: "type", Value: "CollectionPage"},
	}
	if next != "" {
		page = page.With("next", next)
	}
	return page.With("partOf", collection).With("items", items), context, nil
}

// repliesQuery names a page; parameters are in alphabetical order, as Mastodon writes them.
func repliesQuery(minID social.ID, others bool) string {
	q := "?"
	if minID != 0 {
		q += "min_id=" + minID.String() + "&"
	}
	if others {
		q += "only_other_accounts=true&"
	}
	return q + "page=true"
}

// embedded is what a note's own document says of its replies.
func (d *Documents) embedded(ctx context.Context, id social.ID) (translate.Replies, error) {
	found, err := d.listed(ctx, id, 0, d.RepliesEmbedded)
	var r translate.Replies
	for _, s := range found {
		r.URIs, r.Last = append(r.URIs, s.URI), s.ID
	}
	return r, err
}

// listed are the replies of the first series, by id.
func (d *Documents) listed(ctx context.Context, id, minID social.ID, limit int) ([]social.Status, error) {
	if limit <= 0 {
		return nil, nil
	}
	found, err := d.Store.SelfReplies(ctx, id, minID, limit)
	if err != nil || !d.RepliesEveryone {
		return found, err
	}
	others, err := d.Store.OtherReplies(ctx, id, minID, limit)
	if err != nil {
		return nil, err
	}
	found = append(found, others...)
	slices.SortFunc(found, func(a, b social.Status) int { return cmp.Compare(a.ID, b.ID) })
	return found[:min(len(found), limit)], nil
}

// notes are the items of a page: our own posts whole, others by address, since only their authors can vouch for them. The
// context is the one that all of them need.
func (d *Documents) notes(ctx context.Context, ss []social.Status) (items []any, context any, err error) {
	var local []social.ID
	for _, s := range ss {
		if s.Local {
			local = append(local, s.ID)
		}
	}
	views, err := d.Reader.Statuses(ctx, 0, local)
	if err != nil {
		return nil, nil, err
	}
	items = []any{}
	for _, s := range ss {
		i := slices.IndexFunc(views, func(v social.StatusView) bool { return v.Status.ID == s.ID })
		if i < 0 {
			items = append(items, s.URI)
			continue
		}
		replies, err := d.embedded(ctx, s.ID)
		if err != nil {
			return nil, nil, err
		}
		items = append(items, d.Writer.Note(views[i], replies))
	}
	return items, d.Writer.NoteContext(views...), nil
}

// truthy reads a switch in a query as Rails does: everything is on but nothing and the words for off.
func truthy(s string) bool {
	switch s {
	case "", "0", "f", "F", "false", "FALSE", "off", "OFF":
		return false
	}
	return true
}
