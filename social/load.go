package social

import (
	"context"
	"maps"
	"slices"
)

// loaded is everything one batch of views needs, read with a constant number of queries.
type loaded struct {
	viewer      ID // 0: anybody
	statuses    map[ID]Status
	parts       map[ID]Parts // of statuses
	accounts    map[ID]Account
	mentions    map[ID][]Mention
	tags        map[ID][]string
	marks       map[ID]Marks // of the viewer
	filters     []Filter
	attachments map[ID][]Attachment
	emojis      map[EmojiName]Emoji
	ties        map[ID]Relationship // of the viewer with everybody concerned
	polls       map[ID]Poll
	unaddressed map[ID]map[ID]bool // by author
	quotes      map[ID]Quote       // by quoting status
	cards       map[ID]Card
}

func (r *Reader) load(ctx context.Context, viewer ID, ids []ID) (*loaded, error) {
	l := &loaded{viewer: viewer, statuses: make(map[ID]Status, 2*len(ids)), parts: make(map[ID]Parts, 2*len(ids))}
	if err := r.posts(ctx, l, ids); err != nil {
		return nil, err
	}
	if err := r.quotes(ctx, l); err != nil {
		return nil, err
	}
	var err error
	if l.mentions, err = r.Store.Mentions(ctx, l.having(func(p Parts) bool { return p.Mentions })); err != nil {
		return nil, err
	}
	people := l.people()
	if l.accounts, err = r.Store.AccountsByID(ctx, people); err != nil {
		return nil, err
	}
	if err = r.limit(ctx, l); err != nil {
		return nil, err
	}
	if err := r.belonging(ctx, l); err != nil {
		return nil, err
	}
	if err := r.loadEmojis(ctx, l); err != nil {
		return nil, err
	}
	if viewer == 0 {
		return l, nil
	}
	var filters bool
	if l.marks, filters, err = r.Store.Marks(ctx, viewer, slices.Collect(maps.Keys(l.statuses))); err != nil {
		return nil, err
	}
	if filters {
		if l.filters, err = r.Store.Filters(ctx, viewer); err != nil {
			return nil, err
		}
	}
	l.ties, err = r.Store.Relationships(ctx, viewer, people)
	return l, err
}

// posts reads the statuses of ids with what they boost and answer, and what the boosted ones answer.
func (r *Reader) posts(ctx context.Context, l *loaded, ids []ID) error {
	found, err := l.add(ctx, r.Store, ids)
	if err != nil {
		return err
	}
	var more []ID
	for _, s := range found {
		for _, id := range []ID{s.BoostOfID, s.ReplyToID} {
			if _, ok := l.statuses[id]; id != 0 && !ok {
				more = append(more, id)
			}
		}
	}
	if found, err = l.add(ctx, r.Store, more); err != nil {
		return err
	}
	var parents []ID // of boosted statuses
	for _, s := range found {
		if _, ok := l.statuses[s.ReplyToID]; s.ReplyToID != 0 && !ok {
			parents = append(parents, s.ReplyToID)
		}
	}
	_, err = l.add(ctx, r.Store, parents)
	return err
}

// people are all who have to do with the statuses of l, each once.
func (l *loaded) people() []ID {
	out := make([]ID, 0, 2*len(l.statuses))
	for _, s := range l.statuses {
		out = append(out, s.AccountID)
		if s.ReplyToAccountID != 0 {
			out = append(out, s.ReplyToAccountID)
		}
	}
	for _, ms := range l.mentions {
		for _, m := range ms {
			out = append(out, m.AccountID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// polls are those of the statuses, with viewer's own choices.
func (r *Reader) polls(ctx context.Context, viewer ID, ids []ID) (map[ID]Poll, error) {
	polls, err := r.Store.Polls(ctx, ids)
	if err != nil || len(polls) == 0 || viewer == 0 {
		return polls, err
	}
	own, err := r.Store.OwnVotes(ctx, viewer, slices.Collect(maps.Keys(polls)))
	for id, p := range polls {
		p.Own = own[id]
		polls[id] = p
	}
	return polls, err
}

// view folds one status; false when it, its author or what it boosts is gone.
func (l *loaded) view(id ID) (*StatusView, bool) { return l.shown(id, true) }

// shown is view; what stands inside another does not show what it quotes itself.
func (l *loaded) shown(id ID, deep bool) (*StatusView, bool) {
	s, ok := l.statuses[id]
	if !ok {
		return nil, false
	}
	author, ok := l.accounts[s.AccountID]
	if !ok || author.Suspended() {
		return nil, false
	}
	v := &StatusView{Status: s, Author: author, Unaddressed: l.unaddressed[author.ID], Tags: l.tags[id], Attachments: l.attachments[id]}
	v.Emojis = pick(l.emojis, author.Domain, s.Content, s.SpoilerText)
	v.Viewer = ViewerState{Marks: l.marks[id], Quoting: MayQuote(s, l.viewer, l.ties[s.AccountID])}
	v.QuotesCount = l.parts[id].Quotes
	v.Poll, v.Card = pointer(l.polls, id), pointer(l.cards, id)
	for _, m := range l.mentions[id] {
		a, ok := l.accounts[m.AccountID]
		switch {
		case !ok:
		case m.Silent:
			v.Silent = append(v.Silent, a)
		default:
			v.Mentions = append(v.Mentions, a)
		}
	}
	if p, ok := l.statuses[s.ReplyToID]; ok && s.ReplyToID != 0 {
		v.Parent = l.parent(p)
	}
	v.ReplyTo = pointer(l.accounts, s.ReplyToAccountID) // nobody has the id 0
	v.Quote = l.quote(s, deep)
	if s.BoostOfID != 0 {
		if v.Boost, ok = l.view(s.BoostOfID); !ok {
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

// parent is the status answered. Of one that viewer may not see only the addresses are told.
func (l *loaded) parent(p Status) *Status {
	seen := StatusView{Status: p, Author: Account{ID: p.AccountID}}
	for _, m := range l.mentions[p.ID] {
		seen.Silent = append(seen.Silent, Account{ID: m.AccountID})
	}
	if !CanSee(seen, l.viewer, l.ties[p.AccountID]) {
		return &Status{ID: p.ID, URI: p.URI, URL: p.URL, AccountID: p.AccountID, Visibility: p.Visibility, Local: p.Local}
	}
	return &p
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
