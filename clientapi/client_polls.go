package clientapi

import (
	"context"
	"net/url"
	"strconv"
	"time"
)

// NewPoll is the poll of a new status.
type NewPoll struct {
	Options              []string
	ExpiresIn            time.Duration
	Multiple, HideTotals bool
}

func (p *NewPoll) add(params url.Values) {
	params["poll[options][]"] = p.Options
	params.Set("poll[expires_in]", strconv.Itoa(int(p.ExpiresIn/time.Second)))
	params.Set("poll[multiple]", strconv.FormatBool(p.Multiple))
	params.Set("poll[hide_totals]", strconv.FormatBool(p.HideTotals))
}

// Poll reads one. A server may read it anew at its origin first.
func (c *Client) Poll(ctx context.Context, id string) (Poll, error) {
	return get[Poll](ctx, c, "/api/v1/polls/"+url.PathEscape(id), nil)
}

// Vote chooses answers by their position.
func (c *Client) Vote(ctx context.Context, poll string, choices ...int) (Poll, error) {
	params := url.Values{}
	for _, n := range choices {
		params.Add("choices[]", strconv.Itoa(n))
	}
	return post[Poll](ctx, c, "/api/v1/polls/"+url.PathEscape(poll)+"/votes", params)
}
