package outbox

import (
	"context"
	"slices"

	"orrery/federation/rules"
	"orrery/social"
)

// departed tells that a local account is no more: its followers first, then, with low priority, every server that may know
// it. The rest of the account goes only now, since its followers had to be known (federation.md §8.3).
func (o *Outbox) departed(ctx context.Context, e social.Event) (*plan, error) {
	a, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	var near, far recipients
	followers, err := o.Store.RemoteFollowers(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range followers {
		near.add(f, false, rules.DeliverFollowers)
	}
	if err := o.relays(ctx, &near); err != nil {
		return nil, err
	}
	if err := o.everybody(ctx, &far, rules.DeliverEverybody); err != nil {
		return nil, err
	}
	p, err := o.write(ctx, a, o.Writer.DeleteActor(a), true, slices.Concat(near.list, far.list))
	if err != nil {
		return nil, err
	}
	p.to, p.later = near.list, far.list
	p.also = func(ctx context.Context, tx Tx) error {
		return tx.AppendChore(ctx, social.Chore{Kind: social.ChorePurge, Account: a.ID, Since: a.DeletedAt, At: o.Now()})
	}
	return p, nil
}

// moved tells the followers of a local account where its owner went, and those who block it, so that they can go on doing so.
func (o *Outbox) moved(ctx context.Context, e social.Event) (*plan, error) {
	a, target, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	var rs recipients
	followers, err := o.Store.RemoteFollowers(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range followers {
		rs.add(f, false, rules.DeliverFollowers)
	}
	blockers, err := o.Store.BlockersElsewhere(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	for _, b := range blockers {
		rs.add(b, false, rules.DeliverBlockers)
	}
	if err := o.relays(ctx, &rs); err != nil {
		return nil, err
	}
	return o.write(ctx, a, o.Writer.Move(a, target, e.Object), false, rs.list)
}

// reported passes a report on: to the personal inbox of whom it is about, and to the servers that the reporter chose among
// those whose people the posts answer. It comes from the instance, so that nobody there learns who complained.
func (o *Outbox) reported(ctx context.Context, e social.Event) (*plan, error) {
	instance, target, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	r, err := o.Store.ReportByID(ctx, e.Object)
	if err != nil {
		return nil, err
	}
	statuses, err := o.Store.StatusEvenDeleted(ctx, r.StatusIDs)
	if err != nil {
		return nil, err
	}
	var rs recipients
	if slices.Contains(r.ForwardTo, target.Domain) {
		rs.add(target, true, rules.DeliverReported)
	}
	objects := []string{target.URI}
	for _, id := range r.StatusIDs {
		s, ok := statuses[id]
		if !ok {
			continue
		}
		objects = append(objects, s.URI)
		answered, err := o.Store.AccountsByID(ctx, []social.ID{s.ReplyToAccountID})
		if err != nil {
			return nil, err
		}
		if a, ok := answered[s.ReplyToAccountID]; ok && a.Domain != target.Domain && slices.Contains(r.ForwardTo, a.Domain) {
			rs.add(a, false, rules.DeliverReportForwarded)
		}
	}
	return o.write(ctx, instance, o.Writer.Flag(instance, e.URI, r.Comment, objects), false, rs.list)
}
