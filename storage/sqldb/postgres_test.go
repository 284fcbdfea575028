package sqldb_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

func TestADeadlockIsRunAgain(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.Postgres(t))
	const grow = `UPDATE post SET size = size + 1 WHERE id = $1`
	var all, both sync.WaitGroup
	var undone atomic.Int64
	both.Add(2)
	for _, order := range [][2]int{{1, 2}, {2, 1}} {
		first := true
		all.Go(func() {
			err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
				tx.AfterEnd(func(c bool) {
					if !c {
						undone.Add(1)
					}
				})
				if _, err := tx.Exec(t.Context(), grow, order[0]); err != nil {
					return err
				}
				if first { // each holds one row now, and wants the other's
					first = false
					both.Done()
					both.Wait()
				}
				_, err := tx.Exec(t.Context(), grow, order[1])
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := ask(t, db, `SELECT p.size FROM post p WHERE p.id < 3 ORDER BY p.id`); got != "12 22" {
		t.Errorf("sizes: got %s, want 12 22", got)
	}
	if got := db.Stats().Retries; got == 0 || got != uint64(undone.Load()) {
		t.Errorf("retries: got %d with %d undone, want at least 1 and as many", got, undone.Load())
	}
}

func TestListen_hears_what_is_committed_and_says_when_it_lost_something(t *testing.T) {
	t.Parallel()
	db := open(t, storagetest.Postgres(t))
	heard, lost := make(chan string, 10), make(chan struct{}, 10)
	if err := db.(sqldb.Listener).Listen(t.Context(), "gossip", func(p string) { heard <- p }, func() { lost <- struct{}{} }); err != nil {
		t.Fatal(err)
	}
	tell := func(what string, end error) {
		err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
			_, err := tx.Exec(t.Context(), `SELECT pg_notify($1, $2)`, "gossip", what)
			return errors.Join(err, end)
		})
		if !errors.Is(err, end) {
			t.Fatal(err)
		}
	}
	tell("undone", errors.New("no"))
	tell("done", nil)
	if got := <-heard; got != "done" {
		t.Errorf("heard %q, want done", got)
	}
	const cut = `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a WHERE a.datname = current_database() AND a.query LIKE 'LISTEN%'`
	if _, err := db.Exec(t.Context(), cut); err != nil {
		t.Fatal(err)
	}
	<-lost
	tell("again", nil)
	if got := <-heard; got != "again" {
		t.Errorf("heard %q, want again", got)
	}
}
