package files

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"orrery/social"
)

// Getter reads pictures of other servers, through a wire that keeps away from what is not public.
type Getter struct {
	Transport http.RoundTripper
	UserAgent string
	Domains   *social.Domains
}

// patience is how long one picture may take to arrive, by the real clock.
const patience = 20 * time.Second

const maxRedirects = 3

// Get reads at most limit bytes of what lies at address, following up to three redirects, none to a server that is refused.
func (g *Getter) Get(ctx context.Context, address string, limit int64) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for range maxRedirects + 1 {
		content, next, err := g.once(ctx, address, limit)
		if err != nil || next == "" {
			return content, err
		}
		if no, err := g.Domains.RefusedURI(ctx, next); no || err != nil {
			return nil, fmt.Errorf("get %s: it leads to %s, which is refused (%w)", address, next, err)
		}
		address = next
	}
	return nil, fmt.Errorf("get %s: more than %d redirects", address, maxRedirects)
}

func (g *Getter) once(ctx context.Context, address string, limit int64) (content []byte, next string, err error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return nil, "", fmt.Errorf("%q is no address on the web", address)
	}
	u.Fragment = ""
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, "", fmt.Errorf("get %s: %w", address, err)
	}
	req.Header.Set("User-Agent", g.UserAgent)
	req.Header.Set("Accept", "image/jpeg, image/png, image/gif, image/webp;q=0.9")
	res, err := g.Transport.RoundTrip(req)
	if err != nil {
		return nil, "", fmt.Errorf("get %s: %w", address, err)
	}
	defer res.Body.Close()
	if to := res.Header.Get("Location"); res.StatusCode >= 300 && res.StatusCode < 400 && to != "" {
		at, err := u.Parse(to)
		if err != nil {
			return nil, "", fmt.Errorf("get %s: it leads to %q: %w", address, to, err)
		}
		return nil, at.String(), nil
	}
	if res.StatusCode != http.StatusOK || res.ContentLength > limit {
		return nil, "", fmt.Errorf("get %s: answered %d with %d bytes", address, res.StatusCode, res.ContentLength)
	}
	content, err = io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err == nil && int64(len(content)) > limit {
		err = fmt.Errorf("more than %d bytes", limit)
	}
	if err != nil {
		return nil, "", fmt.Errorf("get %s: %w", address, err)
	}
	return content, "", nil
}
