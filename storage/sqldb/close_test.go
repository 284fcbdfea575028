package sqldb_test

import (
	"os"
	"path/filepath"
	"testing"

	"orrery/storage/sqldb"
)

// A database that was closed is one file: whoever copies it has everything.
func TestClose_foldsTheWALIntoTheFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	db, err := sqldb.Open(t.Context(), "sqlite:"+filepath.Join(dir, "x.db"), sqldb.Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	exec(t, db, "CREATE TABLE t (id BIGINT PRIMARY KEY)")
	exec(t, db, "INSERT INTO t (id) VALUES (1)")
	if got := ask(t, db, "SELECT COUNT(*) FROM t"); got != "1" {
		t.Errorf("got %s rows, want 1", got)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Errorf("got %v, %v; want x.db alone", files, err)
	}
}
