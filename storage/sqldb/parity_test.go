package sqldb_test

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/storage/sqldb"
	"orrery/storage/storagetest"
)

const schema = `
	CREATE TABLE post (
		id BIGINT PRIMARY KEY,
		parent_id BIGINT,
		uri TEXT NOT NULL UNIQUE,
		text TEXT NOT NULL DEFAULT '',
		body BYTEA,
		public BOOLEAN NOT NULL DEFAULT TRUE,
		size SMALLINT NOT NULL DEFAULT 0
	)`

// posts: 1 ← 2 ← 3, and 4 alone.
func open(t testing.TB, dsn string) sqldb.DB {
	t.Helper()
	db := storagetest.Open(t, dsn)
	exec(t, db, schema)
	exec(t, db, `INSERT INTO post (id, parent_id, uri, text, size) VALUES
		(1, NULL, 'u1', 'one', 10), (2, 1, 'u2', 'two', 20), (3, 2, 'u3', 'three', 30), (4, NULL, 'u4', 'four', 40)`)
	return db
}

func exec(t testing.TB, q sqldb.Q, text string, args ...any) int64 {
	t.Helper()
	n, err := q.Exec(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return n
}

// ask returns the rows of a query of one integer or text column, as text.
func ask(t testing.TB, q sqldb.Q, text string, args ...any) string {
	t.Helper()
	rows, err := q.Query(t.Context(), text, args...)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	defer rows.Close()
	var got []string
	for rows.Next() {
		var v any
		if err := rows.Scan(&v); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got = append(got, fmt.Sprint(v))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return strings.Join(got, " ")
}

func TestOneTextMeansTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	in := func(args *[]any, ids ...int64) string { return sqldb.In(args, ids...) }
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		var some, none []any
		for _, tt := range []struct {
			name, sql string
			args      []any
			want      string
		}{
			{"placeholders by number", `SELECT $2 || $1 || $2`, []any{"one", "two"}, "twoonetwo"},
			{"keyset with a bound", `SELECT p.id FROM post p WHERE p.id < $1 ORDER BY p.id DESC LIMIT $2`, []any{int64(math.MaxInt64), 2}, "4 3"},
			{"row values", `SELECT p.id FROM post p WHERE (p.size, p.id) > ($1, $2) ORDER BY p.size, p.id`, []any{20, 2}, "3 4"},
			{"recursive ancestors", `
				WITH RECURSIVE up(id, parent_id) AS (
					SELECT id, parent_id FROM post WHERE id = $1
					UNION ALL
					SELECT p.id, p.parent_id FROM post p JOIN up ON p.id = up.parent_id)
				SELECT up.id FROM up ORDER BY up.id`, []any{3}, "1 2 3"},
			{"IN a list", `SELECT p.id FROM post p WHERE p.id IN (` + in(&some, 1, 3, 4) + `) ORDER BY p.id`, some, "1 3 4"},
			{"IN an empty list", `SELECT p.id FROM post p WHERE p.id IN (` + in(&none) + `)`, none, ""},
			{"IS NOT DISTINCT FROM", `SELECT p.id FROM post p WHERE p.parent_id IS NOT DISTINCT FROM $1`, []any{int64(2)}, "3"},
			{"window", `SELECT n FROM (SELECT p.id AS i, ROW_NUMBER() OVER (ORDER BY p.id DESC) AS n FROM post p) x WHERE i = $1`, []any{4}, "1"},
			{"FILTER", `SELECT COUNT(*) FILTER (WHERE p.size > $1) FROM post p`, []any{15}, "3"},
			{"sum", `SELECT CAST(SUM(p.size) AS BIGINT) FROM post p`, nil, "100"},
			{"LIKE with an escape", `SELECT p.id FROM post p WHERE lower(p.text) LIKE $1 ESCAPE '\'`, []any{"t%"}, "2 3"},
			{"null order written out", `SELECT p.id FROM post p ORDER BY p.parent_id DESC NULLS LAST, p.id`, nil, "3 2 1 4"},
			{"upsert returning", `INSERT INTO post (id, uri, size) VALUES ($1, $2, $3) ON CONFLICT (uri) DO UPDATE SET size = post.size + excluded.size RETURNING id`, []any{99, "u1", 5}, "1"},
			{"upsert refused by WHERE", `INSERT INTO post (id, uri) VALUES ($1, $2) ON CONFLICT (uri) DO UPDATE SET size = 1 WHERE post.size < 0 RETURNING id`, []any{99, "u1"}, ""},
			{"DO NOTHING gives no row", `INSERT INTO post (id, uri) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`, []any{99, "u1"}, ""},
			{"UPDATE FROM RETURNING", `UPDATE post SET size = p.size + 1 FROM post p WHERE post.parent_id = p.id AND post.id = $1 RETURNING post.size`, []any{2}, "16"},
			{"claim by sub-select", `UPDATE post SET size = 0 WHERE id IN (SELECT id FROM post WHERE size > $1 ORDER BY id LIMIT 1) RETURNING id`, []any{20}, "3"},
			{"INSERT SELECT ON CONFLICT", `INSERT INTO post (id, uri) SELECT p.id + 10, p.uri || 'x' FROM post p WHERE p.id = $1 ON CONFLICT (uri) DO NOTHING RETURNING id`, []any{1}, "11"},
			{"DELETE RETURNING", `DELETE FROM post WHERE id = $1 RETURNING uri`, []any{11}, "u1x"},
		} {
			if got := ask(t, db, tt.sql, tt.args...); got != tt.want {
				t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
			}
		}
	})
}

type name string // types made from the basic ones are taken as these

func TestValuesComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		type row struct {
			Parent sql.Null[int64]
			Text   *string
			Body   []byte
			Public bool
			Size   int16
		}
		bytes := []byte{0, 1, 0xff, '\'', 0xc3}
		for i, want := range []row{
			{Parent: sql.Null[int64]{}, Text: new(string), Body: nil, Public: false, Size: math.MaxInt16},
			{Parent: sql.Null[int64]{V: math.MinInt64, Valid: true}, Text: ptr("ὦ 😀 ' \""), Body: bytes, Public: true, Size: -1},
			{Text: ptr(""), Body: []byte{}, Public: true},
		} {
			id := int64(100 + i)
			exec(t, db, `INSERT INTO post (id, parent_id, uri, text, body, public, size) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				id, want.Parent, name(fmt.Sprint("v", i)), want.Text, want.Body, want.Public, want.Size)
			var got row
			const q = `SELECT parent_id, text, body, public, size FROM post WHERE id = $1 AND uri = $2`
			if err := db.QueryRow(t.Context(), q, id, fmt.Sprint("v", i)).Scan(&got.Parent, &got.Text, &got.Body, &got.Public, &got.Size); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, emptyIsNil); diff != "" {
				t.Errorf("row %d (-want +got):\n%s", i, diff)
			}
			if got, want := ask(t, db, `SELECT COUNT(*) FROM post WHERE id = $1 AND body IS NULL`, id) == "1", want.Body == nil; got != want {
				t.Errorf("row %d: body IS NULL is %v, want %v", i, got, want)
			}
			var returned row // the way of statements that write and return
			const u = `UPDATE post SET size = size WHERE id = $1 RETURNING parent_id, text, body, public, size`
			rows, err := db.Query(t.Context(), u, id)
			if err != nil {
				t.Fatal(err)
			}
			for rows.Next() {
				if err := rows.Scan(&returned.Parent, &returned.Text, &returned.Body, &returned.Public, &returned.Size); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(want, returned, emptyIsNil); diff != "" || rows.Err() != nil {
				t.Errorf("returned row %d: %v (-want +got):\n%s", i, rows.Err(), diff)
			}
		}
		var s *string
		if err := db.QueryRow(t.Context(), `SELECT CAST(NULL AS TEXT)`).Scan(&s); err != nil || s != nil {
			t.Errorf("NULL into *string: %v, %v, want nil", s, err)
		}
		var plain string
		if err := db.QueryRow(t.Context(), `SELECT CAST(NULL AS TEXT)`).Scan(&plain); err == nil {
			t.Error("NULL into string: no error")
		}
		if _, err := db.Exec(t.Context(), `UPDATE post SET size = $1`, time.Time{}); err == nil {
			t.Error("a time.Time was taken as an argument")
		}
	})
}

// emptyIsNil: the SQLite driver reads an empty blob as nil.
var emptyIsNil = cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) })

func ptr(s string) *string { return &s }

func TestRowsAffectedAndNoRows(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		if got := exec(t, db, `UPDATE post SET size = 1 WHERE id > $1`, 2); got != 2 {
			t.Errorf("rows affected: got %d, want 2", got)
		}
		if got := exec(t, db, `DELETE FROM post WHERE id > $1`, 100); got != 0 {
			t.Errorf("rows affected: got %d, want 0", got)
		}
		var id int64
		for _, q := range []string{`SELECT id FROM post WHERE id = $1`, `DELETE FROM post WHERE id = $1 RETURNING id`} {
			if err := db.QueryRow(t.Context(), q, 100).Scan(&id); err != sqldb.ErrNoRows {
				t.Errorf("%s: got %v, want ErrNoRows", q, err)
			}
		}
	})
}

// A question whose asker has gone ends, and its connection answers the next.
func TestAQuestionEndsWithItsContext(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		db := open(t, dsn)
		const endless = `WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n`
		for range 6 { // more than there are connections
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			var n int64
			if err := db.QueryRow(ctx, endless, int64(1)).Scan(&n); err == nil || ctx.Err() == nil {
				t.Errorf("got %v while the context is at %v, want it ended", err, ctx.Err())
			}
			cancel()
			if got := ask(t, db, `SELECT p.id FROM post p WHERE p.uri = $2 AND p.id > $1`, int64(0), "u3"); got != "3" {
				t.Errorf("afterwards: got %q, want 3", got)
			}
		}
	})
}
