package social

import "context"

// loaded is everything one batch of views needs, read with a constant number of queries.
type loaded struct {
	viewer      ID // 0: anybody
	posts       map[ID]*post
	involved    map[ID]bool // everybody who has to do with posts
	accounts    map[ID]*Account
	emojis      map[EmojiName]Emoji
	unaddressed map[ID]map[ID]bool // by author
	// Of the viewer:
	marks   map[ID]mark
	ties    map[ID]Relationship // with those involved
	filters []Filter

	// What was found on the shelf and is still so, and what the viewer's own part of it is kept under, if it may be.
	knownPosts  map[ID]*post
	knownPeople map[ID]*person
	own         own
	ownKnown    bool
}

// load reads posts as viewer sees them, and people beside.
func (r *Reader) load(ctx context.Context, viewer ID, ids, also []ID) (*loaded, error) {
	l := &loaded{viewer: viewer, posts: make(map[ID]*post, 2*len(ids)), involved: make(map[ID]bool, 2*len(ids))}
	if err := r.recall(ctx, l, ids, also); err != nil {
		return nil, err
	}
	if err := r.posts(ctx, l, ids); err != nil {
		return nil, err
	}
	shown := map[ID]bool{}
	for _, id := range also {
		shown[id] = true
	}
	for _, p := range l.posts {
		p.involves(func(id ID) { l.involved[id] = true })
		p.concerns(func(id ID) { shown[id] = true })
	}
	people, err := r.people(ctx, l, shown)
	if err != nil {
		return nil, err
	}
	if err := r.dressed(ctx, l, people); err != nil {
		return nil, err
	}
	if err := r.limit(ctx, l); err != nil {
		return nil, err
	}
	return l, r.stance(ctx, l)
}

// view folds one status; false when it, its author or what it boosts is gone.
func (l *loaded) view(id ID) (*StatusView, bool) { return l.shown(id, true) }

// shown is view; what stands inside another does not show what it quotes itself.
func (l *loaded) shown(id ID, deep bool) (*StatusView, bool) {
	p, ok := l.posts[id]
	if !ok {
		return nil, false
	}
	author, ok := l.accounts[p.AccountID]
	if !ok || author.Suspended() {
		return nil, false
	}
	v := &StatusView{Status: p.Status, Author: *author, Unaddressed: l.unaddressed[author.ID], Tags: p.tags, Attachments: p.attachments, QuotesCount: p.quotesCount}
	v.Emojis = pick(l.emojis, author.Domain, p.codes)
	v.Viewer = ViewerState{Marks: l.marks[id].Marks, Quoting: MayQuote(p.Status, l.viewer, l.ties[p.AccountID])}
	v.Poll, v.Card = l.poll(p), l.card(p)
	for _, m := range p.mentions {
		a, ok := l.accounts[m.AccountID]
		switch {
		case !ok:
		case m.Silent:
			v.Silent = append(v.Silent, *a)
		default:
			v.Mentions = append(v.Mentions, *a)
		}
	}
	if parent, ok := l.posts[p.ReplyToID]; ok && p.ReplyToID != 0 {
		v.Parent = l.parent(parent)
	}
	if a := l.accounts[p.ReplyToAccountID]; a != nil && p.ReplyToAccountID != 0 {
		copied := *a
		v.ReplyTo = &copied
	}
	v.Quote = l.quote(p, deep)
	if p.BoostOfID != 0 {
		if v.Boost, ok = l.view(p.BoostOfID); !ok {
			return nil, false
		}
	}
	v.Filtered = filtered(l.filters, v, l.viewer)
	return v, true
}

// pointer is the address of a copy, which is made only of what is there.
func pointer[T any](m map[ID]T, id ID) *T {
	if _, ok := m[id]; !ok {
		return nil
	}
	v := m[id]
	return &v
}

// poll is that of p with the viewer's choices.
func (l *loaded) poll(p *post) *Poll {
	if p.poll == nil {
		return nil
	}
	out := *p.poll
	out.Own = l.marks[p.ID].votes
	return &out
}

// card is that of p with its author.
func (l *loaded) card(p *post) *Card {
	if p.card == nil {
		return nil
	}
	out := *p.card
	if a := l.accounts[out.AuthorID]; a != nil && out.AuthorID != 0 && out.by(a) {
		author := *a
		out.Author = &author
	}
	return &out
}

// parent is the status answered. Of one that viewer may not see only the addresses are told.
func (l *loaded) parent(p *post) *Status {
	seen := StatusView{Status: p.Status, Author: Account{ID: p.AccountID}}
	for _, m := range p.mentions {
		seen.Silent = append(seen.Silent, Account{ID: m.AccountID})
	}
	if !CanSee(seen, l.viewer, l.ties[p.AccountID]) {
		return &Status{ID: p.ID, URI: p.URI, URL: p.URL, AccountID: p.AccountID, Visibility: p.Visibility, Local: p.Local}
	}
	whole := p.Status
	return &whole
}

// visible applies federation.md §10.4.
func (l *loaded) visible(v *StatusView) bool {
	if v.Boost != nil && !l.visible(v.Boost) || v.Author.Suspended() {
		return false
	}
	return CanSee(*v, l.viewer, l.ties[v.Author.ID])
}

// wanted reports whether the viewer did not ask not to meet who wrote v, or whose post it boosts.
func (l *loaded) wanted(v *StatusView) bool {
	if v.Boost != nil && !l.wanted(v.Boost) {
		return false
	}
	tie := l.ties[v.Author.ID]
	if v.Author.ID == l.viewer {
		return true
	}
	return !tie.Unwanted() && (!v.Author.Silenced() || tie.Following)
}

// CanSee reports whether viewer (0: anybody) may see v; tie is how viewer stands to its author (federation.md §10.4).
func CanSee(v StatusView, viewer ID, tie Relationship) bool {
	switch {
	case v.Author.ID == viewer:
		return true
	case v.Status.Visibility.Distributable():
		return !tie.HiddenFrom()
	case viewer == 0:
		return false
	case v.Status.Visibility == Private && tie.Following:
		return true
	}
	for _, a := range v.Mentions {
		if a.ID == viewer {
			return true
		}
	}
	for _, a := range v.Silent {
		if a.ID == viewer {
			return true
		}
	}
	return false
}
