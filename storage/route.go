package storage

import (
	"context"
	"errors"
	"fmt"

	"orrery/social"
)

// routed is the account here that uri leads to by its path, when it is not what was minted.
func (s *Store) routed(ctx context.Context, uri string) (social.Account, error) {
	p, ok := s.urls.Route(uri)
	if !ok || p.Status != 0 {
		return social.Account{}, fmt.Errorf("account %s: %w", uri, social.ErrNotFound)
	}
	return s.at(ctx, p)
}

// at is the account here that p names.
func (s *Store) at(ctx context.Context, p social.Place) (social.Account, error) {
	if p.Account == 0 {
		return s.AccountByHandle(ctx, p.Username, "")
	}
	a, err := s.AccountByID(ctx, p.Account)
	if err == nil && !a.Local() {
		return social.Account{}, fmt.Errorf("account %d is of another server: %w", p.Account, social.ErrNotFound)
	}
	return a, err
}

// routedStatus is the post here that uri leads to by its path. A boost is found by what was minted only: its wrapper's path
// leads to the post that it boosts.
func (s *Store) routedStatus(ctx context.Context, uri string) (social.Status, error) {
	missing := fmt.Errorf("status %s: %w", uri, social.ErrNotFound)
	p, ok := s.urls.Route(uri)
	if !ok || p.Status == 0 {
		return social.Status{}, missing
	}
	author, err := s.at(ctx, p)
	if err != nil {
		return social.Status{}, err
	}
	x, err := s.StatusByID(ctx, p.Status)
	if err == nil && (x.AccountID != author.ID || x.BoostOfID != 0) {
		return social.Status{}, missing
	}
	return x, err
}

// routedAll adds to found those of uris that are missing in it and lead to accounts here.
func (s *Store) routedAll(ctx context.Context, uris []string, found map[string]social.Account) error {
	for _, uri := range uris {
		if _, ok := found[uri]; ok || !s.urls.IsLocal(uri) || s.urls.Origin == "" {
			continue
		}
		switch a, err := s.routed(ctx, uri); {
		case err == nil:
			found[uri] = a
		case !errors.Is(err, social.ErrNotFound):
			return err
		}
	}
	return nil
}
