package activitypub

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// nodeInfoLinks names the one version we speak (federation.md §1.4).
func (d *Documents) nodeInfoLinks(c *fiber.Ctx) error {
	publicFor(c, discoveryLife)
	return d.send(c, jsonType, vocab.Object{{Name: "links", Value: []vocab.Object{{
		{Name: "rel", Value: "http://nodeinfo.diaspora.software/ns/schema/2.0"},
		{Name: "href", Value: d.URLs.Origin + "/nodeinfo/2.0"},
	}}}})
}

const week = 7 * 24 * time.Hour

// nodeInfo counts people as active who posted in the last 4 or 24 weeks. metadata.upstream says whose behaviour is
// followed, since the name is our own.
func (d *Documents) nodeInfo(c *fiber.Ctx) error {
	ctx, now := c.UserContext(), d.Now()
	posts, err := d.Store.CountLocalStatuses(ctx)
	if err != nil {
		return err
	}
	var people [3]int64 // all, active in a month, in half a year
	for i, since := range []time.Time{{}, now.Add(-4 * week), now.Add(-24 * week)} {
		if people[i], err = d.Store.CountPeople(ctx, since); err != nil {
			return err
		}
	}
	joining, err := (&social.Accounts{Store: d.Store}).Registration(ctx)
	if err != nil {
		return err
	}
	publicFor(c, nodeInfoLife)
	return d.send(c, jsonType, vocab.Object{
		{Name: "version", Value: "2.0"},
		{Name: "software", Value: vocab.Object{{Name: "name", Value: d.Software.Name}, {Name: "version", Value: d.Software.Version}}},
		{Name: "protocols", Value: []string{"activitypub"}},
		{Name: "services", Value: vocab.Object{{Name: "outbound", Value: []string{}}, {Name: "inbound", Value: []string{}}}},
		{Name: "usage", Value: vocab.Object{
			{Name: "users", Value: vocab.Object{
				{Name: "total", Value: people[0]}, {Name: "activeMonth", Value: people[1]}, {Name: "activeHalfyear", Value: people[2]},
			}},
			{Name: "localPosts", Value: posts},
		}},
		{Name: "openRegistrations", Value: joining.Open()},
		{Name: "metadata", Value: vocab.Object{
			{Name: "nodeName", Value: d.Title},
			{Name: "nodeDescription", Value: d.Description},
			{Name: "upstream", Value: vocab.Object{
				{Name: "name", Value: d.Software.Upstream.Name}, {Name: "version", Value: d.Software.Upstream.Version},
			}},
		}},
	})
}
