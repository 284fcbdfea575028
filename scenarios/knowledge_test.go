package scenarios_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orrery/activitylog/knowledge"
	"orrery/federation/rules"
	"orrery/internal/golden"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/storage/storagetest/prepared"
)

// everyScenario calls do for each shipped scenario under the policies that it names, and each experiment under both of
// Mastodon's or the one that ends its name; and as it is written where that is something else.
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
		f, _ := play.Load(s.name, []byte(s.src), scenarios.Vocabulary())
		if named := f.Policies(); named != nil {
			under = named
		}
		if !slices.Contains(under, scenarios.Policies(f)) {
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

// What the log says of who knows and counts what, and why, is what the servers show to their people: for every post and every server
// of every scenario, experiment and vary, under every policy. Expectations may fail under another policy; that is not asked.
func TestKnowledgeAndWhy_areWhatServersShow(t *testing.T) {
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
					why(t, ctx, s, fmt.Sprintf("%q, %s on %s", vary, post, server), scenarios.Asked{Post: post, Server: server}, has, cell)
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

// why asks the log for the reasons of a post and of its numbers, which must agree with what was found by other means, and have
// a rule, a sentence and entries of the log for it.
func why(t *testing.T, ctx context.Context, s *scenarios.Stage, where string, q scenarios.Asked, has bool, cell knowledge.Cell) {
	t.Helper()
	a, err := s.Why(ctx, q)
	if err != nil {
		t.Error(err)
		return
	}
	if a.Has != has {
		t.Errorf("%s: it is there: %v, and Why says %q", where, has, a.Sentence)
	}
	sound(t, where, a)
	for of, count := range map[string]knowledge.Count{knowledge.Likes: cell.Likes, knowledge.Boosts: cell.Boosts} {
		q.Of = of
		a, err := s.Why(ctx, q)
		if err != nil {
			t.Error(err)
			return
		}
		if has && (a.Shown == nil || *a.Shown != count.Shown) {
			t.Errorf("%s: %d %s are shown, and Why says %q", where, count.Shown, of, a.Sentence)
		}
		sound(t, where+" "+of, a)
	}
}

// sound fails when an answer has no rule, or is there without a reason.
func sound(t *testing.T, where string, a knowledge.Answer) {
	t.Helper()
	if a.Rule == "" || a.Because == "" || a.Sentence == "" {
		t.Errorf("%s: got %+v, want a rule and a sentence", where, a)
	}
	yes := slices.ContainsFunc(a.Rungs, func(r knowledge.Rung) bool { return r.Answer == knowledge.Yes })
	if a.Of == knowledge.Post && a.Has && (!yes || len(a.Evidence) == 0) {
		t.Errorf("%s: it is there, and no rung or no entry says why: %+v", where, a)
	}
}

// The whole of an answer, with the change that was tried out.
func TestWhy_answers(t *testing.T) {
	t.Parallel()
	src := small + `
step "Replies"
  alice posts "Hello world" as hello
  settle
  berta replies to hello with "Hi" as r1
  settle
  canon replies to r1 with "Yes" as r2
  settle
  berta likes hello
  settle
`
	for name, tt := range map[string]struct {
		q    scenarios.Asked
		with scenarios.Options
	}{
		"forwarded":       {q: scenarios.Asked{Post: "r1", Server: "masto"}},
		"grandparent":     {q: scenarios.Asked{Post: "r2", Server: "academy"}},
		"likes":           {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}},
		"likes_current":   {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}, with: scenarios.Options{Policy: "mastodon"}},
		"one_like":        {q: scenarios.Asked{Post: "hello", Server: "academy", Of: knowledge.Likes, By: "berta"}},
		"like_never_sent": {q: scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes, By: "berta"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tt.with.Database, tt.with.Seed = func(string) string { return prepared.SQLite(t) }, 1
			a, err := scenarios.Why(t.Context(), load(t, "why.play", src), tt.q, tt.with)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := scenarios.WhyText(&b, a); err != nil {
				t.Fatal(err)
			}
			golden.Text(t, "why/"+name, b.String())
			if name == "likes_current" && a.Rule != rules.LearnCounted {
				t.Errorf("rule %s, want %s: the newer version shows what the post's own server states", a.Rule, rules.LearnCounted)
			}
		})
	}
}

// Every change that is promised was tried out, and the rule by which something is missing asks for the change that mends it.
func TestWhy_changes(t *testing.T) {
	t.Parallel()
	before := small + "\nstep \"S\"\n  alice posts \"Hello world\" as hello\n  settle\n"
	for name, tt := range map[string]struct {
		src  string
		q    scenarios.Asked
		want string
	}{
		"a follow": {before + "  berta posts \"Mine\" as b\n  settle\n", scenarios.Asked{Post: "b", Server: "masto"},
			"If anyone on masto followed berta, it would be there."},
		"nobody deletes": {before + "  alice deletes hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto"},
			"If alice had not deleted it, masto would have it still."},
		"a knob": {strings.Replace(before, "academy runs mastodon-4.1", "academy runs mastodon-4.1 with forwarding off", 1) + "  berta replies to hello with \"Hi\" as r\n  settle\n",
			scenarios.Asked{Post: "r", Server: "masto"}, "If academy passed replies on, it would be there."},
		"a mention": {before + "  berta posts \"Mine\" as b visibly direct\n  settle\n", scenarios.Asked{Post: "b", Server: "masto"},
			"If berta had named somebody on masto in it, it would have been sent there."},
		"a follow less": {before, scenarios.Asked{Post: "hello", Server: "masto"},
			"If nobody on masto followed alice, it would not be there."},
		"a boost": {before + "  berta boosts hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Boosts},
			"If anyone on masto followed berta, that boost would be counted there."},
		"nothing": {before + "  berta likes hello\n  settle\n", scenarios.Asked{Post: "hello", Server: "masto", Of: knowledge.Likes}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, err := scenarios.Why(t.Context(), load(t, "why.play", tt.src), tt.q, scenarios.Options{Seed: 1, Database: func(string) string { return prepared.SQLite(t) }})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Change != nil {
				got = a.Change.Sentence
			}
			if got != tt.want || a.Change != nil && (a.Change.Verified == nil || !*a.Change.Verified) {
				t.Errorf("%s\ngot %q (%+v), want %q, tried out", a.Sentence, got, a.Change, tt.want)
			}
		})
	}
}
