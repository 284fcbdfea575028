package storage

import (
	"context"
	"time"

	"orrery/social"
)

const quoteColumns = `q.id, q.status_id, q.account_id, q.quoted_id, q.quoted_uri, q.quoted_account_id, q.state, q.request_uri,
	q.approval_uri, q.legacy, q.checked_at`

func scanQuote(r scanner) (social.Quote, error) {
	var q social.Quote
	var state string
	var checked int64
	err := r.Scan(&q.ID, &q.StatusID, &q.AccountID, &q.QuotedID, &q.QuotedURI, &q.QuotedAccountID, &state, &q.RequestURI,
		&q.ApprovalURI, &q.Legacy, &checked)
	q.State, q.CheckedAt = social.QuoteState(state), fromMillis(checked)
	return q, err
}

// PutQuote implements social.QuoteStore.
func (s *Store) PutQuote(ctx context.Context, q social.Quote) error {
	const put = `
		INSERT INTO quotes (status_id, id, account_id, quoted_id, quoted_uri, quoted_account_id, state, request_uri,
			approval_uri, legacy, checked_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (status_id) DO UPDATE
		SET id = excluded.id, quoted_id = excluded.quoted_id, quoted_uri = excluded.quoted_uri,
			quoted_account_id = excluded.quoted_account_id, state = excluded.state, request_uri = excluded.request_uri,
			approval_uri = excluded.approval_uri, legacy = excluded.legacy, checked_at = excluded.checked_at`
	_, err := s.exec(ctx, put, int64(q.StatusID), int64(q.ID), int64(q.AccountID), int64(q.QuotedID), q.QuotedURI,
		int64(q.QuotedAccountID), string(q.State), q.RequestURI, q.ApprovalURI, q.Legacy, millis(q.CheckedAt))
	return wrap(err, "quote in %d", q.StatusID)
}

// DeleteQuote implements social.QuoteStore. No quote is no error.
func (s *Store) DeleteQuote(ctx context.Context, status social.ID) error {
	const q = `
		DELETE FROM quotes
		WHERE status_id = $1`
	_, err := s.exec(ctx, q, int64(status))
	return wrap(err, "delete the quote in %d", status)
}

// Quotes implements social.QuoteStore.
func (s *Store) Quotes(ctx context.Context, ids []social.ID) (map[social.ID]social.Quote, error) {
	out := make(map[social.ID]social.Quote)
	if len(ids) == 0 {
		return out, nil
	}
	var args []any
	found, err := list(ctx, s, scanQuote, `
		SELECT `+quoteColumns+`
		FROM quotes q
		WHERE q.status_id IN (`+inIDs(&args, ids)+`)`, args...)
	for _, q := range found {
		out[q.StatusID] = q
	}
	return out, wrap(err, "quotes in %d statuses", len(ids))
}

// QuoteByID implements social.QuoteStore.
func (s *Store) QuoteByID(ctx context.Context, id social.ID) (social.Quote, error) {
	const q = `
		SELECT ` + quoteColumns + `
		FROM quotes q
		WHERE q.id = $1`
	out, err := scanQuote(s.row(ctx, q, int64(id)))
	return out, missing(err, "quote %d", id)
}

// QuoteByRequest implements social.QuoteStore.
func (s *Store) QuoteByRequest(ctx context.Context, uri string) (social.Quote, error) {
	const q = `
		SELECT ` + quoteColumns + `
		FROM quotes q
		WHERE q.request_uri = $1 AND q.request_uri <> ''
		ORDER BY q.id
		LIMIT 1`
	out, err := scanQuote(s.row(ctx, q, uri))
	return out, missing(err, "quote asked for by %s", uri)
}

// QuoteByApproval implements social.QuoteStore.
func (s *Store) QuoteByApproval(ctx context.Context, uri string) (social.Quote, error) {
	const q = `
		SELECT ` + quoteColumns + `
		FROM quotes q
		WHERE q.approval_uri = $1 AND q.approval_uri <> ''
		ORDER BY q.state, q.id
		LIMIT 1`
	out, err := scanQuote(s.row(ctx, q, uri))
	return out, missing(err, "quote approved by %s", uri)
}

// QuotedBy implements social.QuoteStore.
func (s *Store) QuotedBy(ctx context.Context, quoted social.ID, p social.Page) ([]social.ID, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanID, `
		SELECT q.status_id
		FROM quotes q
		JOIN statuses s ON s.id = q.status_id
		WHERE q.quoted_id = $1 AND q.quoted_id <> 0 AND q.status_id < $2 AND q.status_id > $3 AND q.state = 'accepted' AND s.deleted_at = 0
		ORDER BY q.status_id `+k.order+`
		LIMIT $4`, int64(quoted), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "quotes of %d", quoted))
}

// SetQuotePolicy implements social.QuoteStore.
func (s *Store) SetQuotePolicy(ctx context.Context, status social.ID, p social.QuotePolicy) error {
	const q = `
		UPDATE statuses
		SET quote_policy = $2
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(status), string(p))
	return wrap(err, "who may quote %d", status)
}

// ClaimQuoteCheck implements social.QuoteStore.
func (s *Store) ClaimQuoteCheck(ctx context.Context, status social.ID, since, now time.Time) (bool, error) {
	const q = `
		UPDATE quotes
		SET checked_at = $3
		WHERE status_id = $1 AND checked_at <= $2`
	n, err := s.exec(ctx, q, int64(status), millis(since), millis(now))
	return n > 0, wrap(err, "claim the check of the quote in %d", status)
}
