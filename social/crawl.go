package social

import (
	"context"
	"time"
)

// Bounds of fetching all replies (federation.md §9.5).
const (
	CrawlURIs     = 1000           // posts found in one crawl
	CrawlPages    = 500            // pages read in one crawl
	CrawlAtOnce   = 500            // posts taken of one list
	crawlRunning  = 24 * time.Hour // after that it counts as broken off
	crawlFinished = time.Hour      // how long it can be asked about
)

// Crawl is one search for all replies below a status that somebody opened.
type Crawl struct {
	ID                    ID
	StatusID              ID
	StartedAt, FinishedAt time.Time // FinishedAt is zero while it runs
	Pages, Found          int64     // pages read; posts that were not known before
}

// Running reports whether it is under way at now.
func (c Crawl) Running(now time.Time) bool {
	return c.FinishedAt.IsZero() && now.Sub(c.StartedAt) < crawlRunning
}

// Told reports whether somebody may still ask about it at now.
func (c Crawl) Told(now time.Time) bool {
	return c.Running(now) || !c.FinishedAt.IsZero() && now.Sub(c.FinishedAt) < crawlFinished
}

// CrawlStore keeps crawls, and what each has still to read.
type CrawlStore interface {
	// InsertCrawl forgets those that nobody can ask about any more.
	InsertCrawl(ctx context.Context, c Crawl) error
	CrawlByID(ctx context.Context, id ID) (Crawl, error)
	LastCrawl(ctx context.Context, status ID) (Crawl, error)
	EndCrawl(ctx context.Context, id ID, at time.Time) error
	// CountCrawled adds to the pages read and the posts found.
	CountCrawled(ctx context.Context, id ID, pages, found int) error
	// PushCrawl adds those addresses that the crawl has not met yet, as long as it has met fewer than most in all, and
	// returns them and how many it has met.
	PushCrawl(ctx context.Context, id ID, uris []string, most int) (added []string, met int, err error)
	// PopCrawl takes the address that was added last and not taken yet; ErrNotFound when none is left.
	PopCrawl(ctx context.Context, id ID) (uri string, err error)
	// StatusesByURI skips deleted ones.
	StatusesByURI(ctx context.Context, uris []string) (map[string]Status, error)
	// NoteRepliesFetched remembers when the replies of statuses were asked for last.
	NoteRepliesFetched(ctx context.Context, ids []ID, at time.Time) error
	// UnfollowedReplies are the addresses of known remote replies to status whose authors nobody here follows, at most limit:
	// nobody tells of their changes.
	UnfollowedReplies(ctx context.Context, status ID, limit int) ([]string, error)
}
