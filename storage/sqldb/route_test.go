package sqldb

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOnlyReadingStatementsGoToTheReaders(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		sql  string
		want bool
	}{
		{"SELECT 1", true},
		{"\n\t select 1", true},
		{"-- why\nSELECT 1", true},
		{"/* INSERT */ SELECT 1", true},
		{"VALUES (1)", true},
		{"WITH a AS (SELECT 1) SELECT * FROM a", true},
		{"WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM a) SELECT n FROM a", true},
		{"WITH a AS (SELECT 'x) DELETE') SELECT * FROM a", true},
		{"WITH a AS (SELECT 1) INSERT INTO t SELECT * FROM a", false},
		{"WITH a AS (SELECT 1) UPDATE t SET n = 1", false},
		{"WITH a AS (SELECT ')' -- )\n) DELETE FROM t", false},
		{"INSERT INTO t VALUES (1) RETURNING id", false},
		{"UPDATE t SET n = (SELECT 1)", false},
		{"CREATE TABLE t (id BIGINT)", false},
		{"SELECTED", false},
		{"WITH", false},
		{"", false},
	} {
		if got := reads(tt.sql); got != tt.want {
			t.Errorf("reads(%q) = %v, want %v", tt.sql, got, tt.want)
		}
	}
}

func TestInPadsToAPowerOfTwo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values []int64
		text   string
		args   []any
	}{
		{"none matches nothing", nil, "NULL", []any{"first"}},
		{"one", []int64{7}, "$2", []any{"first", int64(7)}},
		{"three", []int64{7, 8, 9}, "$2,$3,$4,$5", []any{"first", int64(7), int64(8), int64(9), int64(9)}},
		{"four", []int64{1, 2, 3, 4}, "$2,$3,$4,$5", []any{"first", int64(1), int64(2), int64(3), int64(4)}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			args := []any{"first"}
			if got := In(&args, tt.values...); got != tt.text {
				t.Errorf("In = %q, want %q", got, tt.text)
			}
			if diff := cmp.Diff(tt.args, args); diff != "" {
				t.Errorf("args (-want +got):\n%s", diff)
			}
		})
	}
}
