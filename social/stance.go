package social

import "context"

// mark is what somebody did with a status.
type mark struct {
	Marks
	votes []int // what they chose in its poll, by position
}

// stance reads how the viewer of l stands to its posts, and to everybody who has to do with them.
func (r *Reader) stance(ctx context.Context, l *loaded) error {
	if l.viewer == 0 || len(l.posts) == 0 {
		return nil
	}
	l.marks, l.ties = make(map[ID]mark, len(l.posts)), make(map[ID]Relationship, len(l.accounts))
	var statuses, polls []ID
	for id, p := range l.posts {
		if m, ok := r.Shelf.mark(l, p); ok {
			l.marks[id] = m
			continue
		}
		if statuses = append(statuses, id); p.poll != nil {
			polls = append(polls, id)
		}
	}
	filters, known := r.Shelf.filtersOf(l)
	marks, any, err := r.Store.Marks(ctx, l.viewer, statuses)
	if err == nil && !known && (any || len(statuses) == 0) {
		filters, err = r.Store.Filters(ctx, l.viewer)
	}
	if err != nil {
		return err
	}
	l.filters = filters
	var votes map[ID][]int
	if len(polls) > 0 {
		if votes, err = r.Store.OwnVotes(ctx, l.viewer, polls); err != nil {
			return err
		}
	}
	for _, id := range statuses {
		l.marks[id] = mark{marks[id], votes[id]}
	}
	strangers, err := r.tie(ctx, l)
	if err == nil {
		r.Shelf.putStance(l, statuses, strangers, !known)
	}
	return err
}

// tie leaves in l how the viewer stands to those concerned, and returns those who had to be asked for.
func (r *Reader) tie(ctx context.Context, l *loaded) (asked []ID, err error) {
	for id := range l.involved {
		if tie, ok := r.Shelf.tie(l, id); ok {
			l.ties[id] = tie
		} else {
			asked = append(asked, id)
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	ties, err := r.Store.Relationships(ctx, l.viewer, asked)
	for id, tie := range ties {
		l.ties[id] = tie
	}
	return asked, err
}

func (s *Shelf) mark(l *loaded, p *post) (mark, bool) {
	if s == nil || !l.ownKnown {
		return mark{}, false
	}
	return s.marks.Get(markKey{l.own, p.ID, p.Stamp})
}

func (s *Shelf) filtersOf(l *loaded) ([]Filter, bool) {
	if s == nil || !l.ownKnown {
		return nil, false
	}
	return s.filters.Get(l.own)
}

func (s *Shelf) tie(l *loaded, id ID) (Relationship, bool) {
	if s == nil || !l.ownKnown {
		return Relationship{}, false
	}
	return s.ties.Get(tieKey{l.own, id})
}

// putStance keeps what was asked for.
func (s *Shelf) putStance(l *loaded, statuses, people []ID, filters bool) {
	if s == nil || !l.ownKnown {
		return
	}
	for _, id := range statuses {
		s.marks.Put(markKey{l.own, id, l.posts[id].Stamp}, l.marks[id], 120+8*len(l.marks[id].votes))
	}
	for _, id := range people {
		if tie, there := l.ties[id]; there {
			s.ties.Put(tieKey{l.own, id}, tie, 300+len(tie.Note))
		}
	}
	if filters {
		n := 100
		for _, f := range l.filters {
			n += 200 + 100*len(f.Keywords) + 50*len(f.Statuses)
		}
		s.filters.Put(l.own, l.filters, n)
	}
}
