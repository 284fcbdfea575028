package fetch

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"orrery/federation/rules"
	"orrery/federation/vocab"
)

const (
	acceptDocument = "application/activity+json, application/ld+json"
	acceptPage     = vocab.LDContentType + ", application/activity+json, text/html;q=0.1"
)

// Document fetches the document whose id is uri (F1 in federation.md §9.0). An id that differs from uri gives
// ErrNotDocument, and so does a redirect to another host: Mastodon leads from the address of a boost to wherever the
// boosted post says that its page is, and what lies there must not speak for the booster.
func (c *Client) Document(ctx context.Context, uri string, by Signer, kind string, rule rules.ID) (vocab.Doc, error) {
	doc, at, err := c.resource(ctx, uri, by, kind, rule)
	if err != nil {
		return nil, err
	}
	if doc.String("id") != uri {
		return nil, fmt.Errorf("%s says that it is %q: %w", uri, doc.String("id"), ErrNotDocument)
	}
	if !speaksFor(at, uri) {
		return nil, fmt.Errorf("%s was found at %s: %w", uri, at, ErrNotDocument)
	}
	return doc, nil
}

// Resource fetches the document at uri, whatever it says its id is. Up to Mastodon 4.2 it may come as anything; since
// then it must come as ActivityPub, or a file that somebody uploaded could pass for an actor.
func (c *Client) Resource(ctx context.Context, uri string, by Signer, kind string, rule rules.ID) (vocab.Doc, error) {
	doc, _, err := c.resource(ctx, uri, by, kind, rule)
	return doc, err
}

// resource is Resource with the address where it was found after redirects.
func (c *Client) resource(ctx context.Context, uri string, by Signer, kind string, rule rules.ID) (doc vocab.Doc, at string, err error) {
	res, err := c.Get(ctx, uri, acceptDocument, by, kind, rule)
	if err != nil {
		return nil, "", err
	}
	if res.Status != http.StatusOK {
		return nil, "", &StatusError{res.Status, uri}
	}
	if c.Traits.ContentTypes && !isDocument(res.ContentType) {
		return nil, "", fmt.Errorf("%s comes as %q: %w", uri, res.ContentType, ErrNotDocument)
	}
	if doc, err = vocab.Decode(res.Body); err != nil {
		return nil, "", fmt.Errorf("read %s: %w: %w", uri, ErrNotDocument, err)
	}
	return doc, res.URL, nil
}

// Page fetches what lies at an address that a person may have copied from a browser (F3 in federation.md §9.0): a
// document, or a page that points to one. The document returned says its own id; callers compare hosts.
func (c *Client) Page(ctx context.Context, address string, by Signer, kind string, rule rules.ID) (vocab.Doc, error) {
	res, err := c.Get(ctx, address, acceptPage, by, kind, rule)
	if err != nil {
		return nil, err
	}
	if res.Status != http.StatusOK {
		return nil, &StatusError{res.Status, address}
	}
	if isDocument(res.ContentType) {
		return c.settle(ctx, res, by, kind, rule)
	}
	alternate := linkAlternate(res)
	if alternate == "" {
		return nil, fmt.Errorf("%s is a page that points to no document: %w", address, ErrNotDocument)
	}
	if res, err = c.Get(ctx, alternate, acceptPage, by, kind, rule); err != nil {
		return nil, err
	}
	switch {
	case res.Status != http.StatusOK:
		return nil, &StatusError{res.Status, alternate}
	case !isDocument(res.ContentType):
		return nil, fmt.Errorf("%s, which %s points to, is no document: %w", alternate, address, ErrNotDocument)
	}
	return c.settle(ctx, res, by, kind, rule)
}

// settle makes sure that a document comes from where it says it is: one more request when its id is another address. Up to
// Mastodon 4.2 the id was believed, which anybody could use to speak for another server; here it is believed only of an
// address on the same host.
func (c *Client) settle(ctx context.Context, res Response, by Signer, kind string, rule rules.ID) (vocab.Doc, error) {
	doc, err := vocab.Decode(res.Body)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w: %w", res.URL, ErrNotDocument, err)
	}
	id := doc.String("id")
	if id == "" {
		return nil, fmt.Errorf("%s does not say its id: %w", res.URL, ErrNotDocument)
	}
	if id == res.URL || !c.Traits.ProvenIDs && speaksFor(res.URL, id) {
		return doc, nil
	}
	return c.Document(ctx, id, by, kind, rule)
}

// speaksFor reports whether what was found at an address may be the document of that id: it lies on the same host, and was
// not had by a less safe way than the id promises.
func speaksFor(at, id string) bool {
	a, errA := url.Parse(at)
	i, errI := url.Parse(id)
	return errA == nil && errI == nil && strings.EqualFold(a.Host, i.Host) && (a.Scheme == i.Scheme || a.Scheme == "https")
}

func isDocument(contentType string) bool {
	t, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	return t == vocab.ContentType || (t == "application/ld+json" && strings.Contains(params["profile"], vocab.ActivityStreams))
}

// linkAlternate finds rel=alternate in the Link header, else in the head of the page.
func linkAlternate(res Response) string {
	for _, line := range res.Link {
		for _, part := range strings.Split(line, ",") {
			target, params, _ := strings.Cut(part, ";")
			target = strings.Trim(strings.TrimSpace(target), "<>")
			document := strings.Contains(params, vocab.ContentType) ||
				strings.Contains(params, "application/ld+json") && strings.Contains(params, vocab.ActivityStreams)
			if strings.Contains(params, "alternate") && document {
				return target
			}
		}
	}
	z := html.NewTokenizer(strings.NewReader(string(res.Body)))
	for n := 0; n < 10_000; n++ {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			if href := alternateOf(z.Token()); href != "" {
				return href
			}
		}
	}
	return ""
}

func alternateOf(t html.Token) string {
	if t.Data != "link" {
		return ""
	}
	attr := map[string]string{}
	for _, a := range t.Attr {
		attr[a.Key] = a.Val
	}
	if strings.Contains(attr["rel"], "alternate") && (isDocument(attr["type"]) || strings.HasPrefix(attr["type"], vocab.ContentType)) {
		return attr["href"]
	}
	return ""
}
