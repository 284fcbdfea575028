package activitypub

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
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
	people, err := d.Store.LocalAccounts(c.UserContext())
	if err != nil {
		return err
	}
	posts, err := d.Store.CountLocalStatuses(c.UserContext())
	if err != nil {
		return err
	}
	now, month, halfYear := d.Now(), 0, 0
	for _, a := range people {
		if a.LastStatusAt.After(now.Add(-4 * week)) {
			month++
		}
		if a.LastStatusAt.After(now.Add(-24 * week)) {
			halfYear++
		}
	}
	publicFor(c, nodeInfoLife)
	return d.send(c, jsonType, vocab.Object{
		{Name: "version", Value: "2.0"},
		{Name: "software", Value: vocab.Object{{Name: "name", Value: d.Software.Name}, {Name: "version", Value: d.Software.Version}}},
		{Name: "protocols", Value: []string{"activitypub"}},
		{Name: "services", Value: vocab.Object{{Name: "outbound", Value: []string{}}, {Name: "inbound", Value: []string{}}}},
		{Name: "usage", Value: vocab.Object{
			{Name: "users", Value: vocab.Object{
				{Name: "total", Value: len(people)}, {Name: "activeMonth", Value: month}, {Name: "activeHalfyear", Value: halfYear},
			}},
			{Name: "localPosts", Value: posts},
		}},
		{Name: "openRegistrations", Value: d.OpenRegistrations},
		{Name: "metadata", Value: vocab.Object{
			{Name: "nodeName", Value: d.Title},
			{Name: "nodeDescription", Value: d.Description},
			{Name: "upstream", Value: vocab.Object{
				{Name: "name", Value: d.Software.Upstream.Name}, {Name: "version", Value: d.Software.Upstream.Version},
			}},
		}},
	})
}
