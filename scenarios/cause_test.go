package scenarios_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// causes are rules whose cause can be taken out of a script, and how: what the rule is said to have decided must then not be
// so, or not for that reason.
var causes = []struct {
	name  string
	rules []string
	take  func(*play.File) *play.File
}{
	{"nobody follows anybody", []string{"deliver.followers", "deliver.parent-followers", "forward.parent-followers", "accept.follows-author"}, withoutFollows},
	{"nobody is named", []string{"deliver.mention"}, without(func(l play.Line) play.Line {
		switch l := l.(type) {
		case *play.Posts:
			again := *l
			again.Text.Value = strings.ReplaceAll(l.Text.Value, "@", "")
			return &again
		case *play.Replies:
			again := *l
			again.Text.Value = strings.ReplaceAll(l.Text.Value, "@", "")
			return &again
		}
		return l
	})},
	{"nobody searches", []string{"learn.searched"}, without(func(l play.Line) play.Line {
		if _, ok := l.(*play.Searches); ok {
			return nil
		}
		return l
	})},
	{"nobody opens a thread", []string{"learn.thread-opened", "fetch.thread-opened"}, without(func(l play.Line) play.Line {
		if _, ok := l.(*play.Opens); ok {
			return nil
		}
		return l
	})},
	{"everything is public", []string{"forward.not-public"}, without(func(l play.Line) play.Line {
		switch l := l.(type) {
		case *play.Posts:
			again := *l
			again.Visibly = ""
			return &again
		case *play.Replies:
			again := *l
			again.Visibly = ""
			return &again
		}
		return l
	})},
}

// A lesson does not come true for another reason than it tells: without the cause of a rule, no check that names it holds.
func TestCourse_reasonsAreReasons(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios.Shipped() {
		file := load(t, s.Name+".play", s.Source)
		for _, c := range causes {
			lines := named(file, c.rules)
			if len(lines) == 0 {
				continue
			}
			t.Run(s.Name+"/"+c.name, func(t *testing.T) {
				t.Parallel()
				res, err := scenarios.Run(context.Background(), c.take(file), scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
				if err != nil {
					t.Fatal(err)
				}
				for _, line := range lines {
					if l, ok := res.LineAt(line); !ok || l.Status == scenarios.Passed {
						t.Errorf("%s: line %d holds all the same: %s (%s)", c.name, line, l.Source, l.Found)
					}
				}
			})
		}
	}
}

// named are the lines of the checks in a file's steps that name one of the rules.
func named(file *play.File, rules []string) []int {
	var lines []int
	for _, s := range file.Steps() {
		for _, l := range s.Lines {
			if a, ok := l.(*play.Assertion); ok && !a.Observe && a.Because != nil && slices.Contains(rules, a.Because.Name) {
				lines = append(lines, a.Line)
			}
		}
	}
	return lines
}

// rewritten is a file without its varies, with the lines of its steps that are made of each.
func rewritten(file *play.File, lines func(play.Line) []play.Line) *play.File {
	again := *file
	again.Blocks = nil
	for _, step := range file.Steps() {
		with := *step
		with.Lines = nil
		for _, l := range step.Lines {
			with.Lines = append(with.Lines, lines(l)...)
		}
		again.Blocks = append(again.Blocks, &with)
	}
	return &again
}

// without changes or, when nil comes back, takes away lines of the steps, and all varies.
func without(change func(play.Line) play.Line) func(*play.File) *play.File {
	return func(file *play.File) *play.File {
		return rewritten(file, func(l play.Line) []play.Line {
			if l = change(l); l == nil {
				return nil
			}
			return []play.Line{l}
		})
	}
}

func withoutFollows(file *play.File) *play.File {
	again := *without(func(l play.Line) play.Line {
		if _, ok := l.(*play.Follows); ok {
			return nil
		}
		return l
	})(file)
	again.Follows = nil
	return &again
}
