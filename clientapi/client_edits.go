package clientapi

import (
	"context"
	"net/http"
)

// Edit replaces what one's own status says, as a whole.
func (c *Client) Edit(ctx context.Context, id string, n NewStatus) (Status, error) {
	var out Status
	err := c.call(ctx, http.MethodPut, statusPath(id, ""), n.params(), nil, &out)
	return out, err
}

// History reads every version of a status, the original first.
func (c *Client) History(ctx context.Context, id string) ([]StatusEdit, error) {
	return get[[]StatusEdit](ctx, c, statusPath(id, "/history"), nil)
}

// Source reads a status as it was typed.
func (c *Client) Source(ctx context.Context, id string) (StatusSource, error) {
	return get[StatusSource](ctx, c, statusPath(id, "/source"), nil)
}
