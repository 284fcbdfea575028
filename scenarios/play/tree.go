package play

import (
	"strings"
	"time"
)

// Node is the head of every node of the tree: what it is and where it starts. Kind is the JSON name of the node's type.
type Node struct {
	Kind   string `json:"kind"`
	Line   int    `json:"line"`
	Column int    `json:"column"` // in characters, from 1
}

// Position returns the line and column, from 1.
func (n Node) Position() (line, column int) { return n.Line, n.Column }

// Notes are the comments around a line. They say nothing to a runner; Format puts them back.
type Notes struct {
	Above []string // whole-line comments with their "#"; "" is a blank line
	After string   // the comment behind the line, with its "#"
	Below []string // closing comments of a section
}

// Row is the head of a node that has a line of the file to itself.
type Row struct {
	Node
	Notes Notes `json:"-"`
}

func (r *Row) row() *Row { return r }

// File is a whole script, in the order of the file. Every slice may be empty when there were problems.
type File struct {
	Node
	Path        string        `json:"path"`
	Headers     []*Header     `json:"headers"`
	Servers     []*Server     `json:"servers"`
	People      []*Person     `json:"people"`
	Follows     []*Edge       `json:"follows,omitempty"`
	Blocks      []Block       `json:"blocks"`
	Attachments []*Attachment `json:"attachments,omitempty"`

	headings map[string]*Row // of servers, people, follows: for their comments and the checker
	below    []string        // comments after everything
	spoiled  map[*Row]bool   // sections with a line that did not parse: they are not empty
	lost     map[string]bool // names declared on lines that did not parse, so that they are reported once
}

// Header is one line of the preamble: scenario, about, source (texts), level, policies or time (words).
type Header struct {
	Row
	Name  string `json:"name"`
	Value Text   `json:"value"`
	// Policies are the names of a line `policies`, whose Value is their list.
	Policies []PolicyRef `json:"-"`
}

// Server is a declaration `NAME runs POLICY with KNOB VALUE`, or an override inside a vary.
type Server struct {
	Row
	Name   ServerRef `json:"name"`
	Policy PolicyRef `json:"policy"`
	Knobs  []Knob    `json:"knobs,omitempty"`
}

// Knob is one setting of a server's policy. Value is as written: on, off, a number, a duration or a word.
type Knob struct {
	Node
	Name  string `json:"name"`
	Value Ref    `json:"value"`
}

// Person is a declaration `NAME on SERVER [locked] [as "Display"]`.
type Person struct {
	Row
	Name    PersonRef `json:"name"`
	Server  ServerRef `json:"server"`
	Locked  bool      `json:"locked,omitempty"`
	Display *Text     `json:"display,omitempty"`
}

// Edge says that Follower follows Followed before the first step.
type Edge struct {
	Row
	Without  bool      `json:"without,omitempty"` // in a vary: nobody follows here
	Follower PersonRef `json:"follower"`
	Followed PersonRef `json:"followed"`
}

// Block is a *Step or a *Vary.
type Block interface {
	Position() (line, column int)
	row() *Row
}

// Step is a titled run of lines. Counts and absences are about one step.
type Step struct {
	Row
	Title Text   `json:"title"`
	Lines []Line `json:"lines"`
}

// Vary runs the whole file again with other servers, people or follow edges, and then its own lines. Only these decide
// whether that run passes.
type Vary struct {
	Row
	Title   Text      `json:"title"`
	Servers []*Server `json:"servers,omitempty"` // replace the declarations of the same name
	People  []*Person `json:"people,omitempty"`  // replace the declarations of the same name, or are added
	Follows []*Edge   `json:"follows,omitempty"` // added to those of the file, or with Without, taken away
	Lines   []Line    `json:"lines,omitempty"`
}

// Attachment is a txtar file behind the script, byte for byte.
type Attachment struct {
	Node
	Name string `json:"name"`
	Data string `json:"data"`
}

// Ref is a noun where it is used or declared. The wrappers below say which noun it is, to the compiler and in Kind.
type Ref struct {
	Node
	Name string `json:"name"`
}

// String returns the name.
func (r Ref) String() string { return r.Name }

// The nouns of the language. An AnyRef may name a server, a person or a post; Parse sets its Kind from the declaration, or
// leaves "name" if there is none.
type (
	ServerRef struct{ Ref }
	PersonRef struct{ Ref }
	PostRef   struct{ Ref }
	PolicyRef struct{ Ref }
	RuleRef   struct{ Ref }
	AnyRef    struct{ Ref }
)

// Text is a string in quotes, without them and with its escapes resolved.
type Text struct {
	Node
	Value string `json:"value"`
}

// String returns the text as a script writes it.
func (t Text) String() string { return quote(t.Value) }

// escapes are those that the lexer reads: \" \\ and \n.
var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func quote(s string) string { return `"` + escapes.Replace(s) + `"` }

// Duration is a span of the lab's clock, written 20m or 1h30m.
type Duration time.Duration

// String leaves out the zero units that time.Duration prints.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// MarshalText makes the JSON form the one people write.
func (d Duration) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// Title is the text of the scenario header, or the path if there is none.
func (f *File) Title() string { return f.header("scenario", f.Path) }

// About is the one-sentence summary, or "".
func (f *File) About() string { return f.header("about", "") }

// Source names what the scenario retells, or "".
func (f *File) Source() string { return f.header("source", "") }

// Level is beginner, intermediate or advanced; beginner if the file does not say.
func (f *File) Level() string { return f.header("level", "beginner") }

// Policies are what the header of that name lists: under each of them, given to every server, the scenario holds as well.
func (f *File) Policies() []string {
	if list := f.header("policies", ""); list != "" {
		return strings.Split(list, ", ")
	}
	return nil
}

// VirtualTime reports whether the run may move the clock by hand, which is the default.
func (f *File) VirtualTime() bool { return f.header("time", "virtual") == "virtual" }

func (f *File) header(name, otherwise string) string {
	for _, h := range f.Headers {
		if h.Name == name {
			return h.Value.Value
		}
	}
	return otherwise
}

// Steps returns the steps in order.
func (f *File) Steps() []*Step { return blocks[*Step](f) }

// Varies returns the variations in order.
func (f *File) Varies() []*Vary { return blocks[*Vary](f) }

func blocks[B Block](f *File) []B {
	var out []B
	for _, b := range f.Blocks {
		if b, ok := b.(B); ok {
			out = append(out, b)
		}
	}
	return out
}
