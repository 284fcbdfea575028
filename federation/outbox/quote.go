package outbox

import (
	"context"
	"errors"

	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/social"
)

// quoteRequested asks the author of a quoted post for consent, in their personal inbox (federation.md §4.13).
func (o *Outbox) quoteRequested(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	if v.Quote == nil || v.Quote.Quote.ID != e.Object || v.Quote.Quote.State != social.QuotePending {
		return nil, social.ErrNotFound
	}
	author, err := o.Store.AccountByID(ctx, v.Quote.Quote.QuotedAccountID)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(author, true, rules.DeliverQuotedAuthor)
	return o.write(ctx, v.Author, o.Writer.QuoteRequest(v), true, rs.list)
}

// quoteGranted answers a request with the address of the consent.
func (o *Outbox) quoteGranted(ctx context.Context, e social.Event) (*plan, error) {
	q, author, quoting, err := o.consent(ctx, e)
	if err != nil {
		return nil, err
	}
	asker, err := o.Store.AccountByID(ctx, q.AccountID)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(asker, true, rules.DeliverQuoter)
	asked := translate.AskedQuote{URI: q.RequestURI, Actor: asker.URI, Quoted: q.QuotedURI, Instrument: quoting.URI}
	return o.write(ctx, author, o.Writer.AcceptQuote(author, q.ID, asked, q.ApprovalURI), false, rs.list)
}

// quoteRefused answers a request with no.
func (o *Outbox) quoteRefused(ctx context.Context, e social.Event) (*plan, error) {
	author, asker, err := o.pair(ctx, e)
	if err != nil {
		return nil, err
	}
	quoted, err := o.Store.StatusByID(ctx, e.Object)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(asker, true, rules.DeliverQuoter)
	asked := translate.AskedQuote{URI: e.URI, Actor: asker.URI, Quoted: quoted.URI, Instrument: e.To}
	return o.write(ctx, author, o.Writer.RejectQuote(author, 0, asked), false, rs.list)
}

// quoteEnded tells who quotes, and everybody who has the quoted post, that the consent is taken back.
func (o *Outbox) quoteEnded(ctx context.Context, e social.Event) (*plan, error) {
	q, author, quoting, err := o.consent(ctx, e)
	if err != nil {
		return nil, err
	}
	asker, err := o.Store.AccountByID(ctx, q.AccountID)
	if err != nil {
		return nil, err
	}
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, author.ID, q.QuotedID)
	if err != nil {
		return nil, err
	}
	to, err := o.reach(ctx, "Delete", v)
	if err != nil {
		return nil, err
	}
	var rs recipients
	rs.add(asker, false, rules.DeliverQuoter)
	for _, r := range to {
		merged := rs.addInbox(r.inbox, r.rule)
		merged.accounts = append(merged.accounts, r.accounts...)
	}
	return o.write(ctx, author, o.Writer.DeleteAuthorization(author, q, quoting), true, rs.list)
}

// consent loads the quote of e, the quoted author and the quoting status.
func (o *Outbox) consent(ctx context.Context, e social.Event) (q social.Quote, author social.Account, quoting social.Status, err error) {
	if q, err = o.Store.QuoteByID(ctx, e.Object); err != nil {
		return q, author, quoting, err
	}
	if author, err = o.Store.AccountByID(ctx, e.Actor); err != nil {
		return q, author, quoting, err
	}
	quoting, err = o.Store.StatusByID(ctx, q.StatusID)
	return q, author, quoting, err
}

// quoteChanged tells everybody who has a status of its new approval or policy.
func (o *Outbox) quoteChanged(ctx context.Context, e social.Event) (*plan, error) {
	v, err := (&social.Reader{Store: o.Store}).Status(ctx, e.Actor, e.Subject)
	if err != nil {
		return nil, err
	}
	to, err := o.reach(ctx, "Update", v)
	if err != nil {
		return nil, err
	}
	return o.write(ctx, v.Author, o.Writer.UpdateQuote(v, e.At), v.Status.Visibility.Distributable(), to)
}

// quotedAuthor is who wrote what v quotes.
func (o *Outbox) quotedAuthor(ctx context.Context, v social.StatusView) ([]social.Account, error) {
	if v.Quote == nil {
		return nil, nil
	}
	a, err := o.Store.AccountByID(ctx, v.Quote.Quote.QuotedAccountID)
	if errors.Is(err, social.ErrNotFound) {
		return nil, nil
	}
	return []social.Account{a}, err
}
