package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

// gather holds the writer until n transactions wait behind it, so that they must share a commit.
// Each waiting one runs fn(tx, i); its error, or panic, is in the result.
func gather(t *testing.T, db sqldb.DB, n int, fn func(tx sqldb.Tx, i int) error) []error {
	t.Helper()
	hold, held := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = db.Tx(t.Context(), func(sqldb.Tx) error {
			close(held)
			<-hold
			return errOwn
		})
	})
	<-held
	errs := make([]error, n)
	for i := range n {
		all.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = fmt.Errorf("panic: %v", r)
				}
			}()
			errs[i] = db.Tx(t.Context(), func(tx sqldb.Tx) error { return fn(tx, i) })
		})
	}
	for sqldb.Waiting(db) < n {
		runtime.Gosched()
	}
	close(hold)
	all.Wait()
	return errs
}

func TestWaitingFunctionsShareACommitAndFailAlone(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.SQLite(t))
	before := db.Stats()
	var real, ends sync.Map
	errs := gather(t, db, 100, func(tx sqldb.Tx, i int) error {
		real.Store(tx.Real(), true)
		tx.AfterEnd(func(c bool) { ends.Store(i, c) })
		exec(t, tx, insert, 1000+i, fmt.Sprint("many", i))
		switch {
		case i%10 == 3:
			return errOwn
		case i%10 == 7:
			_, err := tx.Exec(t.Context(), insert, 5000+i, "u1")
			return err
		}
		return nil
	})
	for i, err := range errs {
		bad := i%10 == 3 || i%10 == 7
		if (err != nil) != bad {
			t.Errorf("function %d: %v", i, err)
		}
		if c, _ := ends.Load(i); c != !bad {
			t.Errorf("function %d: AfterEnd was told %v, want %v", i, c, !bad)
		}
		want := map[bool]string{true: "0", false: "1"}[bad]
		if got := ask(t, db, `SELECT COUNT(*) FROM post WHERE id = $1`, 1000+i); got != want {
			t.Errorf("function %d: %s rows, want %s", i, got, want)
		}
	}
	s := db.Stats()
	if got := s.Functions - before.Functions; got != 80 {
		t.Errorf("functions committed: got %d, want 80", got)
	}
	if got := s.Commits - before.Commits; got != 1 {
		t.Errorf("commits: got %d, want 1", got)
	}
	if s.LargestBatch != 80 {
		t.Errorf("largest batch: got %d, want 80", s.LargestBatch)
	}
	numbers := 0
	real.Range(func(any, any) bool { numbers++; return true })
	if numbers != 1 {
		t.Errorf("the functions saw %d real transactions, want 1", numbers)
	}
}

func TestAPanicInAGroupTakesNobodyWithIt(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.SQLite(t))
	errs := gather(t, db, 20, func(tx sqldb.Tx, i int) error {
		exec(t, tx, insert, 1000+i, fmt.Sprint("many", i))
		if i == 5 {
			panic("boom")
		}
		return nil
	})
	for i, err := range errs {
		if got, want := fmt.Sprint(err), map[bool]string{true: "panic: boom", false: "<nil>"}[i == 5]; got != want {
			t.Errorf("function %d: got %s, want %s", i, got, want)
		}
	}
	if got := ask(t, db, `SELECT COUNT(*) FROM post WHERE id >= 1000`); got != "19" {
		t.Errorf("rows: got %s, want 19", got)
	}
}

func TestManyWritersAndReadersAtOnce(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		var all sync.WaitGroup
		for i := range 100 {
			all.Go(func() {
				err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
					if _, err := tx.Exec(t.Context(), `UPDATE post SET size = size + 1 WHERE id = 1`); err != nil {
						return err
					}
					if i%4 == 0 {
						return errOwn
					}
					return nil
				})
				if (err != nil) != (i%4 == 0) {
					t.Errorf("function %d: %v", i, err)
				}
			})
			all.Go(func() {
				var n int
				if err := db.QueryRow(t.Context(), `SELECT size FROM post WHERE id = 1`).Scan(&n); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if got := ask(t, db, `SELECT size FROM post WHERE id = 1`); got != "85" {
			t.Errorf("counter: got %s, want 85", got)
		}
	})
}

func TestCancelledWhileWaitingIsNotRun(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.SQLite(t))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.Tx(t.Context(), func(sqldb.Tx) error {
		done := make(chan error)
		go func() { done <- db.Tx(ctx, func(sqldb.Tx) error { t.Error("ran"); return nil }) }()
		for sqldb.Waiting(db) < 1 {
			runtime.Gosched()
		}
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestATxInsideATxIsRefused(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.SQLite(t))
	err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
		_, err := db.Exec(t.Context(), insert, 10, "ten")
		return err
	})
	if !errors.Is(err, sqldb.ErrInsideTx) {
		t.Errorf("got %v, want ErrInsideTx", err)
	}
	exec(t, db, insert, 10, "ten") // and the database goes on
}

func TestALostTransactionIsNobodysSuccess(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.SQLite(t))
	errs := gather(t, db, 6, func(tx sqldb.Tx, i int) error {
		exec(t, tx, insert, 1000+i, fmt.Sprint("many", i))
		if i == 2 {
			exec(t, tx, "ROLLBACK") // what SQLite does by itself when the disk is full
		}
		return nil
	})
	committed := 0
	for i, err := range errs {
		want := "1"
		if err != nil {
			want = "0"
		} else {
			committed++
		}
		if got := ask(t, db, `SELECT COUNT(*) FROM post WHERE id = $1`, 1000+i); got != want {
			t.Errorf("function %d answered %v and left %s rows, want %s", i, err, got, want)
		}
	}
	if errs[2] == nil {
		t.Error("the function that lost the transaction was told it succeeded")
	}
	t.Logf("%d of 6 committed", committed)
	exec(t, db, insert, 10, "ten")
}
