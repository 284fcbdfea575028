package sqldb_test

import (
	"errors"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

func TestOneProcessKeepsADatabaseToItself(t *testing.T) {
	t.Parallel()
	dsn := storagetest.Postgres(t)
	first, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	if second, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Alone: true}); !errors.Is(err, sqldb.ErrInUse) {
		t.Errorf("a second that wants it alone: %v, %v, want ErrInUse", second, err)
	}
	guest, err := sqldb.Open(t.Context(), dsn, sqldb.Options{})
	if err != nil {
		t.Fatalf("a command that only changes something: %v", err)
	}
	if err := errors.Join(guest.Close(), first.Close()); err != nil {
		t.Fatal(err)
	}
	next, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Alone: true})
	if err != nil {
		t.Fatalf("after the first has ended: %v", err)
	}
	if err := next.Close(); err != nil {
		t.Fatal(err)
	}
}
