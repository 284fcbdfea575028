package social

import (
	"context"
	"slices"
)

// post is a status with what belongs to it, whoever looks. Nobody changes one that was read: it may be on the Shelf.
type post struct {
	Status
	quotesCount int64
	mentions    []Mention
	tags        []string
	attachments []Attachment
	quote       *Quote
	poll        *Poll // without anybody's choices
	card        *Card // without its author's account
	codes       []string
}

// person is an account with the emojis that its texts name.
type person struct {
	Account
	codes []string
}

func personOf(a Account) *person { return &person{a, Shortcodes(textsOf(a)...)} }

// concerns calls with everybody whose account is shown with p.
func (p *post) concerns(with func(ID)) {
	p.involves(with)
	if p.card != nil && p.card.AuthorID != 0 {
		with(p.card.AuthorID)
	}
}

// involves calls with who wrote p, whom it answers and whom it is addressed to.
func (p *post) involves(with func(ID)) {
	with(p.AccountID)
	if p.ReplyToAccountID != 0 {
		with(p.ReplyToAccountID)
	}
	for _, m := range p.mentions {
		with(m.AccountID)
	}
}

// around has find look for ids, then for what they boost, answer and quote, then for what the boosted ones answer and quote.
func around(ids []ID, find func([]ID) ([]*post, error)) error {
	found, err := find(ids)
	if err != nil {
		return err
	}
	var next []ID
	boosted := map[ID]bool{}
	for _, p := range found {
		if p.BoostOfID != 0 {
			boosted[p.BoostOfID] = true
			next = append(next, p.BoostOfID)
		}
		next = p.leads(next)
	}
	if len(next) == 0 {
		return nil
	}
	if found, err = find(next); err != nil {
		return err
	}
	var last []ID
	for _, p := range found {
		if boosted[p.ID] {
			last = p.leads(last)
		}
	}
	if len(last) > 0 {
		_, err = find(last)
	}
	return err
}

// leads adds what p answers and quotes to ids.
func (p *post) leads(ids []ID) []ID {
	if p.ReplyToID != 0 {
		ids = append(ids, p.ReplyToID)
	}
	if p.quote != nil && p.quote.QuotedID != 0 {
		ids = append(ids, p.quote.QuotedID)
	}
	return ids
}

// posts brings into l the statuses of ids, with all that around finds.
func (r *Reader) posts(ctx context.Context, l *loaded, ids []ID) error {
	var read []*post
	parts := map[ID]Parts{}
	err := around(ids, func(ids []ID) (found []*post, err error) {
		var missing []ID
		for _, id := range ids {
			if _, here := l.posts[id]; here || slices.Contains(missing, id) {
				continue
			}
			if p := l.knownPosts[id]; p != nil {
				l.posts[id], found = p, append(found, p)
			} else {
				missing = append(missing, id)
			}
		}
		fresh, err := r.readPosts(ctx, missing, parts)
		for _, p := range fresh {
			l.posts[p.ID] = p
		}
		read = append(read, fresh...)
		return append(found, fresh...), err
	})
	if err == nil {
		err = r.belonging(ctx, read, parts)
	}
	if err == nil {
		r.Shelf.putPosts(read)
	}
	return err
}

// readPosts reads the rows of ids and where they lead, and leaves in parts what else they have.
func (r *Reader) readPosts(ctx context.Context, ids []ID, parts map[ID]Parts) ([]*post, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	statuses, has, err := r.Store.StatusesWithParts(ctx, ids)
	if err != nil {
		return nil, err
	}
	read := make([]*post, 0, len(statuses))
	for id, s := range statuses {
		parts[id] = has[id]
		read = append(read, &post{Status: s, quotesCount: has[id].Quotes, codes: Shortcodes(s.Content, s.SpoilerText)})
	}
	quotes, err := r.Store.Quotes(ctx, having(read, parts, func(p Parts) bool { return p.Quote }))
	for _, p := range read {
		p.quote = pointer(quotes, p.ID)
	}
	return read, err
}

// belonging reads what belongs to posts, as parts says. Stores ask the database nothing about no ids.
func (r *Reader) belonging(ctx context.Context, posts []*post, parts map[ID]Parts) error {
	mentions, err := r.Store.Mentions(ctx, having(posts, parts, func(p Parts) bool { return p.Mentions }))
	if err != nil {
		return err
	}
	tags, err := r.Store.Tags(ctx, having(posts, parts, func(p Parts) bool { return p.Tags }))
	if err != nil {
		return err
	}
	attachments, err := r.Store.Attachments(ctx, having(posts, parts, func(p Parts) bool { return p.Attachments }))
	if err != nil {
		return err
	}
	cards, err := r.Store.Cards(ctx, having(posts, parts, func(p Parts) bool { return p.Card }))
	if err != nil {
		return err
	}
	polls, err := r.Store.Polls(ctx, having(posts, parts, func(p Parts) bool { return p.Poll }))
	if err != nil {
		return err
	}
	for _, p := range posts {
		p.mentions, p.tags, p.attachments = slices.Clip(mentions[p.ID]), slices.Clip(tags[p.ID]), slices.Clip(attachments[p.ID])
		p.card, p.poll = pointer(cards, p.ID), pointer(polls, p.ID)
	}
	return nil
}

// having are the ids of those posts that have something.
func having(posts []*post, parts map[ID]Parts, something func(Parts) bool) (ids []ID) {
	for _, p := range posts {
		if something(parts[p.ID]) {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

// size is about how many bytes p takes.
func (p *post) size() int {
	n := 1000 + len(p.URI) + len(p.URL) + len(p.ReplyToURI) + len(p.Content) + len(p.Source) + len(p.SpoilerText) + len(p.Conversation)
	n += 16*len(p.mentions) + 32*len(p.tags) + 800*len(p.attachments) + 24*len(p.codes)
	for _, a := range p.attachments {
		n += len(a.Description) + len(a.RemoteURL) + len(a.RemotePreviewURL)
	}
	if p.poll != nil {
		n += 200
		for _, o := range p.poll.Options {
			n += 24 + len(o.Title)
		}
	}
	if c := p.card; c != nil {
		n += 500 + len(c.URL) + len(c.Link) + len(c.Title) + len(c.Description) + len(c.ImageURL) + len(c.ImageDescription) + len(c.EmbedURL)
	}
	if p.quote != nil {
		n += 300
	}
	return n
}

func (p *person) size() int {
	n := 1500 + len(p.Note) + len(p.PublicKeyPEM) + len(p.URI) + len(p.URL) + 24*len(p.codes)
	for _, f := range p.Fields {
		n += 60 + len(f.Name) + len(f.Value)
	}
	for _, u := range p.AlsoKnownAs {
		n += 16 + len(u)
	}
	return n
}
