package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Opened begins to fetch all replies below a post that a person opened, if the policy wants that, and returns the crawl
// that runs, new or not; nil when none does (federation.md §9.5).
func (p *Pull) Opened(ctx context.Context, id social.ID) (*social.Crawl, error) {
	if !p.Ingest.Policy.FetchAll {
		return nil, nil
	}
	s, err := p.Store.StatusByID(ctx, id)
	if err != nil || s.Local || s.BoostOfID != 0 {
		return nil, err
	}
	if done, err := p.openedHistory(ctx, s); done || err != nil {
		return nil, err
	}
	var running *social.Crawl
	err = p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		running = nil
		now := p.Ingest.Now()
		last, err := tx.LastCrawl(ctx, id)
		if err == nil && last.Running(now) {
			running = &last
			return nil
		}
		if err != nil && !errors.Is(err, social.ErrNotFound) {
			return err
		}
		if s, err = tx.StatusByID(ctx, id); err != nil {
			return err
		}
		d := p.opening(s)
		if !d.Yes {
			if d.Rule != "" {
				p.Observer.Observe(ctx, observe.Skipped{Rule: d.Rule, What: "fetch", Target: s.URI})
			}
			return nil
		}
		c := social.Crawl{ID: p.Ingest.NewID(), StatusID: id, StartedAt: now}
		if err := tx.InsertCrawl(ctx, c); err != nil {
			return err
		}
		if err := tx.NoteRepliesFetched(ctx, []social.ID{id}, now); err != nil {
			return err
		}
		running = &c
		p.Observer.Observe(ctx, observe.Queued{Rule: d.Rule, What: "fetch", Target: s.URI})
		return p.later(ctx, tx, work.Crawling{Crawl: int64(c.ID), Status: s.URI, Root: true})
	})
	return running, err
}

func (p *Pull) opening(s social.Status) policy.Decision {
	now := p.Ingest.Now()
	return p.Ingest.Policy.Opened(policy.Opening{
		Visibility: policy.Visibility(s.Visibility), Age: now.Sub(s.CreatedAt), Asked: !s.RepliesFetchedAt.IsZero(), Since: now.Sub(s.RepliesFetchedAt),
	})
}

// later leaves the next request of a crawl, or its end, after the replies that it has found so far.
func (p *Pull) later(ctx context.Context, tx ingest.Tx, c work.Crawling) error {
	target := c.Page
	if target == "" {
		target = c.Status
	}
	return work.Enqueue(ctx, tx, work.Crawl, work.Pull, target, p.Ingest.Now(), c)
}

// crawl makes one request of a crawl and decides on the next.
func (p *Pull) crawl(ctx context.Context, j jobs.Job) error {
	c, err := work.Read[work.Crawling](j)
	if err != nil {
		return err
	}
	crawl, err := p.Store.CrawlByID(ctx, social.ID(c.Crawl))
	if errors.Is(err, social.ErrNotFound) || err == nil && !crawl.FinishedAt.IsZero() {
		return nil
	}
	if err != nil {
		return err
	}
	if c.Status == "" {
		return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
			if err := tx.EndCrawl(ctx, crawl.ID, p.Ingest.Now()); err != nil {
				return err
			}
			return j.Finish(ctx, tx)
		})
	}
	list, err := p.list(ctx, c)
	if err != nil && c.Root && c.Page == "" && errors.Is(err, fetch.ErrUnreachable) && j.Attempt <= crawlTries {
		return fmt.Errorf("open the thread of %s: %w", c.Status, err)
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		if err := p.walk(ctx, tx, crawl, c, list); err != nil {
			return err
		}
		return j.Finish(ctx, tx)
	})
}

// crawlTries is how often the opened post is asked for again when its server does not answer; others are passed over.
const crawlTries = 3

// listing is what one request of a crawl brought: a page of replies, or only where to read on. nil when there is none.
type listing struct {
	page vocab.Doc
	next string
}

// list makes the request. The opened post itself is refreshed by what came (federation.md §9.5).
func (p *Pull) list(ctx context.Context, c work.Crawling) (*listing, error) {
	if c.Page != "" {
		by, err := p.Ingest.Instance(ctx)
		if err != nil {
			return nil, err
		}
		doc, err := p.Ingest.Fetch.Resource(ctx, c.Page, by, "fetch", why(c.Walk))
		if err != nil {
			return nil, err
		}
		return first(doc), nil
	}
	doc, err := p.Ingest.Document(ctx, c.Status, 0, why(c.Walk))
	if err != nil {
		return nil, err
	}
	if c.Root && !c.Walk {
		if _, err := p.Ingest.FetchedDocument(ctx, doc, learned(c.Walk)); err != nil && !errors.Is(err, ingest.ErrNotHere) {
			return nil, err
		}
	}
	if replies := doc.Object("replies"); replies != nil {
		return first(replies), nil
	}
	if uri := doc.Ref("replies"); uri != "" {
		return &listing{next: uri}, nil
	}
	return nil, nil
}

// why and learned name the rules of a crawl: somebody opened a thread, or a post in it became known.
func why(walk bool) rules.ID {
	if walk {
		return rules.FetchThreadWalk
	}
	return rules.FetchThreadOpened
}

func learned(walk bool) rules.ID {
	if walk {
		return rules.LearnThreadWalk
	}
	return rules.LearnThreadOpened
}

// first is the first page of a collection; a page is its own.
func first(doc vocab.Doc) *listing {
	switch page := doc.Object("first"); {
	case page != nil:
		return &listing{page, page.Ref("next")}
	case doc["first"] != nil:
		return &listing{next: doc.Ref("first")}
	}
	return &listing{doc, doc.Ref("next")}
}

// walk goes on to the next page, until enough is listed or there is none; then it takes what was listed and goes on with
// the reply found last.
func (p *Pull) walk(ctx context.Context, tx ingest.Tx, crawl social.Crawl, c work.Crawling, l *listing) error {
	if l != nil && l.page != nil {
		for _, item := range vocab.Items(l.page) {
			if uri := vocab.RefOf(item); uri != "" && len(c.Items) < 2*social.CrawlAtOnce {
				c.Items = append(c.Items, uri)
			}
		}
		if err := tx.CountCrawled(ctx, crawl.ID, 1, 0); err != nil {
			return err
		}
		crawl.Pages++
	}
	enough := len(c.Items) >= p.Ingest.Policy.PageCutoff || crawl.Pages >= social.CrawlPages
	if l != nil && !enough && l.next != "" && l.next != c.Page && translate.SameHost(l.next, c.Status) {
		c.Page = l.next
		return p.later(ctx, tx, c)
	}
	met, err := p.take(ctx, tx, crawl, c)
	if err != nil {
		return err
	}
	if met >= social.CrawlURIs || crawl.Pages >= social.CrawlPages {
		p.Observer.Observe(ctx, observe.Skipped{Rule: rules.LimitCrawl, What: "fetch", Target: c.Status})
		return p.later(ctx, tx, work.Crawling{Crawl: c.Crawl, Walk: c.Walk})
	}
	next, err := tx.PopCrawl(ctx, crawl.ID)
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return err
	}
	return p.later(ctx, tx, work.Crawling{Crawl: c.Crawl, Status: next, Walk: c.Walk})
}

// take leaves the listed replies to be fetched, and those known replies of which nobody tells this server, but for what is
// local, young or was asked for lately. It returns how many posts the crawl has met.
func (p *Pull) take(ctx context.Context, tx ingest.Tx, crawl social.Crawl, c work.Crawling) (int, error) {
	listed := c.Items
	if parent, err := tx.StatusByURI(ctx, c.Status); err == nil {
		more, err := tx.UnfollowedReplies(ctx, parent.ID, social.CrawlAtOnce)
		if err != nil {
			return 0, err
		}
		listed = append(listed, more...)
	} else if !errors.Is(err, social.ErrNotFound) {
		return 0, err
	}
	known, err := tx.StatusesByURI(ctx, listed)
	if err != nil {
		return 0, err
	}
	var chosen []string
	var again []social.ID
	for _, uri := range listed {
		s, here := known[uri]
		switch {
		case !translate.IsHTTP(uri), p.URLs.IsLocal(uri), len(chosen) >= social.CrawlAtOnce:
			continue
		case here && !p.opening(s).Yes:
			continue
		case here:
			again = append(again, s.ID)
		}
		chosen = append(chosen, uri)
	}
	if err := tx.NoteRepliesFetched(ctx, again, p.Ingest.Now()); err != nil {
		return 0, err
	}
	added, met, err := tx.PushCrawl(ctx, crawl.ID, chosen, social.CrawlURIs)
	if err != nil {
		return 0, err
	}
	for _, uri := range added {
		if err := work.Enqueue(ctx, tx, work.Crawled, work.Pull, uri, p.Ingest.Now(), work.Found{Crawl: c.Crawl, URI: uri, Walk: c.Walk}); err != nil {
			return 0, err
		}
	}
	return met, nil
}

// crawled fetches a reply that a crawl found.
func (p *Pull) crawled(ctx context.Context, j jobs.Job) error {
	f, err := work.Read[work.Found](j)
	if err != nil {
		return err
	}
	how := rules.FetchThreadReply
	if f.Walk {
		how = rules.FetchThreadWalk
	}
	_, isNew, err := p.Ingest.Bring(ingest.AtDepth(ctx, 1), f.URI, how, learned(f.Walk))
	if err != nil {
		return fmt.Errorf("reply in an opened thread: %w", err)
	}
	if !isNew {
		return nil
	}
	return p.Store.CountCrawled(ctx, social.ID(f.Crawl), 0, 1)
}
