package activitypub

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// instanceActor is who signs what no person asks for (federation.md §1.6).
func (d *Documents) instanceActor(c *fiber.Ctx) error {
	a, err := d.Store.AccountByID(c.UserContext(), social.InstanceActorID)
	if err != nil {
		return err
	}
	publicFor(c, instanceActorLife)
	return d.send(c, activityType, d.Writer.Actor(a))
}

// instanceOutbox is empty: the instance itself says nothing in public.
func (d *Documents) instanceOutbox(c *fiber.Ctx) error {
	publicFor(c, documentLife)
	return d.send(c, activityType, emptyCollection(d.URLs.InstanceActor()+"/outbox", "OrderedCollection", "orderedItems"))
}

func (d *Documents) actor(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	return d.document(c, documentLife, d.Writer.Actor(a))
}

// profilePage is where a browser goes that came to an actor. It may not exist: the page says so itself.
func (d *Documents) profilePage(c *fiber.Ctx) string { return d.URLs.Origin + "/@" + c.Params("name") }

// named is the person in the path.
func (d *Documents) named(c *fiber.Ctx) (social.Account, error) {
	name, err := url.PathUnescape(c.Params("name"))
	if err != nil {
		return social.Account{}, fmt.Errorf("read name in path: %w", social.ErrNotFound)
	}
	return d.person(c, strings.TrimSuffix(name, ".json"))
}

// person is a person of this instance; case does not matter. The instance actor is none.
func (d *Documents) person(c *fiber.Ctx, name string) (social.Account, error) {
	if !social.ValidUsername(name) {
		return social.Account{}, fmt.Errorf("no name can be %q: %w", name, social.ErrNotFound)
	}
	a, err := d.Store.AccountByHandle(c.UserContext(), name, "")
	if err == nil && a.ID == social.InstanceActorID {
		return social.Account{}, social.ErrNotFound
	}
	return a, err
}

func emptyCollection(id, kind, items string) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: id},
		{Name: "type", Value: kind},
		{Name: "totalItems", Value: 0},
		{Name: items, Value: []any{}},
	}
}
