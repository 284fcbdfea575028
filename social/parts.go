package social

import "context"

// Parts says what a status has beside its own row, so that nobody looks for what is not there.
type Parts struct {
	Mentions, Tags, Attachments, Quote, Poll, Card bool

	Quotes int64 // accepted ones of it
}

// PartStore finds statuses for readers.
type PartStore interface {
	// StatusesWithParts is StatusesByID, with what each has.
	StatusesWithParts(ctx context.Context, ids []ID) (map[ID]Status, map[ID]Parts, error)
}

// add reads more statuses into l and returns them.
func (l *loaded) add(ctx context.Context, s PartStore, ids []ID) (map[ID]Status, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, parts, err := s.StatusesWithParts(ctx, ids)
	for id, x := range found {
		l.statuses[id], l.parts[id] = x, parts[id]
	}
	return found, err
}

// having are the statuses of l that have something.
func (l *loaded) having(something func(Parts) bool) (ids []ID) {
	for id, p := range l.parts {
		if something(p) {
			ids = append(ids, id)
		}
	}
	return ids
}

// belonging reads what belongs to the statuses of l, whoever looks. Stores ask the database nothing about no ids.
func (r *Reader) belonging(ctx context.Context, l *loaded) (err error) {
	if l.tags, err = r.Store.Tags(ctx, l.having(func(p Parts) bool { return p.Tags })); err != nil {
		return err
	}
	if l.attachments, err = r.Store.Attachments(ctx, l.having(func(p Parts) bool { return p.Attachments })); err != nil {
		return err
	}
	if l.cards, err = r.loadCards(ctx, l.having(func(p Parts) bool { return p.Card })); err != nil {
		return err
	}
	l.polls, err = r.polls(ctx, l.viewer, l.having(func(p Parts) bool { return p.Poll }))
	return err
}
