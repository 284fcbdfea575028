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
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
)

// sqliteDB is a file with one writer and several readers (WAL lets them run side by side).
type sqliteDB struct {
	path    string
	log     *slog.Logger
	readers *sql.DB
	stmts   readerStmts
	writer  *writer
	sync    string // the synchronous pragma
	closed  atomic.Bool

	states states
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
	one, err := d.pool(1, false)
	if err == nil {
		d.writer, err = startWriter(ctx, one)
	}
	if err != nil {
		return nil, explainOpen(path, err)
	}
	if d.readers, err = d.pool(o.MaxReaders, true); err == nil {
		err = d.readers.PingContext(ctx)
	}
	if err != nil {
		d.writer.stop()
		return nil, explainOpen(path, err)
	}
	d.stmts.db = d.readers
	d.states.open = func() (*sql.DB, error) { return d.pool(1, true) }
	return d, nil
}

// pool returns n connections that are made when needed and kept.
func (d *sqliteDB) pool(n int, readOnly bool) (*sql.DB, error) {
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
		"_pragma": {"temp_store(memory)"},
	}
	if readOnly {
		q.Set("_query_only", "on")
	} else {
		q.Set("_journal_mode", "WAL")
		q.Add("_pragma", "wal_autocheckpoint(4000)") // 16 MB: pages that change with every delivery are copied less often
	}
	c, err := sqlite.NewConnector((&url.URL{Scheme: "file", OmitHost: true, Path: name, RawQuery: q.Encode()}).String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
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
	rows, err := d.stmts.query(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	return readerRows{rows}, nil
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
		return d.stmts.queryRow(ctx, sql, args).Scan(dest...)
	})
}

func (d *sqliteDB) Stats() Stats { return d.writer.stats.snapshot() }

// Close lets the writer go last: the last connection to close folds the WAL into the file.
func (d *sqliteDB) Close() error {
	d.closed.Store(true)
	err := d.readers.Close()
	d.states.close()
	if e := d.writer.stop(); err == nil {
		err = e
	}
	if err != nil {
		return fmt.Errorf("close %s: %w", d.path, err)
	}
	return nil
}

// readerRows gives *sql.Rows the Close of Rows.
type readerRows struct{ *sql.Rows }

func (r readerRows) Close() { r.Rows.Close() }

// maxStmts bounds each cache of prepared statements; a text that comes later is prepared each time.
const maxStmts = 512

// readerStmts keeps prepared statements for the readers. database/sql prepares each on every connection it meets.
type readerStmts struct {
	db *sql.DB
	mu sync.RWMutex
	m  map[string]*sql.Stmt
}

func (s *readerStmts) get(ctx context.Context, text string) *sql.Stmt {
	s.mu.RLock()
	st, full := s.m[text], len(s.m) >= maxStmts
	s.mu.RUnlock()
	if st != nil || full {
		return st
	}
	st, err := s.db.PrepareContext(ctx, prepared(text))
	if err != nil {
		return nil // running it unprepared gives the same error with its own context
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.m[text]; old != nil {
		st.Close()
		return old
	}
	if s.m == nil {
		s.m = map[string]*sql.Stmt{}
	}
	s.m[text] = st
	return st
}

func (s *readerStmts) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if st := s.get(ctx, text); st != nil {
		return st.QueryContext(ctx, args...)
	}
	return s.db.QueryContext(ctx, text, args...)
}

func (s *readerStmts) queryRow(ctx context.Context, text string, args []any) *sql.Row {
	if st := s.get(ctx, text); st != nil {
		return st.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, text, args...)
}
