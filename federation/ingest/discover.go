package ingest

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"orrery/federation/fetch"
	"orrery/federation/observe"
	"orrery/federation/rules"
)

// How much one request from outside, or one action of a person, may make this server find (federation.md §16.3).
const (
	maxStatusesFound = 1000
	maxActorsFound   = 400
	foundWithin      = 5 * time.Minute
)

// discover counts one more thing found because of what ctx was caused by. ErrNotHere when that found too much already: an
// endless chain of posts, each answering the next, ends here.
func (g *Ingest) discover(ctx context.Context, what string, uri string, most int, rule rules.ID) error {
	root := observe.CauseOf(ctx).Root
	if root == 0 {
		return nil
	}
	if err := fetch.Online(ctx); err != nil {
		return err
	}
	n, err := g.Store.CountAttempt(ctx, what+" found by "+strconv.FormatInt(int64(root), 10), g.Now(), foundWithin)
	if err != nil || n <= most {
		return err
	}
	g.Observer.Observe(ctx, observe.Skipped{Rule: rule, What: "fetch", Target: uri})
	return fmt.Errorf("%s: one request led to more than %d others: %w", uri, most, ErrNotHere)
}
