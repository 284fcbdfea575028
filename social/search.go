package social

import (
	"context"
	"errors"
	"strings"

	"orrery/social/richtext"
)

// Found is what a search brought.
type Found struct {
	Accounts []Account
	Statuses []StatusView
	Tags     []string
}

// Remote asks other servers. Errors: ErrNotFound when there is nothing, also when the server cannot be reached.
type Remote interface {
	// ByHandle finds an account by its handle, by WebFinger when it is not known here or was read more than a day ago.
	ByHandle(ctx context.Context, user, domain string) (Account, error)
	// ByURL fetches what lies at an address: an account or a status (its id), known ones too, so that they are fresh. When
	// its server does not answer or refuses, what is known may serve. ErrNotFound when there is neither.
	ByURL(ctx context.Context, viewer ID, url string) (*Account, ID, error)
}

// Searches find people, posts and hashtags.
type Searches struct {
	Store  Store
	Remote Remote
	Host   string // of handles here
}

// Find searches for q as viewer. With resolve, handles and addresses that are not known here are asked for elsewhere
// (federation.md §9.4). An address gives exactly what lies there.
func (s *Searches) Find(ctx context.Context, viewer ID, q string, resolve bool, limit int) (Found, error) {
	q = strings.TrimSpace(q)
	switch {
	case q == "":
		return Found{}, &Error{Kind: ErrInvalid, Field: "q", Message: "Say what to search for: a name, a handle such as @alice@example.org, a hashtag or an address."}
	case strings.HasPrefix(q, "https://") || strings.HasPrefix(q, "http://"):
		return s.byURL(ctx, viewer, q, resolve)
	}
	var found Found
	if a, ok, err := s.byHandle(ctx, q, resolve); err != nil {
		return Found{}, err
	} else if ok {
		found.Accounts = append(found.Accounts, a)
	}
	tag := richtext.NormalizeTag(strings.TrimPrefix(q, "#"))
	var err error
	if tag != "" {
		if found.Tags, err = s.Store.SearchTags(ctx, tag, limit); err != nil {
			return Found{}, err
		}
	}
	if strings.HasPrefix(q, "#") {
		return found, nil
	}
	people, err := s.Store.SearchAccounts(ctx, strings.TrimPrefix(q, "@"), limit)
	if err != nil {
		return Found{}, err
	}
	for _, a := range people {
		if len(found.Accounts) == 0 || a.ID != found.Accounts[0].ID {
			found.Accounts = append(found.Accounts, a)
		}
	}
	return found, nil
}

// byHandle reads q as user@domain, with or without a leading "@".
func (s *Searches) byHandle(ctx context.Context, q string, resolve bool) (Account, bool, error) {
	user, domain, ok := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(q, "acct:"), "@"), "@")
	if !ok || user == "" || domain == "" || strings.ContainsAny(domain, "/ @") {
		return Account{}, false, nil
	}
	find := s.Store.AccountByHandle
	if resolve {
		find = s.Remote.ByHandle
	}
	a, err := find(ctx, user, strings.ToLower(domain))
	if errors.Is(err, ErrNotFound) {
		return Account{}, false, nil
	}
	return a, err == nil, err
}

// byURL finds what lies at an address: among what is known, or with resolve what its server says, which knows too what is
// to be done when that does not answer.
func (s *Searches) byURL(ctx context.Context, viewer ID, q string, resolve bool) (Found, error) {
	a, id, err := s.at(ctx, viewer, q, resolve)
	switch {
	case errors.Is(err, ErrNotFound):
		return Found{}, nil
	case err != nil:
		return Found{}, err
	case a != nil:
		return Found{Accounts: []Account{*a}}, nil
	}
	v, err := (&Reader{Store: s.Store}).Statuses(ctx, viewer, []ID{id})
	return Found{Statuses: v}, err
}

func (s *Searches) at(ctx context.Context, viewer ID, q string, resolve bool) (*Account, ID, error) {
	if resolve {
		return s.Remote.ByURL(ctx, viewer, q)
	}
	if a, err := s.Store.AccountByURI(ctx, q); err == nil {
		return &a, 0, nil
	}
	known, err := s.Store.StatusByURI(ctx, q)
	return nil, known.ID, err
}
