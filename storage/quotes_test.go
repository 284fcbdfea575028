package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestQuotes(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice, func(x *social.Status) { x.QuotePolicy = "followers/public" }), post(11, alice), post(12, berta))
		same(t, "the policy", must(s.StatusByID(ctx, 10))(t).QuotePolicy, social.QuotePolicy("followers/public"))
		ok(t, s.SetQuotePolicy(ctx, 10, social.QuotableByNobody))
		same(t, "the new policy", must(s.StatusByID(ctx, 10))(t).QuotePolicy, social.QuotableByNobody)

		q := social.Quote{ID: 7, StatusID: 12, AccountID: berta, QuotedURI: "https://alpha.test/10", State: social.QuotePending, RequestURI: "r", Legacy: true}
		ok(t, s.PutQuote(ctx, q))
		same(t, "as written", must(s.Quotes(ctx, ids(10, 12)))(t), map[social.ID]social.Quote{12: q})
		same(t, "not counted before it is accepted", quoted(t, s, 10), int64(0))
		q.QuotedID, q.QuotedAccountID, q.State, q.ApprovalURI, q.CheckedAt = 10, alice, social.QuoteAccepted, "a", noon
		ok(t, s.PutQuote(ctx, q))
		for name, found := range map[string]social.Quote{
			"by id": must(s.QuoteByID(ctx, 7))(t), "by request": must(s.QuoteByRequest(ctx, "r"))(t), "by approval": must(s.QuoteByApproval(ctx, "a"))(t),
		} {
			same(t, name, found, q)
		}
		_, err := s.QuoteByApproval(ctx, "")
		fails(t, err, social.ErrNotFound)
		same(t, "counted", quoted(t, s, 10), int64(1))
		same(t, "who quotes", must(s.QuotedBy(ctx, 10, social.Page{Limit: 5}))(t), ids(12))
		same(t, "who of elsewhere took part", len(must(s.Interacted(ctx, 10))(t)), 1)

		same(t, "too soon to check", must(s.ClaimQuoteCheck(ctx, 12, noon.Add(-time.Second), noon))(t), false)
		same(t, "time to check", must(s.ClaimQuoteCheck(ctx, 12, noon, noon.Add(time.Hour)))(t), true)

		ok(t, s.DeleteQuote(ctx, 12))
		same(t, "deleted", must(s.Quotes(ctx, ids(12)))(t), map[social.ID]social.Quote{})
		ok(t, s.PutQuote(ctx, q))
		must(s.MarkDeleted(ctx, 12, noon))(t)
		same(t, "a deleted quote is not counted", quoted(t, s, 10), int64(0))
		ok(t, s.PurgeStatus(ctx, 12))
		same(t, "it went with its status", must(s.Quotes(ctx, ids(12)))(t), map[social.ID]social.Quote{})
	})
}

// quoted is how many accepted quotes id has.
func quoted(t *testing.T, s *Store, id social.ID) int64 {
	t.Helper()
	_, parts, err := s.StatusesWithParts(t.Context(), ids(id, 11))
	ok(t, err)
	return parts[id].Quotes
}
