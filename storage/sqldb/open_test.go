package sqldb_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

func TestWhatCannotBeOpenedIsExplained(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("Dear Alice, ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, dsn, want string }{
		{"folder missing", "sqlite:" + dir + "/no/such/x.db", "does not exist: make it"},
		{"a file as folder", "sqlite:" + file + "/x.db", "choose another place"},
		{"a folder as file", "sqlite:" + dir, "give the name of a file"},
		{"not a database", "sqlite:" + file, "choose another file"},
		{"not writable", "sqlite:/proc/orrery.db", "cannot be written"},
		{"unknown engine", "mysql:secret@host", `must be "sqlite:PATH"`},
		{"no server", "postgres://u:secret@127.0.0.1:1/x?connect_timeout=5", "check that the server runs"},
		{"bad address", "postgres://u:secret@127.0.0.1:port/x", "write it as"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			db, err := sqldb.Open(t.Context(), tt.dsn, sqldb.Options{})
			if err == nil {
				db.Close()
				t.Fatal("it was opened")
			}
			if got := err.Error(); !strings.Contains(got, tt.want) || strings.Contains(got, "secret") {
				t.Errorf("got %q, want a sentence with %q and without the password", got, tt.want)
			}
			if tt.name == "not a database" && !errors.Is(err, sqldb.ErrNotDB) {
				t.Errorf("got %v, want ErrNotDB", err)
			}
		})
	}
	if _, err := sqldb.Open(t.Context(), storagetest.SQLite(t), sqldb.Options{Synchronous: "MAYBE"}); err == nil {
		t.Error("Synchronous MAYBE was taken")
	}
}

func TestASQLiteFileIsSetUp(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%41.db") // nothing in a name is special
	db := storagetest.Open(t, "sqlite:"+path)
	exec(t, db, "CREATE TABLE t (id BIGINT PRIMARY KEY)")
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if got := st.Mode().Perm(); got != 0o600 {
		t.Errorf("mode %o, want 600", got)
	}
	pragmas := func(q sqldb.Q, names ...string) (got []string) {
		for _, name := range names {
			got = append(got, name+"="+ask(t, q, "SELECT * FROM pragma_"+name))
		}
		return got
	}
	names := []string{"journal_mode", "synchronous", "foreign_keys", "query_only", "busy_timeout"}
	if got, want := strings.Join(pragmas(db, names...), " "), "journal_mode=wal synchronous=0 foreign_keys=1 query_only=1 busy_timeout=10000"; got != want {
		t.Errorf("readers: got %s, want %s", got, want)
	}
	err = db.Tx(t.Context(), func(tx sqldb.Tx) error {
		if got, want := strings.Join(pragmas(tx, names...), " "), "journal_mode=wal synchronous=0 foreign_keys=1 query_only=0 busy_timeout=10000"; got != want {
			t.Errorf("writer: got %s, want %s", got, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Query(t.Context(), `SELECT "nothing of that name" FROM t`); err == nil {
		t.Error("an unknown name in double quotes was taken for a string")
	}
}
