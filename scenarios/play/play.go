// Package play is the scenario language: it turns a `.play` file into a typed tree, finds everything that is wrong with it
// before anything runs, and writes it back in one canonical form.
//
// It knows words, nouns and positions. It does not know what a server does: policies, their knobs and the rules a check may
// cite come from the caller as a Vocabulary, and running a tree is the work of package scenarios.
//
// What a newcomer gets wrong: Parse alone does not make a file runnable. It accepts any noun in any place; only Check, or
// Load which does both, knows that "blane" was never declared.
package play

// Bounds on what a file may hold. A script is read by people and shown on one page; nobody's lesson comes near these, and a
// hostile upload cannot make the checker work for long.
const (
	MaxFile     = 1 << 20 // bytes, attachments included
	MaxLine     = 600     // characters of one script line, room for a post of 500; attachments are free
	MaxLines    = 2000    // lines before the first attachment
	MaxServers  = 12      // more columns than a diagram can show
	MaxPeople   = 200
	MaxName     = 30      // as long as a Mastodon username may be
	MaxCount    = 1000000 // in "exactly N deliveries" and its relatives
	maxProblems = 500     // of Parse and of Check; more than this is not a scenario
)

// Load parses and checks in one go. The problems are those of Parse and Check together, by position.
// The tree is never nil; run it only if there are no problems.
func Load(filename string, src []byte, v Vocabulary) (*File, Problems) {
	f, syntax := Parse(filename, src)
	return f, append(syntax, Check(f, v)...).sorted()
}
