package translate

import (
	"slices"

	"orrery/federation/vocab"
	"orrery/social"
)

// Replies is what a Note says about its replies: the first of the author's own, as URIs, and whether there are any.
type Replies struct {
	URIs []string
	Last social.ID // id of the last of them, 0 when none
}

// Note is the document of a local status, without @context, in Mastodon's order (federation.md §3.1).
func (w Writer) Note(v social.StatusView, replies Replies) vocab.Object {
	s := v.Status
	to, cc := w.addresses(v)
	answered := orNull(answeredURI(v))
	o := vocab.Object{
		{Name: "id", Value: s.URI},
		{Name: "type", Value: noteType(v)},
		{Name: "summary", Value: orNull(s.SpoilerText)},
		{Name: "inReplyTo", Value: answered},
		{Name: "published", Value: vocab.Stamp(s.CreatedAt)},
		{Name: "url", Value: s.URL},
		{Name: "attributedTo", Value: v.Author.URI},
		{Name: "to", Value: list(to)},
		{Name: "cc", Value: list(cc)},
		{Name: "sensitive", Value: s.Sensitive || v.Author.Sensitized()},
		{Name: "atomUri", Value: s.URI},
		{Name: "inReplyToAtomUri", Value: orNull(s.ReplyToURI)},
		{Name: "conversation", Value: orNull(s.Conversation)},
	}
	if w.current() {
		o = o.With("context", conversationContext(s.Conversation))
	}
	o = o.With("content", s.Content)
	if s.Language != "" {
		o = o.With("contentMap", vocab.Object{{Name: s.Language, Value: s.Content}})
	}
	if !s.EditedAt.IsZero() {
		o = o.With("updated", vocab.Stamp(s.EditedAt))
	}
	if v.Poll != nil {
		o = w.question(o, v.Poll)
	}
	if w.current() {
		o = quote(o, v).With("interactionPolicy", vocab.Object{{Name: "canQuote", Value: approval(quoters(v)...)}})
	}
	attached := w.attachments(v.Attachments)
	if v.Card != nil && w.current() { // FEP-8967
		attached = append(attached, vocab.Object{{Name: "type", Value: "Link"}, {Name: "href", Value: v.Card.Link}})
	}
	o = o.With("attachment", attached).With("tag", w.tags(v)).With("replies", repliesOf(s.URI, replies))
	if w.current() {
		o = o.With("likes", counted(s.URI+"/likes", s.FavouritesCount)).With("shares", counted(s.URI+"/shares", s.BoostsCount))
	}
	if v.Poll != nil {
		o = w.options(o, v.Poll)
	}
	return w.choice(w.owned(o, v), v)
}

// answeredURI is what v answers; a parent whose id is no web address is named by its page.
func answeredURI(v social.StatusView) string {
	if uri := v.Status.ReplyToURI; uri == "" || IsHTTP(uri) || v.Parent == nil || !IsHTTP(v.Parent.URL) {
		return uri
	}
	return v.Parent.URL
}

// conversationContext is the conversation when it is a collection that others can read.
func conversationContext(conversation string) any {
	if IsHTTP(conversation) {
		return conversation
	}
	return nil
}

// approval is one line of an interactionPolicy: who needs not ask.
func approval(who ...string) vocab.Object {
	return vocab.Object{{Name: "automaticApproval", Value: who}}
}

// Likes and Shares say how many people liked or boosted a local status; nobody is named (federation.md §2.3).
func (w Writer) Likes(s social.Status) vocab.Object {
	return document(counted(s.URI+"/likes", s.FavouritesCount))
}

// Shares is like Likes.
func (w Writer) Shares(s social.Status) vocab.Object {
	return document(counted(s.URI+"/shares", s.BoostsCount))
}

func counted(id string, n int64) vocab.Object {
	return vocab.Object{{Name: "id", Value: id}, {Name: "type", Value: "Collection"}, {Name: "totalItems", Value: n}}
}

// document puts the plain @context before o.
func document(o vocab.Object) vocab.Object {
	return append(vocab.Object{{Name: "@context", Value: vocab.ActivityStreams}}, o...)
}

// noteType is what a status is on the wire.
func noteType(v social.StatusView) string {
	if v.Poll != nil {
		return "Question"
	}
	if v.Thread != nil && v.Thread.History == "" && v.Thread.RootID == v.Status.ID {
		return "Page"
	}
	return "Note"
}

// tags are the named mentions, then the hashtags, then the emojis.
func (w Writer) tags(v social.StatusView) []any {
	tags := []any{}
	for _, a := range v.Mentions {
		tags = append(tags, vocab.Object{
			{Name: "type", Value: "Mention"}, {Name: "href", Value: a.URI}, {Name: "name", Value: "@" + a.Acct()},
		})
	}
	for _, t := range v.Tags {
		tags = append(tags, w.hashtag(t))
	}
	for _, e := range v.Emojis {
		tags = append(tags, w.Emoji(e))
	}
	return tags
}

// repliesOf is the embedded collection of federation.md §3.7.
func repliesOf(uri string, r Replies) vocab.Object {
	collection := uri + "/replies"
	next := collection + "?only_other_accounts=true&page=true"
	if r.Last != 0 {
		next = collection + "?min_id=" + r.Last.String() + "&page=true"
	}
	return vocab.Object{
		{Name: "id", Value: collection},
		{Name: "type", Value: "Collection"},
		{Name: "first", Value: vocab.Object{
			{Name: "type", Value: "CollectionPage"},
			{Name: "next", Value: next},
			{Name: "partOf", Value: collection},
			{Name: "items", Value: list(r.URIs)},
		}},
	}
}

// Addresses are to and cc of a status or boost (federation.md §3.3).
func Addresses(v social.StatusView) (to, cc []string) {
	var named []string
	for _, a := range v.Mentions { // never the silent ones
		if v.Unaddressed[a.ID] {
			continue
		}
		named = append(named, a.URI)
		if a.Group() && a.FollowersURL != "" {
			named = append(named, a.FollowersURL)
		}
	}
	if v.Boost != nil {
		cc = []string{v.Boost.Author.URI}
	}
	switch v.Status.Visibility {
	case social.Public:
		return []string{vocab.Public}, append(append(cc, v.Author.FollowersURL), named...)
	case social.Unlisted:
		return []string{v.Author.FollowersURL}, append(append(cc, vocab.Public), named...)
	case social.Private:
		return []string{v.Author.FollowersURL}, append(cc, named...)
	}
	return named, cc
}

// addresses are Addresses, with whom v answers where the program always names them.
func (w Writer) addresses(v social.StatusView) (to, cc []string) {
	to, cc = Addresses(v)
	to = inCommunity(v, to)
	if !w.AddressesAnswered || v.ReplyTo == nil || v.ReplyTo.ID == v.Author.ID || slices.Contains(to, v.ReplyTo.URI) || slices.Contains(cc, v.ReplyTo.URI) {
		return to, cc
	}
	return append(to, v.ReplyTo.URI), cc
}

// NoteDocument is the note as it is served at its own address.
func (w Writer) NoteDocument(v social.StatusView, replies Replies) vocab.Object {
	return append(vocab.Object{{Name: "@context", Value: w.NoteContext(v)}}, w.Note(v, replies)...)
}

// NoteContext is the @context of a document that holds the notes of vs; the plain one when there are none.
func (w Writer) NoteContext(vs ...social.StatusView) any {
	if len(vs) == 0 {
		return vocab.ActivityStreams
	}
	terms := [][]term{w.noteTerms()}
	for _, v := range vs {
		if v.Thread != nil && v.Thread.History != "" {
			terms = append(terms, []term{{"contextHistory", id("https://w3id.org/fep/171b/contextHistory")}})
		}
		if len(v.Attachments) > 0 {
			terms = append(terms, attachmentTerms())
		}
		if len(v.Tags) > 0 {
			terms = append(terms, hashtagTerms())
		}
		if len(v.Emojis) > 0 {
			terms = append(terms, emojiTerms())
		}
	}
	return contextOf([]string{vocab.ActivityStreams}, terms...)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// list is ss as JSON writes a list: [] rather than null when empty.
func list(ss []string) []string {
	if ss == nil {
		return []string{}
	}
	return ss
}
