// Package storagetest runs a storage test on every engine.
//
// SQLite gets a file in the test's folder. PostgreSQL gets a fresh database on a throw-away server, which is started at
// the first need from the binaries found on the machine and ends with the test binary, however that ends. Nothing is
// fixed (no port, no path), so packages may be tested side by side.
//
// What a newcomer gets wrong: without PostgreSQL on the machine its half is skipped. ORRERY_TEST_REQUIRE=postgres, a
// list separated by commas, makes that a failure.
package storagetest

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"orrery/storage/sqldb"
)

// Each runs fn as subtests "sqlite" and "postgres", each with the address of an empty database.
func Each(t *testing.T, fn func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite returns the address of an empty database in the test's folder.
func SQLite(t testing.TB) string {
	return "sqlite:" + t.TempDir() + "/test.db"
}

// Postgres returns the address of an empty database that is dropped after the test, or skips the test.
func Postgres(t testing.TB) string {
	t.Helper()
	s := running(t)
	return s.database(t, "")
}

// PostgresFrom returns the address of a copy of a database that was empty and given to prepare, once for the test binary;
// it is dropped after the test. Without PostgreSQL it skips the test.
func PostgresFrom(t testing.TB, prepare func(ctx context.Context, dsn string) error) string {
	t.Helper()
	s := running(t)
	if err := s.prepare(context.Background(), prepare); err != nil {
		t.Fatalf("prepare a PostgreSQL database: %v", err)
	}
	return s.database(t, template)
}

// running is the server of this test binary; without one the test is skipped.
func running(t testing.TB) *postgres {
	t.Helper()
	s, err := server()
	switch {
	case err == nil:
	case slices.Contains(strings.Split(os.Getenv("ORRERY_TEST_REQUIRE"), ","), "postgres"):
		t.Fatalf("PostgreSQL is required by ORRERY_TEST_REQUIRE: %v", err)
	default:
		t.Skipf("PostgreSQL is left out: %v", err)
	}
	return s
}

// Open opens dsn, without waiting for the disk, and closes it after the test.
func Open(t testing.TB, dsn string) sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close database: %v", err)
		}
	})
	return db
}
