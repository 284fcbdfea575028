package fetch

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"orrery/federation/rules"
	"orrery/federation/vocab"
)

// Finger is what WebFinger says of a handle.
type Finger struct {
	User, Domain string // of the subject
	Self         string // actor URI
}

// WebFinger asks domain for user, unsigned, with the host-meta detour when it answers 404 (federation.md §1.2).
func (c *Client) WebFinger(ctx context.Context, user, domain string) (Finger, error) {
	if !isDomain(domain) {
		return Finger{}, fmt.Errorf("%q is no domain of a handle: %w", domain, ErrNotDocument)
	}
	acct := "acct:" + user + "@" + domain
	base := c.SchemeOf(domain) + "://" + domain
	const accept = "application/jrd+json, application/json"
	res, err := c.Get(ctx, base+"/.well-known/webfinger?resource="+resource(acct), accept, Signer{}, "webfinger", rules.FetchWebFinger)
	if err != nil {
		return Finger{}, err
	}
	if res.Status == http.StatusNotFound {
		template, err := c.hostMeta(ctx, base)
		if err != nil {
			return Finger{}, err
		}
		if res, err = c.Get(ctx, strings.ReplaceAll(template, "{uri}", resource(acct)), accept, Signer{}, "webfinger", rules.FetchWebFinger); err != nil {
			return Finger{}, err
		}
	}
	if res.Status != http.StatusOK {
		return Finger{}, &StatusError{res.Status, res.URL}
	}
	return readFinger(res.Body)
}

// resource escapes an acct: URI as Mastodon writes it, with ":" and "@" left readable.
func resource(acct string) string {
	return strings.NewReplacer("%3A", ":", "%40", "@").Replace(url.QueryEscape(acct))
}

func (c *Client) hostMeta(ctx context.Context, base string) (string, error) {
	res, err := c.Get(ctx, base+"/.well-known/host-meta", "application/xrd+xml, application/xml, text/xml", Signer{}, "webfinger", rules.FetchWebFinger)
	if err != nil {
		return "", err
	}
	if res.Status != http.StatusOK {
		return "", &StatusError{res.Status, res.URL}
	}
	template, err := readHostMeta(res.Body)
	if err != nil {
		return "", fmt.Errorf("host-meta of %s: %w", base, err)
	}
	return template, nil
}

// readHostMeta finds the address that WebFinger is asked at, with {uri} in it.
func readHostMeta(body []byte) (string, error) {
	var xrd struct {
		Links []struct {
			Rel      string `xml:"rel,attr"`
			Template string `xml:"template,attr"`
		} `xml:"Link"`
	}
	if err := xml.Unmarshal(body, &xrd); err != nil {
		return "", fmt.Errorf("read XRD: %w", ErrNotDocument)
	}
	for _, l := range xrd.Links {
		web := strings.HasPrefix(l.Template, "https://") || strings.HasPrefix(l.Template, "http://")
		if l.Rel == "lrdd" && web && strings.Contains(l.Template, "{uri}") {
			return l.Template, nil
		}
	}
	return "", fmt.Errorf("it names no WebFinger: %w", ErrNotDocument)
}

// isDomain reports whether domain can stand in an address without becoming more of it than the host and its port.
func isDomain(domain string) bool {
	return domain != "" && !strings.ContainsAny(domain, "/\\?#@%& \t\r\n")
}

func readFinger(body []byte) (Finger, error) {
	var jrd struct {
		Subject string
		Links   []struct{ Rel, Type, Href string }
	}
	if err := json.Unmarshal(body, &jrd); err != nil {
		return Finger{}, fmt.Errorf("read WebFinger answer: %w", ErrNotDocument)
	}
	user, domain, ok := strings.Cut(strings.TrimPrefix(jrd.Subject, "acct:"), "@")
	if !ok || user == "" || !isDomain(domain) {
		return Finger{}, fmt.Errorf("WebFinger subject %q is no handle: %w", jrd.Subject, ErrNotDocument)
	}
	for _, l := range jrd.Links {
		if l.Rel == "self" && (l.Type == vocab.ContentType || l.Type == vocab.LDContentType) {
			return Finger{User: user, Domain: strings.ToLower(domain), Self: l.Href}, nil
		}
	}
	return Finger{}, fmt.Errorf("WebFinger answer for %s names no actor: %w", jrd.Subject, ErrNotDocument)
}

// Resolve asks for user@domain and follows a subject that differs once (federation.md §1.2). The answer is stable: its
// subject names itself.
func (c *Client) Resolve(ctx context.Context, user, domain string) (Finger, error) {
	first, err := c.WebFinger(ctx, user, domain)
	if err != nil {
		return Finger{}, err
	}
	if same(first, user, domain) {
		return first, nil
	}
	second, err := c.WebFinger(ctx, first.User, first.Domain)
	if err != nil {
		return Finger{}, err
	}
	if !same(second, first.User, first.Domain) {
		return Finger{}, fmt.Errorf("WebFinger for %s@%s leads from handle to handle: %w", user, domain, ErrNotDocument)
	}
	return second, nil
}

func same(f Finger, user, domain string) bool {
	return strings.EqualFold(f.User, user) && strings.EqualFold(f.Domain, domain)
}
