package outbox

import (
	"context"

	"orrery/federation/rules"
	"orrery/social"
)

// voted tells the author of a poll, in their personal inbox, what somebody here chose (federation.md §3.2).
func (o *Outbox) voted(ctx context.Context, e social.Event) (*plan, error) {
	vote, err := o.Store.VoteByID(ctx, e.Object)
	if err != nil {
		return nil, err
	}
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if v.Poll == nil || vote.Choice >= len(v.Poll.Options) {
		return nil, social.ErrNotFound // the question is another now
	}
	voter, err := o.Store.AccountByID(ctx, e.Actor)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(v.Author, true, rules.DeliverPollAuthor)
	return o.write(ctx, voter, o.Writer.Vote(voter, v.Author, vote.ID, v.Status, v.Poll.Options[vote.Choice].Title), false, rs.list)
}

// tallied tells how a poll of somebody here stands.
func (o *Outbox) tallied(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if v.Poll == nil {
		return nil, social.ErrNotFound
	}
	return o.tallies(ctx, v, e)
}

func (o *Outbox) tallies(ctx context.Context, v social.StatusView, e social.Event) (*plan, error) {
	to, err := o.reach(ctx, "Tallies", v)
	if err != nil {
		return nil, err
	}
	return o.write(ctx, v.Author, o.Writer.UpdatePoll(v, e.At), v.Status.Visibility.Distributable(), to)
}

// ended notifies the people here that a poll is over and, when it is a poll of this server, tells others the result.
func (o *Outbox) ended(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	p := &plan{}
	if !social.EndOf(e, v.Poll) {
		return p, nil
	}
	if v.Status.Local {
		e.At = v.Poll.ExpiresAt // of the change that is told
		if p, err = o.tallies(ctx, v, e); err != nil {
			return nil, err
		}
	}
	p.also = func(ctx context.Context, tx Tx) error { return o.TellEnd(ctx, tx, v.Status) }
	return p, nil
}

// boosters are those who boosted a status, as far as they are told of anything: the newest two hundred.
func (o *Outbox) boosters(ctx context.Context, status social.ID) ([]social.Account, error) {
	ids, err := o.Store.BoostedBy(ctx, status, social.Page{Limit: 200})
	if err != nil {
		return nil, err
	}
	people, err := o.Store.AccountsByID(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []social.Account
	for _, id := range ids {
		if a, ok := people[id]; ok {
			out = append(out, a)
		}
	}
	return out, nil
}
