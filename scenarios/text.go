package scenarios

import (
	"fmt"
	"io"
)

// Text writes a result for people: what failed with its evidence, and with verbose every line. name:line is where an
// editor finds it.
func Text(w io.Writer, res Result, verbose bool) error {
	p := &printer{w: w, name: res.Name, verbose: verbose}
	verdict := map[bool]string{true: "PASS", false: "FAIL"}
	p.say("%s %s  %s  (%s, seed %d)\n", verdict[res.Passed], res.Name, res.Title, res.Policy, res.Seed)
	for _, s := range res.Steps {
		p.step("step", s.Title, s.Lines)
	}
	for _, v := range res.Varies {
		p.say("  %s vary %q%s\n", verdict[v.Passed], v.Title, changes(v.Steps))
		for _, s := range v.Steps {
			p.changed(s.Lines)
		}
		p.lines(v.Lines)
	}
	return p.err
}

type printer struct {
	w       io.Writer
	name    string
	verbose bool
	err     error
}

func (p *printer) say(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format, args...)
	}
}

func (p *printer) step(word, title string, lines []Line) {
	if p.verbose {
		p.say("  %s %q\n", word, title)
	}
	p.lines(lines)
}

func (p *printer) lines(lines []Line) {
	for _, l := range lines {
		switch l.Status {
		case Failed:
			p.block("FAIL", l)
		case Inapplicable:
			p.block("SKIP", l)
		case Inconclusive:
			p.block("OPEN", l)
		case Differs:
			p.block("differs", l)
		default:
			if p.verbose {
				p.block("    ok", l)
			}
		}
	}
}

// changed tells which lines of the file ended otherwise under a vary.
func (p *printer) changed(lines []Line) {
	for _, l := range lines {
		if l.Status == Changed && p.verbose {
			p.block("changed", l)
		}
	}
}

// block is one line of the script and what was found. Evidence comes with the sentences that the log says about it.
func (p *printer) block(word string, l Line) {
	p.say("%s %s:%d  %s\n", word, p.name, l.Line, l.Source)
	if l.Status == Passed && !p.verbose {
		return
	}
	field := func(name, value string) {
		if value != "" {
			p.say("     %-8s %s\n", name, value)
		}
	}
	field("found", l.Found)
	field("nearest", l.NearMiss)
	field("because", l.Because)
	if l.Kind != CheckLine {
		return
	}
	for i, s := range l.Sentences {
		field("entry", l.Evidence[i]+"  "+s)
	}
}

func changes(steps []Step) string {
	n := 0
	for _, s := range steps {
		for _, l := range s.Lines {
			if l.Status == Changed {
				n++
			}
		}
	}
	if n == 0 {
		return ""
	}
	return "  (" + plural(n, "line of the file ends", "lines of the file end") + " otherwise)"
}
