package storage

import (
	"context"
	"errors"
)

// call is one function that waits to be run together with others.
type call struct {
	ctx context.Context
	fn  func(ctx context.Context, tx *Store) error
	err error
}

var errNotRun = errors.New("the transaction that it shared with others was given up")

// Together is Tx for short functions of which many come at once, such as those that end deliveries: functions that come at
// the same time share a transaction, without a savepoint for each. When one fails, nothing of it counts and each runs
// again alone; so fn may run twice on SQLite too.
func (s *Store) Together(ctx context.Context, fn func(ctx context.Context, tx *Store) error) error {
	if s.tx != nil {
		return s.Tx(ctx, fn)
	}
	c := &call{ctx: ctx, fn: fn, err: errNotRun}
	s.calls.Add(c)
	return c.err
}

func (s *Store) runCalls(lot []*call) {
	if len(lot) > 1 && s.runShared(lot) == nil {
		for _, c := range lot {
			c.err = nil
		}
		return
	}
	for _, c := range lot {
		c.err = s.Tx(c.ctx, c.fn)
	}
}

func (s *Store) runShared(lot []*call) error {
	return s.Tx(context.WithoutCancel(lot[0].ctx), func(_ context.Context, tx *Store) error {
		tx.ahead = int64(len(lot)) // each appends to the log about once
		for _, c := range lot {
			if err := c.fn(c.ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}
