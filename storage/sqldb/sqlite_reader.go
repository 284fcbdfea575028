package sqldb

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"unsafe"

	"modernc.org/libc"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers are the connections that only read. They call SQLite itself and leave out database/sql and its driver: those lock
// for every value that is read, keep every value of a row as an interface, and look up arguments by name, which together
// was more than half of what a page of posts took.
type readers struct {
	path, synchronous string
	free              chan *reader // as many as there may be; nil is one that is not open yet

	mu     sync.Mutex
	closed bool
}

// reader is a connection of one goroutine at a time.
type reader struct {
	tls   *libc.TLS
	db    uintptr
	stmts map[string]*readerStmt

	mu   sync.Mutex // over turn: what ends one turn must not interrupt the next
	turn uint64

	out, tail uintptr // where SQLite writes results; in here they do not move
}

// readerStmt is a prepared statement.
type readerStmt struct {
	handle uintptr
	args   []int // of each parameter of SQLite, which numbers $2 before $1 if it is written first, the index of its argument
	kept   bool  // in stmts
}

// readError is an answer of SQLite's to a reader.
type readError struct {
	code    int32
	message string
}

func (e *readError) Error() string { return fmt.Sprintf("%s (%d)", e.message, e.code) }

func openReaders(path, synchronous string, n int) (*readers, error) {
	p := &readers{path: path, synchronous: synchronous, free: make(chan *reader, n)}
	first, err := openReader(path, synchronous)
	if err != nil {
		return nil, err
	}
	p.free <- first
	for range n - 1 {
		p.free <- nil
	}
	return p, nil
}

func openReader(path, synchronous string) (*reader, error) {
	r := &reader{tls: libc.NewTLS(), stmts: map[string]*readerStmt{}}
	name, err := libc.CString(path)
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(r.tls, name)
	// Without a mutex of its own: whoever took it out of the pool has it alone.
	rc := sqlite3.Xsqlite3_open_v2(r.tls, name, r.at(&r.out), sqlite3.SQLITE_OPEN_READWRITE|sqlite3.SQLITE_OPEN_NOMUTEX, 0)
	if r.db = r.out; rc != sqlite3.SQLITE_OK {
		return nil, errors.Join(r.fault(rc), r.close())
	}
	sqlite3.Xsqlite3_extended_result_codes(r.tls, r.db, 1)
	sqlite3.Xsqlite3_busy_timeout(r.tls, r.db, 10_000)
	// As for the writer, "x" is a name.
	off := libc.NewVaList(int32(0), uintptr(0))
	sqlite3.Xsqlite3_db_config(r.tls, r.db, sqlite3.SQLITE_DBCONFIG_DQS_DML, off)
	libc.Xfree(r.tls, off)
	for _, pragma := range []string{"temp_store = memory", "foreign_keys = on", "synchronous = " + synchronous, "query_only = on"} {
		if err := r.run("PRAGMA " + pragma); err != nil {
			return nil, errors.Join(err, r.close())
		}
	}
	return r, nil
}

func (r *reader) run(text string) error {
	st, err := r.prepare(text)
	if err != nil {
		return err
	}
	defer r.finish(st)
	if rc := sqlite3.Xsqlite3_step(r.tls, st.handle); rc != sqlite3.SQLITE_DONE && rc != sqlite3.SQLITE_ROW {
		return r.fault(rc)
	}
	return nil
}

// at is the address of a field of r, which stands on the heap.
func (r *reader) at(field *uintptr) uintptr { return uintptr(unsafe.Pointer(field)) }

func (r *reader) fault(rc int32) error {
	if r.db == 0 {
		return &readError{rc, libc.GoString(sqlite3.Xsqlite3_errstr(r.tls, rc))}
	}
	return &readError{rc, libc.GoString(sqlite3.Xsqlite3_errmsg(r.tls, r.db))}
}

// close also ends statements.
func (r *reader) close() error {
	for _, st := range r.stmts {
		sqlite3.Xsqlite3_finalize(r.tls, st.handle)
	}
	rc := sqlite3.Xsqlite3_close_v2(r.tls, r.db)
	r.tls.Close()
	if rc != sqlite3.SQLITE_OK {
		return &readError{rc, "close a connection"}
	}
	return nil
}

// prepare finds the statement of text, or makes it.
func (r *reader) prepare(text string) (*readerStmt, error) {
	if st := r.stmts[text]; st != nil {
		return st, nil
	}
	c, err := libc.CString(settled(text))
	if err != nil {
		return nil, err
	}
	defer libc.Xfree(r.tls, c)
	if rc := sqlite3.Xsqlite3_prepare_v2(r.tls, r.db, c, -1, r.at(&r.out), r.at(&r.tail)); rc != sqlite3.SQLITE_OK {
		return nil, r.fault(rc)
	}
	st := &readerStmt{handle: r.out, kept: len(r.stmts) < maxStmts}
	for i := range sqlite3.Xsqlite3_bind_parameter_count(r.tls, st.handle) {
		var number int
		name := libc.GoString(sqlite3.Xsqlite3_bind_parameter_name(r.tls, st.handle, i+1))
		if _, err := fmt.Sscanf(name, "$%d", &number); err != nil || number < 1 {
			sqlite3.Xsqlite3_finalize(r.tls, st.handle)
			return nil, fmt.Errorf("the placeholder %q is not of the kind $1", name)
		}
		st.args = append(st.args, number-1)
	}
	if st.kept {
		r.stmts[text] = st
	}
	return st, nil
}

// finish makes st ready for its next run, or ends it.
func (r *reader) finish(st *readerStmt) {
	if !st.kept {
		sqlite3.Xsqlite3_finalize(r.tls, st.handle)
		return
	}
	sqlite3.Xsqlite3_reset(r.tls, st.handle)
	sqlite3.Xsqlite3_clear_bindings(r.tls, st.handle)
}

// take waits for a connection.
func (p *readers) take(ctx context.Context) (*reader, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var r *reader
	select {
	case r = <-p.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	p.mu.Lock()
	closed := p.closed
	p.mu.Unlock()
	if closed {
		return nil, errors.Join(ErrClosed, p.give(r))
	}
	if r != nil {
		return r, nil
	}
	r, err := openReader(p.path, p.synchronous)
	if err != nil {
		p.free <- nil
	}
	return r, err
}

// give returns a connection; once all is closed it is closed, too.
func (p *readers) give(r *reader) (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed && r != nil {
		r, err = nil, r.close()
	}
	p.free <- r
	return err
}

// close closes the connections that nobody uses. The others follow when their rows are closed.
func (p *readers) close() (err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for range cap(p.free) {
		select {
		case r := <-p.free:
			if r != nil {
				err = errors.Join(err, r.close())
			}
			p.free <- nil
		default: // somebody has it
		}
	}
	return err
}

func (p *readers) query(ctx context.Context, text string, args []any) (*readRows, error) {
	r, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	st, err := r.prepare(text)
	if err != nil {
		return nil, errors.Join(err, p.give(r))
	}
	rows := &readRows{from: p, r: r, st: st, ctx: ctx, columns: int(sqlite3.Xsqlite3_column_count(r.tls, st.handle))}
	for i, at := range st.args {
		if at >= len(args) {
			err = fmt.Errorf("there is no argument $%d", at+1)
		} else {
			err = rows.bind(int32(i+1), args[at])
		}
		if err != nil {
			rows.Close()
			return nil, err
		}
	}
	rows.watch()
	return rows, nil
}

// queryRow reads the first row.
func (p *readers) queryRow(ctx context.Context, text string, args, dest []any) error {
	rows, err := p.query(ctx, text, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return err
		}
		return ErrNoRows
	}
	return rows.Scan(dest...)
}

// readRows are the rows of a statement that runs on r. They have r until they are closed or read to the end.
type readRows struct {
	from    *readers
	r       *reader
	st      *readerStmt
	ctx     context.Context
	columns int
	bound   []uintptr   // memory of arguments
	ignore  func() bool // ctx from now on; nil when it cannot end
	onRow   bool
	err     error
}

// watch interrupts the statement when ctx ends.
func (x *readRows) watch() {
	if x.ctx.Done() == nil {
		return
	}
	r := x.r
	r.mu.Lock()
	turn := r.turn
	r.mu.Unlock()
	x.ignore = context.AfterFunc(x.ctx, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.turn == turn {
			sqlite3.Xsqlite3_interrupt(nil, r.db) // sets a flag; the connection's own TLS is in use
		}
	})
}

func (x *readRows) Next() bool {
	if x.r == nil {
		return false
	}
	rc := sqlite3.Xsqlite3_step(x.r.tls, x.st.handle)
	if x.onRow = rc == sqlite3.SQLITE_ROW; x.onRow {
		return true
	}
	if rc != sqlite3.SQLITE_DONE {
		if x.err = x.r.fault(rc); x.ctx.Err() != nil {
			x.err = x.ctx.Err()
		}
	}
	x.Close()
	return false
}

func (x *readRows) Err() error { return x.err }

func (x *readRows) Close() {
	if x.r == nil {
		return
	}
	r := x.r
	x.r, x.onRow = nil, false
	if x.ignore != nil {
		x.ignore()
		r.mu.Lock()
		r.turn++
		r.mu.Unlock()
	}
	r.finish(x.st)
	for _, p := range x.bound {
		libc.Xfree(r.tls, p)
	}
	if err := x.from.give(r); x.err == nil {
		x.err = err
	}
}
