package sqldb

import (
	"fmt"
	"path/filepath"
	"testing"
)

// A LIMIT that is a parameter is taken by its value each time, though the statement is prepared once.
func TestLimitsAreTakenEachTime(t *testing.T) {
	t.Parallel()
	db, err := Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "x.db"), Options{Synchronous: "OFF"})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(t.Context(), "CREATE TABLE n (i BIGINT PRIMARY KEY)"); err != nil {
		t.Fatal(err)
	}
	for i := range 9 {
		if _, err := db.Exec(t.Context(), "INSERT INTO n (i) VALUES ($1)", int64(i)); err != nil {
			t.Fatal(err)
		}
	}
	read := func(q Q, limit, offset int) (got []int64) {
		rows, err := q.Query(t.Context(), "SELECT i FROM n ORDER BY i LIMIT $1 OFFSET $2", int64(limit), int64(offset))
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var i int64
			if err := rows.Scan(&i); err != nil {
				t.Fatal(err)
			}
			got = append(got, i)
		}
		return got
	}
	for _, tt := range []struct {
		limit, offset int
		want          string
	}{{2, 0, "[0 1]"}, {4, 3, "[3 4 5 6]"}, {1, 8, "[8]"}, {0, 0, "[]"}, {-1, 7, "[7 8]"}} {
		if got := fmt.Sprint(read(db, tt.limit, tt.offset)); got != tt.want {
			t.Errorf("limit %d offset %d: got %s, want %s", tt.limit, tt.offset, got, tt.want)
		}
		if err := db.Tx(t.Context(), func(tx Tx) error {
			if got := fmt.Sprint(read(tx, tt.limit, tt.offset)); got != tt.want {
				t.Errorf("limit %d offset %d in a transaction: got %s, want %s", tt.limit, tt.offset, got, tt.want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

func TestParametersInOrderNeedNoName(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ text, want string }{
		{"SELECT 1", "SELECT 1"},
		{"INSERT INTO n (a, b) VALUES ($1, $2),($3, $4)", "INSERT INTO n (a, b) VALUES (?, ?),(?, ?)"},
		{"SELECT a FROM n WHERE a = $1 OR b = $1", "SELECT a FROM n WHERE a = $1 OR b = $1"},
		{"UPDATE n SET a = $2 WHERE b = $1", "UPDATE n SET a = $2 WHERE b = $1"},
		{"SELECT '$2', \"$7\", 'it''s $9' FROM n WHERE a = $1", "SELECT '$2', \"$7\", 'it''s $9' FROM n WHERE a = ?"},
		{"SELECT a FROM n WHERE a = $1 LIMIT $2", "SELECT a FROM n WHERE a = ? LIMIT 0 + ?"},
	} {
		if got := prepared(tt.text); got != tt.want {
			t.Errorf("%s became\n%s, want\n%s", tt.text, got, tt.want)
		}
	}
}
