package ingest

import (
	"context"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/social"
)

// depth travels in contexts: how many steps lie between a post that came here and what is looked up now because of it.
type depth struct{}

// AtDepth is ctx for looking something up that lies n steps away from the post that came here.
func AtDepth(ctx context.Context, n int) context.Context { return context.WithValue(ctx, depth{}, n) }

func depthOf(ctx context.Context) int {
	n, _ := ctx.Value(depth{}).(int)
	return n
}

// walk begins to read the whole thread below s, which has just become known (federation.md §13.3.4).
func (g *Ingest) walk(ctx context.Context, tx Tx, rule rules.ID, s social.Status) error {
	c := social.Crawl{ID: g.NewID(), StatusID: s.ID, StartedAt: g.Now()}
	if err := tx.InsertCrawl(ctx, c); err != nil {
		return err
	}
	if err := tx.NoteRepliesFetched(ctx, []social.ID{s.ID}, g.Now()); err != nil {
		return err
	}
	g.Observer.Observe(ctx, observe.Queued{Rule: rule, What: "fetch", Target: s.URI})
	return work.Enqueue(ctx, tx, work.Crawl, work.Pull, s.URI, g.Now(), work.Crawling{Crawl: int64(c.ID), Status: s.URI, Root: true, Walk: true})
}
