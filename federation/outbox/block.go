package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// blocked tells somebody elsewhere, in their personal inbox, that a person here blocks them, or no longer does.
func (o *Outbox) blocked(ctx context.Context, e social.Event) (*plan, error) {
	actor, target, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(target, true, rules.DeliverBlocked)
	if e.Kind == social.BlockRemoved {
		return o.write(ctx, actor, o.Writer.UndoBlock(actor, target, e.Object, e.URI), false, rs.list)
	}
	return o.write(ctx, actor, o.Writer.Block(actor, target, e.URI), false, rs.list)
}

// expired ends a mute whose time is over; nobody is told.
func (o *Outbox) expired(e social.Event) *plan {
	return &plan{also: func(ctx context.Context, tx Tx) error { return social.Expire(ctx, tx, e, o.Now()) }}
}
