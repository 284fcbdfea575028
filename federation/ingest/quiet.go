package ingest

import (
	"context"
	"strconv"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/social"
)

// When somebody who posts is looked up again without anybody asking (federation.md §9.8).
const (
	quietAfter  = 7 * 24 * time.Hour
	quietWithin = 6 * time.Hour
)

// RefreshQuietly leaves a, who has just posted or changed something, to be read again some time within six hours, if that
// was done last a week ago. However much they post meanwhile, they are read once.
func (g *Ingest) RefreshQuietly(ctx context.Context, tx Tx, a social.Account) error {
	if !g.Policy.QuietRefresh || a.Local() || g.Now().Sub(a.FetchedAt) < quietAfter {
		return nil
	}
	n, err := tx.CountAttempt(ctx, "quiet refresh of "+strconv.FormatInt(int64(a.ID), 10), g.Now(), quietWithin)
	if err != nil || n > 1 {
		return err
	}
	g.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchActorQuietly, What: "fetch", Target: a.URI})
	at := g.Now().Add(time.Duration(g.Jitter() * float64(quietWithin)))
	return work.Enqueue(ctx, tx, work.Quiet, work.Pull, a.URI, at, work.One{URI: a.URI})
}

// RefreshStale reads the actor again unless somebody did so meanwhile.
func (g *Ingest) RefreshStale(ctx context.Context, uri string) error {
	a, err := g.Store.AccountByURI(ctx, uri)
	if err != nil || g.Now().Sub(a.FetchedAt) < quietAfter {
		return err
	}
	_, err = g.refresh(ctx, uri, rules.FetchActorQuietly)
	return err
}
