package play

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// nearest returns the candidate closest to word, or "" when none is close enough to be a slip of the fingers:
// one edit in a short word, two from five characters on. Ties go to the first. Long words and long lists are not searched to
// the end: the work for a hostile file stays small.
func nearest(word string, candidates []string) string {
	const longest, most = 40, 300
	if len(word) > longest {
		return ""
	}
	limit := 1
	if utf8.RuneCountInString(word) >= 5 {
		limit = 2
	}
	best := ""
	for _, c := range candidates[:min(len(candidates), most)] {
		if strings.EqualFold(word, c) {
			return c
		}
		if d := distance(word, c, limit); d <= limit {
			best, limit = c, d-1
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of neighbours between a and b.
// It gives up early, with limit+1, when the lengths alone are further apart.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) > limit || len(y)-len(x) > limit {
		return limit + 1
	}
	older, old, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range old {
		old[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(old[j]+1, row[j-1]+1, old[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], older[j-2]+1)
			}
		}
		older, old, row = old, row, older
	}
	return old[len(y)]
}

// listed shows names for a hint; a long list is cut so that the hint stays a line.
func listed(names []string) string {
	const shown = 12
	if len(names) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:shown], ", "), len(names)-shown)
	}
	return strings.Join(names, ", ")
}

// didYouMean is a hint with the nearest candidate, or nothing.
func didYouMean(word string, candidates []string) []string {
	if n := nearest(word, candidates); n != "" {
		return []string{fmt.Sprintf("did you mean %q?", n)}
	}
	return nil
}
