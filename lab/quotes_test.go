package lab_test

import (
	"context"
	"testing"

	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/storage/storagetest/prepared"
)

// A quote is asked for, granted, shown elsewhere once that is proved, and taken back by the quoted author.
func TestAQuoteIsGrantedAndRevoked(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	plan := article()
	for i := range plan.Servers {
		plan.Servers[i].Policy = policy.Mastodon()
	}
	plan.Follows = []lab.Edge{{Follower: "berta", Followed: "alice"}, {Follower: "canon", Followed: "berta"}}
	l, err := lab.NewMemory(context.Background(), plan, lab.Memory{Database: func(string) string { return prepared.SQLite(t) }, Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	said, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
	must(err)
	if got := said.QuoteApproval; len(got.Automatic) != 1 || got.Automatic[0] != "public" || got.CurrentUser != "automatic" {
		t.Errorf("alice's post may be quoted by %+v, want everybody", got)
	}
	must(l.Settle(ctx))
	home, err := as(t, l, "berta").Home(ctx, clientapi.Cursor{})
	must(err)
	quoting, err := as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "Look at this", QuotedStatusID: home[0].ID})
	must(err)
	if quoting.Quote == nil || quoting.Quote.State != "pending" || quoting.Quote.QuotedStatus != nil {
		t.Errorf("before alice's server answers the quote is %+v, want it pending", quoting.Quote)
	}
	must(l.Settle(ctx))

	sees := func(name, want string) {
		t.Helper()
		c := as(t, l, name)
		found, err := c.Search(ctx, quoting.URI, false)
		must(err)
		s, err := c.Status(ctx, found.Statuses[0].ID)
		must(err)
		if s.Quote == nil || s.Quote.State != want || (s.Quote.QuotedStatus != nil) != (want == "accepted") {
			t.Errorf("%s sees the quote as %+v, want it %s", name, s.Quote, want)
		}
		if want == "accepted" && s.Quote.QuotedStatus.URI != said.URI {
			t.Errorf("%s sees %s inside, want %s", name, s.Quote.QuotedStatus.URI, said.URI)
		}
	}
	for _, name := range []string{"alice", "berta", "canon"} {
		sees(name, "accepted")
	}
	if got := notifications(t, l, "alice", "quote"); got != 1 {
		t.Errorf("alice was told of %d quotes, want 1", got)
	}
	quotes, err := as(t, l, "alice").Quotes(ctx, said.ID, clientapi.Cursor{})
	must(err)
	if len(quotes) != 1 || quotes[0].URI != quoting.URI {
		t.Fatalf("alice's post is quoted by %+v, want berta's", quotes)
	}
	if again, err := as(t, l, "alice").Status(ctx, said.ID); err != nil || again.QuotesCount != 1 {
		t.Errorf("the post counts %d quotes, %v; want 1", again.QuotesCount, err)
	}
	if doc := document(t, l, quoting.URI); doc["quote"] != said.URI || doc["quoteAuthorization"] == nil {
		t.Errorf("the note says quote %v, quoteAuthorization %v", doc["quote"], doc["quoteAuthorization"])
	}

	if got, err := as(t, l, "alice").RevokeQuote(ctx, said.ID, quotes[0].ID); err != nil || got.Quote.State != "revoked" {
		t.Errorf("after taking it back alice sees %+v, %v; want it revoked", got.Quote, err)
	}
	must(l.Settle(ctx))
	sees("berta", "revoked")
	if doc := document(t, l, quoting.URI); doc["quoteAuthorization"] != nil {
		t.Errorf("the note still says quoteAuthorization %v", doc["quoteAuthorization"])
	}

	closed, err := as(t, l, "alice").SetQuotePolicy(ctx, said.ID, "nobody")
	must(err)
	if len(closed.QuoteApproval.Automatic) != 0 {
		t.Errorf("closed, the post may be quoted by %+v, want nobody", closed.QuoteApproval)
	}
	must(l.Settle(ctx))
	if _, err := as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "Again", QuotedStatusID: home[0].ID}); err == nil {
		t.Error("berta quotes what alice does not let anybody quote")
	}
	heard := named(t, l)
	for _, rule := range []rules.ID{
		rules.DeliverQuotedAuthor, rules.DeliverQuoter, rules.AcceptQuoteRequest, rules.AcceptQuoteAnswer, rules.AcceptQuoteProved,
		rules.AcceptQuoteEnded, rules.FetchQuoteAuthorization,
	} {
		if !heard[rule] {
			t.Errorf("nothing in the log names %s", rule)
		}
	}
}
