package fetch

import (
	"context"

	"orrery/federation/rules"
)

// acceptWeb is what is asked for of the web for people.
const acceptWeb = "text/html, application/xhtml+xml;q=0.9"

// WebPage reads the beginning of a page for people, unsigned: nobody is behind it (federation.md §5.1).
func (c *Client) WebPage(ctx context.Context, address string, rule rules.ID) (Response, error) {
	return c.Get(ctx, address, acceptWeb, Signer{}, "fetch", rule)
}

// Data reads a JSON document that is no ActivityPub, unsigned.
func (c *Client) Data(ctx context.Context, address string, rule rules.ID) (Response, error) {
	return c.Get(ctx, address, "application/json", Signer{}, "fetch", rule)
}
