package sqldb

import (
	"strconv"
	"strings"
)

// prepared is text as SQLite is given it.
func prepared(text string) string { return unnamed(settled(text)) }

// settled is text as SQLite prepares it once. A bare parameter behind LIMIT or OFFSET lets its planner look at the value,
// and for that the statement is prepared anew each time it runs, which cost more than running it.
func settled(text string) string {
	return strings.NewReplacer("LIMIT $", "LIMIT 0 + $", "OFFSET $", "OFFSET 0 + $").Replace(text)
}

// unnamed is text with its parameters as bare question marks if they stand there in their order, each once. To SQLite $1 is
// a name, and it walks the list of all names for each parameter that is bound: a quarter of the cost of inserting wide rows.
func unnamed(text string) string {
	var out strings.Builder
	last := 0 // the parameter before
	for i := 0; i < len(text); {
		end := i + 1
		switch c := text[i]; {
		case c == '\'' || c == '"':
			end += through(text[end:], text[i:end])
		case c == '$':
			for end < len(text) && text[end] >= '0' && text[end] <= '9' {
				end++
			}
			if text[i+1:end] != strconv.Itoa(last+1) {
				return text
			}
			last++
			out.WriteByte('?')
			i = end
			continue
		}
		out.WriteString(text[i:end])
		i = end
	}
	return out.String()
}
