package server

import (
	"context"
	"fmt"

	"orrery/activitylog"
	"orrery/federation/ingest"
	"orrery/social"
)

// opened is told that a person here looks at a thread. When that makes the server ask for replies elsewhere, it stands in
// the log as something that the person did. It returns the search that runs, nil when none does.
func (i *Instance) opened(ctx context.Context, viewer, status social.ID) *social.Crawl {
	s, err := i.store.StatusByID(ctx, status)
	if err != nil || s.Local || !i.Config.Policy.FetchAll {
		return nil
	}
	who, err := i.store.AccountByID(ctx, viewer)
	if err != nil {
		return nil
	}
	ctx, done := i.Recorder.Action(ctx, activitylog.Summary{Type: "View", Actor: who.URI, Object: s.URI})
	defer done()
	crawl, err := i.pull.Opened(ctx, status)
	if err != nil { // the thread itself can be shown
		i.world.Log.ErrorContext(ctx, "open thread", "status", s.URI, "err", err)
	}
	return crawl
}

// recheckQuotes lets ingest prove old approvals again when people look at quotes.
func (i *Instance) recheckQuotes() {
	if i.Services.Quotes == nil {
		return
	}
	i.Services.Quotes.Stale = func(ctx context.Context, tx social.Tx, s social.Status, q social.Quote) error {
		work, ok := tx.(ingest.Tx)
		if !ok {
			return fmt.Errorf("recheck the quote in %s: %T leaves no work", s.URI, tx)
		}
		return i.ingest.RecheckQuote(ctx, work, s, q)
	}
}
