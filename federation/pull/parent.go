package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/ingest"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// parent finds the post that known ones answer and links them to it (federation.md §9.1). Its own parent, if it is not
// known either, is left to the next job.
func (p *Pull) parent(ctx context.Context, j jobs.Job) error {
	m, err := work.Read[work.Missing](j)
	if err != nil {
		return err
	}
	ctx = ingest.AtDepth(ctx, m.Depth)
	s, err := p.found(ctx, m.URI)
	if err != nil {
		return fmt.Errorf("missing ancestor: %w", err)
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		adopted, err := tx.AdoptReplies(ctx, m.URI, s)
		if err != nil {
			return err
		}
		if err := p.Ingest.AdoptThread(ctx, tx, s.ID, adopted); err != nil {
			return err
		}
		if p.Ingest.Policy.LateThreads {
			if err := p.rejoin(ctx, tx, adopted); err != nil {
				return err
			}
		}
		return j.Finish(ctx, tx)
	})
}

// found is the missing post: since 4.3 what has become known meanwhile is not asked for.
func (p *Pull) found(ctx context.Context, uri string) (social.Status, error) {
	if p.Ingest.Policy.LooksFirst || p.URLs.IsLocal(uri) {
		if s, err := p.Store.StatusByURI(ctx, uri); err == nil || !errors.Is(err, social.ErrNotFound) {
			return s, err
		}
	}
	s, _, err := p.Ingest.Bring(ctx, uri, rules.FetchMissingAncestor, rules.LearnGapFilled)
	return s, err
}

// rejoin brings replies whose thread has just been found into the homes that they were kept out of, if they are young.
func (p *Pull) rejoin(ctx context.Context, tx ingest.Tx, ids []social.ID) error {
	mentions, err := tx.Mentions(ctx, ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		s, err := tx.StatusByID(ctx, id)
		if err != nil {
			return err
		}
		if p.Ingest.Now().Sub(s.CreatedAt) >= social.RealTime {
			continue
		}
		author, err := tx.AccountByID(ctx, s.AccountID)
		if err != nil {
			return err
		}
		s.Mentions = mentions[id]
		if err := p.Ingest.Statuses.Rejoin(ctx, tx, author, s); err != nil {
			return err
		}
	}
	return nil
}
