package play

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// cursor walks the tokens of one line. The first wrong token is reported and makes the cursor bad; from then on everything
// it returns is empty and nothing more is said about the line, so the grammar reads straight down without error returns.
type cursor struct {
	lexed
	p   *parser
	i   int
	bad bool
}

func (c *cursor) peek() token { return c.tokens[c.i] }

func (c *cursor) ahead(n int) token { return c.tokens[min(c.i+n, len(c.tokens)-1)] }

func (c *cursor) take() token {
	t := c.tokens[c.i]
	if t.kind != endToken {
		c.i++
	}
	return t
}

// fail reports that t is wrong.
func (c *cursor) fail(t token, message, expect string, hints ...string) {
	if !c.bad && !c.broken {
		c.p.problems.report(Problem{Path: c.p.file.Path, Line: c.number, Column: t.column, Width: t.width,
			Message: message, Expect: expect, Hints: hints})
	}
	c.bad = true
}

// node marks the place of the next token.
func (c *cursor) node(kind string) Node { return Node{kind, c.number, c.peek().column} }

func (c *cursor) rowHere(kind string) Row {
	return Row{Node: Node{kind, c.number, c.tokens[0].column}}
}

// accept takes the words if all of them follow.
func (c *cursor) accept(words ...string) bool {
	for n, w := range words {
		if !c.ahead(n).is(w) {
			return false
		}
	}
	c.i += len(words)
	return true
}

// want takes one fixed word or mark; example shows the whole line it belongs to.
func (c *cursor) want(word, example string) {
	t := c.peek()
	if c.bad || c.accept(word) {
		return
	}
	c.fail(t, fmt.Sprintf("%q is missing before %s", word, t), example)
}

// choice takes one of a few words.
func (c *cursor) choice(before string, words ...string) string {
	t := c.take()
	if c.bad || t.kind == wordToken && slices.Contains(words, t.value) {
		return t.value
	}
	c.fail(t, fmt.Sprintf("%s cannot be followed by %s", before, t), alternatives(words), didYouMean(t.value, words)...)
	return ""
}

// ref takes a noun; kind is what the sentence needs here.
func (c *cursor) ref(kind, example string) Ref {
	n, t := c.node(kind), c.peek()
	if c.bad {
		return Ref{}
	}
	if t.kind != wordToken {
		c.fail(t, fmt.Sprintf("a %s is missing before %s", kind, t), example)
		return Ref{}
	}
	return Ref{n, c.take().value}
}

func (c *cursor) text(example string) Text {
	n, t := c.node("text"), c.peek()
	if c.bad {
		return Text{}
	}
	if t.kind != textToken {
		c.fail(t, fmt.Sprintf("a text in quotes is missing before %s", t), example)
		return Text{}
	}
	return Text{n, c.take().value}
}

// count takes a whole number from 0 to MaxCount.
func (c *cursor) count(example string) int {
	t := c.peek()
	if c.bad {
		return 0
	}
	if t.kind != wordToken {
		c.fail(t, fmt.Sprintf("a number is missing before %s", t), example)
		return 0
	}
	n, err := strconv.Atoi(t.value)
	if err != nil || n < 0 || n > MaxCount || t.value[0] == '+' || t.value[0] == '-' {
		c.fail(t, fmt.Sprintf("%s is not a count", t), fmt.Sprintf("a whole number from 0 to %d, in digits", MaxCount))
		return 0
	}
	c.take()
	return n
}

// duration takes a positive span of whole milliseconds, a year at most.
func (c *cursor) duration(example string) Duration {
	t := c.peek()
	if c.bad {
		return 0
	}
	if t.kind != wordToken {
		c.fail(t, fmt.Sprintf("a duration is missing before %s", t), example)
		return 0
	}
	d, err := time.ParseDuration(t.value)
	if err != nil || d <= 0 || d > 366*24*time.Hour || d%time.Millisecond != 0 {
		c.fail(t, fmt.Sprintf("%s is not a duration", t), "for example 2s, 15m or 1h30m; more than nothing, a year at most")
		return 0
	}
	c.take()
	return Duration(d)
}

// end makes sure that nothing is left on the line.
func (c *cursor) end(hints ...string) {
	c.bad = c.bad || c.broken
	if t := c.peek(); !c.bad && t.kind != endToken {
		c.fail(t, fmt.Sprintf("%s is too much here; the line could end before it", t), "", hints...)
	}
}

// many reads one or more items with commas between them.
func many[T any](c *cursor, item func() T) []T {
	out := []T{item()}
	for !c.bad && c.accept(",") {
		out = append(out, item())
	}
	return out
}

func alternatives(words []string) string {
	s := words[0]
	for i, w := range words[1:] {
		if i == len(words)-2 {
			s += " or " + w
		} else {
			s += ", " + w
		}
	}
	return s
}
