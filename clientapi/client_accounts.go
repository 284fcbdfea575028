package clientapi

import (
	"context"
	"net/http"
	"net/url"
)

func accountPath(id, rest string) string { return "/api/v1/accounts/" + url.PathEscape(id) + rest }

// VerifyCredentials reads whom the token belongs to.
func (c *Client) VerifyCredentials(ctx context.Context) (CredentialAccount, error) {
	return get[CredentialAccount](ctx, c, "/api/v1/accounts/verify_credentials", nil)
}

// UpdateCredentials changes the profile: display_name, note, locked.
func (c *Client) UpdateCredentials(ctx context.Context, change url.Values) (CredentialAccount, error) {
	var a CredentialAccount
	err := c.call(ctx, http.MethodPatch, "/api/v1/accounts/update_credentials", change, nil, &a)
	return a, err
}

// AccountLookup finds an account that the server knows, by "name" or "name@domain".
func (c *Client) AccountLookup(ctx context.Context, acct string) (Account, error) {
	return get[Account](ctx, c, "/api/v1/accounts/lookup", url.Values{"acct": {acct}})
}

// Account reads one.
func (c *Client) Account(ctx context.Context, id string) (Account, error) {
	return get[Account](ctx, c, accountPath(id, ""), nil)
}

// Follow follows an account, or asks to.
func (c *Client) Follow(ctx context.Context, account string) (Relationship, error) {
	return post[Relationship](ctx, c, accountPath(account, "/follow"), nil)
}

// Unfollow ends a follow or takes a request back.
func (c *Client) Unfollow(ctx context.Context, account string) (Relationship, error) {
	return post[Relationship](ctx, c, accountPath(account, "/unfollow"), nil)
}

// Followers reads who follows an account, newest first.
func (c *Client) Followers(ctx context.Context, account string, p Cursor) ([]Account, error) {
	return get[[]Account](ctx, c, accountPath(account, "/followers"), p.values())
}

// Following reads whom an account follows, newest first.
func (c *Client) Following(ctx context.Context, account string, p Cursor) ([]Account, error) {
	return get[[]Account](ctx, c, accountPath(account, "/following"), p.values())
}

// Relationships reads how one stands to accounts.
func (c *Client) Relationships(ctx context.Context, accounts ...string) ([]Relationship, error) {
	return get[[]Relationship](ctx, c, "/api/v1/accounts/relationships", url.Values{"id[]": accounts})
}

// FollowRequests reads who waits to follow.
func (c *Client) FollowRequests(ctx context.Context, p Cursor) ([]Account, error) {
	return get[[]Account](ctx, c, "/api/v1/follow_requests", p.values())
}

// AuthorizeFollow lets a waiting follower in.
func (c *Client) AuthorizeFollow(ctx context.Context, account string) (Relationship, error) {
	return post[Relationship](ctx, c, "/api/v1/follow_requests/"+url.PathEscape(account)+"/authorize", nil)
}

// RejectFollow turns a waiting follower away.
func (c *Client) RejectFollow(ctx context.Context, account string) (Relationship, error) {
	return post[Relationship](ctx, c, "/api/v1/follow_requests/"+url.PathEscape(account)+"/reject", nil)
}

// Search finds accounts, statuses and hashtags. With resolve, the server asks other servers for handles and addresses.
func (c *Client) Search(ctx context.Context, q string, resolve bool) (SearchResults, error) {
	params := url.Values{"q": {q}}
	if resolve {
		params.Set("resolve", "true")
	}
	return get[SearchResults](ctx, c, "/api/v2/search", params)
}

// Notifications reads what others did, of the given types or of all.
func (c *Client) Notifications(ctx context.Context, p Cursor, types ...string) ([]Notification, error) {
	params := p.values()
	for _, t := range types {
		params.Add("types[]", t)
	}
	return get[[]Notification](ctx, c, "/api/v1/notifications", params)
}

// Instance reads the server's description.
func (c *Client) Instance(ctx context.Context) (Instance, error) {
	return get[Instance](ctx, c, "/api/v2/instance", nil)
}
