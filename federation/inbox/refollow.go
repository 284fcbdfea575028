package inbox

import (
	"context"
	"errors"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// HandleRefollows registers the job that has people here follow an actor anew (federation.md §2.5).
func (in *Inbox) HandleRefollows(q *jobs.Queue, retry jobs.Schedule, about func(ctx context.Context, id observe.ExchangeID, j jobs.Job) (context.Context, func() error)) {
	q.Handle(work.Refollow, func(ctx context.Context, j jobs.Job) error {
		one, err := work.Read[work.One](j)
		if err != nil {
			return err
		}
		ctx, end := about(ctx, observe.ExchangeID(j.Cause), j)
		err = in.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
			target, err := tx.AccountByURI(ctx, one.URI)
			if err == nil {
				err = in.Follows.Renew(ctx, tx, target)
			}
			if err != nil && !errors.Is(err, social.ErrNotFound) {
				return err
			}
			return j.Finish(ctx, tx)
		})
		return errors.Join(err, end())
	}, retry)
}
