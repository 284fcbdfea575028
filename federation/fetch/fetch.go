// Package fetch gets things from other servers and posts to them: signed, bounded, recorded by whatever transport it is
// given. It knows no social and keeps nothing.
//
// A newcomer's usual mistake is to trust what comes back. Only Document checks that a document is the one asked for;
// whether its author may say what it says is decided in ingest.
package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"orrery/federation/observe"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/federation/signature"
	"orrery/federation/vocab"
)

// MaxBody is how much of an answer is read (federation.md §5.1).
const MaxBody = 1 << 20

const maxRedirects = 3

// Client talks to other servers for one instance. Safe for concurrent use.
type Client struct {
	// Transport is the wire, with the log's tap around it.
	Transport http.RoundTripper
	UserAgent string
	Now       func() time.Time
	Sign      signature.SignProfile
	// Traits say what answers are taken and how a refused or redirected request is repeated.
	Traits policy.Traits
	// SchemeOf says how a host is spoken to: "https", or "http" in a loopback lab.
	SchemeOf func(host string) string
	// Refused reports whether nothing may be asked of the host of address; nil when everything may.
	Refused func(ctx context.Context, address string) (bool, error)
	// Timeout is a watchdog on the real clock for one request; 0 is none, for stepped labs.
	Timeout time.Duration
}

// Signer is on whose behalf a request is made. The zero Signer does not sign.
type Signer struct {
	Actor string // URI
	KeyID string
	Key   *rsa.PrivateKey
}

// Response is what came back, decoded and at most MaxBody long.
type Response struct {
	Status      int
	ContentType string
	Link        []string // Link header lines
	URL         string   // where it was found after redirects
	Body        []byte
}

// What can go wrong. ErrUnreachable is the network's fault and worth trying again; a StatusError is an answer.
var (
	ErrUnreachable = errors.New("the server cannot be reached")
	ErrRefused     = errors.New("this server does not speak with that one")
	ErrNotDocument = errors.New("the answer is not the document that was asked for")
)

// StatusError is an answer other than 200.
type StatusError struct {
	Status int
	URL    string
}

func (e *StatusError) Error() string { return fmt.Sprintf("%s answered %d", e.URL, e.Status) }

// StatusOf returns the status inside err, 0 when there is none.
func StatusOf(err error) int {
	var s *StatusError
	if errors.As(err, &s) {
		return s.Status
	}
	return 0
}

// Get fetches address, following up to three redirects. kind and rule say what for, in the log.
func (c *Client) Get(ctx context.Context, address, accept string, by Signer, kind string, rule rules.ID) (Response, error) {
	var signed http.Header // of the first request
	for hop := 0; ; hop++ {
		if err := c.mayAsk(ctx, address); err != nil {
			return Response{}, err
		}
		req, err := c.request(ctx, http.MethodGet, address, nil)
		if err != nil {
			return Response{}, err
		}
		req.Header.Set("Accept", accept)
		p := observe.Purpose{Kind: kind, Rule: rule, Signer: by.Actor, Attempt: 1, Beginning: accept == acceptWeb}
		var res Response
		var next string
		if hop > 0 && !c.Traits.FreshRedirects {
			req.Header = signed.Clone() // as the old Mastodon does, though it can hold for no other path
			res, next, err = c.roundTrip(req, p)
		} else {
			res, next, err = c.do(req, nil, by, p)
			signed = req.Header
		}
		if err != nil || next == "" {
			return res, err
		}
		if hop == maxRedirects {
			return Response{}, fmt.Errorf("get %s: more than %d redirects: %w", address, maxRedirects, ErrNotDocument)
		}
		address = next
	}
}

// mayAsk is ErrRefused for an address on a server that this one does not speak with.
func (c *Client) mayAsk(ctx context.Context, address string) error {
	if c.Refused == nil {
		return nil
	}
	refused, err := c.Refused(ctx, address)
	if err == nil && refused {
		err = ErrRefused
	}
	if err != nil {
		return fmt.Errorf("get %s: %w", address, err)
	}
	return nil
}

// Post delivers body to inbox and returns the status of the answer; an error means that there was none. extra are further
// header lines, which the signature covers where its profile names them; nil for none.
func (c *Client) Post(ctx context.Context, inbox string, body []byte, by Signer, p observe.Purpose, extra http.Header) (int, error) {
	req, err := c.request(ctx, http.MethodPost, inbox, body)
	if err != nil {
		return 0, err
	}
	maps.Copy(req.Header, extra)
	req.Header.Set("Content-Type", vocab.ContentType)
	res, _, err := c.do(req, body, by, p)
	return res.Status, err
}

func (c *Client) request(ctx context.Context, method, address string, body []byte) (*http.Request, error) {
	if err := Online(ctx); err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, address, err)
	}
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || u.User != nil {
		return nil, fmt.Errorf("%q is no address on the web: %w", address, ErrNotDocument)
	}
	u.Fragment = "" // never sent
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", method, address, err)
	}
	if body == nil {
		req.Body, req.ContentLength = http.NoBody, 0
	}
	req.Header.Set("User-Agent", c.UserAgent)
	req.Header.Set("Accept-Encoding", "gzip")
	req.Header.Set("Date", c.Now().UTC().Format(http.TimeFormat))
	return req, nil
}

// do makes one request, signed, and where the version does so once more in the newer dialect when it is refused
// (federation.md §5.2). next is where it is redirected to, "" when it is not.
func (c *Client) do(req *http.Request, body []byte, by Signer, p observe.Purpose) (r Response, next string, err error) {
	if by.Key == nil {
		return c.roundTrip(req, p)
	}
	again := req.Clone(req.Context())
	if err := signature.Sign(req, body, signature.PrivateKey{ID: by.KeyID, Key: by.Key}, c.Now(), c.Sign); err != nil {
		return Response{}, "", err
	}
	r, next, err = c.roundTrip(req, p)
	refused := r.Status == http.StatusBadRequest || r.Status == http.StatusUnauthorized
	if err == nil && refused && c.Traits.SecondTarget && req.Method == http.MethodGet && req.URL.RawQuery != "" {
		bare := c.Sign
		bare.Query = false
		if err := signature.Sign(again, nil, signature.PrivateKey{ID: by.KeyID, Key: by.Key}, c.Now(), bare); err != nil {
			return Response{}, "", err
		}
		p.Again = rules.SigSecondTarget
		return c.roundTrip(again, p)
	}
	if err != nil || !refused || !c.Traits.DoubleKnock {
		return r, next, err
	}
	if body != nil {
		again.Body = io.NopCloser(bytes.NewReader(body))
	}
	if err := signature.SignRFC9421(again, body, by.KeyID, by.Key, c.Now()); err != nil {
		return Response{}, "", err
	}
	p.Again = rules.SigSecondKnock
	return c.roundTrip(again, p)
}

func (c *Client) roundTrip(req *http.Request, p observe.Purpose) (r Response, next string, err error) {
	ctx := observe.WithPurpose(req.Context(), p)
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	res, err := c.Transport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		return Response{}, "", fmt.Errorf("%s %s: %w: %w", req.Method, req.URL, ErrUnreachable, err)
	}
	defer res.Body.Close()
	if req.Method == http.MethodPost {
		// The status is the whole answer to a delivery; a body that is too long or cannot be read changes nothing.
		return Response{Status: res.StatusCode, URL: req.URL.String()}, "", nil
	}
	raw, err := readBody(res, p.Beginning)
	if err != nil {
		return Response{}, "", fmt.Errorf("%s %s: read answer: %w", req.Method, req.URL, err)
	}
	r = Response{
		Status: res.StatusCode, ContentType: res.Header.Get("Content-Type"), Link: res.Header.Values("Link"),
		URL: req.URL.String(), Body: raw,
	}
	if req.Method == http.MethodGet && res.StatusCode >= 300 && res.StatusCode < 400 {
		to, err := req.URL.Parse(res.Header.Get("Location"))
		if err == nil && res.Header.Get("Location") != "" {
			return r, to.String(), nil
		}
	}
	return r, "", nil
}

// readBody reads at most MaxBody, also of what it unpacks. The beginning of a page is as good as the whole; of a document it is
// nothing.
func readBody(res *http.Response, beginning bool) ([]byte, error) {
	var from io.Reader = res.Body
	if strings.EqualFold(res.Header.Get("Content-Encoding"), "gzip") {
		z, err := gzip.NewReader(res.Body)
		if err != nil {
			return nil, fmt.Errorf("unpack: %w", err)
		}
		from = z
	}
	b, err := io.ReadAll(io.LimitReader(from, MaxBody+1))
	if beginning && errors.Is(err, io.ErrUnexpectedEOF) { // what was packed was cut
		err = nil
	}
	if err != nil {
		return nil, err
	}
	if len(b) > MaxBody && beginning {
		return b[:MaxBody], nil
	}
	if len(b) > MaxBody {
		return nil, fmt.Errorf("longer than one mebibyte: %w", ErrNotDocument)
	}
	return b, nil
}
