package server

import (
	"context"
	"time"

	"orrery/federation/policy"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/server/files"
	"orrery/social"
	"orrery/social/media"
)

// media makes the service for uploads, and what its jobs are.
func (i *Instance) media(store social.Store, newID func() social.ID) *social.Media {
	longest := social.MaxDescription
	if i.Config.Policy.Form == policy.Form41 {
		longest = 1_500 // federation.md §12.3
	}
	return &social.Media{
		Store: store, Now: i.world.Clock.Now, NewID: newID, Rand: i.world.Rand, Maker: media.NewMaker(i.Config.FFmpeg, i.Config.FFprobe),
		Files: i.world.Files, MaxDescription: longest,
		Process: func(ctx context.Context, tx social.Tx, id social.ID) error {
			return i.leave(ctx, tx, work.Make, id, i.world.Clock.Now())
		},
		Expire: func(ctx context.Context, tx social.Tx, id social.ID, at time.Time) error {
			return i.leave(ctx, tx, work.Expire, id, at)
		},
	}
}

// elsewhere makes the service for pictures of other servers. They go by the wire itself, not by the log's tap: the log is
// about what servers say to each other, and would fill with pictures.
func (i *Instance) elsewhere() *social.Elsewhere {
	get := &files.Getter{Transport: i.world.Transport, UserAgent: userAgent(i.Config), Domains: i.Services.Domains}
	return &social.Elsewhere{
		Store: i.Services.Store, Media: i.Services.Media, Domains: i.Services.Domains, Now: i.world.Clock.Now,
		Get: get.Get,
	}
}

func userAgent(c Config) string { return "Orrery/" + Version + " (+" + c.Origin + "/)" }

func (i *Instance) leave(ctx context.Context, tx social.Tx, kind string, upload social.ID, at time.Time) error {
	return work.Enqueue(ctx, tx.(work.Tx), kind, work.Media, "", at, work.Upload{ID: int64(upload)})
}

// handleMedia registers the work that uploads leave.
func (i *Instance) handleMedia(retry jobs.Schedule) {
	i.queue.Workers[work.Media] = 2
	for kind, do := range map[string]func(context.Context, social.ID) error{
		work.Make: i.Services.Media.Made, work.Expire: i.Services.Media.Expired,
	} {
		i.queue.Handle(kind, func(ctx context.Context, j jobs.Job) error {
			u, err := work.Read[work.Upload](j)
			if err != nil {
				return err
			}
			return do(ctx, social.ID(u.ID))
		}, retry)
	}
}
