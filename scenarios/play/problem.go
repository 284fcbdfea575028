package play

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a script, at a place. Line and Column start at 1; Column and Width count characters,
// not bytes, so that a caret stands under the word in an editor.
type Problem struct {
	Path    string   `json:"path"`
	Line    int      `json:"line"`
	Column  int      `json:"column"`
	Width   int      `json:"width"`
	Message string   `json:"message"`
	Expect  string   `json:"expected,omitempty"` // what would have been right here; stands beside the caret
	Hints   []string `json:"hints,omitempty"`    // next steps, one a line
}

// Error is the one-line form that editors and CI logs understand: path:line:column: message.
func (p Problem) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", p.Path, p.Line, p.Column, p.Message)
}

// Problems is a list by position. An empty list means the script is fine.
type Problems []Problem

// Err returns the list as an error, or nil if it is empty.
func (ps Problems) Err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// Error lists the one-line forms.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Format shows every problem with the line it is about, a caret under the word, and what to do. src is the file as it was
// parsed; without it the carets are left out.
func (ps Problems) Format(src []byte) string {
	lines := strings.Split(string(src), "\n")
	var b strings.Builder
	for i, p := range ps {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(p.Error() + "\n")
		if p.Line >= 1 && p.Line <= len(lines) && len(src) > 0 {
			p.caret(&b, lines[p.Line-1])
		} else if p.Expect != "" {
			fmt.Fprintf(&b, "      | %s\n", p.Expect)
		}
		for _, h := range p.Hints {
			fmt.Fprintf(&b, "      |   %s\n", h)
		}
	}
	return b.String()
}

// shownLine is how many characters of a source line are shown around a caret.
const shownLine = 160

func (p Problem) caret(b *strings.Builder, source string) {
	line := []rune(strings.ToValidUTF8(strings.TrimRight(source, "\r"), "\uFFFD"))
	start := 0
	if len(line) > shownLine {
		start = max(0, min(p.Column-1-shownLine/3, len(line)-shownLine))
		line = line[start : start+shownLine]
	}
	for i, r := range line {
		if r < ' ' || r == 0x7f {
			line[i] = ' '
		}
	}
	fmt.Fprintf(b, "%5d | %s\n", p.Line, string(line))
	column := min(max(p.Column-1-start, 0), len(line))
	width := min(max(p.Width, 1), max(len(line)-column, 1))
	fmt.Fprintf(b, "      | %s%s", strings.Repeat(" ", column), strings.Repeat("^", width))
	if p.Expect != "" {
		b.WriteString(" " + p.Expect)
	}
	b.WriteByte('\n')
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return slices.CompactFunc(ps, func(a, b Problem) bool {
		return a.Line == b.Line && a.Column == b.Column && a.Message == b.Message
	})
}

// report adds a problem unless there are so many already that another one helps nobody.
func (ps *Problems) report(p Problem) {
	if len(*ps) < maxProblems {
		*ps = append(*ps, p)
	}
}
