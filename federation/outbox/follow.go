package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// pair loads the two accounts of an event.
func (o *Outbox) pair(ctx context.Context, e social.Event) (actor, subject social.Account, err error) {
	if actor, err = o.Store.AccountByID(ctx, e.Actor); err != nil {
		return actor, subject, err
	}
	subject, err = o.Store.AccountByID(ctx, e.Subject)
	return actor, subject, err
}

// followed asks to follow somebody elsewhere, or ends it, in their personal inbox.
func (o *Outbox) followed(ctx context.Context, e social.Event) (*plan, error) {
	follower, target, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(target, true, rules.DeliverFollowTarget)
	if e.Kind == social.FollowRemoved {
		return parting(o.write(ctx, follower, o.Writer.UndoFollow(follower, target, e.Object, e.URI), false, rs.list))
	}
	p, err := o.write(ctx, follower, o.Writer.Follow(follower, target, e.URI), false, rs.list)
	if err == nil {
		p.always = true // whoever wants to follow somebody there finds out that it is back (federation.md §8.3)
	}
	return p, err
}

// answered tells a remote follower that they were let in or turned away.
func (o *Outbox) answered(ctx context.Context, e social.Event) (*plan, error) {
	target, follower, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(follower, true, rules.DeliverFollower)
	if e.Kind == social.FollowAccepted {
		return o.write(ctx, target, o.Writer.AcceptFollow(target, follower, e.Object, e.URI), false, rs.list)
	}
	return parting(o.write(ctx, target, o.Writer.RejectFollow(target, follower, e.Object, e.URI), false, rs.list))
}

// parting lets a plan go to servers that this one no longer speaks with: it is how follows there end (federation.md §11).
func parting(p *plan, err error) (*plan, error) {
	if err == nil {
		p.parting = true
	}
	return p, err
}
