package outbox

import (
	"context"
	"errors"

	"orrery/federation/translate"
	"orrery/social"
)

// published announces a new status or boost (federation.md §8.2).
func (o *Outbox) published(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if err := o.thread(ctx, &v); err != nil {
		return nil, err
	}
	if err := o.approval(ctx, &v); err != nil {
		return nil, err
	}
	kind := "Create"
	if v.Boost != nil {
		kind = "Announce"
	}
	to, err := o.reach(ctx, kind, v)
	if err != nil {
		return nil, err
	}
	activity, sign := o.Writer.Create(v, translate.Replies{}), v.Status.Visibility.Distributable()
	if v.Boost != nil {
		activity, sign = o.Writer.Announce(v), o.Policy.SignedBoosts && sign
	}
	p, err := o.write(ctx, v.Author, activity, sign, to)
	if err == nil {
		err = o.leaveHandingOn(ctx, p, v.Author, activity, sign, o.handedOn(kind, v), v.Proper().Status)
	}
	if err == nil && v.Boost == nil && v.Status.Visibility == social.Private {
		err = o.synchronise(ctx, p, v.Author)
	}
	return p, err
}

// deleted takes back a status or boost; its row was kept for this and goes now.
func (o *Outbox) deleted(ctx context.Context, e social.Event) (*plan, error) {
	v, err := o.deletedView(ctx, e)
	if err != nil {
		return nil, err
	}
	if err := o.thread(ctx, &v); err != nil {
		return nil, err
	}
	if err := o.approval(ctx, &v); err != nil {
		return nil, err
	}
	kind, activity := "Delete", o.Writer.Delete(v.Author, v.Status)
	if v.Boost != nil {
		kind, activity = "Undo", o.Writer.UndoAnnounce(v)
	}
	to, err := o.reach(ctx, kind, v)
	if err != nil {
		return nil, err
	}
	p, err := o.write(ctx, v.Author, activity, v.Status.Visibility.Distributable(), to)
	if err == nil {
		err = o.leaveHandingOn(ctx, p, v.Author, activity, v.Status.Visibility.Distributable(), o.handedOn(kind, v), v.Proper().Status)
	}
	if err == nil {
		p.purge = []social.ID{v.Status.ID}
	}
	return p, err
}

// deletedView loads a status that nobody can see any more.
func (o *Outbox) deletedView(ctx context.Context, e social.Event) (social.StatusView, error) {
	s, err := o.Store.StatusDeleted(ctx, e.Subject)
	if err != nil {
		return social.StatusView{}, err
	}
	v := social.StatusView{Status: s}
	ids := []social.ID{s.AccountID, s.ReplyToAccountID}
	for _, m := range s.Mentions {
		ids = append(ids, m.AccountID)
	}
	people, err := o.Store.AccountsByID(ctx, ids)
	if err != nil {
		return v, err
	}
	v.Author = people[s.AccountID]
	for _, m := range s.Mentions {
		if a, ok := people[m.AccountID]; ok {
			v.Mentions = append(v.Mentions, a)
		}
	}
	if a, ok := people[s.ReplyToAccountID]; ok {
		v.ReplyTo = &a
	}
	if parent, err := o.Store.StatusByID(ctx, s.ReplyToID); err == nil {
		v.Parent = &parent
	} else if !errors.Is(err, social.ErrNotFound) {
		return v, err
	}
	if s.BoostOfID == 0 {
		return v, nil
	}
	original, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, s.BoostOfID)
	if errors.Is(err, social.ErrNotFound) {
		return v, err // what was boosted is gone, and with it every trace of the boost
	}
	v.Boost = &original
	return v, err
}
