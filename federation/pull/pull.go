// Package pull is what an instance goes and gets: the posts that known ones answer, listed replies, actors to be read
// again, and what a person asks for by handle or address.
//
// It decides nothing of its own: the policy's steps arrive as jobs, ingest brings things in. A newcomer's usual mistake is
// to follow what a fetched post points to here; every new post leaves its own look-ups when it is stored.
package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// Pull looks things up for one instance. Safe for concurrent use. It implements social.Remote.
type Pull struct {
	Ingest   *ingest.Ingest
	Store    social.Tx
	Atomic   func(ctx context.Context, fn func(ctx context.Context, tx ingest.Tx) error) error
	Follows  *social.Follows
	Observer observe.Observer
	URLs     social.URLs
	// Domain maps a domain as a person writes it to the one handles carry: in a lab "techhub" is "techhub.localhost:8080".
	Domain func(string) string
}

// Handle registers the look-ups' jobs, with their schedules: that of all, and the longer ones of mentions and quotes.
func (p *Pull) Handle(q *jobs.Queue, retry, mentions, quotes jobs.Schedule, about func(ctx context.Context, id observe.ExchangeID, j jobs.Job) (context.Context, func() error)) {
	wrap := func(run jobs.Handler) jobs.Handler {
		return func(ctx context.Context, j jobs.Job) error {
			ctx, end := about(ctx, observe.ExchangeID(j.Cause), j)
			return errors.Join(hopeless(run(ctx, j)), end())
		}
	}
	q.Handle(work.Parent, wrap(p.parent), retry)
	q.Handle(work.Replies, wrap(p.replies), retry)
	q.Handle(work.Reply, wrap(p.reply), retry)
	q.Handle(work.Refresh, wrap(p.refresh), retry)
	q.Handle(work.Quiet, wrap(p.quiet), retry)
	q.Handle(work.Followers, wrap(p.followers), retry)
	q.Handle(work.Mention, wrap(p.mention), mentions)
	q.Handle(work.QuoteCheck, wrap(p.quote), quotes)
	q.Handle(work.Link, wrap(p.link), retry)
	q.Handle(work.Featured, wrap(p.featured), retry)
	q.Handle(work.FeaturedTags, wrap(p.featuredTags), retry)
	q.Handle(work.Crawl, wrap(p.crawl), retry)
	q.Handle(work.History, wrap(p.history), retry)
	q.Handle(work.External, wrap(p.external), retry)
	q.Handle(work.ExternalThread, wrap(p.externalThread), retry)
	q.Handle(work.ExternalPost, wrap(p.externalPost), retry)
	q.Handle(work.Crawled, wrap(p.crawled), retry)
}

// hopeless marks what cannot be had as not worth another try; Mastodon tries three times even then, to the same end.
func hopeless(err error) error {
	if err != nil && errors.Is(err, ingest.ErrNotHere) && !errors.Is(err, fetch.ErrUnreachable) {
		return jobs.Permanent(err)
	}
	return err
}

// replies reads a list of replies that a post only refers to: one page, on the post's own host (federation.md §9.2).
func (p *Pull) replies(ctx context.Context, j jobs.Job) error {
	l, err := work.Read[work.Listed](j)
	if err != nil {
		return err
	}
	by, err := p.Ingest.Instance(ctx)
	if err != nil {
		return err
	}
	doc, err := p.Ingest.Fetch.Resource(ctx, l.Collection, by, "fetch", rules.FetchRepliesFirst)
	if err != nil {
		return fmt.Errorf("replies of %s: %w", l.Status, err)
	}
	items := vocab.Items(doc)
	if first := doc.Object("first"); first != nil {
		items = append(items, vocab.Items(first)...)
	} else if uri := doc.Ref("first"); len(items) == 0 && translate.SameHost(uri, l.Status) {
		page, err := p.Ingest.Fetch.Resource(ctx, uri, by, "fetch", rules.FetchRepliesFirst)
		if err != nil {
			return fmt.Errorf("replies of %s: %w", l.Status, err)
		}
		items = vocab.Items(page)
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		for _, uri := range p.Ingest.ChooseReplies(ctx, l.Status, items) {
			if err := work.Enqueue(ctx, tx, work.Reply, work.Pull, uri, j.RunAt, work.One{URI: uri, Depth: l.Depth}); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// reply fetches one listed reply, also one that is known: that one is refreshed.
func (p *Pull) reply(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	if _, _, err = p.Ingest.Bring(ingest.AtDepth(ctx, one.Depth), one.URI, rules.FetchRepliesFirst, rules.LearnFetched); err != nil {
		return fmt.Errorf("listed reply: %w", err)
	}
	return nil
}

func (p *Pull) refresh(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	_, err = p.Ingest.RefreshActor(ctx, one.URI)
	return err
}

func (p *Pull) quiet(ctx context.Context, j jobs.Job) error {
	one, err := work.Read[work.One](j)
	if err != nil {
		return err
	}
	return p.Ingest.RefreshStale(ctx, one.URI)
}

// mention looks somebody up again whom a post names, and adds the link that it was kept without (federation.md §14.3/74).
func (p *Pull) mention(ctx context.Context, j jobs.Job) error {
	m, err := work.Read[work.Mentioned](j)
	if err != nil {
		return err
	}
	a, err := p.Ingest.Actor(ctx, m.Account)
	if err != nil {
		return fmt.Errorf("somebody mentioned: %w", err)
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		s, err := tx.StatusByURI(ctx, m.Status)
		if err == nil {
			err = tx.AddMention(ctx, s.ID, social.Mention{AccountID: a.ID}, "")
		}
		if err != nil && !errors.Is(err, social.ErrNotFound) { // deleted meanwhile
			return err
		}
		return j.Finish(ctx, tx)
	})
}
