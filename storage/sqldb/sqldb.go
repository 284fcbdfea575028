// Package sqldb lets one SQL text run on SQLite and on PostgreSQL.
//
// It owns connections, transactions, group commit on SQLite, retries on PostgreSQL and migrations. It knows no table:
// queries and migration files belong to package storage, and so does the portable subset they are written in.
//
// What a newcomer gets wrong: a transaction function must use only the Tx it is given. On SQLite there is one writer,
// and a db.Tx inside a Tx waits for itself (it is refused with ErrInsideTx after a second). For the same reason a
// function must not wait for a lock that another goroutine holds while calling Tx: both may stand in one group commit.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"
)

// Rows are the rows of a query. Close may be called more than once; Err must be asked after the last Next.
// Inside a Tx they must be closed, or read to the end, before the next statement: PostgreSQL has one stream a connection.
type Rows interface {
	Next() bool
	Scan(dest ...any) error
	Close()
	Err() error
}

// Row is the first row of a query. Scan returns ErrNoRows when there is none, and on SQLite it is Scan that runs the
// statement, so a Row that is not scanned does nothing.
type Row interface {
	Scan(dest ...any) error
}

// Q runs statements with $1, $2 … placeholders. Arguments are int64, string, bool, []byte, nil, pointers to them and
// types made from them; a time is passed as an integer in the unit of its column. An empty []byte is not NULL, but it may
// be read back as nil. Exec returns the rows affected.
type Q interface {
	Exec(ctx context.Context, sql string, args ...any) (int64, error)
	Query(ctx context.Context, sql string, args ...any) (Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) Row
}

// Tx is a transaction, or a part of one. It belongs to one goroutine and ends when its function returns.
//
// After a failed statement every further one answers ErrAborted, as PostgreSQL does: use ON CONFLICT, or Nest around
// the statement that may fail.
type Tx interface {
	Q

	// Nest runs fn in a savepoint. When fn fails only its own changes are undone, and its error is returned.
	Nest(ctx context.Context, fn func(Tx) error) error

	// AfterEnd registers fn to run once, when the real transaction has ended and before Tx returns to anyone.
	// committed is true only if the changes of the function (or Nest) that registered it were committed.
	// On SQLite the real transaction may hold other functions too, and the callbacks of all run in order before the next
	// one begins: fn must be short and must not use the database.
	AfterEnd(fn func(committed bool))

	// Real numbers the real transaction, from 1, within this DB and process. Functions that SQLite commits together see
	// the same number, so a lock held until AfterEnd can tell that it is already held by this transaction.
	Real() uint64

	// Dialect is "sqlite" or "postgres".
	Dialect() string
}

// DB is an open database. Statements outside Tx see committed rows; one that writes is a transaction of its own.
type DB interface {
	Q

	// Tx runs fn in a transaction: committed when fn returns nil, undone when it fails or panics (the panic goes on).
	// fn runs in the caller's goroutine. It may be run again on PostgreSQL (up to 5 times, after a deadlock or a
	// serialization failure), so it must not change anything that a rollback does not undo, except through AfterEnd.
	// A ctx that is cancelled before its turn means fn is not run.
	Tx(ctx context.Context, fn func(Tx) error) error

	// State names what is committed: between two calls with the same answer no process committed anything. It costs about
	// as much as reading one row.
	State(ctx context.Context) (string, error)

	// Dialect is "sqlite" or "postgres".
	Dialect() string

	// IsUnique reports whether err is the violation of a primary key or unique constraint.
	IsUnique(err error) bool

	// Migrate brings the schema up to the newest *.sql file in files (goose format, `-- +goose Up` only).
	// An existing SQLite file is first copied to FILE.bak-VERSION. A schema newer than the newest file is ErrNewer.
	Migrate(ctx context.Context, files fs.FS) error

	// Stats counts since Open.
	Stats() Stats

	// Close waits for the running transactions; those still waiting get ErrClosed.
	Close() error
}

// Options of Open.
type Options struct {
	Synchronous string       // SQLite: "OFF" (tests), "NORMAL" (survives a crash of the process) or "FULL" (of the machine); "" is FULL
	MaxReaders  int          // SQLite: connections for reading; 0 is 4
	Alone       bool         // PostgreSQL: refuse when another process keeps the database to itself, and do so; a file is locked by the caller
	Log         *slog.Logger // told of backups and migrations; nil is silence
}

// Stats counts transactions. Functions/Commits is how many functions one commit carried on average.
type Stats struct {
	Commits      uint64 // real COMMITs
	Functions    uint64 // functions (and single statements) whose changes were committed
	Undone       uint64 // functions that failed and were rolled back
	LargestBatch uint64 // most functions in one commit
	Queries      uint64 // Query, QueryRow and State outside transactions
	Retries      uint64 // functions run again after a deadlock or serialization failure
}

var (
	ErrNoRows   = sql.ErrNoRows
	ErrClosed   = errors.New("the database is closed")
	ErrTxDone   = errors.New("the transaction has ended: a Tx must not be kept after its function returns")
	ErrAborted  = errors.New("a statement of this transaction failed, so the rest is refused: put it in Nest if it may fail")
	ErrRowsOpen = errors.New("rows of this transaction are still open: read or close them before the next statement")
	ErrInsideTx = errors.New("db.Tx or a writing statement was called inside a transaction: use the Tx that the function was given")
	ErrInUse    = errors.New("another process serves from this database; stop that one first, or choose another database")
	ErrNewer    = errors.New("the database was written by a newer version of this program")
	ErrNotDB    = errors.New("not a database file")
)

// Open opens "sqlite:PATH" (the file is made if missing, its folder is not) or "postgres://…".
// Keeping a second process away from a SQLite file is left to the caller. Errors are sentences with a next step.
func Open(ctx context.Context, dsn string, o Options) (DB, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	switch scheme, rest, _ := strings.Cut(dsn, ":"); scheme {
	case "sqlite":
		return openSQLite(ctx, rest, o)
	case "postgres", "postgresql":
		return openPostgres(ctx, dsn, o)
	}
	// The dsn may hold a password, so it is not repeated.
	return nil, errors.New(`open database: the address must be "sqlite:PATH" or "postgres://USER@HOST/NAME"`)
}

// checkArgs refuses what the two engines would store differently.
func checkArgs(args []any) error {
	for i, a := range args {
		switch a.(type) {
		case time.Time, *time.Time:
			return fmt.Errorf("argument $%d is a %T: pass an integer in the unit of the column", i+1, a)
		}
	}
	return nil
}

// lazyRow runs its query when it is scanned, so that no Row can hold a connection.
type lazyRow func(dest ...any) error

func (r lazyRow) Scan(dest ...any) error { return r(dest...) }
