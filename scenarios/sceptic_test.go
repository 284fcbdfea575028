package scenarios_test

import (
	"context"
	"testing"

	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// No check of the course is empty: where it holds, its opposite does not, and neither does the same for another reason. All are
// asked in one run.
func TestCourse_checksCouldFail(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios.Shipped() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			file := load(t, s.Name+".play", s.Source)
			doubted := doubt(file)
			res, err := scenarios.Run(context.Background(), doubted, scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
			if err != nil {
				t.Fatal(err)
			}
			doubts := 0
			for i, step := range doubted.Steps() {
				for k, l := range step.Lines {
					a, ok := l.(*play.Assertion)
					if !ok || a.Column != doubtful {
						continue
					}
					doubts++
					if got := res.Steps[i].Lines[k]; got.Status != scenarios.Differs {
						t.Errorf("line %d holds, and so does its opposite: %s (%s: %s)", a.Line, a, got.Status, got.Found)
					}
				}
			}
			if doubts == 0 {
				t.Error("it checks nothing that could be doubted")
			}
		})
	}
}

// doubtful is the column of lines that are not in the file.
const doubtful = -1

// doubt is a file without its varies, with the opposite behind each check that has one, and behind each that names a rule the
// same with another.
func doubt(file *play.File) *play.File {
	return rewritten(file, func(l play.Line) []play.Line {
		lines := []play.Line{l}
		a, ok := l.(*play.Assertion)
		if !ok || a.Observe {
			return lines
		}
		if c := opposite(a.Condition); c != nil {
			lines = append(lines, doubtOf(a, c, nil))
		}
		if a.Because != nil {
			other := *a.Because
			other.Name = "rules.another"
			lines = append(lines, doubtOf(a, a.Condition, &other))
		}
		return lines
	})
}

func doubtOf(a *play.Assertion, c play.Condition, because *play.RuleRef) *play.Assertion {
	d := *a
	d.Column, d.Observe, d.Condition, d.Because = doubtful, true, c, because
	return &d
}

// opposite is a condition that cannot hold together with c; nil when the language has none.
func opposite(c play.Condition) play.Condition {
	switch c := c.(type) {
	case *play.OnServers:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Counter:
		not := *c
		not.Counts = nil
		for _, n := range c.Counts {
			n.N++
			not.Counts = append(not.Counts, n)
		}
		return &not
	case *play.InTimeline:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.State:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Shows:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Relation:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Account:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Moved:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Notified:
		not := *c
		not.Not = !c.Not
		return &not
	case *play.Answered:
		not := *c
		not.Status++
		return &not
	case *play.Decision:
		not := *c
		not.No = !c.No
		return &not
	case *play.Delivery:
		if c.Failed {
			return nil
		}
		return &play.NoDelivery{Forward: c.Forward, Activity: c.Activity, To: &c.To}
	case *play.Fetches:
		not := *c
		not.Exactly = true
		if not.N++; !c.Exactly {
			not.N = 0
		}
		return &not
	case *play.Deliveries:
		return &play.Deliveries{N: c.N + 1}
	}
	return nil
}
