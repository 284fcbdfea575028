package storage

import (
	"context"
	"fmt"
)

// call is one function that waits to be run together with others.
type call struct {
	ctx       context.Context
	fn        func(ctx context.Context, tx *Store) error
	committed bool
}

// Together is Tx for functions of which many come at once, such as those that take in or end deliveries: functions that
// come at the same time share a transaction, without a savepoint for each. When one fails, nothing of it counts and each
// runs again alone, in the goroutine of its caller; so fn may run twice on SQLite too.
func (s *Store) Together(ctx context.Context, fn func(ctx context.Context, tx *Store) error) error {
	if s.tx == nil {
		c := &call{ctx: ctx, fn: fn}
		s.calls.Add(c)
		if c.committed {
			return nil
		}
	}
	return s.Tx(ctx, fn)
}

func (s *Store) runCalls(lot []*call) {
	if len(lot) == 1 || s.runShared(lot) != nil {
		return
	}
	for _, c := range lot {
		c.committed = true
	}
}

func (s *Store) runShared(lot []*call) error {
	return s.Tx(context.WithoutCancel(lot[0].ctx), func(_ context.Context, tx *Store) (err error) {
		defer func() {
			if p := recover(); p != nil { // it will panic again, where it belongs
				err = fmt.Errorf("panic in a shared transaction: %v", p)
			}
		}()
		tx.ahead = int64(len(lot)) // each appends to the log about once
		for _, c := range lot {
			if err := c.fn(c.ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}
