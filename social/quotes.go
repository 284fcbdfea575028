package social

import (
	"context"
	"errors"
	"fmt"
	"path"
	"time"
)

// Quotes are the rules for quoting with approval. An instance whose policy knows no quotes has none.
type Quotes struct {
	Store   Store
	Now     func() time.Time
	NewID   func() ID
	MintURI func() string
	// Stale is told, in a transaction, of a status and its quote, whose approval was proved over a week ago; nil when nobody
	// wants to know.
	Stale func(ctx context.Context, tx Tx, s Status, q Quote) error
}

// quoted is what d quotes, nil for nothing, and how author may. Errors: ErrNotFound (gone, out of sight, not allowed),
// ErrInvalid (a direct post that does not name the quoted author).
func (s *Statuses) quoted(ctx context.Context, author ID, d *Draft) (*StatusView, error) {
	if d.Quote == 0 {
		return nil, nil
	}
	if s.Quotes == nil {
		return nil, &Error{Kind: ErrInvalid, Field: "quoted_status_id", Message: "This server cannot quote posts: post without quoted_status_id."}
	}
	v, err := (&Reader{Store: s.Store}).Status(ctx, author, d.Quote)
	if errors.Is(err, ErrNotFound) {
		return nil, &Error{Kind: ErrNotFound, Field: "quoted_status_id", Message: "The post you are quoting does not exist here any more, or you may not see it."}
	}
	if err != nil {
		return nil, err
	}
	q := v.Proper()
	if q.Viewer.Quoting == QuoteDenied {
		return nil, &Error{Kind: ErrNotFound, Field: "quoted_status_id", Message: "The author of this post does not let you quote it: answer it, or link to it."}
	}
	if q.Status.Visibility == Private && d.Visibility.Distributable() {
		d.Visibility = Private
	}
	d.QuoteURL = q.Status.URL
	if d.QuoteURL == "" {
		d.QuoteURL = q.Status.URI
	}
	return q, nil
}

// namesQuoted refuses a direct post that shows a post of somebody whom it does not name.
func namesQuoted(s Status, q *StatusView) error {
	if q == nil || s.Visibility != Direct || q.Author.ID == s.AccountID {
		return nil
	}
	for _, m := range s.Mentions {
		if m.AccountID == q.Author.ID {
			return nil
		}
	}
	return &Error{Kind: ErrInvalid, Field: "quoted_status_id", Message: "A direct post can only quote somebody whom it mentions: name the author, or choose another visibility."}
}

// Begin quotes q in the new status s of this instance: at once where that is allowed here, else by asking its author.
func (x *Quotes) Begin(ctx context.Context, tx Tx, author Account, s Status, q *StatusView) error {
	if q == nil {
		return nil
	}
	quote := Quote{ID: x.NewID(), StatusID: s.ID, AccountID: author.ID, QuotedID: q.Status.ID, QuotedURI: q.Status.URI, QuotedAccountID: q.Author.ID, State: QuotePending}
	switch {
	case q.Author.ID == author.ID:
		quote.State = QuoteAccepted
	case q.Author.Local() && q.Viewer.Quoting == QuoteAutomatic:
		return x.grant(ctx, tx, quote, q.Author)
	case !q.Author.Local():
		quote.RequestURI = author.URI + "/quote_requests/" + path.Base(x.MintURI())
	}
	if err := tx.PutQuote(ctx, quote); err != nil || quote.RequestURI == "" {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: QuoteRequested, Actor: author.ID, Subject: s.ID, Object: quote.ID, At: x.Now()})
}

// grant accepts a quote of a post of this server and tells its author.
func (x *Quotes) grant(ctx context.Context, tx Tx, q Quote, author Account) error {
	q.State, q.ApprovalURI = QuoteAccepted, author.URI+"/quote_authorizations/"+q.ID.String()
	if err := tx.PutQuote(ctx, q); err != nil {
		return err
	}
	s, err := tx.StatusByID(ctx, q.StatusID)
	if err != nil {
		return err
	}
	return Notify(ctx, tx, Notification{ID: x.NewID(), AccountID: author.ID, FromID: q.AccountID, Type: NotifyQuote, StatusID: s.ID, CreatedAt: x.Now()}, &s)
}

// Grant accepts the quote of a post of this server that a remote account asked for with the activity request, and answers.
func (x *Quotes) Grant(ctx context.Context, tx Tx, q Quote, author Account, request string) error {
	q.RequestURI = request
	if err := x.grant(ctx, tx, q, author); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: QuoteGranted, Actor: author.ID, Subject: q.StatusID, Object: q.ID, At: x.Now()})
}

// Refuse answers a request with no.
func (x *Quotes) Refuse(ctx context.Context, tx Tx, quoted Status, asker ID, request, instrument string) error {
	return tx.AppendEvent(ctx, Event{Kind: QuoteRefused, Actor: quoted.AccountID, Subject: asker, Object: quoted.ID, URI: request, To: instrument, At: x.Now()})
}

// ReceiveGrant keeps the approval that the quoted author gave; everybody who has the quoting post is told.
func (x *Quotes) ReceiveGrant(ctx context.Context, tx Tx, q Quote, approval string) error {
	q.State, q.ApprovalURI, q.CheckedAt = QuoteAccepted, approval, x.Now()
	if err := tx.PutQuote(ctx, q); err != nil {
		return err
	}
	return tx.AppendEvent(ctx, Event{Kind: QuoteChanged, Actor: q.AccountID, Subject: q.StatusID, At: x.Now()})
}

// Ended is q without approval: revoked when it had been accepted.
func (q Quote) Ended() Quote {
	if q.State == QuoteAccepted {
		q.State = QuoteRevoked
	} else {
		q.State = QuoteRejected
	}
	return q
}

// Revoke takes back that quoting shows actor's own post quoted. Errors: ErrNotFound (no such quote, or the post is another's).
func (x *Quotes) Revoke(ctx context.Context, actor, quoted, quoting ID) error {
	return x.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		qs, err := tx.Quotes(ctx, []ID{quoting})
		if err != nil {
			return err
		}
		q, ok := qs[quoting]
		if !ok || q.QuotedID != quoted || q.QuotedAccountID != actor || q.State != QuoteAccepted {
			return fmt.Errorf("quote of %d in %d: %w", quoted, quoting, ErrNotFound)
		}
		if err := tx.PutQuote(ctx, q.Ended()); err != nil {
			return err
		}
		if q.AccountID == actor {
			return tx.AppendEvent(ctx, Event{Kind: QuoteChanged, Actor: actor, Subject: quoting, At: x.Now()})
		}
		if err := tx.AppendEvent(ctx, Event{Kind: QuoteEnded, Actor: actor, Subject: quoting, Object: q.ID, At: x.Now()}); err != nil {
			return err
		}
		s, err := tx.StatusByID(ctx, quoting)
		if err != nil || !s.Local {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: QuoteChanged, Actor: s.AccountID, Subject: quoting, At: x.Now()})
	})
}

// Choose sets who may quote actor's own status, and tells its readers when that is a change. Errors: ErrNotFound, ErrInvalid.
func (x *Quotes) Choose(ctx context.Context, actor, id ID, p QuotePolicy) error {
	if err := p.check(); err != nil {
		return err
	}
	return x.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		s, err := tx.StatusByID(ctx, id)
		if err != nil {
			return err
		}
		if s.AccountID != actor || s.BoostOfID != 0 {
			return fmt.Errorf("status %d of another account: %w", id, ErrNotFound)
		}
		if !s.Visibility.Distributable() || s.Quotable() == p {
			return nil
		}
		if err := tx.SetQuotePolicy(ctx, id, p); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: QuoteChanged, Actor: actor, Subject: id, At: x.Now()})
	})
}

// check reports whether it is a choice that people of this server have.
func (p QuotePolicy) check() error {
	switch p {
	case QuotableByAll, QuotableByFollowers, QuotableByNobody:
		return nil
	}
	return &Error{Kind: ErrInvalid, Field: "quote_approval_policy", Message: fmt.Sprintf("%q says not who may quote: choose public, followers or nobody.", p)}
}

// Looked is told that somebody looks at v: an approval of another server that was proved over a week ago is proved again.
func (x *Quotes) Looked(ctx context.Context, v *StatusView) error {
	if x == nil || x.Stale == nil || v.Quote == nil {
		return nil
	}
	q, now := v.Quote.Quote, x.Now()
	if q.State != QuoteAccepted || q.ApprovalURI == "" || q.CheckedAt.IsZero() || now.Sub(q.CheckedAt) < QuoteCheck {
		return nil
	}
	return x.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		mine, err := tx.ClaimQuoteCheck(ctx, q.StatusID, now.Add(-QuoteCheck), now)
		if err != nil || !mine {
			return err
		}
		return x.Stale(ctx, tx, v.Status, q)
	})
}

// notifyQuoters tells the people here who quote a status that it is another now, as notifyBoosters does.
func (s *Statuses) notifyQuoters(ctx context.Context, tx Tx, author Account, edited Status) error {
	quoting, err := tx.QuotedBy(ctx, edited.ID, Page{Limit: 200})
	if err != nil || len(quoting) == 0 {
		return err
	}
	posts, err := tx.StatusesByID(ctx, quoting)
	if err != nil {
		return err
	}
	for _, id := range quoting {
		p := posts[id]
		if !p.Local || p.AccountID == author.ID {
			continue
		}
		if err := tx.DeleteNotificationsBetween(ctx, p.AccountID, author.ID, NotifyQuotedUpdate, p.ID); err != nil {
			return err
		}
		n := Notification{ID: s.NewID(), AccountID: p.AccountID, FromID: author.ID, Type: NotifyQuotedUpdate, StatusID: p.ID, CreatedAt: s.Now()}
		if err := Notify(ctx, tx, n, &edited); err != nil {
			return err
		}
	}
	return nil
}

// keepQuoteLink lets the new version of a post that quotes begin like the old one, for software that knows no quotes.
func (s *Statuses) keepQuoteLink(ctx context.Context, id ID, d *Draft) error {
	qs, err := s.Store.Quotes(ctx, []ID{id})
	q, ok := qs[id]
	if err != nil || !ok {
		return err
	}
	d.QuoteURL = q.QuotedURI
	quoted, err := s.Store.StatusByID(ctx, q.QuotedID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if quoted.URL != "" {
		d.QuoteURL = quoted.URL
	}
	return err
}
