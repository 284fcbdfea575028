package sqldb_test

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

func file(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte("-- +goose Up\n" + text)} }

func first() fstest.MapFS {
	return fstest.MapFS{"00001_first.sql": file(schema + ";\nCREATE INDEX post_parent ON post (parent_id) WHERE parent_id IS NOT NULL;")}
}

func second() fstest.MapFS {
	files := first()
	files["00002_liked.sql"] = file("ALTER TABLE post ADD COLUMN liked BIGINT NOT NULL DEFAULT 0;")
	return files
}

func TestMigrateOnceForwardAndNeverBack(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		var log bytes.Buffer
		db, err := sqldb.Open(t.Context(), dsn, sqldb.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		for range 2 {
			if err := db.Migrate(t.Context(), first()); err != nil {
				t.Fatal(err)
			}
		}
		if got := strings.Count(log.String(), "\n"); got != 1 {
			t.Errorf("log lines after two calls: got %d, want 1:\n%s", got, &log)
		}
		exec(t, db, insert, 1, "kept")
		if err := db.Migrate(t.Context(), second()); err != nil {
			t.Fatal(err)
		}
		if got := ask(t, db, `SELECT liked FROM post WHERE uri = 'kept'`); got != "0" {
			t.Errorf("new column: got %q, want 0", got)
		}
		err = db.Migrate(t.Context(), first())
		if !errors.Is(err, sqldb.ErrNewer) || !strings.Contains(err.Error(), "version 2 and this one knows 1: use the newer program") {
			t.Errorf("older program: got %v, want ErrNewer with a next step", err)
		}
		bad := second()
		bad["00003_bad.sql"] = file("CREATE TABLE one (id BIGINT);\nCREATE TABEL two (id BIGINT);")
		if err := db.Migrate(t.Context(), bad); err == nil || !strings.Contains(err.Error(), "from version 2 to 3") {
			t.Errorf("broken migration: got %v", err)
		}
		exec(t, db, "CREATE TABLE one (id BIGINT)") // the broken one left nothing
	})
}

func TestAnExistingFileIsCopiedBeforeItsSchemaChanges(t *testing.T) {
	t.Parallel()
	dsn := storagetest.SQLite(t)
	path := strings.TrimPrefix(dsn, "sqlite:")
	db := storagetest.Open(t, dsn)
	if err := db.Migrate(t.Context(), first()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".bak-0"); err == nil {
		t.Error("a new file was copied")
	}
	exec(t, db, insert, 1, "kept")
	if err := os.WriteFile(path+".bak-1", []byte("an older copy"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context(), second()); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path + ".bak-1"); string(got) != "an older copy" {
		t.Error("an older copy was overwritten")
	}
	st, err := os.Stat(path + ".bak-1-2")
	if err != nil {
		t.Fatal(err)
	}
	if got := st.Mode().Perm(); got != 0o600 {
		t.Errorf("mode of the copy: %o, want 600", got)
	}
	old := storagetest.Open(t, dsn+".bak-1-2")
	if got := ask(t, old, `SELECT uri FROM post`); got != "kept" {
		t.Errorf("copy: got %q, want kept", got)
	}
	if _, err := old.Query(t.Context(), `SELECT liked FROM post`); err == nil {
		t.Error("the copy has the new column")
	}
}

func TestSeveralProcessesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	dsn := storagetest.Postgres(t)
	var all sync.WaitGroup
	for range 3 {
		db := storagetest.Open(t, dsn)
		all.Go(func() {
			if err := db.Migrate(t.Context(), second()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
