package outbox

import (
	"context"
	"errors"

	"orrery/federation/rules"
	"orrery/social"
)

// approval adds to v what whom it answers says to it, where a reply may need that (federation.md §13.3.4).
func (o *Outbox) approval(ctx context.Context, v *social.StatusView) error {
	if !o.Policy.Approvals || !v.Status.Reply() {
		return nil
	}
	a, err := o.Store.Approval(ctx, v.Status.ID)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	v.Approval = &a
	return err
}

// replyAllowed tells who answered a post of this server that they may, and where it says so.
func (o *Outbox) replyAllowed(ctx context.Context, e social.Event) (*plan, error) {
	reply, err := o.Store.StatusByID(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	answered, err := o.Store.StatusByID(ctx, e.Object)
	if err != nil {
		return nil, err
	}
	people, err := o.Store.AccountsByID(ctx, []social.ID{e.Actor, reply.AccountID})
	if err != nil {
		return nil, err
	}
	author, answerer := people[e.Actor], people[reply.AccountID]
	var rs recipients
	rs.add(answerer, true, rules.DeliverReplyAnswer)
	return o.write(ctx, author, o.Writer.AcceptReply(author, answerer, reply, answered), false, rs.list)
}

// replyRefused tells who answered a post of this server that they may not.
func (o *Outbox) replyRefused(ctx context.Context, e social.Event) (*plan, error) {
	author, answerer, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(answerer, true, rules.DeliverReplyAnswer)
	return o.write(ctx, author, o.Writer.RejectReply(author, answerer, e.Object, e.URI), false, rs.list)
}
