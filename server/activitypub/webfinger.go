package activitypub

import (
	"errors"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/vocab"
	"orrery/social"
)

// errUnusable says that a resource is in none of the forms of federation.md §1.1.
var errUnusable = errors.New("resource is neither a handle nor an address")

// webFinger answers who stands behind a handle or an address (federation.md §1.1). Failures have no body.
func (d *Documents) webFinger(c *fiber.Ctx) error {
	a, err := d.resolve(c, strings.TrimSpace(c.Query("resource")))
	if err == nil && a.Waiting {
		err = social.ErrNotFound
	}
	switch {
	case errors.Is(err, errUnusable):
		publicFor(c, failedLookupLife)
		c.Status(fiber.StatusBadRequest)
		return nil
	case errors.Is(err, social.ErrNotFound):
		publicFor(c, failedLookupLife)
		c.Status(fiber.StatusNotFound)
		return nil
	case err != nil:
		return err
	case a.Gone():
		publicFor(c, failedLookupLife)
		c.Status(fiber.StatusGone)
		return nil
	}
	publicFor(c, discoveryLife)
	return d.send(c, jrdType, d.resourceDescriptor(a))
}

// resolve finds the account that resource means; the first form that fits decides.
func (d *Documents) resolve(c *fiber.Ctx, resource string) (social.Account, error) {
	lower := strings.ToLower(resource)
	bare := strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(lower, "https://"), "http://"), "/")
	switch {
	case resource == "":
		return social.Account{}, errUnusable
	case d.ours(bare):
		return d.Store.AccountByID(c.UserContext(), social.InstanceActorID)
	case strings.HasPrefix(lower, "http"):
		return d.resolveAddress(c, resource)
	case strings.Contains(resource, "@"):
		return d.resolveHandle(c, resource)
	}
	return social.Account{}, errUnusable
}

// resolveAddress reads the address of an actor or a profile here.
func (d *Documents) resolveAddress(c *fiber.Ctx, resource string) (social.Account, error) {
	u, err := url.Parse(resource)
	if err != nil || !d.ours(strings.ToLower(u.Host)) {
		return social.Account{}, social.ErrNotFound
	}
	path := strings.TrimSuffix(u.Path, "/")
	if path == "/actor" {
		return d.Store.AccountByID(c.UserContext(), social.InstanceActorID)
	}
	if number, ok := strings.CutPrefix(path, "/ap/users/"); ok {
		return d.numbered(c, number)
	}
	name, ok := strings.CutPrefix(path, "/@")
	if !ok {
		name, ok = strings.CutPrefix(path, "/users/")
	}
	if !ok {
		return social.Account{}, social.ErrNotFound
	}
	return d.person(c, name)
}

func (d *Documents) resolveHandle(c *fiber.Ctx, resource string) (social.Account, error) {
	if len(resource) >= 5 && strings.EqualFold(resource[:5], "acct:") {
		resource = resource[5:]
	}
	name, rest, _ := strings.Cut(resource, "@")
	domain := strings.TrimSuffix(rest[strings.LastIndexByte(rest, '@')+1:], "/")
	if !d.ours(strings.ToLower(domain)) {
		return social.Account{}, social.ErrNotFound
	}
	ia, err := d.Store.AccountByID(c.UserContext(), social.InstanceActorID)
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return social.Account{}, err
	}
	if d.ours(strings.ToLower(name)) || (err == nil && strings.EqualFold(name, ia.Username)) {
		return ia, err
	}
	return d.person(c, name)
}

// ours reports whether host, in lower case, is a name of this instance: the origin's, with or without its port, or an alias.
func (d *Documents) ours(host string) bool {
	own := strings.ToLower(d.URLs.Host())
	if host == "" {
		return false
	}
	if host == own {
		return true
	}
	if u, err := url.Parse(strings.ToLower(d.URLs.Origin)); err == nil && u.Port() != "" && host == strings.TrimSuffix(own, ":"+u.Port()) {
		return true
	}
	for _, alias := range d.Aliases {
		if strings.EqualFold(host, alias) {
			return true
		}
	}
	return false
}

// resourceDescriptor is the JRD. The current form says besides how to share something here and how to act on it (FEP-3b86), and
// what the person looks like. The subject has the name as its owner spells it.
func (d *Documents) resourceDescriptor(a social.Account) vocab.Object {
	aliases := []string{a.URL, a.URI}
	if a.ID == social.InstanceActorID {
		aliases = []string{a.URI}
	}
	interact := d.URLs.Origin + "/authorize_interaction?uri="
	links := []vocab.Object{
		{{Name: "rel", Value: "http://webfinger.net/rel/profile-page"}, {Name: "type", Value: "text/html"}, {Name: "href", Value: a.URL}},
		{{Name: "rel", Value: "self"}, {Name: "type", Value: vocab.ContentType}, {Name: "href", Value: a.URI}},
		{{Name: "rel", Value: "http://ostatus.org/schema/1.0/subscribe"}, {Name: "template", Value: interact + "{uri}"}},
	}
	if d.current() {
		links = append(links,
			vocab.Object{{Name: "rel", Value: "https://w3id.org/fep/3b86/Create"}, {Name: "template", Value: d.URLs.Origin + "/share?text={content}"}},
			vocab.Object{{Name: "rel", Value: "https://w3id.org/fep/3b86/Object"}, {Name: "template", Value: interact + "{object}"}},
		)
	}
	if d.current() && a.AvatarKey != "" && !a.Suspended() {
		avatar := d.Writer.Image(a.AvatarKey, "")
		links = append(links, vocab.Object{
			{Name: "rel", Value: "http://webfinger.net/rel/avatar"}, {Name: "type", Value: avatar.Get("mediaType")}, {Name: "href", Value: avatar.Get("url")},
		})
	}
	return vocab.Object{
		{Name: "subject", Value: "acct:" + a.Username + "@" + d.URLs.Host()},
		{Name: "aliases", Value: aliases},
		{Name: "links", Value: links},
	}
}
