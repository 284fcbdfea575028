package views

import (
	"fmt"
	"net/url"
	"strings"

	"orrery/activitylog"
)

// GalleryPage lists the scenarios that come with the program.
type GalleryPage struct {
	Page
	Groups []ScenarioGroup
	Closed bool // visitors cannot run any here
}

// ScenarioGroup is a chapter.
type ScenarioGroup struct {
	Name  string
	Cards []ScenarioCard
}

// ScenarioCard is one scenario in a few words.
type ScenarioCard struct {
	Name, Title, About, Source, Level, Policies string
	Steps, Varies                               int
}

// ScenarioPage is one scenario with its script.
type ScenarioPage struct {
	Page
	Card     ScenarioCard
	Script   string   // answers to its questions are left out
	Policies []string // there are
	Closed   bool
}

// EditorPage is a script to be changed and run.
type EditorPage struct {
	Page
	Name, Source, Policy string
	Policies             []string
	Mistakes             []ScriptMistake
	Problem              string // that is not about a place in the script
	Closed               bool
}

// ScriptMistake is one thing wrong with a script; Text has the line with a caret.
type ScriptMistake struct {
	Line, Column  int
	Message, Text string
}

// RunsPage lists runs.
type RunsPage struct {
	Page
	Runs   []RunRow
	Older  string // address of the next page, "" when there is none
	Keep   int    // runs of one person that stay, 0 for all
	Closed bool
}

// RunRow is one run in a list.
type RunRow struct {
	ID, Title, Name, Policy, When, Took string
	Ended, Passed, Mine                 bool
	Place                               int // in the queue
	Done, Of                            int
}

// word says how a run stands.
func (r RunRow) word() (class, word string) {
	switch {
	case r.Place > 0:
		return "mark", fmt.Sprintf("waiting, number %d", r.Place)
	case !r.Ended:
		return "mark", "running"
	case r.Passed:
		return "ok", "✓ everything holds"
	}
	return "bad", "✗ not everything holds"
}

// RunPage is one run: the script with what became of each line, and what is known in the end.
type RunPage struct {
	Page
	Row     RunRow
	Stopped string
	About   string
	Seed    string
	Steps   []RunStep
	Varies  []RunVary
	// Matrix is who knows what in the end; without a log there is none, and Unkept says why.
	Matrix   *MatrixPage
	Unkept   string
	Exports  []string
	Policies []string // to compare with
}

// RunStep is a step with its lines. Lines after a question are shown when the reader has thought of an answer.
type RunStep struct {
	Title   string
	Lines   []RunLine
	Diagram Sequence
}

// RunVary is a variation with what became of its own lines.
type RunVary struct {
	Title   string
	Place   string // of its log
	Passed  bool
	Lines   []RunLine
	Changed []RunLine // the file's own lines that end otherwise
}

// RunLine is one line of a script and what became of it.
type RunLine struct {
	Number                               int
	Source, Status, Kind                 string
	Question, Answer                     string // of a predict
	Found, NearMiss, Because, View, Said string
	Again                                bool // it stands on the page already, with what became of it in the file's own run
	Evidence, Made                       []RunEntry
	Decisions                            []string
}

// RunEntry is an entry of the run's log, in words.
type RunEntry struct{ ID, Sentence, Place string }

// mark is a line's status as a class, a sign and a word.
func (l RunLine) mark() (class, glyph, word string) {
	switch l.Status {
	case "failed":
		return "no", "✗", "failed"
	case "differs":
		return "differs", "≠", "is not so"
	case "inapplicable":
		return "na", "–", "could not be judged"
	case "changed":
		return "differs", "≠", "ends otherwise"
	}
	return "yes", "✓", "done"
}

// before are the lines up to a question, and after what follows it.
func (s RunStep) before() []RunLine { return s.Lines[:s.question()] }

func (s RunStep) after() []RunLine { return s.Lines[s.question():] }

// question is where the first question of the step stands; the number of lines when there is none.
func (s RunStep) question() int {
	for i, l := range s.Lines {
		if l.Question != "" {
			return i
		}
	}
	return len(s.Lines)
}

// questions are all questions of the step.
func (s RunStep) questions() []RunLine {
	var all []RunLine
	for _, l := range s.Lines {
		if l.Question != "" {
			all = append(all, l)
		}
	}
	return all
}

// ComparePage sets runs of one script side by side.
type ComparePage struct {
	Page
	Title   string
	Waiting []RunRow // that have not ended
	Servers []string
	Columns []CompareColumn
	Rows    []CompareRow
}

// CompareColumn is one run.
type CompareColumn struct {
	ID, Policy                                  string
	Passed                                      bool
	Requests, Bytes, Known, Everyone, LastSpeed string
}

// CompareRow is one post: for each server a cell of each run.
type CompareRow struct {
	Post  string
	Depth int
	Cells [][]CompareCell // by server, then by run
}

// CompareCell is what a server knows under one policy. Differs: not as under the first.
type CompareCell struct {
	Word    string
	Differs bool
}

// CompareAddress is the page that sets runs side by side.
func CompareAddress(ids []string) string {
	return LogAddress("/lab/compare", url.Values{"run": ids})
}

// runOf is the page of the run that a place belongs to, "" in the live log.
func runOf(place string) string {
	id, in := strings.CutPrefix(place, "/lab/run/")
	if id, _, _ = strings.Cut(id, "/"); !in {
		return ""
	}
	return runAddress(id)
}

func queryOf(name, value string) url.Values { return url.Values{name: {value}} }

func runAddress(id string) string { return "/lab/run/" + id }

func scenarioAddress(name string) string { return "/lab/scenarios/" + url.PathEscape(name) }

// Masked is a script without the answers to its questions.
func Masked(script string) string {
	var b strings.Builder
	for line := range strings.Lines(script) {
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "predict ") {
			if at := strings.LastIndex(line, `" = `); at > 0 {
				line = line[:at+1] + " = …\n"
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// Sequence is a step as lanes and arrows.
type Sequence struct {
	Lanes  []string
	Events []SequenceEvent
	More   int // events that are not drawn
}

// SequenceEvent goes from one lane to another, or, when they are equal, is a note over it.
type SequenceEvent struct {
	From, To     int
	Words        string
	Asks, Failed bool
}

// mostEvents bounds one drawing.
const mostEvents = 60

// ReadSequence reads the arrows and notes of a Mermaid sequence diagram as scenarios write them; lanes are the servers.
func ReadSequence(mermaid string, servers []string) Sequence {
	s := Sequence{Lanes: servers}
	lane := func(name string) int {
		for i, l := range s.Lanes {
			if l == name {
				return i
			}
		}
		s.Lanes = append(s.Lanes[:len(s.Lanes):len(s.Lanes)], name)
		return len(s.Lanes) - 1
	}
	for line := range strings.Lines(mermaid) {
		line = strings.TrimSpace(line)
		head, words, ok := strings.Cut(line, ": ")
		if !ok {
			continue
		}
		if len(s.Events) == mostEvents {
			s.More++
			continue
		}
		e := SequenceEvent{Words: activitylog.Plain(words, 60)}
		if over, note := strings.CutPrefix(head, "Note over "); note {
			e.From = lane(over)
			e.To = e.From
			s.Events = append(s.Events, e)
			continue
		}
		for _, arrow := range []string{"-->>", "->>", "--x", "-x"} {
			from, to, ok := strings.Cut(head, arrow)
			if !ok {
				continue
			}
			e.From, e.To, e.Asks, e.Failed = lane(from), lane(to), strings.HasPrefix(arrow, "--"), strings.HasSuffix(arrow, "x")
			s.Events = append(s.Events, e)
			break
		}
	}
	return s
}

// Measures of a drawing.
const (
	laneWide = 230
	rowHigh  = 30
)

func (s Sequence) width() string  { return px(float64(laneWide * len(s.Lanes))) }
func (s Sequence) height() string { return px(float64(rowHigh*(len(s.Events)+1) + 16)) }
func (s Sequence) box() string    { return "0 0 " + s.width() + " " + s.height() }
func laneX(i int) string          { return px(float64(laneWide*i) + laneWide/2) }
func rowY(i int, up float64) string {
	return px(float64(rowHigh*(i+2)) - up)
}

// middle is where the words of an event stand.
func (e SequenceEvent) middle() string {
	return px(float64(laneWide*(e.From+e.To))/2 + laneWide/2)
}

// words of an event for those who do not see the drawing.
func (s Sequence) said(e SequenceEvent) string {
	switch {
	case e.From == e.To:
		return s.Lanes[e.From] + ": " + e.Words
	case e.Failed:
		return s.Lanes[e.From] + " tried to reach " + s.Lanes[e.To] + ": " + e.Words
	case e.Asks:
		return s.Lanes[e.From] + " asked " + s.Lanes[e.To] + ": " + e.Words
	}
	return s.Lanes[e.From] + " sent to " + s.Lanes[e.To] + ": " + e.Words
}
