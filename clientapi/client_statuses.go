package clientapi

import (
	"context"
	"net/http"
	"net/url"
)

// NewStatus is what to post. Empty fields are not sent.
type NewStatus struct {
	Status, SpoilerText, Visibility, InReplyToID, Language string
	QuotedStatusID, QuotePolicy                            string
	Sensitive                                              bool
	IdempotencyKey                                         string
	Poll                                                   *NewPoll
}

func (n NewStatus) params() url.Values {
	params := url.Values{"status": {n.Status}}
	for name, value := range map[string]string{
		"spoiler_text": n.SpoilerText, "visibility": n.Visibility, "in_reply_to_id": n.InReplyToID, "language": n.Language,
		"quoted_status_id": n.QuotedStatusID, "quote_approval_policy": n.QuotePolicy,
	} {
		if value != "" {
			params.Set(name, value)
		}
	}
	if n.Sensitive {
		params.Set("sensitive", "true")
	}
	if n.Poll != nil {
		n.Poll.add(params)
	}
	return params
}

// Post publishes a status.
func (c *Client) Post(ctx context.Context, n NewStatus) (Status, error) {
	header := http.Header{}
	if n.IdempotencyKey != "" {
		header.Set("Idempotency-Key", n.IdempotencyKey)
	}
	var out Status
	err := c.call(ctx, http.MethodPost, "/api/v1/statuses", n.params(), header, &out)
	return out, err
}

func statusPath(id, rest string) string { return "/api/v1/statuses/" + url.PathEscape(id) + rest }

// Status reads one.
func (c *Client) Status(ctx context.Context, id string) (Status, error) {
	return get[Status](ctx, c, statusPath(id, ""), nil)
}

// Delete removes one's own status and returns it with its text.
func (c *Client) Delete(ctx context.Context, id string) (Status, error) {
	var out Status
	err := c.call(ctx, http.MethodDelete, statusPath(id, ""), nil, nil, &out)
	return out, err
}

// Context reads the conversation around a status.
func (c *Client) Context(ctx context.Context, id string) (Context, error) {
	return get[Context](ctx, c, statusPath(id, "/context"), nil)
}

// Boost returns the wrapper. visibility "" is the original's.
func (c *Client) Boost(ctx context.Context, id, visibility string) (Status, error) {
	params := url.Values{}
	if visibility != "" {
		params.Set("visibility", visibility)
	}
	return post[Status](ctx, c, statusPath(id, "/reblog"), params)
}

// Unboost returns the original.
func (c *Client) Unboost(ctx context.Context, id string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/unreblog"), nil)
}

// Favourite likes a status.
func (c *Client) Favourite(ctx context.Context, id string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/favourite"), nil)
}

// Unfavourite takes a like back.
func (c *Client) Unfavourite(ctx context.Context, id string) (Status, error) {
	return post[Status](ctx, c, statusPath(id, "/unfavourite"), nil)
}

// Home reads the home timeline.
func (c *Client) Home(ctx context.Context, p Cursor) ([]Status, error) {
	return get[[]Status](ctx, c, "/api/v1/timelines/home", p.values())
}

// Public reads the federated timeline, or only what was posted here.
func (c *Client) Public(ctx context.Context, local bool, p Cursor) ([]Status, error) {
	params := p.values()
	if local {
		params.Set("local", "true")
	}
	return get[[]Status](ctx, c, "/api/v1/timelines/public", params)
}

// Tag reads the timeline of a hashtag, given without "#".
func (c *Client) Tag(ctx context.Context, name string, p Cursor) ([]Status, error) {
	return get[[]Status](ctx, c, "/api/v1/timelines/tag/"+url.PathEscape(name), p.values())
}

// AccountStatuses reads what an account posted.
func (c *Client) AccountStatuses(ctx context.Context, account string, p Cursor) ([]Status, error) {
	return get[[]Status](ctx, c, accountPath(account, "/statuses"), p.values())
}
