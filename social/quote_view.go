package social

import (
	"context"
	"maps"
	"slices"
)

// QuoteView is a quote as one viewer sees it.
type QuoteView struct {
	Quote Quote
	State QuoteState  // as the viewer meets it
	Gone  bool        // the quoted status was deleted
	Shown *StatusView // the quoted status; nil unless State is accepted
}

// quotes loads what the statuses of l quote, and where what that quotes stands.
func (r *Reader) quotes(ctx context.Context, l *loaded) (err error) {
	quoting := func(p Parts) bool { return p.Quote }
	if l.quotes, err = r.Store.Quotes(ctx, l.having(quoting)); err != nil || len(l.quotes) == 0 {
		return err
	}
	var more []ID
	for _, q := range l.quotes {
		if _, known := l.statuses[q.QuotedID]; q.QuotedID != 0 && !known {
			more = append(more, q.QuotedID)
		}
	}
	if _, err := l.add(ctx, r.Store, more); err != nil {
		return err
	}
	inner, err := r.Store.Quotes(ctx, slices.DeleteFunc(more, func(id ID) bool { return !l.parts[id].Quote }))
	maps.Copy(l.quotes, inner)
	return err
}

// quote is what s shows inside; deep is false for what is itself shown inside another: of that, only where it stands.
func (l *loaded) quote(s Status, deep bool) *QuoteView {
	q, ok := l.quotes[s.ID]
	if !ok {
		return nil
	}
	v := &QuoteView{Quote: q, State: q.State}
	if !deep || q.QuotedID == 0 {
		return v
	}
	quoted, known := l.statuses[q.QuotedID]
	if v.Gone = !known; v.Gone {
		v.State = QuoteDeleted
		return v
	}
	if q.State != QuoteAccepted {
		return v
	}
	tie := l.ties[quoted.AccountID]
	shown, ok := l.shown(quoted.ID, false)
	switch {
	case !ok, !l.visible(shown):
		v.State = QuoteUnauthorized
	case tie.Blocking:
		v.State = QuoteBlockedAccount
	case tie.DomainBlocking:
		v.State = QuoteBlockedDomain
	case tie.Muting:
		v.State = QuoteMutedAccount
	default:
		v.Shown = shown
	}
	return v
}
