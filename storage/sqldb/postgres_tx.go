package sqldb

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// pgWork is one real transaction, pgTx that transaction or a savepoint in it.
type pgWork struct {
	real  uint64
	hooks *hooks
	over  bool
}

type pgTx struct {
	*pgWork
	tx pgx.Tx
}

func (t *pgTx) Dialect() string        { return "postgres" }
func (t *pgTx) Real() uint64           { return t.real }
func (t *pgTx) AfterEnd(fn func(bool)) { t.hooks.add(fn) }

func (t *pgTx) Exec(ctx context.Context, sql string, args ...any) (int64, error) {
	if t.over {
		return 0, ErrTxDone
	}
	return pgExec(ctx, t.tx, sql, args)
}

func (t *pgTx) Query(ctx context.Context, sql string, args ...any) (Rows, error) {
	if t.over {
		return nil, ErrTxDone
	}
	return pgQuery(ctx, t.tx, sql, args)
}

func (t *pgTx) QueryRow(ctx context.Context, sql string, args ...any) Row {
	if t.over {
		return lazyRow(func(...any) error { return ErrTxDone })
	}
	return pgQueryRow(ctx, t.tx, sql, args)
}

func (t *pgTx) Nest(ctx context.Context, fn func(Tx) error) (err error) {
	if t.over {
		return ErrTxDone
	}
	sp, err := t.tx.Begin(ctx)
	if err != nil {
		return aborted(err)
	}
	mark := len(t.hooks.list)
	err = errUnwound
	defer func() { // deferred so that a panic caught further out finds the savepoint closed
		if err != nil {
			t.hooks.lose(mark)
			pgRollback(ctx, sp)
		}
	}()
	if err = fn(&pgTx{pgWork: t.pgWork, tx: sp}); err != nil {
		return err
	}
	return aborted(sp.Commit(ctx))
}

// pgConn is what a pool, a transaction and a savepoint have in common.
type pgConn interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func pgExec(ctx context.Context, c pgConn, sql string, args []any) (int64, error) {
	if err := checkArgs(args); err != nil {
		return 0, err
	}
	tag, err := c.Exec(ctx, sql, args...)
	if err != nil {
		return 0, aborted(err)
	}
	return tag.RowsAffected(), nil
}

func pgQuery(ctx context.Context, c pgConn, sql string, args []any) (Rows, error) {
	if err := checkArgs(args); err != nil {
		return nil, err
	}
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		return nil, aborted(err)
	}
	return pgRows{rows}, nil
}

func pgQueryRow(ctx context.Context, c pgConn, sql string, args []any) Row {
	return lazyRow(func(dest ...any) error {
		rows, err := pgQuery(ctx, c, sql, args)
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
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		rows.Close() // an error may still come behind the first row
		return rows.Err()
	})
}

// pgRows are pgx.Rows with the errors of this package.
type pgRows struct{ pgx.Rows }

func (r pgRows) Err() error { return aborted(r.Rows.Err()) }

// codeAborted is PostgreSQL's answer to statements after a failed one.
const codeAborted = "25P02"

// aborted names the errors that both engines share and passes on the others.
func aborted(err error) error {
	switch {
	case err == nil:
		return nil
	case codeOf(err) == codeAborted:
		return errors.Join(ErrAborted, err)
	}
	return err
}
