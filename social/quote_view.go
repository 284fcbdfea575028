package social

// QuoteView is a quote as one viewer sees it.
type QuoteView struct {
	Quote Quote
	State QuoteState  // as the viewer meets it
	Gone  bool        // the quoted status was deleted
	Shown *StatusView // the quoted status; nil unless State is accepted
}

// quote is what p shows inside; deep is false for what is itself shown inside another: of that, only where it stands.
func (l *loaded) quote(p *post, deep bool) *QuoteView {
	if p.quote == nil {
		return nil
	}
	q := *p.quote
	v := &QuoteView{Quote: q, State: q.State}
	if !deep || q.QuotedID == 0 {
		return v
	}
	quoted, known := l.posts[q.QuotedID]
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
