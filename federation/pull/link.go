package pull

import (
	"context"
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/federation/work"
	"orrery/internal/jobs"
	"orrery/internal/linkcard"
	"orrery/social"
)

// link reads the page behind the link of a post, unless it was read lately, and gives the post its card (federation.md §4.1
// step 7). Whatever goes wrong leaves the post without one: it is tried once.
func (p *Pull) link(ctx context.Context, j jobs.Job) error {
	l, err := work.Read[work.Linking](j)
	if err != nil {
		return err
	}
	id := social.ID(l.Status)
	s, err := p.Store.StatusByID(ctx, id)
	if errors.Is(err, social.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if ok, err := social.Linkable(ctx, p.Store, s); !ok || err != nil {
		return err
	}
	card, err := p.Store.CardByURL(ctx, withoutFragment(l.URL))
	fresh := err == nil && card.Fresh(p.Ingest.Now())
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return err
	}
	if !fresh {
		var ok bool
		if card, ok = p.read(ctx, withoutFragment(l.URL)); !ok {
			return nil
		}
	}
	return p.Atomic(ctx, func(ctx context.Context, tx ingest.Tx) error {
		if _, err := tx.StatusByID(ctx, id); errors.Is(err, social.ErrNotFound) {
			return j.Finish(ctx, tx)
		}
		if !fresh {
			if card.ID, err = tx.PutCard(ctx, card); err != nil {
				return err
			}
		}
		if err := tx.SetCard(ctx, id, card.ID, l.URL); err != nil {
			return err
		}
		return j.Finish(ctx, tx)
	})
}

// withoutFragment is the address that is asked for.
func withoutFragment(address string) string {
	before, _, _ := strings.Cut(address, "#")
	return before
}

// read makes the card of a page; false when it has nothing to show.
func (p *Pull) read(ctx context.Context, address string) (social.Card, bool) {
	res, err := p.Ingest.Fetch.WebPage(ctx, address, rules.FetchCard)
	if err != nil || res.Status != http.StatusOK {
		return social.Card{}, false
	}
	if kind, _, err := mime.ParseMediaType(res.ContentType); err != nil || kind != "text/html" && kind != "application/xhtml+xml" {
		return social.Card{}, false
	}
	page := linkcard.Read(res.URL, res.ContentType, res.Body)
	if page.OEmbed != "" {
		if res, err := p.Ingest.Fetch.Data(ctx, page.OEmbed, rules.FetchOEmbed); err == nil && res.Status == http.StatusOK {
			page.Embed(res.URL, res.Body)
		}
	}
	if page.Title == "" && page.EmbedURL == "" {
		return social.Card{}, false
	}
	c := social.Card{
		ID: p.Ingest.NewID(), URL: page.URL, Kind: page.Kind, Title: page.Title, Description: page.Description,
		AuthorName: page.AuthorName, AuthorURL: page.AuthorURL, ProviderName: page.ProviderName, ProviderURL: page.ProviderURL,
		ImageURL: page.Image, ImageDescription: page.ImageDescription, EmbedURL: page.EmbedURL, Width: page.Width, Height: page.Height,
		Language: page.Language, PublishedAt: page.Published, FetchedAt: p.Ingest.Now(),
	}
	if c.URL == "" {
		c.URL = address
	}
	c.AuthorID = p.creator(ctx, page.Creator, c.Host())
	return c, true
}

// creator is the account that a page of host names as its author, if the account says so too; else 0.
func (p *Pull) creator(ctx context.Context, handle, host string) social.ID {
	user, domain, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(handle), "@"), "@")
	if u, err := url.Parse("https://" + domain); !ok || err != nil || u.Host != domain || domain == "" {
		return 0
	}
	p.Observer.Observe(ctx, observe.Queued{Rule: rules.FetchCreator, What: "fetch", Target: user + "@" + domain})
	a, err := p.ByHandle(ctx, user, domain)
	if err != nil || !social.MayAttribute(a, host) {
		return 0
	}
	return a.ID
}
