package storage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"orrery/social"
	"orrery/storage/sqldb"
)

// chunk is how many rows one INSERT carries at most. More would save little: the SQLite driver looks up every argument by
// going through the names of all of them.
const chunk = 50

func (s *Store) exec(ctx context.Context, sql string, args ...any) (int64, error) {
	return s.q.Exec(ctx, sql, storable(args)...)
}

func (s *Store) row(ctx context.Context, sql string, args ...any) sqldb.Row {
	return s.q.QueryRow(ctx, sql, storable(args)...)
}

// storable replaces what PostgreSQL's TEXT refuses and SQLite's keeps: NUL and bytes that are not UTF-8. Remote servers
// send both.
func storable(args []any) []any {
	for i, a := range args {
		if t, ok := a.(string); ok && (strings.IndexByte(t, 0) >= 0 || !utf8.ValidString(t)) {
			args[i] = strings.ReplaceAll(strings.ToValidUTF8(t, "\uFFFD"), "\x00", "\uFFFD")
		}
	}
	return args
}

// scanner is one row under the cursor.
type scanner interface{ Scan(dest ...any) error }

// list runs a query and reads every row of it.
func list[T any](ctx context.Context, s *Store, scan func(scanner) (T, error), sql string, args ...any) ([]T, error) {
	rows, err := s.q.Query(ctx, sql, storable(args)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// setOf is list for what is only asked whether it is there.
func setOf[K comparable](ctx context.Context, s *Store, scan func(scanner) (K, error), sql string, args ...any) (map[K]bool, error) {
	found, err := list(ctx, s, scan, sql, args...)
	out := make(map[K]bool, len(found))
	for _, k := range found {
		out[k] = true
	}
	return out, err
}

func scanID(r scanner) (social.ID, error) {
	var id int64
	err := r.Scan(&id)
	return social.ID(id), err
}

func scanWord(r scanner) (string, error) {
	var word string
	err := r.Scan(&word)
	return word, err
}

// missing turns "no row" into social.ErrNotFound and names what was looked for.
func missing(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sqldb.ErrNoRows) {
		err = social.ErrNotFound
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// wrap names the attempt.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, err)...)
}

// added is ErrConflict when nothing was inserted.
func added(n int64, err error, format string, args ...any) error {
	if err == nil && n == 0 {
		err = social.ErrConflict
	}
	return wrap(err, format, args...)
}

// touched is ErrNotFound when a change met no row.
func touched(n int64, err error, format string, args ...any) error {
	if err == nil && n == 0 {
		err = social.ErrNotFound
	}
	return wrap(err, format, args...)
}

// keyset is a social.Page as bounds that are always there: `id < below AND id > above ORDER BY id order LIMIT limit`.
type keyset struct {
	below, above int64
	limit        int64
	order        string // "DESC", or "ASC" for the page just above min_id, which turn puts right afterwards
}

func newKeyset(p social.Page) keyset {
	k := keyset{below: int64(p.MaxID), above: int64(p.SinceID), limit: int64(p.Limit), order: "DESC"}
	if p.MaxID == 0 {
		k.below = math.MaxInt64
	}
	if p.SinceID == 0 {
		k.above = math.MinInt64
	}
	if p.MinID != 0 {
		k.above, k.order = max(k.above, int64(p.MinID)), "ASC"
	}
	if p.Limit <= 0 {
		k.limit = 20
	}
	return k
}

// turn puts a page newest first.
func turn[T any](k keyset, page []T, err error) ([]T, error) {
	if k.order == "ASC" {
		slices.Reverse(page)
	}
	return page, err
}

// values writes "($1,$2),($3,$4)" for rows of n columns.
func values(rows, n int) string {
	var b strings.Builder
	for i := range rows * n {
		switch {
		case i == 0:
			b.WriteByte('(')
		case i%n == 0:
			b.WriteString("),(")
		default:
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(i + 1))
	}
	b.WriteByte(')')
	return b.String()
}

// param appends v to args and returns its placeholder.
func param(args *[]any, v any) string {
	*args = append(*args, v)
	return "$" + strconv.Itoa(len(*args))
}

// inIDs is sqldb.In for ids.
func inIDs[T ~int64](args *[]any, ids []T) string {
	plain := make([]int64, len(ids))
	for i, id := range ids {
		plain[i] = int64(id)
	}
	return sqldb.In(args, plain...)
}

// inWords is sqldb.In for words.
func inWords[T ~string](args *[]any, words []T) string {
	plain := make([]string, len(words))
	for i, w := range words {
		plain[i] = string(w)
	}
	return sqldb.In(args, plain...)
}

// words is a list that is stored with spaces between; nil when it is empty.
func words(stored string) []string {
	if stored == "" {
		return nil
	}
	return strings.Fields(stored)
}

// likeText escapes text for use inside a LIKE pattern with ESCAPE '\'.
func likeText(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

// millis is the stored form of t; the zero time is 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMillis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// micros is the stored form of a time of the log.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}
