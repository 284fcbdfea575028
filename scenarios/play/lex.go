package play

import (
	"fmt"
	"strings"
	"unicode"
)

type tokenKind int

const (
	endToken  tokenKind = iota // behind the last word of a line
	wordToken                  // names, keywords, numbers, durations, policies, rule ids
	textToken                  // a string; value has its escapes resolved
	markToken                  // -> , : ( ) =
	badToken                   // reported already
)

type token struct {
	kind   tokenKind
	value  string
	column int // from 1, in characters
	width  int
}

func (t token) is(word string) bool {
	return (t.kind == wordToken || t.kind == markToken) && t.value == word
}

// String describes the token for a message.
func (t token) String() string {
	switch t.kind {
	case endToken:
		return "the end of the line"
	case textToken:
		return "a text in quotes"
	}
	return fmt.Sprintf("%q", t.value)
}

// lexed is one line of the script in pieces.
type lexed struct {
	number   int
	tokens   []token // always closed by an endToken
	comment  string  // from its "#" on, or ""
	indented bool
	broken   bool // a problem was reported; the parser adds no second one
}

// lexLine cuts one line into tokens. Problems found here do not stop the parser: a text without its closing quote runs to
// the end of the line.
func lexLine(number int, source string, report func(line, column, width int, message, expect string)) lexed {
	l := lexed{number: number}
	problem := func(column, width int, message, expect string) {
		l.broken = true
		report(number, column, width, message, expect)
	}
	line := []rune(source)
	if len(line) > MaxLine {
		report(number, MaxLine+1, 1, fmt.Sprintf("this line has %d characters; %d is the most", len(line), MaxLine),
			"shorten the text, or use two say lines")
	}
	l.indented = len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
	tabs := false
	for i := 0; i < len(line); {
		start := i
		add := func(kind tokenKind, value string) {
			l.tokens = append(l.tokens, token{kind, value, start + 1, i - start})
		}
		switch r := line[i]; {
		case r == ' ':
			i++
		case r == '\t':
			if !tabs {
				report(number, i+1, 1, "a tab; this language is indented with spaces", "two spaces")
			}
			tabs = true
			i++
		case r == '#':
			l.comment = strings.TrimRightFunc(string(line[i:]), unicode.IsSpace)
			i = len(line)
		case r == '"':
			var value string
			value, i = lexText(line, i, problem)
			add(textToken, value)
		case arrow(line, i):
			i += 2
			add(markToken, "->")
		case strings.ContainsRune(",:()=", r):
			i++
			add(markToken, string(r))
		case wordRune(r):
			for i < len(line) && wordRune(line[i]) && !arrow(line, i) {
				i++
			}
			add(wordToken, string(line[start:i]))
		default:
			i++
			problem(start+1, 1, fmt.Sprintf("%q has no meaning here", r), "texts stand in double quotes, comments begin with #")
			add(badToken, string(r))
		}
	}
	l.tokens = append(l.tokens, token{endToken, "", len(strings.TrimRight(string(line), " \t")) + 1, 1})
	if n := len(l.tokens); n > 1 {
		l.tokens[n-1].column = l.tokens[n-2].column + l.tokens[n-2].width
	}
	return l
}

// lexText reads the string that opens at line[i] and returns its value and the index behind it.
func lexText(line []rune, i int, problem func(column, width int, message, expect string)) (string, int) {
	open := i
	var b strings.Builder
	for i++; i < len(line); i++ {
		switch r := line[i]; {
		case r == '"':
			return b.String(), i + 1
		case r == '\\' && i+1 < len(line):
			i++
			switch line[i] {
			case '"', '\\':
				b.WriteRune(line[i])
			case 'n':
				b.WriteByte('\n')
			default:
				problem(i, 2, fmt.Sprintf("unknown escape %q in a text", `\`+string(line[i])), `\" for a quote, \\ for a backslash, \n for a new line`)
			}
		case r == '\t':
			problem(i+1, 1, "a tab inside a text", "a space")
		case unicode.IsControl(r) || r == unicode.ReplacementChar:
			problem(i+1, 1, fmt.Sprintf("the character %U cannot stand in a text", r), "printable UTF-8")
		default:
			b.WriteRune(r)
		}
	}
	problem(open+1, len(line)-open, "this text has no closing quote", `" at its end, on the same line`)
	return b.String(), i
}

func arrow(line []rune, i int) bool {
	return line[i] == '-' && i+1 < len(line) && line[i+1] == '>'
}

// wordRune accepts more than a name may hold, so that a wrong name is one word in a message.
func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-.+@/", r)
}
