package activitypub

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/policy"
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

// actor serves who somebody is. Of one who is suspended for a while only the addresses are told.
func (d *Documents) actor(c *fiber.Ctx) error {
	a, err := d.addressed(c)
	switch {
	case err != nil:
		return err
	case a.Gone():
		return errGone
	}
	if err := d.Reader.Dress(c.UserContext(), &a); err != nil {
		return err
	}
	return d.document(c, documentLife, d.Writer.Actor(a))
}

// keyDocument is as much of somebody as belongs to the key that has an address of its own (federation.md §13.3.4).
func (d *Documents) keyDocument(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err == nil && a.KeyID != a.URI+"/main-key" {
		err = fmt.Errorf("the key of %s has no address of its own: %w", a.URI, social.ErrNotFound)
	}
	if err != nil {
		return err
	}
	publicFor(c, documentLife)
	return d.send(c, activityType, d.Writer.Key(a))
}

// profilePage is where a browser goes that came to an actor. It may not exist: the page says so itself.
func (d *Documents) profilePage(c *fiber.Ctx) (string, error) {
	if c.Params("number") == "" {
		return d.URLs.Origin + "/@" + c.Params("name"), nil
	}
	a, err := d.addressed(c)
	return a.URL, err
}

// named is the person in the path, who must not be suspended: of those nothing is served (federation.md §2.2).
func (d *Documents) named(c *fiber.Ctx) (social.Account, error) {
	a, err := d.addressed(c)
	switch {
	case err != nil:
		return a, err
	case a.Gone():
		return a, errGone
	case a.Suspended():
		return a, errSuspended
	}
	return a, nil
}

// addressed is the person in the path, by name or by number, whatever became of them.
func (d *Documents) addressed(c *fiber.Ctx) (social.Account, error) {
	if number := c.Params("number"); number != "" {
		return d.numbered(c, strings.TrimSuffix(number, ".json"))
	}
	name, err := url.PathUnescape(c.Params("name"))
	if err != nil {
		return social.Account{}, fmt.Errorf("read name in path: %w", social.ErrNotFound)
	}
	return d.person(c, strings.TrimSuffix(name, ".json"))
}

// numbered is the person of this instance with that number.
func (d *Documents) numbered(c *fiber.Ctx, number string) (social.Account, error) {
	id, _ := social.ParseID(number)
	if !isID(number) {
		return social.Account{}, fmt.Errorf("no account can have the number %q: %w", number, social.ErrNotFound)
	}
	a, err := d.Store.AccountByID(c.UserContext(), id)
	if err == nil && (!a.Local() || a.Waiting) {
		return social.Account{}, fmt.Errorf("account %s is of another server, or waits to be let in: %w", number, social.ErrNotFound)
	}
	return a, err
}

// person is a person of this instance; case does not matter. The instance actor is none.
func (d *Documents) person(c *fiber.Ctx, name string) (social.Account, error) {
	if !social.ValidUsername(name) {
		return social.Account{}, fmt.Errorf("no name can be %q: %w", name, social.ErrNotFound)
	}
	a, err := d.Store.AccountByHandle(c.UserContext(), name, "")
	if err == nil && (a.ID == social.InstanceActorID || a.Waiting) {
		return social.Account{}, social.ErrNotFound
	}
	return a, err
}

// devices are what Mastodon 4.1 once meant to encrypt for. There are none.
func (d *Documents) devices(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	if d.current() {
		return social.ErrNotFound
	}
	return d.document(c, documentLife, emptyCollection(a.URI+"/collections/devices", "Collection", "items"))
}

// featuredCollections lists a person's collections of accounts. It is empty, but the actor names it.
func (d *Documents) featuredCollections(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	if !d.current() {
		return social.ErrNotFound
	}
	return d.document(c, documentLife, emptyCollection(d.URLs.FeaturedCollections(a), "Collection", "items"))
}

// current reports whether documents are those of the current Mastodon.
func (d *Documents) current() bool { return d.Writer.Form == policy.FormCurrent }

func emptyCollection(id, kind, items string) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: vocab.ActivityStreams},
		{Name: "id", Value: id},
		{Name: "type", Value: kind},
		{Name: "totalItems", Value: 0},
		{Name: items, Value: []any{}},
	}
}
