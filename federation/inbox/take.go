package inbox

import (
	"context"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/work"
)

// Take takes j in, durably and in one transaction with its exchange in the log. The answer may be sent when it returns
// nil. With AtOnce, what needs nothing of other servers is carried out there; all else waits for a job that does the same.
// Its sender's server is well, whatever it did not take before (federation.md §8.6).
func (in *Inbox) Take(ctx context.Context, j *Judged) error {
	if err := in.Hosts.Heard(ctx, j.signer.InboxURL); err != nil {
		return err
	}
	if in.AtOnce {
		undo := in.Mark(ctx)
		if err := in.carryOut(ctx, j); err == nil {
			return nil
		}
		undo() // whatever stood in the way, the job will meet it, with time to ask and to try again
	}
	return in.keep(ctx, j, func(ctx context.Context, tx ingest.Tx) error {
		r := work.Received{Exchange: j.exchange, Body: j.sha, Signer: int64(j.signer.ID), SignerURI: j.signer.URI, Actor: j.actor}
		if j.personal != nil {
			r.Personal = int64(j.personal.ID)
		}
		return work.Enqueue(ctx, tx, work.Apply, work.Ingress, j.signer.URI, in.Now(), r)
	})
}

// carryOut applies j without asking anybody. An error, also for a panic, has changed nothing.
func (in *Inbox) carryOut(ctx context.Context, j *Judged) (err error) {
	ctx, end := fetch.Offline(ctx)
	defer end()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in applying exchange %d: %v", j.exchange, p)
		}
	}()
	change, err := in.prepare(ctx, j)
	if err == nil {
		err = context.Cause(ctx) // a look-up that some step could do without, but should have had
	}
	if err != nil {
		return err
	}
	return in.keep(ctx, j, change)
}

// keep makes j durable together with change.
func (in *Inbox) keep(ctx context.Context, j *Judged, change effects) error {
	return in.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) (err error) {
		if j.sha, err = tx.PutBody(ctx, j.body); err != nil {
			return err
		}
		if err := change(ctx, tx); err != nil {
			return err
		}
		return in.synchronise(ctx, tx, j)
	})
}
