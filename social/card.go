package social

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Card is what the page behind a link says of itself, cut and checked; see internal/linkcard.
type Card struct {
	ID                         ID
	URL                        string // by which the page wants to be known
	Kind                       string // link, photo, video
	Title, Description         string
	AuthorName, AuthorURL      string
	AuthorID                   ID // the account whom the page names and who says that the page's host may; 0 for none
	ProviderName, ProviderURL  string
	ImageURL, ImageDescription string
	EmbedURL                   string // of a film's frame, or a picture
	Width, Height              int
	Language                   string
	PublishedAt, FetchedAt     time.Time // PublishedAt is zero when the page does not say
	Link                       string    // as the status has it; only where a card is loaded with one
	Author                     *Account  // only filled by Reader
}

// Host is where the page lies.
func (c Card) Host() string { return HostOf(c.URL) }

// cardFresh is how long what a page said is believed.
const cardFresh = 14 * 24 * time.Hour

// Fresh reports whether c need not be read again at now.
func (c Card) Fresh(now time.Time) bool { return now.Sub(c.FetchedAt) < cardFresh }

// CardStore keeps cards. Lookups return ErrNotFound.
type CardStore interface {
	CardByID(ctx context.Context, id ID) (Card, error)
	CardByURL(ctx context.Context, url string) (Card, error)
	CardsByID(ctx context.Context, ids []ID) (map[ID]Card, error)
	// Cards are those of statuses, by status.
	Cards(ctx context.Context, statuses []ID) (map[ID]Card, error)
	// PutCard inserts c or replaces the card of its URL, and returns the id.
	PutCard(ctx context.Context, c Card) (ID, error)
	// SetCard gives status the card for its link, DeleteCard takes it away.
	SetCard(ctx context.Context, status, card ID, link string) error
	DeleteCard(ctx context.Context, status ID) error
	// LinkHours and LinkDays count public posts with cards; subjects are ids of cards, of hosts with more than a front page.
	LinkHours(ctx context.Context, since time.Time) ([]HourUse, error)
	LinkDays(ctx context.Context, cards []ID, since time.Time) (map[ID][]DayUse, error)
	// LinkTimeline lists public posts with a card, without people whom viewer (0: anybody) asked not to meet.
	LinkTimeline(ctx context.Context, viewer, card ID, p Page) ([]ID, error)
}

// MayAttribute reports whether a says that pages of host may name them as their author: it is one of a's hosts, or lies below one.
func MayAttribute(a Account, host string) bool {
	host = strings.ToLower(host)
	return slices.ContainsFunc(a.AttributionDomains, func(domain string) bool {
		domain = strings.ToLower(domain)
		return host == domain || strings.HasSuffix(host, "."+domain)
	})
}

// Linkable reports whether a status can have a card: files and quotes take its place.
func Linkable(ctx context.Context, tx Tx, s Status) (bool, error) {
	files, err := tx.Attachments(ctx, []ID{s.ID})
	if err != nil || len(files[s.ID]) > 0 {
		return false, err
	}
	quotes, err := tx.Quotes(ctx, []ID{s.ID})
	_, quoting := quotes[s.ID]
	return !quoting, err
}

// linked looks at the link of s, once s is kept. given is the link that its document names, "" for the first in its text.
func (s *Statuses) linked(ctx context.Context, tx Tx, status Status, given string) error {
	if s.Linked == nil || status.BoostOfID != 0 {
		return nil
	}
	return s.Linked(ctx, tx, status, given)
}

// relinked is linked after an edit.
func (s *Statuses) relinked(ctx context.Context, tx Tx, status Status) error {
	if err := tx.DeleteCard(ctx, status.ID); err != nil {
		return err
	}
	return s.linked(ctx, tx, status, "")
}

// Link is linked for those who keep statuses themselves.
func (s *Statuses) Link(ctx context.Context, tx Tx, status Status, given string) error {
	return s.linked(ctx, tx, status, given)
}

// author loads the authors of cards.
func (r *Reader) author(ctx context.Context, cards map[ID]Card) error {
	var ids []ID
	for _, c := range cards {
		if c.AuthorID != 0 {
			ids = append(ids, c.AuthorID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := r.People(ctx, ids)
	if err != nil {
		return err
	}
	for id, c := range cards {
		if a, ok := people[c.AuthorID]; ok && c.by(&a) {
			c.Author = &a
			cards[id] = c
		}
	}
	return nil
}

// by reports whether c may name a as the author of its page.
func (c Card) by(a *Account) bool { return !a.Suspended() && MayAttribute(*a, c.Host()) }

// LinkView is a page that trends.
type LinkView struct {
	Card
	History []DayUse
}

// Links are the pages that trend. With all, those that staff refused too.
func (t *Trends) Links(ctx context.Context, all bool) ([]ID, error) {
	subjects, err := t.list(ctx, TrendLink, all, func() ([]string, error) {
		hours, err := t.Store.LinkHours(ctx, t.Now().Add(-trendSpan))
		return t.rank(hours), err
	})
	var ids []ID
	for _, s := range subjects {
		if id, ok := ParseID(s); ok {
			ids = append(ids, id)
		}
	}
	return ids, err
}

// LinkViews load cards with their history.
func (t *Trends) LinkViews(ctx context.Context, ids []ID) ([]LinkView, error) {
	cards, err := t.Store.CardsByID(ctx, ids)
	if err == nil {
		err = (&Reader{Store: t.Store}).author(ctx, cards)
	}
	if err != nil {
		return nil, err
	}
	days, err := t.Store.LinkDays(ctx, ids, t.weekAgo())
	if err != nil {
		return nil, err
	}
	var out []LinkView
	for _, id := range ids {
		if c, ok := cards[id]; ok {
			out = append(out, LinkView{Card: c, History: t.History(days[id])})
		}
	}
	return out, nil
}
