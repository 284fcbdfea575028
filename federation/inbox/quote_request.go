package inbox

import (
	"context"
	"errors"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/vocab"
	"orrery/social"
)

// quoteRequest asks whether a post of this server may be quoted (federation.md §4.13).
type quoteRequest struct{ *Inbox }

func (h quoteRequest) need(ctx context.Context, a *Activity) (rules.ID, error) {
	if !translate.SameHost(a.Actor.URI, a.ID) {
		return rules.OriginMismatch, nil
	}
	quoted, drop, err := quotable(ctx, h.Store, a.Object)
	if err != nil || drop != "" {
		return drop, err
	}
	if ok, err := allowed(ctx, h.Store, quoted, a.Actor.ID); err != nil || !ok {
		return "", err // apply says no
	}
	doc := a.Doc.Object("instrument")
	if doc == nil {
		if doc, drop, err = h.instrument(ctx, a); err != nil || drop != "" {
			return drop, err
		}
	}
	a.Note = vocab.ReadNote(doc)
	if a.Note.Type == "" || a.Note.Quote.URI != quoted.URI || doc.Ref("attributedTo") != a.Actor.URI || !translate.SameHost(a.Actor.URI, a.Note.ID) {
		return rules.DropNotQuoting, nil
	}
	a.Needed, err = h.Ingest.NeedNote(ctx, a.Note)
	return "", err
}

// instrument fetches the quoting post where the request only names it.
func (h quoteRequest) instrument(ctx context.Context, a *Activity) (vocab.Doc, rules.ID, error) {
	uri := a.Doc.Ref("instrument")
	if !translate.SameHost(a.Actor.URI, uri) {
		return nil, rules.DropNotQuoting, nil
	}
	reader, err := h.reader(ctx, a)
	if err != nil {
		return nil, "", err
	}
	doc, err := h.Ingest.Document(ctx, uri, reader, rules.FetchQuoteInstrument)
	if err == nil || errors.Is(err, fetch.ErrUnreachable) {
		return doc, "", err
	}
	return nil, rules.DropNotQuoting, nil
}

// quotable is the post of this server at uri, if it is one that can be quoted at all.
func quotable(ctx context.Context, store social.Tx, uri string) (social.Status, rules.ID, error) {
	s, err := store.StatusByURI(ctx, uri)
	switch {
	case errors.Is(err, social.ErrNotFound), err == nil && (s.BoostOfID != 0 || !s.Visibility.Distributable()):
		return s, rules.DropUnknownObject, nil
	case err == nil && !s.Local:
		return s, rules.DropNotLocal, nil
	}
	return s, "", err
}

func allowed(ctx context.Context, store social.Tx, quoted social.Status, who social.ID) (bool, error) {
	ties, err := store.Relationships(ctx, who, []social.ID{quoted.AccountID})
	return social.MayQuote(quoted, who, ties[quoted.AccountID]) == social.QuoteAutomatic, err
}

func (h quoteRequest) apply(ctx context.Context, tx ingest.Tx, a *Activity) (ingest.Outcome, error) {
	quoted, drop, err := quotable(ctx, tx, a.Object)
	if err != nil || drop != "" {
		return ingest.Drop(drop, a.Object), err
	}
	ok, err := allowed(ctx, tx, quoted, a.Actor.ID)
	if err != nil {
		return ingest.Outcome{}, err
	}
	if !ok || a.Note.ID == "" {
		err := h.Quotes.Refuse(ctx, tx, quoted, a.Actor.ID, a.ID, a.Doc.Ref("instrument"))
		return ingest.Outcome{Outcome: observe.Rejected, Rule: rules.DropQuoteDenied, Object: quoted.URI}, err
	}
	kept, err := h.Ingest.ApplyNote(ctx, tx, a.Note, a.Actor, ingest.Arrival{How: rules.LearnDelivered, Fetched: true}, a.Needed)
	if err != nil || kept.Status.ID == 0 {
		return kept, err
	}
	quotes, err := tx.Quotes(ctx, []social.ID{kept.Status.ID})
	if err != nil {
		return ingest.Outcome{}, err
	}
	q, has := quotes[kept.Status.ID]
	switch {
	case !has || q.QuotedID != quoted.ID:
		return ingest.Drop(rules.DropNotQuoting, kept.Status.URI), nil
	case q.RequestURI == a.ID && q.State == social.QuoteAccepted:
		return ingest.Drop(rules.DropDuplicate, a.ID), nil
	}
	author, err := tx.AccountByID(ctx, quoted.AccountID)
	if err != nil {
		return ingest.Outcome{}, err
	}
	return ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptQuoteRequest, Object: kept.Status.URI}, h.Quotes.Grant(ctx, tx, q, author, a.ID)
}

// unlessQuote drops an answer to nothing that was asked, unless what was asked is whether a post may be quoted, or answered.
func (in *Inbox) unlessQuote(ctx context.Context, tx ingest.Tx, a *Activity, yes bool) (ingest.Outcome, error) {
	mine, out, err := in.quoteAnswered(ctx, tx, a, yes)
	if err == nil && !mine {
		mine, out, err = in.replyAnswered(ctx, tx, a, yes)
	}
	if err != nil || mine {
		return out, err
	}
	return ingest.Drop(rules.DropUnknownObject, a.Object), nil
}

// quoteAnswered keeps what the quoted author answered to a request from here; mine is false when a answers something else.
func (in *Inbox) quoteAnswered(ctx context.Context, tx ingest.Tx, a *Activity, yes bool) (mine bool, out ingest.Outcome, err error) {
	if !in.Policy.Quotes {
		return false, out, nil
	}
	q, err := tx.QuoteByRequest(ctx, a.Object)
	if errors.Is(err, social.ErrNotFound) || err == nil && (in.URLs.IsLocal(q.QuotedURI) || q.QuotedAccountID != a.Actor.ID) {
		return false, out, nil
	}
	if err != nil {
		return false, out, err
	}
	out = ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptQuoteAnswer, Object: q.QuotedURI}
	if !yes {
		if q.State == social.QuoteRejected || q.State == social.QuoteRevoked {
			return true, ingest.Drop(rules.DropDuplicate, a.Object), nil
		}
		return true, out, tx.PutQuote(ctx, q.Ended())
	}
	approval := a.Doc.Ref("result")
	switch {
	case !translate.SameHost(a.Actor.URI, approval):
		return true, ingest.Drop(rules.OriginMismatch, a.Object), nil
	case q.State != social.QuotePending:
		return true, ingest.Drop(rules.DropDuplicate, a.Object), nil
	}
	return true, out, in.Quotes.ReceiveGrant(ctx, tx, q, approval)
}

// consent is the quote that a takes the consent from, ErrNotFound when it is about something else.
func (in *Inbox) consent(ctx context.Context, store social.Tx, a *Activity) (social.Quote, error) {
	if !in.Policy.Quotes {
		return social.Quote{}, social.ErrNotFound
	}
	q, err := store.QuoteByApproval(ctx, a.Object)
	if err == nil && q.QuotedAccountID != a.Actor.ID {
		return q, social.ErrNotFound
	}
	return q, err
}

// revoked ends a quote whose consent was taken back, and passes that on to whom the quoting post may have reached
// (federation.md §4.13, §7).
func (h deletion) revoked(ctx context.Context, tx ingest.Tx, a *Activity, q social.Quote) (ingest.Outcome, error) {
	if q.State != social.QuoteAccepted && q.State != social.QuotePending {
		return ingest.Drop(rules.DropDuplicate, a.Object), nil
	}
	if err := tx.PutQuote(ctx, q.Ended()); err != nil {
		return ingest.Outcome{}, err
	}
	out := ingest.Outcome{Outcome: observe.Accepted, Rule: rules.AcceptQuoteEnded, Object: q.QuotedURI}
	s, err := tx.StatusByID(ctx, q.StatusID)
	if errors.Is(err, social.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	return out, h.tellSharers(ctx, tx, a, s)
}
