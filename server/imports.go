package server

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// imports makes the rules of bringing lists along. Rows ask other servers, so they are worked on in the queue for that.
func (i *Instance) imports(store social.Store) *social.Imports {
	s := i.Services
	return &social.Imports{
		Store: store, Now: i.world.Clock.Now, NewID: s.Follows.NewID, Follows: s.Follows, Blocks: s.Blocks, Mutes: s.Mutes, Lists: s.Lists,
		Reactions: s.Reactions, Remote: i.pull, Host: s.URLs.Host(),
		Leave: func(ctx context.Context, tx social.Tx, id social.ID) error {
			return work.Enqueue(ctx, tx.(work.Tx), work.Import, work.Pull, "", i.world.Clock.Now(), work.Upload{ID: int64(id)})
		},
	}
}

// handleImport does the job that an import leaves, again and again.
func (i *Instance) handleImport(ctx context.Context, j jobs.Job) error {
	u, err := work.Read[work.Upload](j)
	if err != nil {
		return err
	}
	ctx, end := i.working(ctx, observe.ExchangeID(j.Cause), j)
	err = i.Services.Imports.Work(ctx, social.ID(u.ID))
	if e := end(); err == nil {
		err = e
	}
	return err
}
