package outbox

import (
	"context"
	"time"

	"orrery/federation/rules"
	"orrery/social"
)

// How far back a changed profile reaches, beyond followers: those named in the last posts, and those followed (federation.md
// §8.3).
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
	rs, err := o.profileReach(ctx, a, e.At)
	if err != nil {
		return nil, err
	}
	if err := (&social.Reader{Store: o.Store}).Dress(ctx, &a); err != nil {
		return nil, err
	}
	if err := o.relays(ctx, &rs); err != nil {
		return nil, err
	}
	return o.write(ctx, a, o.Writer.UpdateActor(a, e.At), true, rs.list)
}

// profileReach are those who hear of a change of a's profile: followers, whom a named in the last posts, whom a followed or
// asked to lately, and who reported a (federation.md §8.3).
func (o *Outbox) profileReach(ctx context.Context, a social.Account, at time.Time) (rs recipients, err error) {
	followers, err := o.Store.RemoteFollowers(ctx, a.ID)
	if err != nil {
		return rs, err
	}
	for _, f := range followers {
		rs.add(f, false, rules.DeliverFollowers)
	}
	named, err := o.Store.MentionedLately(ctx, a.ID, at.Add(-lately), latelyStatuses, latelyAccounts)
	if err != nil {
		return rs, err
	}
	for _, m := range named {
		rs.add(m, false, rules.DeliverNamedLately)
	}
	for _, pending := range []bool{false, true} {
		if !o.Policy.TellsFollowed {
			break
		}
		followed, err := o.Store.FollowedLately(ctx, a.ID, at.Add(-lately), pending, latelyAccounts)
		if err != nil {
			return rs, err
		}
		for _, f := range followed {
			rs.add(f, false, rules.DeliverFollowedLately)
		}
	}
	reporters, err := o.Store.ReportersOf(ctx, a.ID)
	if err != nil {
		return rs, err
	}
	for _, r := range reporters {
		rs.add(r, false, rules.DeliverReporters)
	}
	return rs, nil
}
