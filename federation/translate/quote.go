package translate

import (
	"slices"
	"strconv"
	"time"

	"orrery/federation/vocab"
	"orrery/social"
)

// QuotePolicy is what a remote post by author says about who may quote it, "" when it does not say.
func QuotePolicy(n vocab.Note, author social.Account) social.QuotePolicy {
	if n.CanQuote == nil {
		return ""
	}
	audiences := func(uris []string) []string {
		var out []string
		for _, uri := range uris {
			name := social.AudienceUnknown
			switch {
			case vocab.IsPublic(uri):
				name = social.AudiencePublic
			case uri == author.URI:
				continue // the author always may
			case uri == author.FollowersURL && uri != "":
				name = social.AudienceFollowers
			case uri == author.FollowingURL && uri != "":
				name = social.AudienceFollowing
			}
			if !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
		return out
	}
	return social.NewQuotePolicy(audiences(n.CanQuote.Automatic), audiences(n.CanQuote.Manual))
}

// quoters are who may quote v without asking.
func quoters(v social.StatusView) []string {
	var who []string
	for _, audience := range v.Status.Quotable().Automatic() {
		switch audience {
		case social.AudiencePublic:
			who = append(who, vocab.Public)
		case social.AudienceFollowers:
			who = append(who, v.Author.FollowersURL)
		case social.AudienceFollowing:
			who = append(who, v.Author.FollowingURL)
		}
	}
	if len(who) == 0 {
		return []string{v.Author.URI}
	}
	return who
}

// quote adds what v shows inside (federation.md §3.1).
func quote(o vocab.Object, v social.StatusView) vocab.Object {
	if v.Quote == nil {
		return o
	}
	if v.Quote.Gone {
		return o.With("quote", vocab.Object{{Name: "type", Value: "Tombstone"}})
	}
	q := v.Quote.Quote
	o = o.With("quote", q.QuotedURI).With("_misskey_quote", q.QuotedURI).With("quoteUri", q.QuotedURI)
	if q.State == social.QuoteAccepted && q.ApprovalURI != "" {
		o = o.With("quoteAuthorization", q.ApprovalURI)
	}
	return o
}

// UpdateQuote tells that the approval or the policy of a status is another since at; its words are not.
func (w Writer) UpdateQuote(v social.StatusView, at time.Time) vocab.Object {
	to, cc := Addresses(v)
	return vocab.Object{
		{Name: "@context", Value: w.NoteContext(v)},
		{Name: "id", Value: v.Status.URI + "#updates/" + strconv.FormatInt(at.Unix(), 10)},
		{Name: "type", Value: "Update"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "published", Value: vocab.Stamp(at)},
		{Name: "to", Value: list(to)},
		{Name: "cc", Value: list(cc)},
		{Name: "object", Value: w.Note(v, Replies{})},
	}
}

// QuoteRequest asks the author of what v quotes for consent; the quoting note stands in it (federation.md §3.4).
func (w Writer) QuoteRequest(v social.StatusView) vocab.Object {
	terms := append([]term{requestTerm}, w.noteTerms()...)
	groups := [][]term{terms}
	if len(v.Attachments) > 0 {
		groups = append(groups, attachmentTerms())
	}
	if len(v.Tags) > 0 {
		groups = append(groups, hashtagTerms())
	}
	if len(v.Emojis) > 0 {
		groups = append(groups, emojiTerms())
	}
	q := v.Quote.Quote
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, groups...)},
		{Name: "id", Value: q.RequestURI},
		{Name: "type", Value: "QuoteRequest"},
		{Name: "actor", Value: v.Author.URI},
		{Name: "object", Value: q.QuotedURI},
		{Name: "instrument", Value: w.Note(v, Replies{})},
	}
}

// AskedQuote is the request that an answer names.
type AskedQuote struct{ URI, Actor, Quoted, Instrument string }

// AcceptQuote and RejectQuote answer a request; approval is where the consent lies, id the quote's row, 0 for none.
func (w Writer) AcceptQuote(author social.Account, id social.ID, asked AskedQuote, approval string) vocab.Object {
	return answerQuote("Accept", "#accepts/quote_requests/", author, id, asked).With("result", approval)
}

// RejectQuote is like AcceptQuote.
func (w Writer) RejectQuote(author social.Account, id social.ID, asked AskedQuote) vocab.Object {
	return answerQuote("Reject", "#rejects/quote_requests/", author, id, asked)
}

func answerQuote(kind, fragment string, author social.Account, id social.ID, asked AskedQuote) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, []term{requestTerm})},
		{Name: "id", Value: author.URI + fragment + number(id)},
		{Name: "type", Value: kind},
		{Name: "actor", Value: author.URI},
		{Name: "object", Value: vocab.Object{
			{Name: "id", Value: asked.URI}, {Name: "type", Value: "QuoteRequest"}, {Name: "actor", Value: asked.Actor},
			{Name: "object", Value: asked.Quoted}, {Name: "instrument", Value: asked.Instrument},
		}},
	}
}

// QuoteAuthorization is the document by which author consents to a quote.
func (w Writer) QuoteAuthorization(author social.Account, q social.Quote, quoting social.Status) vocab.Object {
	return append(vocab.Object{{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, authorizationTerms())}}, authorization(author, q, quoting)...)
}

func authorization(author social.Account, q social.Quote, quoting social.Status) vocab.Object {
	return vocab.Object{
		{Name: "id", Value: q.ApprovalURI},
		{Name: "type", Value: "QuoteAuthorization"},
		{Name: "attributedTo", Value: author.URI},
		{Name: "interactingObject", Value: quoting.URI},
		{Name: "interactionTarget", Value: q.QuotedURI},
	}
}

// DeleteAuthorization takes the consent back.
func (w Writer) DeleteAuthorization(author social.Account, q social.Quote, quoting social.Status) vocab.Object {
	return vocab.Object{
		{Name: "@context", Value: contextOf([]string{vocab.ActivityStreams}, authorizationTerms())},
		{Name: "id", Value: q.ApprovalURI + "#delete"},
		{Name: "type", Value: "Delete"},
		{Name: "actor", Value: author.URI},
		{Name: "to", Value: []string{vocab.Public}},
		{Name: "object", Value: authorization(author, q, quoting)},
	}
}

var requestTerm = term{"QuoteRequest", "https://w3id.org/fep/044f#QuoteRequest"}

func authorizationTerms() []term {
	return []term{
		{"QuoteAuthorization", "https://w3id.org/fep/044f#QuoteAuthorization"},
		{"gts", "https://gotosocial.org/ns#"},
		{"interactingObject", id("gts:interactingObject")},
		{"interactionTarget", id("gts:interactionTarget")},
	}
}
