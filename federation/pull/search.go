package pull

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"orrery/federation/fetch"
	"orrery/federation/ingest"
	"orrery/federation/rules"
	"orrery/social"
)

// ByHandle implements social.Remote.
func (p *Pull) ByHandle(ctx context.Context, user, domain string) (social.Account, error) {
	a, err := p.Ingest.ByHandle(ctx, user, p.Domain(strings.ToLower(domain)))
	return a, notFound(err)
}

// ByURL implements social.Remote (federation.md §9.4).
func (p *Pull) ByURL(ctx context.Context, viewer social.ID, address string) (*social.Account, social.ID, error) {
	if p.URLs.IsLocal(address) {
		return p.local(ctx, address)
	}
	a, s, err := p.Ingest.Resolve(ctx, address, rules.FetchSearched, rules.LearnSearched)
	switch {
	case err != nil:
		return p.known(ctx, viewer, address, err)
	case a != nil:
		return a, 0, nil
	}
	return nil, s.ID, nil
}

// known is what serves when an address was not answered: a person, when its server is down; a post, when it keeps the post
// from this server, which may have been sent it.
func (p *Pull) known(ctx context.Context, viewer social.ID, address string, cause error) (*social.Account, social.ID, error) {
	switch status := fetch.StatusOf(cause); {
	case status == 0 && errors.Is(cause, fetch.ErrUnreachable), status >= 500:
		if a, err := p.Store.AccountByURI(ctx, address); err == nil {
			return &a, 0, nil
		}
	case viewer == 0:
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusNotFound:
		if s, err := p.Store.StatusByURI(ctx, address); err == nil {
			return nil, s.ID, nil
		}
		s, err := p.Store.StatusByURI(ctx, behind(address))
		if err == nil && s.URL == address {
			return nil, s.ID, nil
		}
	}
	return nil, 0, notFound(cause)
}

// behind is the address that a Mastodon gives the post whose page is at address; "" when it is no such page.
func behind(address string) string {
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/@") {
		return ""
	}
	user, id, ok := strings.Cut(strings.TrimPrefix(u.Path, "/@"), "/")
	if _, number := social.ParseID(id); !ok || !number {
		return ""
	}
	u.Path = "/users/" + user + "/statuses/" + id
	return u.String()
}

// local finds what an address of this instance means: a document's address, or a page's (/@name, /@name/id).
func (p *Pull) local(ctx context.Context, address string) (*social.Account, social.ID, error) {
	if a, err := p.Store.AccountByURI(ctx, address); err == nil {
		return &a, 0, nil
	}
	if s, err := p.Store.StatusByURI(ctx, address); err == nil {
		return nil, s.ID, nil
	}
	u, err := url.Parse(address)
	if err != nil || !strings.HasPrefix(u.Path, "/@") {
		return nil, 0, social.ErrNotFound
	}
	acct, rest, _ := strings.Cut(strings.TrimPrefix(u.Path, "/@"), "/")
	if id, ok := social.ParseID(rest); ok {
		return nil, id, nil
	}
	user, domain, _ := strings.Cut(acct, "@")
	a, err := p.Store.AccountByHandle(ctx, user, domain)
	if err != nil {
		return nil, 0, err
	}
	return &a, 0, nil
}

// notFound turns everything that means "nothing there" into the domain's word.
func notFound(err error) error {
	if err == nil || errors.Is(err, social.ErrNotFound) {
		return err
	}
	if errors.Is(err, ingest.ErrNotHere) || errors.Is(err, fetch.ErrUnreachable) {
		return fmt.Errorf("%w: %w", social.ErrNotFound, err)
	}
	return err
}
