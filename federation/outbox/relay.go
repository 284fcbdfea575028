package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// relay asks a relay to subscribe this server, or ends that (federation.md §8.4). Like a Follow it is tried even when the
// relay's server counts as gone.
func (o *Outbox) relay(ctx context.Context, e social.Event) (*plan, error) {
	instance, err := o.Store.AccountByID(ctx, social.InstanceActorID)
	if err != nil {
		return nil, err
	}
	to := []recipient{{inbox: e.To, rule: rules.DeliverRelayFollow}}
	activity := o.Writer.FollowPublic(instance, e.URI)
	if e.Kind == social.RelayLeft {
		activity = o.Writer.UndoFollowPublic(instance, e.URI)
	}
	p, err := o.write(ctx, instance, activity, false, to)
	if err == nil {
		p.always = true
	}
	return p, err
}

// relays adds the relays that carry for this server: they get what is public.
func (o *Outbox) relays(ctx context.Context, rs *recipients) error {
	all, err := o.Store.Relays(ctx)
	for _, r := range all {
		if r.State == social.RelayAccepted {
			rs.addInbox(r.Inbox, rules.DeliverRelay)
		}
	}
	return err
}

// everybody adds every inbox of another server that is known, for what all must hear, such as the end of an account: put
// it into plan.later (federation.md §8.3).
func (o *Outbox) everybody(ctx context.Context, rs *recipients, rule rules.ID) error {
	inboxes, err := o.Store.KnownInboxes(ctx)
	for _, inbox := range inboxes {
		rs.addInbox(inbox, rule)
	}
	return err
}
