package sqldb

import "strings"

// reads reports whether a statement only reads, so that SQLite may run it beside the writer. It looks at the first word
// and, after WITH, at the first statement word outside brackets. Whatever it does not know counts as writing; the
// opposite mistake cannot lose anything, because readers are opened with query_only.
func reads(sql string) bool {
	switch first, rest := nextWord(sql); first {
	case "SELECT", "VALUES", "EXPLAIN":
		return true
	case "WITH":
		for rest != "" {
			var word string
			switch word, rest = nextWord(rest); word {
			case "SELECT", "VALUES":
				return true
			case "INSERT", "UPDATE", "DELETE", "REPLACE":
				return false
			}
		}
	}
	return false
}

// nextWord returns the next word outside brackets, quotes and comments in upper case, and what follows it.
func nextWord(s string) (word, rest string) {
	depth := 0
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case strings.HasPrefix(s[i:], "--"):
			i += through(s[i:], "\n")
		case strings.HasPrefix(s[i:], "/*"):
			i += through(s[i:], "*/")
		case c == '\'' || c == '"':
			i += 1 + through(s[i+1:], s[i:i+1])
		case c == '(':
			depth++
			i++
		case c == ')':
			depth--
			i++
		case isLetter(c):
			end := i
			for end < len(s) && (isLetter(s[end]) || s[end] >= '0' && s[end] <= '9') {
				end++
			}
			if depth == 0 {
				return strings.ToUpper(s[i:end]), s[end:]
			}
			i = end
		default:
			i++
		}
	}
	return "", ""
}

// through returns how many bytes of s end with the first mark, or all of them.
func through(s, mark string) int {
	if i := strings.Index(s, mark); i >= 0 {
		return i + len(mark)
	}
	return len(s)
}

func isLetter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '$'
}
