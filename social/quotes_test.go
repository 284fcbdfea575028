package social_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"orrery/social"
)

// quoting lets the people of w quote.
func quoting(w *world) *social.Quotes {
	n := 0
	w.Quotes = &social.Quotes{Store: w.Store, Now: w.Now, NewID: w.Statuses.NewID, MintURI: func() string { n++; return fmt.Sprintf("https://alpha.test/uri-%d", n) }}
	w.Statuses.Quotes = w.Quotes
	return w.Quotes
}

func of(s social.Status) func(*social.Draft) { return func(d *social.Draft) { d.Quote = s.ID } }

// Everybody meets a quote as they stand to who wrote the quoted post.
func TestQuoteAsViewersMeetIt(t *testing.T) {
	for _, tt := range []struct {
		name  string
		want  social.QuoteState
		gone  bool
		apart func(ctx context.Context, w *world, viewer, author social.Account, quoted, quote social.Status) error
	}{
		{"as it is", social.QuoteAccepted, false, nil},
		{"blocking the author", social.QuoteBlockedAccount, false, func(ctx context.Context, w *world, viewer, author social.Account, _, _ social.Status) error {
			_, err := w.Blocks.Block(ctx, viewer.ID, author.ID)
			return err
		}},
		{"blocking the author's server", social.QuoteBlockedDomain, false, func(ctx context.Context, w *world, viewer, _ social.Account, _, _ social.Status) error {
			return w.Blocks.BlockDomain(ctx, viewer.ID, "beta.test")
		}},
		{"muting the author", social.QuoteMutedAccount, false, func(ctx context.Context, w *world, viewer, author social.Account, _, _ social.Status) error {
			_, err := w.Mutes.Mute(ctx, viewer.ID, author.ID, true, 0)
			return err
		}},
		{"of a post that was deleted", social.QuoteDeleted, true, func(ctx context.Context, w *world, _, _ social.Account, quoted, _ social.Status) error {
			return w.Store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
				_, err := tx.MarkDeleted(ctx, quoted.ID, w.Now())
				return err
			})
		}},
		{"taken back", social.QuoteRevoked, false, func(ctx context.Context, w *world, _, author social.Account, quoted, quote social.Status) error {
			return w.Quotes.Revoke(ctx, author.ID, quoted.ID, quote.ID)
		}},
		{"refused", social.QuoteRejected, false, changed(func(q *social.Quote) { q.State = social.QuoteRejected })},
		{"waiting", social.QuotePending, false, changed(func(q *social.Quote) { q.State = social.QuotePending })},
		{"gone, its author's server says", social.QuoteDeleted, false, changed(func(q *social.Quote) { q.State = social.QuoteDeleted })},
	} {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				ctx := t.Context()
				quoting(w)
				alice, bob, berta := w.person(t, "alice"), w.person(t, "bob"), w.stranger(t, "berta")
				quoted := w.arrives(t, berta, social.Status{Content: "<p>said</p>", Visibility: social.Public, QuotePolicy: social.QuotableByAll})
				quote := w.post(t, alice, "Look", of(quoted))
				ok(t, changed(func(q *social.Quote) { q.State = social.QuoteAccepted })(ctx, w, bob, berta, quoted, quote))
				if tt.apart != nil {
					ok(t, tt.apart(ctx, w, bob, berta, quoted, quote))
				}
				v := must(w.Reader.Status(ctx, bob.ID, quote.ID))(t)
				equal(t, "met as", v.Quote.State, tt.want)
				equal(t, "shown", v.Quote.Shown != nil, tt.want == social.QuoteAccepted)
				equal(t, "gone", v.Quote.Gone, tt.gone)
			})
		})
	}
}

// changed writes the quote anew.
func changed(how func(q *social.Quote)) func(context.Context, *world, social.Account, social.Account, social.Status, social.Status) error {
	return func(ctx context.Context, w *world, _, _ social.Account, _, quote social.Status) error {
		return w.Store.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
			qs, err := tx.Quotes(ctx, []social.ID{quote.ID})
			if err != nil {
				return err
			}
			q := qs[quote.ID]
			how(&q)
			return tx.PutQuote(ctx, q)
		})
	}
}

// A post for followers can be quoted by its author alone, for followers at most; who may not see it does not.
func TestQuoteOfAPrivatePost(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		quoting(w)
		alice, bob, carol := w.person(t, "alice"), w.person(t, "bob"), w.person(t, "carol")
		w.follows(t, bob, alice)
		private := w.post(t, alice, "for followers", as(social.Private))
		_, err := w.Statuses.Publish(ctx, bob.ID, social.Draft{Text: "Look", Quote: private.ID})
		fails(t, "bob quotes it", err, social.ErrNotFound)
		quote := w.post(t, alice, "as I said", of(private))
		equal(t, "for", quote.Visibility, social.Private)
		equal(t, "bob, who follows her, meets it as", must(w.Reader.Status(ctx, bob.ID, quote.ID))(t).Quote.State, social.QuoteAccepted)
		named := w.post(t, alice, "@carol as I said", of(private), as(social.Direct))
		equal(t, "carol, who does not, meets it as", must(w.Reader.Status(ctx, carol.ID, named.ID))(t).Quote.State, social.QuoteUnauthorized)
	})
}

// What a quote can come with: words, a warning, files, a poll or nothing; in a direct post, only if it names the author.
func TestQuoteDrafts(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		quoting(w)
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		said := w.post(t, bob, "said")
		poll := &social.PollDraft{Options: []string{"yes", "no"}, ExpiresIn: time.Hour}
		for _, tt := range []struct {
			name string
			d    social.Draft
			want error
		}{
			{"nothing else", social.Draft{}, nil},
			{"a poll", social.Draft{Text: "What of it?", Poll: poll}, nil},
			{"direct, to somebody else", social.Draft{Text: "see", Visibility: social.Direct}, social.ErrInvalid},
			{"direct, to the author", social.Draft{Text: "@bob see", Visibility: social.Direct}, nil},
		} {
			tt.d.Quote = said.ID
			if _, err := w.Statuses.Publish(ctx, alice.ID, tt.d); !errors.Is(err, tt.want) {
				t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
			}
		}
		warned := w.post(t, alice, "", of(said), func(d *social.Draft) { d.SpoilerText = "careful" })
		equal(t, "the warning stays one", warned.SpoilerText, "careful")
		equal(t, "and is not the text", warned.Source, "")
	})
}

// Who quotes a post of this server is told when it is another.
func TestQuotersAreTold(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		quoting(w)
		alice, bob := w.person(t, "alice"), w.person(t, "bob")
		said := w.post(t, bob, "said")
		w.post(t, alice, "Look", of(said))
		w.post(t, bob, "as I said", of(said))
		w.tick()
		must(w.Statuses.Edit(t.Context(), bob.ID, said.ID, social.Draft{Text: "said otherwise"}))(t)
		equal(t, "bob was told", fmt.Sprint(w.news(t, bob)), "[quote by alice: Look]")
		equal(t, "alice was told", fmt.Sprint(w.news(t, alice)), "[quoted_update by bob: Look]")
	})
}
