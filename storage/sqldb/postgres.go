package sqldb

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Error codes of PostgreSQL that decide something here.
const (
	codeUnique        = "23505"
	codeSerialization = "40001"
	codeDeadlock      = "40P01"
)

// maxTries is how often a function is run before a deadlock or serialization failure is given to the caller.
const maxTries = 6

type postgresDB struct {
	pool  *pgxpool.Pool
	log   *slog.Logger
	real  atomic.Uint64
	stats counters

	closed atomic.Bool
	alone  *pgx.Conn // holds the database for this process; nil when others may use it too

	listenMu     sync.Mutex
	endListening []context.CancelFunc
	listening    sync.WaitGroup
}

func openPostgres(ctx context.Context, dsn string, o Options) (DB, error) {
	cfg, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf(`open PostgreSQL: the address is not understood: write it as "postgres://USER:PASSWORD@HOST/NAME": %w`, err)
	}
	where := fmt.Sprintf("%s on %s", cfg.ConnConfig.Database, cfg.ConnConfig.Host)
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err == nil {
		if err = pool.Ping(ctx); err != nil {
			pool.Close()
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open PostgreSQL database %s: check that the server runs and that the name and password are right: %w", where, err)
	}
	d := &postgresDB{pool: pool, log: o.Log}
	if !o.Alone {
		return d, nil
	}
	if d.alone, err = keepAlone(ctx, pool); err != nil {
		pool.Close()
		return nil, fmt.Errorf("open PostgreSQL database %s: %w", where, err)
	}
	return d, nil
}

func (d *postgresDB) Dialect() string { return "postgres" }

func (d *postgresDB) Stats() Stats { return d.stats.snapshot() }

func (d *postgresDB) Close() error {
	d.closed.Store(true)
	d.stopListening()
	d.pool.Close()
	if d.alone == nil {
		return nil
	}
	return d.alone.Close(context.Background())
}

func (d *postgresDB) IsUnique(err error) bool { return codeOf(err) == codeUnique }

func (d *postgresDB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	if d.closed.Load() {
		return nil, ErrClosed
	}
	d.stats.queries.Add(1)
	return pgQuery(ctx, d.pool, sql, args)
}

func (d *postgresDB) QueryRow(ctx context.Context, sql string, args ...any) Row {
	if d.closed.Load() {
		return lazyRow(func(...any) error { return ErrClosed })
	}
	d.stats.queries.Add(1)
	return pgQueryRow(ctx, d.pool, sql, args)
}

// Exec is tried again like Tx: a single statement can be the victim of a deadlock too.
func (d *postgresDB) Exec(ctx context.Context, sql string, args ...any) (n int64, err error) {
	if d.closed.Load() {
		return 0, ErrClosed
	}
	for try := 1; ; try++ {
		n, err = pgExec(ctx, d.pool, sql, args)
		if err == nil || try == maxTries || !transient(err) {
			return n, err
		}
		d.stats.retries.Add(1)
	}
}

func (d *postgresDB) Tx(ctx context.Context, fn func(Tx) error) error {
	if d.closed.Load() {
		return ErrClosed
	}
	for try := 1; ; try++ {
		err := d.once(ctx, fn)
		if err == nil || try == maxTries || !transient(err) {
			return err
		}
		d.stats.retries.Add(1)
	}
}

// once runs fn in one real transaction. The deferred part serves panics too.
func (d *postgresDB) once(ctx context.Context, fn func(Tx) error) (err error) {
	var tx pgx.Tx
	if tx, err = d.pool.Begin(ctx); err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	var after hooks
	work := &pgWork{real: d.real.Add(1), hooks: &after}
	err = errUnwound
	defer func() {
		work.over = true
		if err != nil {
			pgRollback(ctx, tx)
		}
		d.stats.ended(1, map[bool]uint64{true: 1}[err == nil], err == nil)
		after.run(err == nil)
	}()
	if err = fn(&pgTx{pgWork: work, tx: tx}); err != nil {
		return err
	}
	if err = tx.Commit(ctx); errors.Is(err, pgx.ErrTxCommitRollback) {
		return fmt.Errorf("%w (%w)", ErrAborted, err)
	} else if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// pgRollback undoes tx even if ctx is the reason for it.
func pgRollback(ctx context.Context, tx pgx.Tx) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	// An error here has already closed the connection, which undoes the transaction as well.
	_ = tx.Rollback(ctx)
}

// transient reports whether running the same function again may succeed.
func transient(err error) bool {
	code := codeOf(err)
	return code == codeSerialization || code == codeDeadlock
}

func codeOf(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
