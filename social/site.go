package social

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// SiteText is a longer text about this server. Plain: blank lines part paragraphs, links and hashtags are found.
type SiteText struct {
	Name      string
	Content   string
	UpdatedAt time.Time // zero when nobody wrote it yet
}

// Names of texts.
const (
	SiteDescription = "description" // who runs this server, for whom, and how
	SitePrivacy     = "privacy"     // what is kept about people
	SiteTerms       = "terms"       // what both sides agree to
)

// maxSiteText bounds a text, in bytes.
const maxSiteText = 100_000

// Week is what happened on this server in one week.
type Week struct {
	Start                           time.Time // Monday, in UTC
	Statuses, Logins, Registrations int64     // Logins are people who were seen: who posted, signed in or let a program in
}

// SiteStore keeps what a server says about itself, and counts.
type SiteStore interface {
	// SiteText is empty, not ErrNotFound, when nobody wrote it.
	SiteText(ctx context.Context, name string) (SiteText, error)
	PutSiteText(ctx context.Context, t SiteText) error
	// Peers are the domains of known accounts that start with prefix, by name, after a name, at most limit.
	Peers(ctx context.Context, prefix, after string, limit int) ([]string, error)
	CountPeers(ctx context.Context) (int64, error)
	// Weeks are the weeks that begin with those of starts.
	Weeks(ctx context.Context, starts []time.Time) ([]Week, error)
	// Directory lists people who want to be found, here only if local, latest posters first, or newest accounts first if
	// newest. Nobody whom viewer (0: anybody) asked not to meet.
	Directory(ctx context.Context, viewer ID, local, newest bool, offset, limit int) ([]ID, error)
}

// WriteSiteText replaces a text; "" removes it. ErrInvalid.
func WriteSiteText(ctx context.Context, s Store, t SiteText) error {
	t.Content = strings.TrimSpace(t.Content)
	switch {
	case !slices.Contains([]string{SiteDescription, SitePrivacy, SiteTerms}, t.Name):
		return &Error{Kind: ErrInvalid, Field: "name", Message: fmt.Sprintf("There is no text %q: choose description, privacy or terms.", t.Name)}
	case len(t.Content) > maxSiteText:
		return &Error{Kind: ErrInvalid, Field: "content", Message: fmt.Sprintf("The text is too long: at most %d bytes are possible.", maxSiteText)}
	}
	return s.PutSiteText(ctx, t)
}

// LastWeeks are the beginnings of the n weeks before and with the one of now, the latest first.
func LastWeeks(now time.Time, n int) []time.Time {
	y, m, d := now.UTC().Date()
	monday := time.Date(y, m, d-(int(now.UTC().Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
	out := make([]time.Time, n)
	for i := range out {
		out[i] = monday.AddDate(0, 0, -7*i)
	}
	return out
}
