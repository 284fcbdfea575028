package sqldb

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"modernc.org/sqlite"
)

// sqliteDB is a file with one writer and several readers (WAL lets them run side by side).
type sqliteDB struct {
	path    string
	log     *slog.Logger
	readers *readers
	writer  *writer
	sync    string // the synchronous pragma
	closed  atomic.Bool
}

func openSQLite(ctx context.Context, path string, o Options) (DB, error) {
	if o.Synchronous == "" {
		o.Synchronous = "FULL"
	}
	if !slices.Contains([]string{"OFF", "NORMAL", "FULL"}, o.Synchronous) {
		return nil, fmt.Errorf("open %s: Synchronous is %q, want OFF, NORMAL or FULL", path, o.Synchronous)
	}
	if o.MaxReaders <= 0 {
		o.MaxReaders = 4
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	if err := checkFile(path); err != nil {
		return nil, err
	}
	d := &sqliteDB{path: path, log: o.Log, sync: o.Synchronous}
	// The writer comes first: it turns a new file into a WAL database, which a query_only connection could not.
	one, err := d.single()
	if err == nil {
		d.writer, err = startWriter(ctx, one)
	}
	if err != nil {
		return nil, explainOpen(path, err)
	}
	if d.readers, err = openReaders(path, o.Synchronous, o.MaxReaders); err != nil {
		d.writer.stop()
		return nil, explainOpen(path, err)
	}
	return d, nil
}

// single is the connection that writes.
func (d *sqliteDB) single() (*sql.DB, error) {
	name := filepath.ToSlash(d.path)
	if !strings.HasPrefix(name, "/") {
		name = "/" + name // C:/… of Windows
	}
	q := url.Values{
		"_busy_timeout": {"10000"},
		"_foreign_keys": {"on"},
		"_synchronous":  {d.sync},
		"_dqs":          {"false"}, // "x" is a name on PostgreSQL; without this a misspelt one is a string here
		// What a savepoint may have to undo is kept in memory: in a file it was a tenth of the cost of a delivery.
		"_pragma":       {"temp_store(memory)", "wal_autocheckpoint(4000)"}, // 16 MB: pages that change with every delivery are copied less often
		"_journal_mode": {"WAL"},
	}
	c, err := sqlite.NewConnector((&url.URL{Scheme: "file", OmitHost: true, Path: name, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

func (d *sqliteDB) Dialect() string { return "sqlite" }

func (d *sqliteDB) Tx(ctx context.Context, fn func(Tx) error) error { return d.writer.do(ctx, fn) }

func (d *sqliteDB) Exec(ctx context.Context, sql string, args ...any) (n int64, err error) {
	err = d.writer.do(ctx, func(tx Tx) (err error) {
		n, err = tx.Exec(ctx, sql, args...)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

func (d *sqliteDB) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	if !reads(sql) {
		return d.queryWriting(ctx, sql, args)
	}
	if d.closed.Load() {
		return nil, ErrClosed
	}
	if err := checkArgs(args); err != nil {
		return nil, err
	}
	d.writer.stats.queries.Add(1)
	rows, err := d.readers.query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return rows, nil
}

func (d *sqliteDB) QueryRow(ctx context.Context, sql string, args ...any) Row {
	if !reads(sql) {
		return lazyRow(func(dest ...any) error {
			return d.writer.do(ctx, func(tx Tx) error { return tx.QueryRow(ctx, sql, args...).Scan(dest...) })
		})
	}
	return lazyRow(func(dest ...any) error {
		if d.closed.Load() {
			return ErrClosed
		}
		if err := checkArgs(args); err != nil {
			return err
		}
		d.writer.stats.queries.Add(1)
		return d.readers.queryRow(ctx, sql, args, dest)
	})
}

func (d *sqliteDB) Stats() Stats { return d.writer.stats.snapshot() }

// Close lets the writer go last: the last connection to close folds the WAL into the file.
func (d *sqliteDB) Close() error {
	d.closed.Store(true)
	err := d.readers.close()
	if e := d.writer.stop(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", d.path, err)
	}
	return nil
}

// maxStmts bounds each cache of prepared statements; a text that comes later is prepared each time.
const maxStmts = 512

// settled is text as SQLite prepares it once. A bare parameter behind LIMIT or OFFSET lets its planner look at the value,
// and for that the statement is prepared anew each time it runs, which cost more than running it.
func settled(text string) string {
	return strings.NewReplacer("LIMIT $", "LIMIT 0 + $", "OFFSET $", "OFFSET 0 + $").Replace(text)
}
