package activitypub

import (
	"context"
	"errors"
	"math"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// followsPage is how many actors a page of followers or following lists (federation.md §2.3).
const followsPage = 12

// edges is one side of the follow graph of one account.
type edges struct {
	url   string
	count int64
	list  func(ctx context.Context, account social.ID, p social.Page) ([]social.Follow, error)
	other func(f social.Follow) social.ID
}

func (d *Documents) followers(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	return d.follows(c, a, edges{a.FollowersURL, a.FollowersCount, d.Store.Followers, func(f social.Follow) social.ID { return f.AccountID }})
}

func (d *Documents) following(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	return d.follows(c, a, edges{a.FollowingURL, a.FollowingCount, d.Store.Following, func(f social.Follow) social.ID { return f.TargetID }})
}

func (d *Documents) follows(c *fiber.Ctx, a social.Account, e edges) error {
	hidden := d.HiddenNetwork || a.HideCollections
	o := vocab.Object{{Name: "@context", Value: vocab.ActivityStreams}}
	n, asked := pageNumber(c.Query("page"))
	if asked && hidden {
		return errHidden
	}
	if !asked {
		o = append(o, vocab.Object{
			{Name: "id", Value: e.url},
			{Name: "type", Value: "OrderedCollection"},
			{Name: "totalItems", Value: e.count},
		}...)
		if !hidden {
			o = o.With("first", e.url+"?page=1")
		}
		return d.document(c, documentLife, o)
	}
	uris, err := d.actorsOn(c.UserContext(), a.ID, e, n)
	if err != nil {
		return err
	}
	page := func(n int64) string { return e.url + "?page=" + strconv.FormatInt(n, 10) }
	last := (e.count + followsPage - 1) / followsPage
	o = o.With("id", page(n)).With("type", "OrderedCollectionPage").With("totalItems", e.count)
	if n < last {
		o = o.With("next", page(n+1))
	}
	if n > 1 && n <= last {
		o = o.With("prev", page(n-1))
	}
	return d.document(c, 0, o.With("partOf", e.url).With("orderedItems", uris))
}

// actorsOn are the actors of page n. The pages have numbers and the store has cursors, so the rows before are read and
// left out; a page that cannot exist reads nothing.
func (d *Documents) actorsOn(ctx context.Context, account social.ID, e edges, n int64) ([]string, error) {
	uris := []string{}
	if n > (e.count+followsPage-1)/followsPage {
		return uris, nil
	}
	before := int(n-1) * followsPage
	found, err := e.list(ctx, account, social.Page{Limit: before + followsPage})
	if err != nil || len(found) <= before {
		return uris, err
	}
	var ids []social.ID
	for _, f := range found[before:] {
		ids = append(ids, e.other(f))
	}
	accounts, err := d.Store.AccountsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if a, ok := accounts[id]; ok {
			uris = append(uris, a.URI)
		}
	}
	return uris, nil
}

// pageNumber reads ?page=N. What is no number means the first page, as in Mastodon; a number too large means no page.
func pageNumber(s string) (n int64, asked bool) {
	if s == "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return math.MaxInt32, true
	case err != nil || n < 1:
		return 1, true
	}
	return min(n, math.MaxInt32), true
}
