package scenarios_test

import (
	"context"
	"sync"
	"testing"

	"orrery/activitylog"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// performed is what one run of a file and its varies left for all tests that judge it. Runs take most of the time of this
// package, so each (file, policy) is run once.
type performed struct {
	err      error
	res      scenarios.Result
	sequence string   // every request of the file itself, without its varies; see requests
	compared int      // how many pairs of post and server were compared; see comparison
	wrong    []string // where the log says something else than the servers show, or than its own facts
}

// onces are the runs of this test binary, by file and policy.
type onces struct {
	mu   sync.Mutex
	runs map[[2]string]func() performed
}

var runs = onces{runs: map[[2]string]func() performed{}}

// once runs a script without mistakes, or gives what it gave before. policy is "" for the file as it is written.
func once(t *testing.T, name, src, policy string) performed {
	t.Helper()
	file := load(t, name, src)
	if policy == scenarios.Policies(file) {
		policy = "" // it is written so
	}
	runs.mu.Lock()
	key := [2]string{name + "\n" + src, policy}
	do := runs.runs[key]
	if do == nil {
		do = sync.OnceValue(func() performed { return performOnce(t, file, policy) })
		runs.runs[key] = do
	}
	runs.mu.Unlock()
	return do()
}

func performOnce(t *testing.T, file *play.File, policy string) performed {
	var p performed
	p.res, p.err = scenarios.Run(context.Background(), file, scenarios.Options{
		Policy: policy, Seed: 1, Database: func(string) string { return prepared.SQLite(t) },
		Ask: func(ctx context.Context, vary string, s *scenarios.Stage) error {
			c := comparison{vary: vary, s: s}
			err := c.all(ctx)
			p.compared += c.pairs
			p.wrong = append(p.wrong, c.wrong...)
			return err
		},
		Keep: func(ctx context.Context, vary string, log *activitylog.Log) (err error) {
			if vary == "" {
				p.sequence, err = requests(ctx, log)
			}
			return err
		},
	})
	return p
}

// plain reports whether o asks for nothing that the shared run of a file does not do.
func plain(o scenarios.Options) bool {
	return o.Dir == "" && o.Database == nil && o.Seed == 0 && o.Keep == nil && o.Ask == nil && !o.Trace && o.Limits == scenarios.Limits{}
}
