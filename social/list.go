package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// RepliesPolicy says which answers of its people a list shows.
type RepliesPolicy string

// What a list may show: answers to people of the list, to people whom its owner follows, or none. Answers to the owner, and
// to oneself, are always shown.
const (
	RepliesToList     RepliesPolicy = "list"
	RepliesToFollowed RepliesPolicy = "followed"
	RepliesNone       RepliesPolicy = "none"
)

// List is some of the people whom its owner follows, with a timeline of its own.
type List struct {
	ID        ID
	AccountID ID // its owner; nobody else sees it
	Title     string
	Replies   RepliesPolicy
	Exclusive bool // its people's posts stay out of the owner's home
	CreatedAt time.Time
}

// ListMember is one account in a list; ID is for paging.
type ListMember struct{ ID, AccountID ID }

// ListStore keeps lists. Lookups return ErrNotFound, also for lists of others.
type ListStore interface {
	InsertList(ctx context.Context, l List) error
	UpdateList(ctx context.Context, l List) error
	DeleteList(ctx context.Context, owner, id ID) error
	ListByID(ctx context.Context, owner, id ID) (List, error)
	Lists(ctx context.Context, owner ID) ([]List, error)
	// ListsWith are owner's lists that account is in.
	ListsWith(ctx context.Context, owner, account ID) ([]List, error)
	// AddListMember returns ErrConflict when account is in the list.
	AddListMember(ctx context.Context, list ID, m ListMember) error
	RemoveListMember(ctx context.Context, list, account ID) error
	// LeaveLists takes account out of all lists of owner.
	LeaveLists(ctx context.Context, owner, account ID) error
	// ListMembers are paged by the members' ids, newest first.
	ListMembers(ctx context.Context, list ID, p Page) ([]ListMember, error)
	// InList says which of accounts are in the list.
	InList(ctx context.Context, list ID, accounts []ID) (map[ID]bool, error)
}

// shows reports whether the list shows an answer; all else it shows.
func (l ListReader) shows(a *arrival) bool {
	if a.answered == 0 || a.answered == l.ID {
		return true
	}
	return l.Replies == RepliesToFollowed || l.Replies == RepliesToList && l.AnsweredMember
}

// Lists are the rules of lists. Safe for concurrent use.
type Lists struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// maxLists is how many lists one person may have.
const maxLists = 50

func (l *List) check() error {
	l.Title = strings.TrimSpace(l.Title)
	if l.Replies == "" {
		l.Replies = RepliesToList
	}
	switch {
	case l.Title == "":
		return &Error{Kind: ErrInvalid, Field: "title", Message: "Validation failed: Title can't be blank."}
	case len([]rune(l.Title)) > 256:
		return &Error{Kind: ErrInvalid, Field: "title", Message: "The title is too long: at most 256 characters are possible."}
	case l.Replies != RepliesToList && l.Replies != RepliesToFollowed && l.Replies != RepliesNone:
		return &Error{Kind: ErrInvalid, Field: "replies_policy", Message: fmt.Sprintf("%q is no policy: choose list, followed or none.", l.Replies)}
	}
	return nil
}

// Create makes a list of owner's. Errors: ErrInvalid (title, policy, too many).
func (s *Lists) Create(ctx context.Context, owner ID, l List) (List, error) {
	if err := l.check(); err != nil {
		return List{}, err
	}
	l.ID, l.AccountID, l.CreatedAt = s.NewID(), owner, s.Now()
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		have, err := tx.Lists(ctx, owner)
		if err != nil {
			return err
		}
		if len(have) >= maxLists {
			return &Error{Kind: ErrInvalid, Field: "title", Message: "You have 50 lists, which is the most: delete one first."}
		}
		return tx.InsertList(ctx, l)
	})
	return l, err
}

// Change gives owner's list another title and other terms; posts that stand somewhere already stay.
func (s *Lists) Change(ctx context.Context, owner ID, l List) (List, error) {
	if err := l.check(); err != nil {
		return List{}, err
	}
	l.AccountID = owner
	return l, s.Store.UpdateList(ctx, l)
}

// Add puts accounts into owner's list, all or none: people whom owner follows or asked to follow, and owner. Errors:
// ErrNotFound (list, account), ErrInvalid (not followed, in it already).
func (s *Lists) Add(ctx context.Context, owner, id ID, accounts []ID) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		list, err := tx.ListByID(ctx, owner, id)
		if err != nil {
			return err
		}
		ties, err := tx.Relationships(ctx, owner, accounts)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			tie, known := ties[account]
			switch {
			case !known:
				return fmt.Errorf("account %d for list %d: %w", account, id, ErrNotFound)
			case account != owner && !tie.Following && !tie.Requested:
				return &Error{Kind: ErrInvalid, Field: "account_ids", Message: "Only people whom you follow can be in a list: follow them first."}
			}
			err := tx.AddListMember(ctx, id, ListMember{ID: s.NewID(), AccountID: account})
			if errors.Is(err, ErrConflict) {
				return &Error{Kind: ErrInvalid, Field: "account_ids", Message: "They are in the list already."}
			}
			if err != nil {
				return err
			}
			if tie.Following {
				if err := tx.BackfillHome(ctx, list.ID, account, BackfillLength); err != nil {
					return err
				}
			}
			if list.Exclusive && account != owner {
				if err := tx.RemoveFromHome(ctx, owner, account); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// Remove takes accounts out of owner's list, and their posts out of its timeline. Who is not in it is passed over.
func (s *Lists) Remove(ctx context.Context, owner, id ID, accounts []ID) error {
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if _, err := tx.ListByID(ctx, owner, id); err != nil {
			return err
		}
		for _, account := range accounts {
			if err := tx.RemoveListMember(ctx, id, account); err != nil {
				return err
			}
			if err := tx.RemoveFromHome(ctx, id, account); err != nil {
				return err
			}
		}
		return nil
	})
}

// List returns one page of the timeline of owner's list.
func (r *Reader) List(ctx context.Context, owner, id ID, p Page) ([]ID, error) {
	if _, err := r.Store.ListByID(ctx, owner, id); err != nil {
		return nil, err
	}
	entries, err := r.Store.Home(ctx, id, p)
	ids := make([]ID, len(entries))
	for i, e := range entries {
		ids[i] = e.StatusID
	}
	return ids, err
}
