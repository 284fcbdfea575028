package clientapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Client acts on one server for whom Token belongs to. It works with any server that speaks Mastodon's client API. Safe
// for concurrent use. Errors are a *ResponseError when the server answered.
type Client struct {
	BaseURL string // origin, without a slash at the end
	Token   string // "" is anonymous
	HTTP    *http.Client
}

// ResponseError is an answer of 400 or above.
type ResponseError struct {
	Method, Path string
	Status       int
	Message      string // the server's sentence, or the beginning of the body
}

func (e *ResponseError) Error() string {
	return fmt.Sprintf("%s %s: %d %s", e.Method, e.Path, e.Status, e.Message)
}

// maxResponse bounds what is read of an answer, in bytes.
const maxResponse = 8 << 20

// call sends params (in the query for GET, else as a form) and decodes the answer into out unless that is nil.
func (c *Client) call(ctx context.Context, method, path string, params url.Values, header http.Header, out any) error {
	target, body := c.BaseURL+path, io.Reader(nil)
	switch {
	case len(params) == 0:
	case method == http.MethodGet:
		target += "?" + params.Encode()
	default:
		body = strings.NewReader(params.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, target, err)
	}
	for name, values := range header {
		req.Header[name] = values
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	res, err := c.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, maxResponse))
	if err != nil {
		return fmt.Errorf("%s %s: read the answer: %w", method, path, err)
	}
	if res.StatusCode >= http.StatusBadRequest {
		return &ResponseError{Method: method, Path: path, Status: res.StatusCode, Message: sentence(answer)}
	}
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(answer, out); err != nil {
		return fmt.Errorf("%s %s: decode the answer: %w", method, path, err)
	}
	return nil
}

// sentence is what an error's body says.
func sentence(body []byte) string {
	var e Error
	if json.Unmarshal(body, &e) == nil && e.Error != "" {
		return e.Error
	}
	const enough = 200
	return string(bytes.ToValidUTF8(body[:min(len(body), enough)], nil))
}

func get[T any](ctx context.Context, c *Client, path string, params url.Values) (T, error) {
	var out T
	err := c.call(ctx, http.MethodGet, path, params, nil, &out)
	return out, err
}

func post[T any](ctx context.Context, c *Client, path string, params url.Values) (T, error) {
	var out T
	err := c.call(ctx, http.MethodPost, path, params, nil, &out)
	return out, err
}

// Cursor asks for one page; zero values do not narrow.
type Cursor struct {
	MaxID, SinceID, MinID string
	Limit                 int
}

func (p Cursor) values() url.Values {
	v := url.Values{}
	for name, value := range map[string]string{"max_id": p.MaxID, "since_id": p.SinceID, "min_id": p.MinID} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if p.Limit != 0 {
		v.Set("limit", fmt.Sprint(p.Limit))
	}
	return v
}
