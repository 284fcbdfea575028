package clientapi

import (
	"context"
	"net/http"
	"net/url"
)

// Quotes reads the posts that quote one.
func (c *Client) Quotes(ctx context.Context, id string, p Cursor) ([]Status, error) {
	return get[[]Status](ctx, c, statusPath(id, "/quotes"), p.values())
}

// RevokeQuote takes one's own post out of the one that quotes it, and returns that.
func (c *Client) RevokeQuote(ctx context.Context, id, quoting string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/quotes/"+url.PathEscape(quoting)+"/revoke"), nil)
}

// SetQuotePolicy says who may quote one's own post: public, followers or nobody.
func (c *Client) SetQuotePolicy(ctx context.Context, id, policy string) (Status, error) {
	var out Status
	err := c.call(ctx, http.MethodPut, statusPath(id, "/interaction_policy"), url.Values{"quote_approval_policy": {policy}}, nil, &out)
	return out, err
}
