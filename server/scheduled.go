package server

import (
	"context"
	"time"

	"orrery/federation/observe"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// schedule makes the rules of posting later.
func (i *Instance) schedule(store social.Store, newID func() social.ID, statuses *social.Statuses) *social.Schedule {
	return &social.Schedule{
		Store: store, Now: i.world.Clock.Now, NewID: newID, Statuses: statuses,
		Leave: func(ctx context.Context, tx social.Tx, id social.ID, at time.Time) error {
			return work.Enqueue(ctx, tx.(work.Tx), work.Publish, work.Ingress, "", at, work.Upload{ID: int64(id)})
		},
	}
}

// publish does the job that posting later leaves.
func (i *Instance) publish(ctx context.Context, j jobs.Job) error {
	u, err := work.Read[work.Upload](j)
	if err != nil {
		return err
	}
	ctx, end := i.working(ctx, observe.ExchangeID(j.Cause), j)
	err = i.Services.Schedule.Publish(ctx, social.ID(u.ID))
	if e := end(); err == nil {
		err = e
	}
	return err
}
