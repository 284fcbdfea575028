// Package prepared gives tests databases that have the newest schema already, copied from one that was migrated once for
// the test binary: migrating takes longer than most tests.
//
// What a newcomer gets wrong: a test of the schema itself, or of package storage, wants an empty database; that is
// package storagetest.
package prepared

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"orrery/storage"
	"orrery/storage/storagetest"
)

// Each runs fn as subtests "sqlite" and "postgres", each with the address of a database of its own.
func Each(t *testing.T, fn func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// migrate opens the database and closes it again.
func migrate(ctx context.Context, dsn string) error {
	s, err := storage.Open(ctx, storage.Options{DSN: dsn, Synchronous: "OFF", Instance: "prepared", NewID: func() int64 { return 1 }})
	if err != nil {
		return err
	}
	return s.Close()
}

// SQLite returns the address of a database in a folder of the test.
func SQLite(t testing.TB) string {
	t.Helper()
	content, err := storage.Migrated()
	if err != nil {
		t.Fatalf("prepare a database: %v", err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// Postgres returns the address of a database that is dropped after the test, or skips the test.
func Postgres(t testing.TB) string {
	t.Helper()
	return storagetest.PostgresFrom(t, migrate)
}
