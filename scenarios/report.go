package scenarios

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// Formats are the ways in which results can be written.
func Formats() []string { return []string{"text", "json", "junit", "tap", "mermaid", "html"} }

// Write writes results in one of the Formats. verbose matters to text alone; mermaid and html show more of runs that were
// traced.
func Write(w io.Writer, format string, results []Result, verbose bool) error {
	switch format {
	case "text":
		for _, res := range results {
			if err := Text(w, res, verbose); err != nil {
				return err
			}
		}
		return Sum(w, results)
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(results)
	case "junit":
		return junit(w, results)
	case "tap":
		return tap(w, results)
	case "mermaid":
		return diagrams(w, results)
	case "html":
		return page(w, results)
	}
	return fmt.Errorf("there is no format %q: choose %s", format, strings.Join(Formats(), ", "))
}

// Sum writes the line with which a report in text ends, after a Text of each result.
func Sum(w io.Writer, results []Result) error {
	failed := 0
	for _, res := range results {
		if !res.Passed {
			failed++
		}
	}
	_, err := fmt.Fprintf(w, "%d passed, %d failed\n", len(results)-failed, failed)
	return err
}

// checked is one line that decides whether a scenario passed, with where it stands.
type checked struct {
	where string
	Line
}

// deciding are the lines of a result that can fail it.
func (res Result) deciding() []checked {
	var out []checked
	add := func(where string, lines []Line) {
		for _, l := range lines {
			if l.Kind == CheckLine || l.Status == Failed || l.Status == Inapplicable || l.Status == Inconclusive {
				out = append(out, checked{where, l})
			}
		}
	}
	for _, s := range res.Steps {
		add(s.Title, s.Lines)
	}
	for _, v := range res.Varies {
		add("vary "+v.Title, v.Lines)
	}
	return out
}

// complaint is what a line that failed has to say, in one paragraph.
func (l Line) complaint() string {
	parts := []string{"found: " + l.Found}
	if l.NearMiss != "" {
		parts = append(parts, "nearest: "+l.NearMiss)
	}
	if l.Because != "" {
		parts = append(parts, "because: "+l.Because)
	}
	return strings.Join(append(parts, l.Sentences...), "\n")
}

type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Skipped  int         `xml:"skipped,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Class   string    `xml:"classname,attr"`
		Name    string    `xml:"name,attr"`
		Failure *junitSay `xml:"failure,omitempty"`
		Skipped *junitSay `xml:"skipped,omitempty"`
	}
	junitSay struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

func junit(w io.Writer, results []Result) error {
	var all junitSuites
	for _, res := range results {
		s := junitSuite{Name: res.Name}
		for _, l := range res.deciding() {
			c := junitCase{Class: res.Name + " · " + l.where, Name: fmt.Sprintf("%d: %s", l.Line.Line, l.Source)}
			switch l.Status {
			case Failed:
				c.Failure = &junitSay{l.Found, l.complaint()}
				s.Failures++
			case Inapplicable, Inconclusive:
				c.Skipped = &junitSay{Message: l.Found}
				s.Skipped++
			}
			s.Cases = append(s.Cases, c)
		}
		s.Tests = len(s.Cases)
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func tap(w io.Writer, results []Result) error {
	var b strings.Builder
	n := 0
	for _, res := range results {
		for _, l := range res.deciding() {
			n++
			name := strings.NewReplacer("#", "\\#", "\n", " ").Replace(fmt.Sprintf("%s:%d %s", res.Name, l.Line.Line, l.Source))
			switch l.Status {
			case Failed:
				fmt.Fprintf(&b, "not ok %d - %s\n", n, name)
				for line := range strings.SplitSeq(l.complaint(), "\n") {
					fmt.Fprintf(&b, "# %s\n", line)
				}
			case Inapplicable, Inconclusive:
				fmt.Fprintf(&b, "not ok %d - %s\n# %s\n", n, name, l.Found)
			case Differs:
				fmt.Fprintf(&b, "ok %d - %s\n# differs: %s\n", n, name, strings.ReplaceAll(l.Found, "\n", " "))
			default:
				fmt.Fprintf(&b, "ok %d - %s\n", n, name)
			}
		}
	}
	_, err := fmt.Fprintf(w, "TAP version 13\n1..%d\n%s", n, b.String())
	return err
}

// diagrams are the steps of every result as Mermaid, in Markdown.
func diagrams(w io.Writer, results []Result) error {
	var b strings.Builder
	for _, res := range results {
		fmt.Fprintf(&b, "# %s\n", res.Title)
		for _, s := range res.Steps {
			fmt.Fprintf(&b, "\n## %s\n\n```mermaid\n%s```\n", s.Title, s.Diagram)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
