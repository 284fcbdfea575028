package activitypub

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/translate"
	"orrery/social"
)

// owned adds to v the conversation that it stands in, if conversations have owners here, and lets who asks listen to it.
func (d *Documents) owned(c *fiber.Ctx, v *social.StatusView) error {
	if d.Writer.Owners == "" {
		return nil
	}
	t, err := d.Store.ThreadOf(c.UserContext(), v.Status.ID)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Thread = &t
	return d.listen(c, t, v.Status)
}

// history serves what the owner of a public conversation handed on in it (federation.md §13.3.2).
func (d *Documents) history(c *fiber.Ctx) error {
	ctx := c.UserContext()
	id, _ := social.ParseID(c.Params("id"))
	t, err := d.Store.ThreadByID(ctx, id)
	if err != nil {
		return err
	}
	root, err := d.Store.StatusByID(ctx, t.RootID)
	if err != nil {
		return err
	}
	if t.History != d.URLs.History(t.RootID) || !root.Visibility.Distributable() {
		return fmt.Errorf("thread %d has no list for everybody: %w", t.ID, social.ErrNotFound)
	}
	owner, err := d.Store.AccountByURI(ctx, t.Owner)
	if err != nil {
		return err
	}
	items, err := d.Store.Items(ctx, t.ID, social.ThreadItems)
	if err != nil {
		return err
	}
	if err := d.listen(c, t, root); err != nil {
		return err
	}
	return d.document(c, documentLife, d.Writer.HistoryOf(owner, t, items))
}

// listen notes who signed the request as somebody who reads the public conversation t, unless anybody of the same server follows
// its owner already (federation.md §13.3.3).
func (d *Documents) listen(c *fiber.Ctx, t social.Thread, s social.Status) error {
	if !d.Listeners || d.Requester == nil || !s.Visibility.Distributable() || !d.URLs.IsLocal(t.Owner) {
		return nil
	}
	ctx := c.UserContext()
	who, err := d.requester(c)
	if err != nil || who == nil {
		return nil // without a good signature it is an anonymous reader
	}
	owner, err := d.Store.AccountByURI(ctx, t.Owner)
	if err != nil {
		return err
	}
	connections, err := d.Store.RemoteFollowers(ctx, owner.ID)
	if err != nil {
		return err
	}
	for _, a := range connections {
		if translate.SameHost(a.URI, who.URI) {
			return nil
		}
	}
	return d.Store.Listen(ctx, social.Listener{Thread: t.ID, Actor: who.URI, Inbox: who.PreferredInbox(), ExpiresAt: d.Now().Add(d.ListenersExpire)})
}
