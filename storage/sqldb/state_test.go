package sqldb_test

import (
	"errors"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

// The state stays while nothing is committed, and every commit changes it, another process' too.
func TestState(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		other, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Synchronous: "OFF"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { other.Close() })
		state := func() string {
			t.Helper()
			v, err := db.State(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		was := state()
		look := func(what string, changed bool) {
			t.Helper()
			is := state()
			// All databases of one PostgreSQL count together, and other tests write too.
			if (is != was) != changed && (changed || db.Dialect() == "sqlite") {
				t.Errorf("%s: the state was %s and is %s", what, was, is)
			}
			was = is
		}
		look("nothing", false)
		ask(t, db, "SELECT COUNT(*) FROM post")
		look("reading", false)
		exec(t, db, "UPDATE post SET text = 'new' WHERE id = 1")
		look("a statement", true)
		exec(t, db, "UPDATE post SET text = 'new' WHERE id = 99")
		look("a statement that finds nothing", false)
		exec(t, other, "UPDATE post SET text = 'newer' WHERE id = 1")
		look("another process", true)
		if err := db.Tx(t.Context(), func(tx sqldb.Tx) error {
			exec(t, tx, "UPDATE post SET text = 'newest' WHERE id = 1")
			was = state()
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		look("the end of a transaction", true)
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		look("the end of a process", false)
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		if _, err := db.State(t.Context()); !errors.Is(err, sqldb.ErrClosed) {
			t.Errorf("a closed database answered %v, want ErrClosed", err)
		}
	})
}
