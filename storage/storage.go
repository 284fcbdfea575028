// Package storage keeps everything an instance knows in one database, SQLite or PostgreSQL, behind one Store.
//
// Each file holds the queries of one concept, in the portable subset of SQL (architecture.md §9). What differs between
// the engines is in package sqldb. The rules of the domain are not here: a query does what its interface in social,
// activitylog or jobs says, keeps the counters right in the same transaction, and knows nothing of protocols.
//
// What a newcomer gets wrong: outside a transaction a Store reads whatever was committed last, so "look, then write"
// races. Write with a constraint and ON CONFLICT instead, and use Tx when two statements belong together.
package storage

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"sync"

	"orrery/activitylog"
	"orrery/internal/gather"
	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage/sqldb"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options of Open.
type Options struct {
	DSN         string                // "sqlite:PATH" or "postgres://…"
	Synchronous string                // SQLite only, see sqldb.Options
	Instance    string                // name of the instance in log entries
	URLs        social.URLs           // of the instance, to find its people and posts by every address that leads to them
	Alone       bool                  // no other process may keep the database to itself at the same time
	Positions   activitylog.Sequencer // nil: a counter row, which several processes over one PostgreSQL may share
	NewID       func() int64          // makes the ids of jobs; required
	Enqueued    func(queue string)    // told when a job has been committed; must not block; nil if nobody wants to know
	News        func(social.News)     // told news once committed, other processes' too; must not block nor use the database; may be nil
	NewsLost    func()                // told that some news of other processes may have been missed; nil if nobody wants to know
	Log         *slog.Logger          // nil is silence
}

// Store is the database of one instance, or one transaction on it. Both have the same methods.
type Store struct {
	*shared
	q  sqldb.Q
	tx sqldb.Tx // nil outside a transaction
	// put is the hash of the body that this transaction kept last.
	put string
	// ahead is how many log positions this transaction takes at once, 0 for as many as it needs; next to upTo are those
	// that it has in hand.
	ahead, next, upTo int64
}

// shared is what a Store and its transactions have in common.
type shared struct {
	db        sqldb.DB
	instance  string
	urls      social.URLs
	newID     func() int64
	sequencer activitylog.Sequencer
	enqueued  func(queue string)
	news      func(social.News)
	recent    recentBodies
	calls     gather.Group[*call]
	signing   gather.Group[*signingKey]

	mu    sync.Mutex
	holds map[uint64]func() int64 // next position by real transaction; see positions.go
}

var (
	_ social.Store         = (*Store)(nil)
	_ activitylog.Appender = (*Store)(nil)
	_ activitylog.Source   = (*Store)(nil)
	_ jobs.Store           = (*Store)(nil)
)

// Open opens the database and brings its schema up to date.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.NewID == nil {
		return nil, errors.New("open storage: Options.NewID is missing: pass the instance's id generator")
	}
	db, err := sqldb.Open(ctx, o.DSN, sqldb.Options{Synchronous: o.Synchronous, Alone: o.Alone, Log: o.Log})
	if err != nil {
		return nil, err
	}
	s := &Store{shared: &shared{
		db: db, instance: o.Instance, urls: o.URLs, newID: o.NewID, sequencer: o.Positions, enqueued: o.Enqueued, news: o.News, holds: map[uint64]func() int64{},
	}, q: db}
	s.calls.Do, s.signing.Do = s.runCalls, s.readSigningKeys
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := s.listen(ctx, o.NewsLost); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *Store) prepare(ctx context.Context) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open the embedded migrations: %w", err)
	}
	if err := s.db.Migrate(ctx, migrationsFor{files, s.db.Dialect()}); err != nil {
		return err
	}
	return s.catchUpPositions(ctx)
}

// Close waits for running transactions and closes the database.
func (s *Store) Close() error { return s.db.Close() }

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.db.Dialect() }

// State implements social.Store.
func (s *Store) State(ctx context.Context) (string, error) { return s.db.State(ctx) }

// Stats counts transactions since Open.
func (s *Store) Stats() sqldb.Stats { return s.db.Stats() }

// Tx commits everything that fn does through tx, or nothing. Inside a transaction it is a savepoint. fn must not keep tx,
// must not touch the network (contracts.md 14), and may run again on PostgreSQL; see sqldb.DB.
func (s *Store) Tx(ctx context.Context, fn func(ctx context.Context, tx *Store) error) error {
	if s.tx != nil {
		return s.tx.Nest(ctx, func(tx sqldb.Tx) error { return fn(ctx, s.inside(tx)) })
	}
	return s.db.Tx(ctx, func(tx sqldb.Tx) error {
		inside := s.inside(tx)
		if s.holdsEarly() {
			inside.hold()
		}
		return fn(ctx, inside)
	})
}

func (s *Store) inside(tx sqldb.Tx) *Store { return &Store{shared: s.shared, q: tx, tx: tx} }

// Atomically implements social.Store by Tx.
func (s *Store) Atomically(ctx context.Context, fn func(ctx context.Context, tx social.Tx) error) error {
	return s.Tx(ctx, func(ctx context.Context, tx *Store) error { return fn(ctx, tx) })
}

// AfterEnd runs fn once the transaction has really ended, with whether its changes were committed. Outside a transaction
// everything before is committed already, so fn(true) runs at once. fn must be short and must not use the database.
func (s *Store) AfterEnd(fn func(committed bool)) {
	if s.tx == nil {
		fn(true)
		return
	}
	s.tx.AfterEnd(fn)
}

// atomic runs the statements of one method together: in the caller's transaction, or in one of their own.
func (s *Store) atomic(ctx context.Context, fn func(s *Store) error) error {
	if s.tx != nil {
		return fn(s)
	}
	return s.Tx(ctx, func(_ context.Context, tx *Store) error { return fn(tx) })
}
