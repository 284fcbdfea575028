package scenarios_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/federation/policy"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// The experiments run to their end under every policy, whatever people then see: other programs than Mastodon are meant to
// differ (federation.md §13.3).
func TestExperiments_run_under_every_policy(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/experiments/*.play")
	if err != nil || len(files) == 0 {
		t.Fatalf("no experiments: %v", err)
	}
	names := policy.Names()[2:]
	for _, a := range policy.Additions() {
		names = append(names, "mastodon"+a.Name)
	}
	for _, path := range files {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(path, ".mastodon.play") {
			continue // the same acts, with what the current Mastodon makes of them
		}
		for _, name := range names {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".play")+"/"+name, func(t *testing.T) {
				t.Parallel()
				file, problems := play.Parse(filepath.Base(path), src)
				if len(problems) > 0 {
					t.Fatal(problems)
				}
				res, err := scenarios.Run(context.Background(), file, scenarios.Options{Policy: name, Dir: t.TempDir()})
				if err != nil || len(res.Steps) == 0 {
					t.Errorf("%d steps, %v; want it to run", len(res.Steps), err)
				}
			})
		}
	}
}
