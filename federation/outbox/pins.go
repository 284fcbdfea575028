package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// pinned tells followers that a post is on a profile now, or is no more. The activity has no id and no document signature
// (federation.md §3.4, §8.3).
func (o *Outbox) pinned(ctx context.Context, e social.Event) (*plan, error) {
	a, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	s, err := o.Store.StatusByID(ctx, e.Subject)
	if err != nil {
		return nil, err
	}
	followers, err := o.Store.RemoteFollowers(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	var rs recipients
	for _, f := range followers {
		rs.add(f, false, rules.DeliverFollowers)
	}
	if e.Kind == social.StatusUnpinned {
		return o.write(ctx, a, o.Writer.Unpin(a, s.URI), false, rs.list)
	}
	return o.write(ctx, a, o.Writer.Pin(a, s.URI), false, rs.list)
}

// tagged tells whoever hears of a changed profile that a hashtag is on it now, or is no more.
func (o *Outbox) tagged(ctx context.Context, e social.Event) (*plan, error) {
	a, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	rs, err := o.profileReach(ctx, a, e.At)
	if err != nil {
		return nil, err
	}
	if e.Kind == social.TagUnfeatured {
		return o.write(ctx, a, o.Writer.UnfeatureTag(a, e.URI), true, rs.list)
	}
	return o.write(ctx, a, o.Writer.FeatureTag(a, e.URI), true, rs.list)
}
