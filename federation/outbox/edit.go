package outbox

import (
	"context"

	"orrery/federation/translate"
	"orrery/social"
)

// edited tells of a changed status: everybody whom a new one would reach, and who reacted to it (federation.md §8.2). Of
// several changes in a row the last one's event tells, so an earlier one's says nothing.
func (o *Outbox) edited(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if social.ID(v.Status.EditedAt.UnixMilli()) != e.Object {
		return &plan{}, nil
	}
	if err := o.thread(ctx, &v); err != nil {
		return nil, err
	}
	if err := o.approval(ctx, &v); err != nil {
		return nil, err
	}
	to, err := o.reach(ctx, "Update", v)
	if err != nil {
		return nil, err
	}
	activity := o.Writer.UpdateNote(v, translate.Replies{})
	p, err := o.write(ctx, v.Author, activity, v.Status.Visibility.Distributable(), to)
	if err == nil {
		err = o.leaveHandingOn(ctx, p, v.Author, activity, v.Status.Visibility.Distributable(), o.handedOn("Update", v), v.Status)
	}
	if err == nil && v.Status.Visibility == social.Private {
		err = o.synchronise(ctx, p, v.Author)
	}
	return p, err
}
