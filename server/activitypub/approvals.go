package activitypub

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
)

// approval adds to v what whom it answers says to it. A reply that waits for that is shown to nobody elsewhere
// (federation.md §13.3.4).
func (d *Documents) approval(c *fiber.Ctx, v *social.StatusView) error {
	if !d.Writer.Approvals || !v.Status.Reply() {
		return nil
	}
	a, err := d.Store.Approval(c.UserContext(), v.Status.ID)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	if err == nil && a.Waits {
		return social.ErrNotFound
	}
	v.Approval = &a
	return err
}

// replyApproval serves that somebody here allows a reply to their post.
func (d *Documents) replyApproval(c *fiber.Ctx) error {
	a, err := d.named(c)
	if err != nil {
		return err
	}
	id, _ := social.ParseID(c.Params("id"))
	if !isID(c.Params("id")) || !d.Writer.Approvals {
		return social.ErrNotFound
	}
	reply, err := d.Store.StatusByID(c.UserContext(), id)
	if err != nil {
		return err
	}
	answered, err := d.Store.StatusByID(c.UserContext(), reply.ReplyToID)
	if err != nil {
		return err
	}
	if answered.AccountID != a.ID || reply.Local {
		return social.ErrNotFound
	}
	return d.document(c, authorizationLife, d.Writer.ReplyApproval(a, reply, answered))
}
