package storage

import (
	"context"
	"encoding/json"
	"fmt"

	"orrery/federation/observe"
	"orrery/internal/jobs"
	"orrery/social"
)

// choreKind is the job that does a chore; package server hands it to social.Moderation.
const choreKind = "social.chore"

// AppendChore implements social.ChoreStore: the chore becomes a job in the transaction of the decision.
func (s *Store) AppendChore(ctx context.Context, c social.Chore) error {
	payload, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("encode chore %s: %w", c.Kind, err)
	}
	o := observe.CauseOf(ctx)
	return s.InsertJob(ctx, jobs.Job{Kind: choreKind, Queue: "pull", Payload: payload, RunAt: c.At, Cause: int64(o.Exchange), Root: int64(o.Root)})
}
