package server

import (
	"context"

	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage"
)

// atomically commits everything fn does through tx together with what the log's scope of ctx has gathered, or nothing.
func (i *Instance) atomically(ctx context.Context, fn transaction) error {
	return i.logged(ctx, i.store.Tx, fn)
}

// finish ends j in such a transaction, which several that end at the same time may share.
func (i *Instance) finish(ctx context.Context, j jobs.Job) error {
	return i.logged(ctx, i.store.Together, func(ctx context.Context, tx *storage.Store) error { return j.Finish(ctx, tx) })
}

type transaction = func(ctx context.Context, tx *storage.Store) error

// logged runs fn by begin, and takes the log's scope of ctx along.
func (i *Instance) logged(ctx context.Context, begin func(context.Context, transaction) error, fn transaction) error {
	ctx = i.Recorder.Scoped(ctx)
	rewind := i.Recorder.Mark(ctx)
	var done func(committed bool)
	err := begin(ctx, func(ctx context.Context, tx *storage.Store) error {
		rewind() // this may be run again
		if err := fn(ctx, tx); err != nil {
			rewind()
			return err
		}
		var err error
		done, err = i.Recorder.Commit(ctx, tx)
		return err
	})
	if done != nil {
		done(err == nil)
	}
	return err
}

// atomic is atomically for a package that names what it needs of a transaction by an interface of its own.
func atomic[T any](i *Instance) func(ctx context.Context, fn func(ctx context.Context, tx T) error) error {
	return func(ctx context.Context, fn func(ctx context.Context, tx T) error) error {
		return i.atomically(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, any(tx).(T)) })
	}
}

// domainStore is the store as the domain sees it: its transactions take the log along.
type domainStore struct {
	*storage.Store
	i *Instance
}

// Atomically implements social.Store.
func (s domainStore) Atomically(ctx context.Context, fn func(ctx context.Context, tx social.Tx) error) error {
	return s.i.atomically(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, tx) })
}
