package scenarios_test

import (
	"strings"
	"testing"

	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

func TestShipped_areInCanonicalForm(t *testing.T) {
	t.Parallel()
	for _, s := range scenarios.Shipped() {
		f, problems := play.Load(s.Name+".play", []byte(s.Source), scenarios.Vocabulary())
		if len(problems) > 0 {
			t.Errorf("%s", problems.Format([]byte(s.Source)))
			continue
		}
		if got := string(play.Format(f)); got != s.Source {
			t.Errorf("%s.play is not as play.Format writes it; it should be:\n%s", s.Name, got)
		}
	}
}

// load parses and checks a script that must have no problems.
func load(t testing.TB, name, src string) *play.File {
	t.Helper()
	f, problems := play.Load(name, []byte(src), scenarios.Vocabulary())
	if len(problems) > 0 {
		t.Fatalf("%s", problems.Format([]byte(src)))
	}
	return f
}

func perform(t *testing.T, name, src string, o scenarios.Options) scenarios.Result {
	t.Helper()
	if plain(o) {
		p := once(t, name, src, o.Policy)
		if p.err != nil {
			t.Fatal(p.err)
		}
		return p.res
	}
	if o.Dir == "" && o.Database == nil {
		o.Database = func(string) string { return prepared.SQLite(t) }
	}
	if o.Seed == 0 {
		o.Seed = 1
	}
	res, err := scenarios.Run(t.Context(), load(t, name, src), o)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// report is the result as people read it.
func report(t *testing.T, res scenarios.Result, verbose bool) string {
	t.Helper()
	var b strings.Builder
	if err := scenarios.Text(&b, res, verbose); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func holds(t *testing.T, name, src string, o scenarios.Options) {
	t.Helper()
	if res := perform(t, name, src, o); !res.Passed {
		t.Errorf("the scenario does not hold:\n%s", report(t, res, true))
	}
}
