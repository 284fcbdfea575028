package bench

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"orrery/social"
	"orrery/storage"
	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
	"orrery/storage/storagetest/prepared"
)

// large in the environment is how many statuses the big database holds; without it only empty ones are measured.
const large = "ORRERY_BENCH_STATUSES"

// each runs fn on both engines, on an empty database and, if asked for, on a large one.
func each(b *testing.B, fn func(b *testing.B, s setting)) {
	b.Run("sqlite", func(b *testing.B) { fn(b, setting{dsn: prepared.SQLite(b)}) })
	b.Run("postgres", func(b *testing.B) { fn(b, setting{dsn: storagetest.Postgres(b)}) })
	n, _ := strconv.Atoi(os.Getenv(large))
	if n == 0 {
		return
	}
	b.Run(fmt.Sprintf("sqlite-%d", n), func(b *testing.B) { fn(b, setting{dsn: largeSQLite(b, n), statuses: n}) })
	b.Run(fmt.Sprintf("postgres-%d", n), func(b *testing.B) {
		dsn := storagetest.PostgresFrom(b, func(ctx context.Context, dsn string) error { return fill(ctx, dsn, n) })
		fn(b, setting{dsn: dsn, statuses: n})
	})
}

// largeSQLite is a copy of a database with n statuses, which is made once and kept in the user's cache folder.
func largeSQLite(b *testing.B, n int) string {
	b.Helper()
	kept := keptSQLite(b, n)
	from, err := os.Open(kept)
	must(b, err)
	defer from.Close()
	path := filepath.Join(b.TempDir(), "large.db")
	to, err := os.Create(path)
	must(b, err)
	_, err = io.Copy(to, from)
	must(b, err)
	must(b, to.Close())
	return "sqlite:" + path
}

// keptSQLite is the file of n statuses, named for the schema too.
func keptSQLite(b *testing.B, n int) string {
	b.Helper()
	cache, err := os.UserCacheDir()
	must(b, err)
	folder := filepath.Join(cache, "orrery-bench")
	must(b, os.MkdirAll(folder, 0o700))
	empty := prepared.SQLite(b)
	kept := filepath.Join(folder, fmt.Sprintf("%d-%s.db", n, schemaOf(b, empty)))
	if _, err := os.Stat(kept); err == nil {
		return kept
	}
	part := kept + ".part"
	for _, leftover := range []string{part, part + "-wal", part + "-shm"} {
		_ = os.Remove(leftover) // of a run that was stopped
	}
	must(b, fill(b.Context(), "sqlite:"+part, n))
	must(b, os.Rename(part, kept))
	return kept
}

// schemaOf is a short name for the schema of an SQLite database.
func schemaOf(b *testing.B, dsn string) string {
	b.Helper()
	db, err := sqldb.Open(b.Context(), dsn, sqldb.Options{Synchronous: "OFF"})
	must(b, err)
	texts, err := column(b.Context(), db, "SELECT COALESCE(sql, '') FROM sqlite_master ORDER BY type, name")
	must(b, errors.Join(err, db.Close()))
	return fmt.Sprintf("%x", sha256.Sum256([]byte(strings.Join(texts, ";"))))[:12]
}

func column(ctx context.Context, q sqldb.Q, query string) (out []string, err error) {
	rows, err := q.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		out = append(out, text)
	}
	return out, rows.Err()
}

// past is when the first of a large database's statuses was written; the others follow 16 ms apart.
var past = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// authors are how many people wrote what a large database holds.
const authors = 1000

// fill makes a database with n statuses by a thousand people elsewhere; every third answers the one before.
func fill(ctx context.Context, dsn string, n int) error {
	store, err := storage.Open(ctx, storage.Options{DSN: dsn, Synchronous: "OFF", Instance: "large", NewID: func() int64 { return 1 }})
	if err != nil {
		return err
	}
	err = store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
		for i := range authors {
			uri := fmt.Sprintf("https://old.example/users/q%d", i)
			if err := tx.InsertAccount(ctx, social.Account{
				ID: authorID(i), Username: fmt.Sprintf("q%d", i), Domain: "old.example", URI: uri, URL: uri, ActorType: "Person",
				InboxURL: uri + "/inbox", FollowersURL: uri + "/followers", KeyID: uri + "#main-key", CreatedAt: past, FetchedAt: past,
			}, ""); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, store.Close()); err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, dsn, sqldb.Options{Synchronous: "OFF"})
	if err != nil {
		return err
	}
	err = withoutIndexes(ctx, db, func() error {
		for from := 0; from < n; from += 50_000 {
			_, err := db.Exec(ctx, bulk, int64(from), int64(min(from+50_000, n)-1), int64(statusID(0)), past.UnixMilli(), strings.Repeat("the weather is fine, the train was late; ", 3))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && db.Dialect() == "postgres" {
		_, err = db.Exec(ctx, "ANALYZE") // as its own housekeeping would have done meanwhile
	}
	return errors.Join(err, db.Close())
}

// authorID and statusID number what fill makes.
func authorID(i int) social.ID { return statusID(0) - authors + social.ID(i) }
func statusID(i int) social.ID { return social.ID(past.UnixMilli()<<16 + int64(i)<<20) }

// withoutIndexes takes the indexes of statuses away while fn writes rows: made afterwards, all at once, they cost a tenth.
func withoutIndexes(ctx context.Context, db sqldb.DB, fn func() error) error {
	names, texts := "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'statuses' AND sql IS NOT NULL ORDER BY name",
		"SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'statuses' AND sql IS NOT NULL ORDER BY name"
	if db.Dialect() == "postgres" {
		names, texts = "SELECT indexname FROM pg_indexes WHERE tablename = 'statuses' AND indexname <> 'statuses_pkey' ORDER BY indexname",
			"SELECT indexdef FROM pg_indexes WHERE tablename = 'statuses' AND indexname <> 'statuses_pkey' ORDER BY indexname"
	}
	drop, err := column(ctx, db, names)
	if err != nil {
		return err
	}
	create, err := column(ctx, db, texts)
	if err != nil {
		return err
	}
	for _, name := range drop {
		if _, err := db.Exec(ctx, "DROP INDEX "+name); err != nil {
			return err
		}
	}
	if err := fn(); err != nil {
		return err
	}
	for _, text := range create {
		if _, err := db.Exec(ctx, text); err != nil {
			return err
		}
	}
	return nil
}

const bulk = `
	INSERT INTO statuses (id, uri, url, account_id, reply_to_id, reply_to_uri, reply_to_account_id, boost_of_id, visibility,
		content, source, spoiler_text, sensitive, language, object_type, conversation, local, created_at, edited_at, deleted_at,
		replies_count, boosts_count, favourites_count)
	WITH RECURSIVE n(i) AS (
		SELECT CAST($1 AS BIGINT)
		UNION ALL
		SELECT i + 1 FROM n WHERE i < $2
	)
	SELECT $3 + i * 1048576, 'https://old.example/users/q' || (i % 1000) || '/statuses/' || (109000000000000000 + i),
		'https://old.example/@q' || (i % 1000) || '/' || (109000000000000000 + i), $3 - 1000 + i % 1000,
		CASE WHEN i % 3 = 2 THEN $3 + (i - 1) * 1048576 ELSE 0 END, '',
		CASE WHEN i % 3 = 2 THEN $3 - 1000 + (i - 1) % 1000 ELSE 0 END, 0, 'public',
		'<p>Post number ' || i || ': ' || CAST($5 AS TEXT) || '</p>', '', '', FALSE, 'en', 'Note',
		'tag:old.example,2026-01-01:objectId=' || (i - CASE WHEN i % 3 = 2 THEN 1 ELSE 0 END) || ':objectType=Conversation',
		FALSE, $4 + i * 16, 0, 0, CASE WHEN i % 3 = 1 THEN 1 ELSE 0 END, 0, 0
	FROM n`

// home fills the homes of people here with what a large database holds, 10,000 posts each.
func (w *world) home(s setting, readers []social.Account) {
	w.b.Helper()
	for _, r := range readers {
		var entries []social.HomeEntry
		for i := range min(s.statuses, 10_000) {
			entries = append(entries, social.HomeEntry{AccountID: r.ID, StatusID: statusID(s.statuses - 1 - i), Via: "follow"})
		}
		must(w.b, w.instance.Services.Store.Atomically(w.b.Context(), func(ctx context.Context, tx social.Tx) error { return tx.InsertHome(ctx, entries) }))
	}
}
