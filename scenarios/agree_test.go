package scenarios_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/clientapi"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/scenarios"
)

// What the log says of who knows and counts what, and why, is what the servers show to their people: for every post and every
// server of every vary of every scenario, as it is written and under the policies that it names, and of every experiment under
// every policy. Expectations may fail under another policy, for other programs than Mastodon are meant to differ
// (federation.md §13.3); that is not asked here.
func TestKnowledgeAndWhy_areWhatServersShow(t *testing.T) {
	t.Parallel()
	agrees := func(name, src string, policies []string) {
		for _, p := range policies {
			t.Run(name+"/"+orWritten(p), func(t *testing.T) {
				t.Parallel()
				run := once(t, name+".play", src, p)
				if run.err != nil || len(run.res.Steps) == 0 {
					t.Fatalf("%d steps, %v; want it to run", len(run.res.Steps), run.err)
				}
				for _, w := range run.wrong {
					t.Error(w)
				}
				if run.compared == 0 && strings.Contains(src, " as ") {
					t.Error("nothing was compared")
				}
			})
		}
	}
	for _, s := range scenarios.Shipped() {
		agrees(s.Name, s.Source, append(load(t, s.Name+".play", s.Source).Policies(), ""))
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
		name := strings.TrimSuffix(filepath.Base(f), ".play")
		switch {
		case strings.HasSuffix(name, ".mastodon"): // the same acts stand in another file, with what other policies make of them
			agrees(name, string(src), []string{"mastodon"})
		default:
			agrees(name, string(src), everyPolicy())
		}
	}
}

func orWritten(policy string) string {
	if policy == "" {
		return "as written"
	}
	return policy
}

// comparison holds what the log says at the end of a run against what the servers show and against the bare facts.
type comparison struct {
	vary  string
	s     *scenarios.Stage
	facts map[string][]activitylog.Fact // by server
	pairs int
	wrong []string
}

func (c *comparison) say(format string, args ...any) {
	if c.vary != "" {
		format = fmt.Sprintf("vary %q: ", c.vary) + format
	}
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *comparison) all(ctx context.Context) error {
	c.facts = map[string][]activitylog.Fact{}
	for _, i := range c.s.Log().Instances() {
		for after, page := int64(0), make([]activitylog.Fact, 1000); len(page) == 1000; {
			var err error
			if page, err = i.FactsSince(ctx, after, nil, 1000); err != nil {
				return err
			}
			if c.facts[i.Name] = append(c.facts[i.Name], page...); len(page) > 0 {
				after = page[len(page)-1].Pos
			}
		}
	}
	for _, post := range c.s.Posts() {
		for _, server := range c.s.Servers() {
			if err := c.pair(ctx, post, server); err != nil {
				return err
			}
		}
	}
	return nil
}

// pair compares what is known of one post on one server.
func (c *comparison) pair(ctx context.Context, post, server string) error {
	record, err := c.s.Knowledge(ctx)
	if err != nil {
		return err
	}
	status, shown, asked, err := c.s.Shown(ctx, post, server)
	if err != nil {
		return err
	}
	cell, _ := record.Cell(c.s.URI(post), server, knowledge.Now)
	has := cell.State.Has()
	if asked {
		c.pairs++
		if shown && !has || has && !shown && c.s.Public(post) {
			c.say("%s shows %s: %v, and the log says %s", server, post, shown, cell.Word)
		}
		c.counts(post, server, cell, status, shown)
	}
	return c.why(ctx, post, server, cell)
}

func (c *comparison) counts(post, server string, cell knowledge.Cell, status clientapi.Status, shown bool) {
	if shown && (cell.Likes.Shown != status.FavouritesCount || cell.Boosts.Shown != status.ReblogsCount) {
		c.say("%s shows %d likes and %d boosts of %s, and the log says %d and %d", server, status.FavouritesCount, status.ReblogsCount,
			post, cell.Likes.Shown, cell.Boosts.Shown)
	}
}

// why asks the log for the reasons of a post and of its numbers.
func (c *comparison) why(ctx context.Context, post, server string, cell knowledge.Cell) error {
	has, where := cell.State.Has(), post+" on "+server
	a, err := c.s.Why(ctx, scenarios.Asked{Post: post, Server: server})
	if err != nil {
		return err
	}
	if a.Has != has {
		c.say("%s: it is there: %v, and Why says %q", where, has, a.Sentence)
	}
	c.sound(where, a)
	if err := c.proved(ctx, where, server, a); err != nil {
		return err
	}
	for of, count := range map[string]knowledge.Count{knowledge.Likes: cell.Likes, knowledge.Boosts: cell.Boosts} {
		a, err := c.s.Why(ctx, scenarios.Asked{Post: post, Server: server, Of: of})
		if err != nil {
			return err
		}
		if has && (a.Shown == nil || *a.Shown != count.Shown) {
			c.say("%s: %d %s are shown, and Why says %q", where, count.Shown, of, a.Sentence)
		}
		c.sound(where+" "+of, a)
	}
	return nil
}

// sound notes an answer without a rule, or one that is there without a reason.
func (c *comparison) sound(where string, a knowledge.Answer) {
	if a.Rule == "" || a.Because == "" || a.Sentence == "" {
		c.say("%s: got %+v, want a rule and a sentence", where, a)
	}
	yes := slices.ContainsFunc(a.Rungs, func(r knowledge.Rung) bool { return r.Answer == knowledge.Yes })
	if a.Of == knowledge.Post && a.Has && (!yes || len(a.Evidence) == 0) {
		c.say("%s: it is there by %s, and no rung or no entry says why (%d entries)", where, a.Rule, len(a.Evidence))
	}
}

// proved compares the rule of an answer with the facts. What is there has the rule of the last fact that it was learned; what
// went, or came and was not kept, has one that a fact of that server names; whatever else was recorded stands in an entry
// that the answer names.
func (c *comparison) proved(ctx context.Context, where, server string, a knowledge.Answer) error {
	var learned, removed, hidden activitylog.Fact
	record, err := c.s.Knowledge(ctx)
	if err != nil {
		return err
	}
	post, _ := record.Post(a.Object, knowledge.Now)
	about := map[rules.ID]bool{}
	for _, f := range c.facts[server] {
		if f.Object != a.Object && f.Object != post.Author {
			continue
		}
		about[f.Rule] = true
		switch f.Kind {
		case observe.Suspended{}.Kind():
			hidden = f
		case observe.Suspended{Ended: true}.Kind():
			hidden = activitylog.Fact{}
		}
		if f.Object != a.Object {
			continue
		}
		switch f.Kind {
		case observe.Learned{}.Kind():
			learned, removed = f, activitylog.Fact{}
		case observe.Removed{}.Kind():
			removed = f
		}
	}
	there := learned.Pos > 0 && removed.Pos == 0 && hidden.Pos == 0
	switch {
	case there != a.Has:
		c.say("%s: facts say it is there: %v, and Why says %q", where, there, a.Sentence)
	case there && a.Rule != learned.Rule:
		c.say("%s: it was learned by %s, and Why says %s", where, learned.Rule, a.Rule)
	case there || a.Inferred || about[a.Rule]:
	default:
		for _, id := range a.Evidence {
			e, err := c.s.Log().Entry(ctx, id)
			if err != nil {
				return err
			}
			if e.Exchange.Rule == a.Rule || slices.ContainsFunc(e.Facts, func(f activitylog.Fact) bool { return f.Rule == a.Rule }) {
				return nil
			}
		}
		c.say("%s: Why says %s (%s), and no fact that it names does", where, a.Rule, a.Sentence)
	}
	return nil
}
