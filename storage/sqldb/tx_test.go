package sqldb_test

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

var errOwn = errors.New("changed my mind")

const insert = `INSERT INTO post (id, uri) VALUES ($1, $2)`

func TestTxCommitsOrLeavesNothing(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		add := func(id int64, uri string, after error) error {
			return db.Tx(t.Context(), func(tx sqldb.Tx) error {
				exec(t, tx, insert, id, uri)
				if got := ask(t, tx, `SELECT uri FROM post WHERE id = $1`, id); got != uri {
					t.Errorf("inside: got %q, want %q", got, uri)
				}
				return after
			})
		}
		if err := add(10, "ten", nil); err != nil {
			t.Fatal(err)
		}
		if err := add(11, "eleven", errOwn); err != errOwn {
			t.Errorf("got %v, want the function's own error", err)
		}
		if got := ask(t, db, `SELECT p.id FROM post p WHERE p.id > 4`); got != "10" {
			t.Errorf("rows: got %q, want 10", got)
		}
	})
}

func TestUniqueViolationInsideNestLeavesTheRest(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
			exec(t, tx, insert, 10, "ten")
			for i, uri := range []string{"eleven", "u1", "twelve"} {
				err := tx.Nest(t.Context(), func(tx sqldb.Tx) error {
					exec(t, tx, `UPDATE post SET text = text || $1 WHERE id = 10`, uri)
					_, err := tx.Exec(t.Context(), insert, 11+i, uri)
					return err
				})
				if got, want := db.IsUnique(err), uri == "u1"; got != want {
					t.Errorf("IsUnique(%v) = %v, want %v", err, got, want)
				}
			}
			return tx.Nest(t.Context(), func(tx sqldb.Tx) error {
				return tx.Nest(t.Context(), func(tx sqldb.Tx) error {
					exec(t, tx, insert, 20, "deep")
					return nil
				})
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if got, want := ask(t, db, `SELECT p.uri FROM post p WHERE p.id > 4 ORDER BY p.id`), "ten eleven twelve deep"; got != want {
			t.Errorf("rows: got %q, want %q", got, want)
		}
		if got, want := ask(t, db, `SELECT p.text FROM post p WHERE p.id = 10`), "eleventwelve"; got != want {
			t.Errorf("changes beside the violation: got %q, want %q", got, want)
		}
	})
}

func TestAfterAFailedStatementNothingGoesOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		var second error
		err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
			exec(t, tx, insert, 10, "ten")
			_, _ = tx.Exec(t.Context(), insert, 11, "u1")
			_, second = tx.Exec(t.Context(), insert, 12, "twelve")
			return nil
		})
		if !errors.Is(second, sqldb.ErrAborted) {
			t.Errorf("statement after a failed one: got %v, want ErrAborted", second)
		}
		if !errors.Is(err, sqldb.ErrAborted) {
			t.Errorf("success over a failed statement: got %v, want ErrAborted", err)
		}
		if got := ask(t, db, `SELECT p.id FROM post p WHERE p.id > 4`); got != "" {
			t.Errorf("rows: got %q, want none", got)
		}
	})
}

func TestATxIsUselessAfterItsEnd(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		var kept sqldb.Tx
		if err := db.Tx(t.Context(), func(tx sqldb.Tx) error { kept = tx; return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := kept.Exec(t.Context(), insert, 10, "ten"); !errors.Is(err, sqldb.ErrTxDone) {
			t.Errorf("got %v, want ErrTxDone", err)
		}
	})
}

func TestRowsLeftOpenAreAMistake(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
			rows, err := tx.Query(t.Context(), `SELECT p.id FROM post p`)
			if err != nil {
				t.Fatal(err)
			}
			rows.Next()
			if _, err := tx.Exec(t.Context(), insert, 10, "ten"); err == nil {
				t.Error("a statement ran between the rows of another")
			}
			return nil
		})
		if err == nil {
			t.Error("a transaction that left rows open was committed")
		}
		if got := ask(t, db, `SELECT COUNT(*) FROM post`); got != "4" {
			t.Errorf("rows: got %s, want 4", got)
		}
	})
}

func TestAfterEndKnowsWhatWasCommitted(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		type call struct {
			Name      string
			Committed bool
		}
		run := func(result error) (calls []call) {
			note := func(tx sqldb.Tx, name string) {
				tx.AfterEnd(func(c bool) { calls = append(calls, call{name, c}) })
			}
			_ = db.Tx(t.Context(), func(tx sqldb.Tx) error {
				note(tx, "outer")
				_ = tx.Nest(t.Context(), func(tx sqldb.Tx) error { note(tx, "kept"); return nil })
				_ = tx.Nest(t.Context(), func(tx sqldb.Tx) error {
					_ = tx.Nest(t.Context(), func(tx sqldb.Tx) error { note(tx, "inner"); return nil })
					return errOwn
				})
				if len(calls) > 0 {
					t.Errorf("called before the end: %v", calls)
				}
				return result
			})
			return calls
		}
		if diff := cmp.Diff([]call{{"outer", true}, {"kept", true}, {"inner", false}}, run(nil)); diff != "" {
			t.Errorf("commit (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff([]call{{"outer", false}, {"kept", false}, {"inner", false}}, run(errOwn)); diff != "" {
			t.Errorf("rollback (-want +got):\n%s", diff)
		}
	})
}

func TestAPanicIsUndoneAndGoesOn(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		ended := ""
		func() {
			defer func() {
				if r := recover(); r != "boom" {
					t.Errorf("recovered %v, want boom", r)
				}
			}()
			_ = db.Tx(t.Context(), func(tx sqldb.Tx) error {
				tx.AfterEnd(func(c bool) { ended = map[bool]string{true: "committed", false: "undone"}[c] })
				exec(t, tx, insert, 10, "ten")
				return tx.Nest(t.Context(), func(sqldb.Tx) error { panic("boom") })
			})
		}()
		if ended != "undone" {
			t.Errorf("AfterEnd: got %q, want undone", ended)
		}
		left := make(chan struct{})
		go func() { // as t.FailNow does
			defer close(left)
			_ = db.Tx(t.Context(), func(tx sqldb.Tx) error {
				exec(t, tx, insert, 11, "eleven")
				runtime.Goexit()
				return nil
			})
		}()
		<-left
		if got := ask(t, db, `SELECT p.id FROM post p WHERE p.id > 4`); got != "" {
			t.Errorf("rows: got %q, want none", got)
		}
		exec(t, db, insert, 12, "twelve") // the database goes on
	})
}

func TestACancelledFunctionIsNotRun(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := db.Tx(ctx, func(sqldb.Tx) error { t.Error("the function ran"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
	})
}

func TestAClosedDatabaseSaysSo(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db, err := sqldb.Open(t.Context(), dsn, sqldb.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		var n int
		_, exec := db.Exec(t.Context(), "CREATE TABLE x (id BIGINT)")
		_, query := db.Query(t.Context(), "SELECT 1")
		for what, err := range map[string]error{
			"Tx":       db.Tx(t.Context(), func(sqldb.Tx) error { return nil }),
			"Exec":     exec,
			"Query":    query,
			"QueryRow": db.QueryRow(t.Context(), "SELECT 1").Scan(&n),
		} {
			if !errors.Is(err, sqldb.ErrClosed) {
				t.Errorf("%s: got %v, want ErrClosed", what, err)
			}
		}
	})
}
