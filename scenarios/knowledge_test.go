package scenarios_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/activitylog/knowledge"
	"orrery/scenarios"
	"orrery/scenarios/play"
)

// everyScenario calls do for each shipped scenario and each experiment: under both of Mastodon's policies, or the one that
// ends the experiment's name, and as it is written where that is something else.
func everyScenario(t *testing.T, do func(t *testing.T, name, src, policy string)) {
	t.Helper()
	type one struct{ name, src string }
	var all []one
	for _, s := range scenarios.Shipped() {
		all = append(all, one{s.Name, s.Source})
	}
	files, err := filepath.Glob("testdata/experiments/*.play")
	if err != nil || len(files) == 0 {
		t.Fatalf("no experiments: %v", err)
	}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one{strings.TrimSuffix(filepath.Base(f), ".play"), string(src)})
	}
	for _, s := range all {
		under := []string{"mastodon-4.1", "mastodon"}
		if _, only, found := strings.Cut(s.name, "."); found {
			under = []string{only}
		}
		if res, _ := play.Load(s.name, []byte(s.src), scenarios.Vocabulary()); scenarios.Policies(res) != "mastodon-4.1" {
			under = append(under, "") // as it is written, which is the same otherwise
		}
		for _, p := range under {
			name := s.name + "/" + p
			if p == "" {
				name += "as written"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				do(t, s.name, s.src, p)
			})
		}
	}
}

// What the log says of who knows and counts what is what the servers show to their people: for every post and every server
// of every scenario, experiment and vary, under every policy. Expectations may fail under another policy; that is not asked.
func TestKnowledge_isWhatServersShow(t *testing.T) {
	t.Parallel()
	everyScenario(t, func(t *testing.T, name, src, policy string) {
		pairs := 0
		perform(t, name+".play", src, scenarios.Options{Policy: policy, Ask: func(ctx context.Context, vary string, s *scenarios.Stage) error {
			record, err := s.Knowledge(ctx)
			if err != nil {
				return err
			}
			for _, post := range s.Posts() {
				for _, server := range s.Servers() {
					status, shown, asked, err := s.Shown(ctx, post, server)
					if err != nil {
						return err
					}
					cell, _ := record.Cell(s.URI(post), server, knowledge.Now)
					has := cell.State.Has()
					if !asked {
						continue
					}
					pairs++
					if shown && !has || has && !shown && s.Public(post) {
						t.Errorf("%q: %s shows %s: %v, and the log says %s", vary, server, post, shown, cell.Word)
					}
					if shown && (cell.Likes.Shown != status.FavouritesCount || cell.Boosts.Shown != status.ReblogsCount) {
						t.Errorf("%q: %s shows %d likes and %d boosts of %s, and the log says %d and %d", vary, server,
							status.FavouritesCount, status.ReblogsCount, post, cell.Likes.Shown, cell.Boosts.Shown)
					}
				}
			}
			return nil
		}})
		if pairs == 0 && !strings.Contains(name, "follow") {
			t.Error("nothing was compared")
		}
	})
}
