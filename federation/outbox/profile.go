package outbox

import (
	"context"
	"time"

	"orrery/federation/rules"
	"orrery/social"
)

// How far back a changed profile reaches, beyond followers: those named in the last posts (federation.md §8.3).
const (
	lately         = 48 * time.Hour
	latelyStatuses = 200
	latelyAccounts = 2000
)

// profiled tells of a changed profile. Its job rests for social.ProfileRest; when the profile has changed again by then, the
// later change's job has yet to come and tells both, so this one says nothing.
func (o *Outbox) profiled(ctx context.Context, e social.Event) (*plan, error) {
	a, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	if a.Revision != e.Object || a.Gone() {
		return &plan{}, nil
	}
	var rs recipients
	followers, err := o.Store.RemoteFollowers(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range followers {
		rs.add(f, false, rules.DeliverFollowers)
	}
	named, err := o.Store.MentionedLately(ctx, a.ID, e.At.Add(-lately), latelyStatuses, latelyAccounts)
	if err != nil {
		return nil, err
	}
	for _, m := range named {
		rs.add(m, false, rules.DeliverNamedLately)
	}
	reporters, err := o.Store.ReportersOf(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, r := range reporters {
		rs.add(r, false, rules.DeliverReporters)
	}
	if err := (&social.Reader{Store: o.Store}).Dress(ctx, &a); err != nil {
		return nil, err
	}
	if err := o.relays(ctx, &rs); err != nil {
		return nil, err
	}
	return o.write(ctx, a, o.Writer.UpdateActor(a, e.At), true, rs.list)
}
