package ingest

import (
	"context"
	"errors"

	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/federation/work"
	"orrery/social"
)

// maxQuoteDepth is how far what quotes what is followed (federation.md §4.13).
const maxQuoteDepth = 2

type quoteDepth struct{}

// WithQuoteDepth says that what is brought in under the returned context was quoted, by how many posts in a row.
func WithQuoteDepth(ctx context.Context, depth int) context.Context {
	return context.WithValue(ctx, quoteDepth{}, depth)
}

// keepQuote writes what the new post s says that it quotes, and leaves to prove it.
func (g *Ingest) keepQuote(ctx context.Context, tx Tx, s social.Status, n vocab.Note) error {
	if !g.Policy.Quotes || !n.Quote.Gone && !translate.IsHTTP(n.Quote.URI) {
		return nil
	}
	q := social.Quote{ID: g.NewID(), StatusID: s.ID, AccountID: s.AccountID, QuotedURI: n.Quote.URI, State: social.QuotePending, Legacy: n.Quote.Legacy}
	if n.Quote.Gone {
		q.State = social.QuoteDeleted
		return tx.PutQuote(ctx, q)
	}
	if translate.IsHTTP(n.Quote.Authorization) {
		q.ApprovalURI = n.Quote.Authorization
	}
	if err := g.Identify(ctx, tx, &q); err != nil {
		return err
	}
	if g.URLs.IsLocal(q.ApprovalURI) { // consent of people here is given by request only
		q.ApprovalURI = ""
	}
	if err := tx.PutQuote(ctx, q); err != nil {
		return err
	}
	return g.leaveQuote(ctx, tx, s, q)
}

// Identify finds what q quotes, if it is known here now. What one wrote oneself needs nobody's consent.
func (g *Ingest) Identify(ctx context.Context, tx Tx, q *social.Quote) error {
	if q.QuotedID != 0 {
		return nil
	}
	s, err := tx.StatusByURI(ctx, q.QuotedURI)
	if errors.Is(err, social.ErrNotFound) || err == nil && (s.BoostOfID != 0 || s.ID == q.StatusID) {
		return nil
	}
	if err != nil {
		return err
	}
	q.QuotedID, q.QuotedURI, q.QuotedAccountID = s.ID, s.URI, s.AccountID
	if s.AccountID == q.AccountID {
		q.State = social.QuoteAccepted
	}
	return nil
}

// leaveQuote leaves to a job what must be asked for: the quoted post, the consent.
func (g *Ingest) leaveQuote(ctx context.Context, tx Tx, s social.Status, q social.Quote) error {
	depth, _ := ctx.Value(quoteDepth{}).(int)
	work := work.Quoting{Status: s.URI, Depth: depth}
	switch {
	case q.State == social.QuoteAccepted:
		return nil
	case q.QuotedID == 0 && depth < maxQuoteDepth && !g.URLs.IsLocal(q.QuotedURI):
		return g.leaveCheck(ctx, tx, rules.FetchQuoted, q.QuotedURI, work)
	case q.QuotedID != 0 && q.ApprovalURI != "":
		return g.leaveCheck(ctx, tx, rules.FetchQuoteAuthorization, q.ApprovalURI, work)
	}
	return nil
}

func (g *Ingest) leaveCheck(ctx context.Context, tx Tx, rule rules.ID, target string, q work.Quoting) error {
	return g.leave(ctx, tx, rule, work.QuoteCheck, target, q)
}

// RecheckQuote leaves to prove again that q, the quote in s, is agreed to.
func (g *Ingest) RecheckQuote(ctx context.Context, tx Tx, s social.Status, q social.Quote) error {
	return g.leaveCheck(ctx, tx, rules.FetchQuoteAuthorization, q.ApprovalURI, work.Quoting{Status: s.URI})
}

// requote brings the quote and the quote policy of s up to what its newer document says. Another quote comes with an explicit
// change only and counts as one, which another reports; consent and policy come with any (federation.md §4.2 step 4).
func (g *Ingest) requote(ctx context.Context, tx Tx, c Change, n vocab.Note, author social.Account) (another, news bool, err error) {
	if !g.Policy.Quotes {
		return false, false, nil
	}
	if p := translate.QuotePolicy(n, author); p != "" && p != c.Status.QuotePolicy {
		if err := tx.SetQuotePolicy(ctx, c.Status.ID, p); err != nil {
			return false, false, err
		}
		news = true
	}
	qs, err := tx.Quotes(ctx, []social.ID{c.Status.ID})
	if err != nil {
		return false, false, err
	}
	q, had := qs[c.Status.ID]
	if n.Quote.Gone {
		if !had || q.State == social.QuoteDeleted {
			return false, news, nil
		}
		q.State = social.QuoteDeleted
		return false, true, tx.PutQuote(ctx, q)
	}
	if n.Quote.URI != q.QuotedURI {
		if !c.Explicit || !had && !translate.IsHTTP(n.Quote.URI) {
			return false, news, nil
		}
		if err := tx.DeleteQuote(ctx, c.Status.ID); err != nil {
			return false, news, err
		}
		return true, true, g.keepQuote(ctx, tx, c.Status, n)
	}
	if !had || q.ApprovalURI == n.Quote.Authorization || q.AccountID == q.QuotedAccountID ||
		g.URLs.IsLocal(q.QuotedURI) || g.URLs.IsLocal(n.Quote.Authorization) {
		return false, news, nil
	}
	q.State, q.ApprovalURI = social.QuotePending, ""
	if translate.IsHTTP(n.Quote.Authorization) {
		q.ApprovalURI = n.Quote.Authorization
	}
	if err := tx.PutQuote(ctx, q); err != nil {
		return false, news, err
	}
	return false, true, g.leaveQuote(ctx, tx, c.Status, q)
}

// Consents reports whether doc, found at uri, is the consent of the author of quoted to q (federation.md §4.13).
func Consents(doc vocab.Doc, uri string, author social.Account, quoting, quoted social.Status) bool {
	by := doc.Ref("attributedTo")
	return doc.SpeaksActivityStreams() && doc.Is("QuoteAuthorization") && translate.SameHost(uri, by) && by == author.URI &&
		doc.Ref("interactingObject") == quoting.URI && doc.Ref("interactionTarget") == quoted.URI
}
