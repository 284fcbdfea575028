package clientapi

import (
	"context"
	"net/http"
	"net/url"
)

// AccountAction does to an account what the API has a path for: block, unblock, mute, unmute.
func (c *Client) AccountAction(ctx context.Context, account, action string) (Relationship, error) {
	return post[Relationship](ctx, c, "/api/v1/accounts/"+url.PathEscape(account)+"/"+action, nil)
}

// BlockDomain hides everybody of a server from oneself; UnblockDomain ends it.
func (c *Client) BlockDomain(ctx context.Context, domain string) error {
	return c.call(ctx, http.MethodPost, "/api/v1/domain_blocks", url.Values{"domain": {domain}}, nil, nil)
}

// UnblockDomain ends BlockDomain.
func (c *Client) UnblockDomain(ctx context.Context, domain string) error {
	return c.call(ctx, http.MethodDelete, "/api/v1/domain_blocks", url.Values{"domain": {domain}}, nil, nil)
}

// Pin puts one's own status on top of the profile; Unpin takes it away.
func (c *Client) Pin(ctx context.Context, id string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/pin"), nil)
}

// Unpin ends Pin.
func (c *Client) Unpin(ctx context.Context, id string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/unpin"), nil)
}

// TagAction follows or unfollows a hashtag.
func (c *Client) TagAction(ctx context.Context, tag, action string) error {
	return c.call(ctx, http.MethodPost, "/api/v1/tags/"+url.PathEscape(tag)+"/"+action, nil, nil, nil)
}

// Pinned reads what an account has on top of its profile.
func (c *Client) Pinned(ctx context.Context, account string) ([]Status, error) {
	return get[[]Status](ctx, c, "/api/v1/accounts/"+url.PathEscape(account)+"/statuses", url.Values{"pinned": {"true"}})
}
