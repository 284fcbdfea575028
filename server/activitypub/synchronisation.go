package activitypub

import (
	"github.com/gofiber/fiber/v2"

	"orrery/federation/followers"
	"orrery/federation/vocab"
)

// followersSynchronization lists, for a server that signs its request, those of its own people who follow the account
// (FEP-8fcf, federation.md §8.7). Nobody learns anything of other servers' people.
func (d *Documents) followersSynchronization(c *fiber.Ctx) error {
	asker, err := d.requester(c)
	switch {
	case err != nil:
		return err
	case asker == nil:
		return errUnsigned
	}
	a, err := d.named(c)
	if err != nil {
		return err
	}
	remote, err := d.Store.RemoteFollowers(c.UserContext(), a.ID)
	if err != nil {
		return err
	}
	uris := []string{}
	for _, f := range remote {
		if followers.Origin(f.URI) == followers.Origin(asker.URI) {
			uris = append(uris, f.URI)
		}
	}
	return d.document(c, 0, vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: a.URI + "/followers_synchronization"},
		{Name: "type", Value: "OrderedCollection"},
		{Name: "orderedItems", Value: uris},
	})
}
