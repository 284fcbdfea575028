package scenarios

// Status is how a line of a script ended.
type Status string

// Statuses. Same and Changed are for the file's lines inside a vary, compared with the run of the file itself.
const (
	Passed       Status = "passed"
	Failed       Status = "failed"
	Differs      Status = "differs"      // an observe that does not hold; it fails nothing outside a vary
	Inapplicable Status = "inapplicable" // an earlier line failed that it needs, or real servers cannot be asked
	Inconclusive Status = "inconclusive" // a real server answered wrongly or not at all; the scenario has not passed
	Same         Status = "same"
	Changed      Status = "changed"
)

// Kinds of lines.
const (
	ActionLine = "action"
	FaultLine  = "fault"
	WaitLine   = "wait"
	CheckLine  = "check"
	TeachLine  = "teach"
)

// Result is what became of a scenario.
type Result struct {
	Name   string `json:"name"` // path of the file
	Title  string `json:"title"`
	About  string `json:"about,omitempty"`
	Policy string `json:"policy"`
	Seed   uint64 `json:"seed"`
	Passed bool   `json:"passed"`
	Steps  []Step `json:"steps"`
	Varies []Vary `json:"varies,omitempty"`
	// Stopped says which line reached a limit and which; "" when none did.
	Stopped string `json:"stopped,omitempty"`
}

// Made is an entry of the log and its sentence.
type Made struct {
	Entry    string `json:"entry"`
	Sentence string `json:"sentence"`
}

// LineAt is what became of a line of the file: in the file's own run, or for a line of a vary, there.
func (res Result) LineAt(n int) (Line, bool) {
	for _, s := range res.Steps {
		for _, l := range s.Lines {
			if l.Line == n {
				return l, true
			}
		}
	}
	for _, v := range res.Varies {
		for _, l := range v.Lines {
			if l.Line == n {
				return l, true
			}
		}
	}
	return Line{}, false
}

// Step is a step of the file with its lines.
type Step struct {
	Title string `json:"title"`
	Lines []Line `json:"lines"`
	// Diagram is the step as Mermaid; only of runs that are traced.
	Diagram string `json:"diagram,omitempty"`
}

// Vary is one run of the file under other conditions. Only Lines, its own, decide whether it passed.
type Vary struct {
	Title  string `json:"title"`
	Passed bool   `json:"passed"`
	Steps  []Step `json:"steps"`
	Lines  []Line `json:"lines"`
}

// Line is one line of the script and what became of it.
type Line struct {
	Line     int    `json:"line"`
	Source   string `json:"source"` // in canonical form
	Kind     string `json:"kind"`
	Status   Status `json:"status"`
	Expected string `json:"expected,omitempty"`
	Found    string `json:"found,omitempty"`
	NearMiss string `json:"near_miss,omitempty"` // what came closest to what was expected
	Because  string `json:"because,omitempty"`   // the rule that decided what was found, and its sentence
	// Evidence are the entries of the log that were decisive, and Sentences what each of them says.
	Evidence  []string `json:"evidence,omitempty"`
	Sentences []string `json:"sentences,omitempty"`
	// Made are the entries that the line led to and Decisions the rules, each with its server, by which it was decided what
	// became of them; only of runs that are traced.
	Made      []Made   `json:"made,omitempty"`
	Decisions []string `json:"decisions,omitempty"`
	// View is what a teaching line shows, as text: the diagram in Mermaid, the others as tables.
	View string `json:"view,omitempty"`
}

// holds reports whether no line failed.
func holds(steps ...Step) bool {
	for _, s := range steps {
		for _, l := range s.Lines {
			if l.Status == Failed || l.Status == Inapplicable {
				return false
			}
		}
	}
	return true
}

// compare turns the outcomes of a rerun into same or changed.
func compare(before, now []Step) {
	for i := range now {
		for k := range now[i].Lines {
			l := &now[i].Lines[k]
			if l.Status == before[i].Lines[k].Status {
				l.Status = Same
				continue
			}
			l.Status = Changed
		}
	}
}
