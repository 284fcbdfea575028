package pull

import (
	"context"
	"errors"
	"fmt"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/social"
)

// quote finds what a post quotes and proves that its author agrees (federation.md §4.13).
func (p *Pull) quote(ctx context.Context, j jobs.Job) error {
	w, err := work.Read[work.Quoting](j)
	if err != nil {
		return err
	}
	quoting, q, err := p.quoteOf(ctx, p.Store, w.Status)
	if errors.Is(err, social.ErrNotFound) {
		return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error { return j.Finish(ctx, tx) })
	}
	if err != nil {
		return err
	}
	if q.QuotedID == 0 {
		deeper := ingest.WithQuoteDepth(ctx, w.Depth+1)
		if _, err := p.Ingest.Status(deeper, q.QuotedURI, 0, rules.FetchQuoted, rules.LearnFetched); err != nil {
			return fmt.Errorf("quoted post: %w", err)
		}
	}
	checked := q.ApprovalURI
	consents, err := p.consents(ctx, quoting, q)
	if err != nil {
		return err
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		_, q, err := p.quoteOf(ctx, tx, w.Status)
		if errors.Is(err, social.ErrNotFound) || err == nil && q.ApprovalURI != checked { // another job has the newer one
			return j.Finish(ctx, tx)
		}
		if err == nil {
			err = p.Ingest.Identify(ctx, tx, &q)
		}
		if err != nil {
			return err
		}
		p.judge(ctx, &q, consents)
		if err := tx.PutQuote(ctx, q); err != nil {
			return err
		}
		return j.Finish(ctx, tx)
	})
}

// quoteOf is the known post at uri and its quote.
func (p *Pull) quoteOf(ctx context.Context, store social.Tx, uri string) (social.Status, social.Quote, error) {
	s, err := store.StatusByURI(ctx, uri)
	if err != nil {
		return s, social.Quote{}, err
	}
	qs, err := store.Quotes(ctx, []social.ID{s.ID})
	q, ok := qs[s.ID]
	if err == nil && !ok {
		err = fmt.Errorf("quote in %s: %w", uri, social.ErrNotFound)
	}
	return s, q, err
}

// verdict is what the quoted author's server says about consent.
type verdict string

const (
	unasked  verdict = ""
	consents verdict = "yes"
	refuses  verdict = "no" // there is no such document
	unclear  verdict = "unclear"
)

func (p *Pull) consents(ctx context.Context, quoting social.Status, q social.Quote) (verdict, error) {
	quoted, err := p.Store.StatusByURI(ctx, q.QuotedURI)
	if errors.Is(err, social.ErrNotFound) || err == nil && (q.ApprovalURI == "" || quoted.Local || quoted.AccountID == q.AccountID) {
		return unasked, nil
	}
	if err != nil {
		return unasked, err
	}
	author, err := p.Store.AccountByID(ctx, quoted.AccountID)
	if err != nil {
		return unasked, err
	}
	doc, err := p.Ingest.Document(ctx, q.ApprovalURI, 0, rules.FetchQuoteAuthorization)
	switch {
	case errors.Is(err, fetch.ErrUnreachable):
		return unasked, err
	case errors.Is(err, ingest.ErrNotHere):
		return refuses, nil
	case err != nil:
		return unasked, err
	case ingest.Consents(doc, q.ApprovalURI, author, quoting, quoted):
		return consents, nil
	}
	return unclear, nil
}

func (p *Pull) judge(ctx context.Context, q *social.Quote, v verdict) {
	switch v {
	case unasked:
		return
	case consents:
		q.State = social.QuoteAccepted
		p.Observer.Observe(ctx, observe.Decided{Rule: rules.AcceptQuoteProved, Outcome: observe.Accepted, Object: q.QuotedURI})
	default:
		if v == refuses || q.State == social.QuoteAccepted {
			*q = q.Ended()
		}
		p.Observer.Observe(ctx, observe.Decided{Rule: rules.DropQuoteUnproved, Outcome: observe.Dropped, Object: q.QuotedURI})
	}
	q.CheckedAt = p.Ingest.Now()
}
