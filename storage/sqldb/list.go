package sqldb

import (
	"strconv"
	"strings"
)

// In appends values to args and returns their placeholders for `column IN (` + In(&args, ids...) + `)`.
//
// The list is padded to a power of two by repeating the last value, so that a statement has few texts to prepare.
// No values give NULL, which matches nothing; so NOT IN of an empty list matches nothing either.
// SQLite takes at most 32,766 arguments: pass lists longer than 16,000 in pieces.
func In[T int64 | string](args *[]any, values ...T) string {
	if len(values) == 0 {
		return "NULL"
	}
	size := 1
	for size < len(values) {
		size *= 2
	}
	var b strings.Builder
	for i := range size {
		*args = append(*args, values[min(i, len(values)-1)])
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(len(*args)))
	}
	return b.String()
}
