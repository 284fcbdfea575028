package social

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// FilterAction says what programs do with a post that a filter caught.
type FilterAction string

// Filter actions.
const (
	FilterWarn FilterAction = "warn" // it is shown after a click on the filter's title
	FilterHide FilterAction = "hide"
	FilterBlur FilterAction = "blur" // its media are covered
)

// FilterContext is a place where a filter counts.
type FilterContext string

// The places.
const (
	FilterHome          FilterContext = "home"
	FilterNotifications FilterContext = "notifications"
	FilterPublic        FilterContext = "public"
	FilterThread        FilterContext = "thread"
	FilterAccount       FilterContext = "account"
)

// FilterContexts are all of them, in the order of forms.
func FilterContexts() []FilterContext {
	return []FilterContext{FilterHome, FilterNotifications, FilterPublic, FilterThread, FilterAccount}
}

// Filter keeps its owner from meeting posts unprepared: those that say one of its keywords, and those it names. Nothing is
// left out here for it: posts say which filters caught them, and who shows them acts on it (behaviours.md §7).
type Filter struct {
	ID        ID
	AccountID ID // its owner; nobody else sees it
	Title     string
	Contexts  []FilterContext
	Action    FilterAction
	ExpiresAt time.Time // zero: never
	Keywords  []FilterKeyword
	Statuses  []FilterStatus
	CreatedAt time.Time
}

// FilterKeyword is a word or phrase; WholeWord demands that it is not a part of a longer word.
type FilterKeyword struct {
	ID        ID
	Keyword   string
	WholeWord bool
}

// FilterStatus names one post that is caught.
type FilterStatus struct{ ID, StatusID ID }

// FilterStore keeps filters. Lookups return ErrNotFound, also for filters of others.
type FilterStore interface {
	// Filters are all of owner's, whole, by id.
	Filters(ctx context.Context, owner ID) ([]Filter, error)
	// PutFilter writes f as it is, its keywords and statuses too; statuses that are gone are left out.
	PutFilter(ctx context.Context, f Filter) error
	DeleteFilter(ctx context.Context, owner, id ID) error
}

// Expired reports whether f counts no more.
func (f Filter) Expired(now time.Time) bool { return !f.ExpiresAt.IsZero() && !f.ExpiresAt.After(now) }

// At reports whether f counts at a place.
func (f Filter) At(place FilterContext) bool { return slices.Contains(f.Contexts, place) }

// Filters are the rules of filters. Safe for concurrent use.
type Filters struct {
	Store Store
	Now   func() time.Time
	NewID func() ID
}

// Bounds of what one person may filter: each page of posts is compared with all of it.
const (
	maxFilters        = 100
	maxFilterKeywords = 200
	maxFilterStatuses = 200
	maxFilterTitle    = 256
	maxKeyword        = 512
)

func (f *Filter) check() error {
	invalid := func(field, message string, args ...any) error {
		return &Error{Kind: ErrInvalid, Field: field, Message: fmt.Sprintf(message, args...)}
	}
	f.Title = strings.TrimSpace(f.Title)
	if f.Action == "" {
		f.Action = FilterWarn
	}
	switch {
	case f.Title == "":
		return invalid("title", "Validation failed: Title can't be blank.")
	case len([]rune(f.Title)) > maxFilterTitle:
		return invalid("title", "The title is too long: at most %d characters are possible.", maxFilterTitle)
	case len(f.Contexts) == 0:
		return invalid("context", "Validation failed: Context can't be blank. Say where the filter counts.")
	case f.Action != FilterWarn && f.Action != FilterHide && f.Action != FilterBlur:
		return invalid("filter_action", "%q is no action: choose warn, hide or blur.", f.Action)
	case len(f.Keywords) > maxFilterKeywords:
		return invalid("keywords", "A filter can have at most %d keywords: make another.", maxFilterKeywords)
	case len(f.Statuses) > maxFilterStatuses:
		return invalid("statuses", "A filter can name at most %d posts: make another.", maxFilterStatuses)
	}
	for _, c := range f.Contexts {
		if !slices.Contains(FilterContexts(), c) {
			return invalid("context", "%q is no place: choose home, notifications, public, thread or account.", c)
		}
	}
	for i := range f.Keywords {
		k := &f.Keywords[i]
		k.Keyword = strings.TrimSpace(k.Keyword)
		if k.Keyword == "" {
			return invalid("keyword", "Validation failed: Keyword can't be blank.")
		}
		if len([]rune(k.Keyword)) > maxKeyword {
			return invalid("keyword", "The keyword is too long: at most %d characters are possible.", maxKeyword)
		}
	}
	return nil
}

// Create makes a filter of owner's. Errors: ErrInvalid.
func (s *Filters) Create(ctx context.Context, owner ID, f Filter) (Filter, error) {
	f.ID, f.AccountID, f.CreatedAt = s.NewID(), owner, s.Now()
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		have, err := tx.Filters(ctx, owner)
		if err != nil {
			return err
		}
		if len(have) >= maxFilters {
			return &Error{Kind: ErrInvalid, Field: "title", Message: "You have 100 filters, which is the most: delete one first."}
		}
		return s.put(ctx, tx, &f)
	})
	return f, err
}

// Change finds the one of owner's filters that is meant, lets change alter it, and keeps it. Errors: ErrNotFound, ErrInvalid.
func (s *Filters) Change(ctx context.Context, owner ID, meant func(Filter) bool, change func(*Filter) error) (Filter, error) {
	var f Filter
	err := s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		var err error
		if f, err = findFilter(ctx, tx, owner, meant); err != nil {
			return err
		}
		if err := change(&f); err != nil {
			return err
		}
		return s.put(ctx, tx, &f)
	})
	return f, err
}

// Find returns the one of owner's filters that is meant, or ErrNotFound.
func (s *Filters) Find(ctx context.Context, owner ID, meant func(Filter) bool) (Filter, error) {
	return findFilter(ctx, s.Store, owner, meant)
}

func findFilter(ctx context.Context, tx Tx, owner ID, meant func(Filter) bool) (Filter, error) {
	all, err := tx.Filters(ctx, owner)
	if err != nil {
		return Filter{}, err
	}
	if i := slices.IndexFunc(all, meant); i >= 0 {
		return all[i], nil
	}
	return Filter{}, fmt.Errorf("filter of %d: %w", owner, ErrNotFound)
}

// put keeps f; keywords and statuses without an id are new and get one.
func (s *Filters) put(ctx context.Context, tx Tx, f *Filter) error {
	if err := f.check(); err != nil {
		return err
	}
	for i := range f.Keywords {
		if f.Keywords[i].ID == 0 {
			f.Keywords[i].ID = s.NewID()
		}
	}
	for i := range f.Statuses {
		if f.Statuses[i].ID == 0 {
			f.Statuses[i].ID = s.NewID()
		}
	}
	return tx.PutFilter(ctx, *f)
}
