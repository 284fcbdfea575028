package social

import (
	"context"

	"orrery/internal/memory"
)

// Shelf keeps in memory what a Reader read, so that a page that many people look at is read from the database once
// (docs/decisions/0014). It cannot be out of date: every page first asks, in one query, for the stamps of what it is about to
// take, and takes only what was read under the same. Stamps are raised by the database itself with each change, whichever
// process makes it, and each was read before what stands under it, so that is never older.
//
// It is for a Reader outside of transactions: what is not committed yet must not get here. Safe for concurrent use.
type Shelf struct {
	posts  *memory.Of[ID, *post]
	people *memory.Of[ID, *person]
	// What readers did, how they stand to others, and what they filter, by what that depends on.
	marks   *memory.Of[markKey, mark]
	ties    *memory.Of[tieKey, Relationship]
	filters *memory.Of[own, []Filter]
}

// own names a reader at one time.
type own struct{ reader, stamp int64 }

type markKey struct {
	own
	status ID
	stamp  int64 // of the status: its conversation may be one that the reader muted
}

type tieKey struct {
	own
	other ID
}

// NewShelf holds about so many bytes.
func NewShelf(bytes int) *Shelf {
	return &Shelf{
		posts: memory.New[ID, *post](bytes / 2), people: memory.New[ID, *person](bytes / 4),
		marks: memory.New[markKey, mark](bytes / 16), ties: memory.New[tieKey, Relationship](bytes / 8), filters: memory.New[own, []Filter](bytes / 16),
	}
}

// Stamps are numbers of rows that grow with each change; what is not there has none.
type Stamps struct {
	Statuses, Accounts map[ID]int64 // a status' covers all that belongs to it and to nobody else
	// Reader covers what a person here did and how they stand to others; Known is false of everybody else.
	Reader int64
	Known  bool
}

// StampStore tells stamps.
type StampStore interface {
	// Stamps asks for all of them in one query.
	Stamps(ctx context.Context, reader ID, statuses, accounts []ID) (Stamps, error)
}

// recall finds what the shelf holds of what a page of posts and people needs, and leaves in l what is still so.
func (r *Reader) recall(ctx context.Context, l *loaded, ids, also []ID) error {
	if r.Shelf == nil {
		return nil
	}
	posts, people := map[ID]*post{}, map[ID]*person{}
	_ = around(ids, func(ids []ID) (found []*post, _ error) {
		for _, id := range ids {
			if p, ok := r.Shelf.posts.Get(id); ok && posts[id] == nil {
				posts[id], found = p, append(found, p)
			}
		}
		return found, nil
	})
	statuses, accounts := make([]ID, 0, len(posts)), make([]ID, 0, 2*len(posts)+len(also))
	for id, p := range posts {
		statuses = append(statuses, id)
		p.concerns(func(id ID) { accounts = r.Shelf.meet(people, accounts, id) })
	}
	for _, id := range also {
		accounts = r.Shelf.meet(people, accounts, id)
	}
	if len(statuses)+len(accounts) == 0 && l.viewer == 0 {
		return nil
	}
	now, err := r.Store.Stamps(ctx, l.viewer, statuses, accounts)
	if err != nil {
		return err
	}
	for id, p := range posts {
		if stamp, ok := now.Statuses[id]; !ok || stamp != p.Stamp {
			delete(posts, id)
		}
	}
	for id, p := range people {
		if stamp, ok := now.Accounts[id]; !ok || stamp != p.Stamp {
			delete(people, id)
		}
	}
	l.knownPosts, l.knownPeople = posts, people
	l.own, l.ownKnown = own{int64(l.viewer), now.Reader}, now.Known
	return nil
}

// meet adds id, and whom they moved to, to people and accounts if the shelf has them.
func (s *Shelf) meet(people map[ID]*person, accounts []ID, id ID) []ID {
	if people[id] != nil {
		return accounts
	}
	p, ok := s.people.Get(id)
	if !ok {
		return accounts
	}
	people[id], accounts = p, append(accounts, id)
	if p.MovedToID != 0 && p.MovedToID != id {
		return s.meet(people, accounts, p.MovedToID)
	}
	return accounts
}

func (s *Shelf) putPosts(ps []*post) {
	if s == nil {
		return
	}
	for _, p := range ps {
		s.posts.Put(p.ID, p, p.size())
	}
}

func (s *Shelf) putPerson(p *person) {
	if s != nil {
		s.people.Put(p.ID, p, p.size())
	}
}
