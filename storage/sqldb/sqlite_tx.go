package sqldb

import (
	"context"
	"database/sql"
	"fmt"
)

// sqliteWork is the turn of one function on the writer's connection; sqliteTx is that turn at one depth of nesting.
type sqliteWork struct {
	w     *writer
	hooks *hooks
	open  *txRows // rows not yet closed
	over  bool
}

type sqliteTx struct {
	*sqliteWork
	depth  int
	failed error // the first statement that failed at this depth
}

func (t *sqliteTx) Dialect() string        { return "sqlite" }
func (t *sqliteTx) Real() uint64           { return t.w.real }
func (t *sqliteTx) AfterEnd(fn func(bool)) { t.hooks.add(fn) }

func (t *sqliteTx) Exec(ctx context.Context, text string, args ...any) (int64, error) {
	st, done, err := t.ready(ctx, text, args)
	if err != nil {
		return 0, err
	}
	defer done()
	res, err := st.ExecContext(context.Background(), args...)
	if err != nil {
		return 0, t.fail(err)
	}
	return res.RowsAffected()
}

func (t *sqliteTx) Query(ctx context.Context, text string, args ...any) (Rows, error) {
	st, done, err := t.ready(ctx, text, args)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(context.Background(), args...)
	if err != nil {
		done()
		return nil, t.fail(err)
	}
	t.open = &txRows{rows: rows, tx: t, done: done}
	return t.open, nil
}

func (t *sqliteTx) QueryRow(ctx context.Context, text string, args ...any) Row {
	return lazyRow(func(dest ...any) error {
		rows, err := t.Query(ctx, text, args...)
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
	})
}

// ready prepares a statement if the transaction may go on. Statements run without ctx: an interrupt in the middle of one
// makes SQLite undo the whole transaction, other functions' work included. So ctx is asked before each.
func (t *sqliteTx) ready(ctx context.Context, text string, args []any) (*sql.Stmt, func(), error) {
	switch {
	case t.over:
		return nil, nil, ErrTxDone
	case t.failed != nil:
		return nil, nil, fmt.Errorf("%w (%v)", ErrAborted, t.failed)
	case t.open != nil:
		return nil, nil, ErrRowsOpen
	}
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	if err := checkArgs(args); err != nil {
		return nil, nil, err
	}
	st, done, err := t.w.prepare(text)
	if err != nil {
		return nil, nil, t.fail(err)
	}
	return st, done, nil
}

func (t *sqliteTx) fail(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// finish is the verdict on a function or Nest that returned err. Success with a failed statement or open rows behind it
// is none: PostgreSQL would refuse to commit it.
func (t *sqliteTx) finish(err error) error {
	left := t.open != nil
	if left {
		t.open.Close()
	}
	switch {
	case err != nil:
		return err
	case t.failed != nil:
		return fmt.Errorf("%w (%w)", ErrAborted, t.failed)
	case left:
		return ErrRowsOpen
	}
	return nil
}

func (t *sqliteTx) Nest(ctx context.Context, fn func(Tx) error) (err error) {
	name := fmt.Sprintf("nest%d", t.depth+1)
	if _, err := t.Exec(ctx, "SAVEPOINT "+name); err != nil {
		return err
	}
	mark := len(t.hooks.list)
	in := &sqliteTx{sqliteWork: t.sqliteWork, depth: t.depth + 1}
	err = errUnwound
	defer func() { // deferred so that a panic caught further out finds the savepoint closed
		if err != nil {
			t.hooks.lose(mark)
			if e := t.w.exec("ROLLBACK TO " + name); e != nil {
				t.fail(e)
				return
			}
		}
		if e := t.w.exec("RELEASE " + name); e != nil && err == nil {
			err = t.fail(e)
		}
	}()
	err = in.finish(fn(in))
	return err
}

// txRows are rows inside a transaction. Only one may be open at a time, as on PostgreSQL.
type txRows struct {
	rows *sql.Rows
	tx   *sqliteTx
	done func()
	err  error
}

func (r *txRows) Next() bool {
	if r.rows.Next() {
		return true
	}
	r.Close()
	return false
}

func (r *txRows) Scan(dest ...any) error { return r.rows.Scan(dest...) }

func (r *txRows) Close() {
	if r.done == nil {
		return
	}
	r.err = r.rows.Err()
	if e := r.rows.Close(); r.err == nil {
		r.err = e
	}
	if r.err != nil {
		r.tx.fail(r.err)
	}
	r.done()
	r.done = nil
	if r.tx.open == r {
		r.tx.open = nil
	}
}

func (r *txRows) Err() error {
	if r.done == nil {
		return r.err
	}
	return r.rows.Err()
}
