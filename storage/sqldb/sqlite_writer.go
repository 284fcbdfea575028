package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"
)

// maxBatch bounds how many functions share a commit, and so how long the first of them waits for the last.
const maxBatch = 256

// writer owns the one connection that writes. This is the group commit: whatever waits when the connection is free goes
// into one transaction, each function in a savepoint of its own, so that a failing one takes nobody with it. There is no
// timer: alone, a function waits for no one; under load, the wait for the disk is what gathers the next batch.
//
// The writer's goroutine runs BEGIN, SAVEPOINT, COMMIT; a function runs in the goroutine of its caller, when the writer
// gives it its turn, so panics and t.Fatal go where they belong.
type writer struct {
	db    *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	queue chan *part
	quit  chan struct{} // closed by stop
	gone  chan struct{} // closed when the loop has ended
	once  sync.Once
	real  uint64 // number of the current transaction
	stats counters
}

func startWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	w := &writer{db: db, queue: make(chan *part, maxBatch), quit: make(chan struct{}), gone: make(chan struct{})}
	err := w.connect(ctx)
	if err == nil {
		// The first look at the file's header: a file that is not a database says so here.
		_, err = w.conn.ExecContext(ctx, "SELECT COUNT(*) FROM sqlite_master")
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	go w.loop()
	return w, nil
}

// connect replaces the connection; its statements went with it.
func (w *writer) connect(ctx context.Context) (err error) {
	w.forget()
	if w.conn != nil {
		// ErrBadConn makes database/sql close the connection instead of keeping it, with any transaction left in it.
		_ = w.conn.Raw(func(any) error { return driver.ErrBadConn })
		w.conn.Close()
	}
	w.stmts = map[string]*sql.Stmt{}
	w.conn, err = w.db.Conn(ctx)
	return err
}

// forget closes the prepared statements: while a connection has one SQLite keeps it alive, and never folds the WAL in.
func (w *writer) forget() {
	for _, st := range w.stmts {
		st.Close()
	}
	w.stmts = nil
}

func (w *writer) stop() error {
	w.once.Do(func() { close(w.quit) })
	<-w.gone
	return w.db.Close()
}

func (w *writer) loop() {
	defer close(w.gone)
	defer func() {
		w.forget()
		if w.conn != nil {
			w.conn.Close()
		}
	}()
	for {
		select {
		case <-w.quit:
			return
		case p := <-w.queue:
			batch := []*part{p}
			for len(batch) < maxBatch && len(w.queue) > 0 {
				batch = append(batch, <-w.queue)
			}
			for len(batch) > 0 {
				batch = w.run(batch)
			}
		}
	}
}

// run commits the functions of batch together. It returns those it did not reach because the transaction was lost.
func (w *writer) run(batch []*part) (rest []*part) {
	w.real++
	if err := w.begin(); err != nil {
		for _, p := range batch {
			if p.claim() {
				p.err = fmt.Errorf("begin transaction: %w", err)
				close(p.ended)
			}
		}
		return nil
	}
	var ran []*part
	alone := len(batch) == 1
	for i, p := range batch {
		if !p.claim() {
			continue
		}
		ran = append(ran, p)
		if err := w.turn(p, alone); err != nil {
			w.end(ran, fmt.Errorf("transaction lost: %w", err))
			return batch[i+1:]
		}
	}
	w.end(ran, nil)
	return nil
}

func (w *writer) begin() error {
	err := errors.New("no connection")
	if w.conn != nil {
		err = w.exec("BEGIN IMMEDIATE")
	}
	if w.conn == nil || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) {
		if err = w.connect(context.Background()); err == nil {
			err = w.exec("BEGIN IMMEDIATE")
		}
	}
	return err
}

// turn lets the caller of p run its function. Its error means that the transaction is lost for everybody: SQLite undoes
// it whole when the disk is full or cannot be read.
func (w *writer) turn(p *part, alone bool) error {
	if !alone {
		if err := w.exec("SAVEPOINT part"); err != nil {
			return err
		}
	}
	work := &sqliteWork{w: w, hooks: &p.hooks}
	tx := &sqliteTx{sqliteWork: work}
	p.start <- tx
	p.err = tx.finish(<-p.ran)
	work.over = true
	if alone {
		return nil
	}
	if p.err != nil {
		if err := w.exec("ROLLBACK TO part"); err != nil {
			return err
		}
	}
	return w.exec("RELEASE part")
}

// end commits if any function succeeded and nothing was lost, runs the callbacks in order, then lets the callers go.
func (w *writer) end(ran []*part, lost error) {
	good := uint64(0)
	for _, p := range ran {
		if p.err == nil {
			good++
		}
	}
	if lost == nil && good > 0 {
		if err := w.exec("COMMIT"); err != nil {
			lost = fmt.Errorf("commit: %w", err)
		}
	}
	if lost != nil || good == 0 {
		if err := w.exec("ROLLBACK"); err != nil {
			// Nothing was open any more, or worse: a fresh connection is in a known state.
			if err := w.connect(context.Background()); err != nil {
				w.conn = nil
			}
		}
	}
	for _, p := range ran {
		if p.err == nil {
			p.err = lost
		}
	}
	w.stats.ended(len(ran), good, lost == nil)
	for _, p := range ran {
		p.hooks.run(p.err == nil)
	}
	for _, p := range ran {
		close(p.ended)
	}
}

func (w *writer) exec(text string) error {
	st, done, err := w.prepare(text)
	if err != nil {
		return err
	}
	defer done()
	_, err = st.ExecContext(context.Background())
	return err
}

// prepare returns the statement, from the cache if it is there, and what to call when it is no longer in use.
func (w *writer) prepare(text string) (*sql.Stmt, func(), error) {
	if st := w.stmts[text]; st != nil {
		return st, func() {}, nil
	}
	st, err := w.conn.PrepareContext(context.Background(), prepared(text))
	if err != nil {
		return nil, nil, err
	}
	if len(w.stmts) >= maxStmts {
		return st, func() { st.Close() }, nil
	}
	w.stmts[text] = st
	return st, func() {}, nil
}
