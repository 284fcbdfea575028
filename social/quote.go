package social

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Quote is a post shown inside another, with what its author has said to that (FEP-044f). It belongs to the quoting status.
type Quote struct {
	ID                  ID
	StatusID, AccountID ID // the quoting status and its author
	// QuotedID is 0 while the quoted status is not known here.
	QuotedID        ID
	QuotedURI       string
	QuotedAccountID ID
	State           QuoteState
	RequestURI      string // of the QuoteRequest; "" when nobody was asked
	ApprovalURI     string // of the QuoteAuthorization, claimed or, when accepted, proved
	Legacy          bool   // said in words that know no approval
	CheckedAt       time.Time
}

// QuoteState is where a quote stands, in Mastodon's words.
type QuoteState string

// The first five are kept; the rest is what a viewer meets instead of an accepted quote.
const (
	QuotePending  QuoteState = "pending"
	QuoteAccepted QuoteState = "accepted"
	QuoteRejected QuoteState = "rejected"
	QuoteRevoked  QuoteState = "revoked"
	QuoteDeleted  QuoteState = "deleted" // kept when the author's server says so; met, too, when the post was deleted here

	QuoteUnauthorized   QuoteState = "unauthorized"
	QuoteBlockedAccount QuoteState = "blocked_account"
	QuoteBlockedDomain  QuoteState = "blocked_domain"
	QuoteMutedAccount   QuoteState = "muted_account"
)

// QuoteCheck is after how long an approval is looked at again, when somebody looks at the post (federation.md §16.3).
const QuoteCheck = 7 * 24 * time.Hour

// QuotePolicy says who may quote a status: audiences separated by commas and, behind a "/", those who must ask. "" is
// nothing said: everybody for a post of this server, nobody for another's.
type QuotePolicy string

// What people of this instance choose from.
const (
	QuotableByAll       QuotePolicy = "public"
	QuotableByFollowers QuotePolicy = "followers"
	QuotableByNobody    QuotePolicy = "nobody"
)

// Audiences of a policy.
const (
	AudiencePublic    = "public"
	AudienceFollowers = "followers"
	AudienceFollowing = "following" // whom the author follows
	AudienceUnknown   = "unsupported_policy"
)

// NewQuotePolicy writes a policy down.
func NewQuotePolicy(automatic, manual []string) QuotePolicy {
	if len(automatic)+len(manual) == 0 {
		return QuotableByNobody
	}
	p := strings.Join(automatic, ",")
	if len(manual) > 0 {
		p += "/" + strings.Join(manual, ",")
	}
	return QuotePolicy(p)
}

// Automatic are the audiences that need not ask, Manual those that must.
func (p QuotePolicy) Automatic() []string { return p.part(0) }

// Manual is like Automatic.
func (p QuotePolicy) Manual() []string { return p.part(1) }

func (p QuotePolicy) part(i int) []string {
	parts := strings.SplitN(string(p), "/", 2)
	if p == QuotableByNobody || i >= len(parts) || parts[i] == "" {
		return nil
	}
	return strings.Split(parts[i], ",")
}

// Quotable is the policy of s: only what everybody may see can be quoted by others.
func (s Status) Quotable() QuotePolicy {
	switch {
	case !s.Visibility.Distributable():
		return QuotableByNobody
	case s.QuotePolicy == "" && s.Local:
		return QuotableByAll
	}
	return s.QuotePolicy
}

// Permission to quote.
const (
	QuoteAutomatic = "automatic"
	QuoteManual    = "manual"
	QuoteDenied    = "denied"
	QuoteUnknown   = "unknown" // their server knows words for it that this one does not
)

// MayQuote says how viewer stands to the policy of a status by author; tie is how viewer stands to the author.
func MayQuote(s Status, viewer ID, tie Relationship) string {
	if viewer == 0 {
		return QuoteDenied
	}
	if s.AccountID == viewer {
		return QuoteAutomatic
	}
	if tie.Blocking || tie.HiddenFrom() {
		return QuoteDenied
	}
	among := func(audiences []string) bool {
		return slices.Contains(audiences, AudiencePublic) || tie.Following && slices.Contains(audiences, AudienceFollowers) ||
			tie.FollowedBy && slices.Contains(audiences, AudienceFollowing)
	}
	p := s.Quotable()
	switch automatic, manual := p.Automatic(), p.Manual(); {
	case among(automatic):
		return QuoteAutomatic
	case among(manual):
		return QuoteManual
	case slices.Contains(automatic, AudienceUnknown), slices.Contains(manual, AudienceUnknown):
		return QuoteUnknown
	}
	return QuoteDenied
}

// QuoteStore keeps quotes. Lookups return ErrNotFound.
type QuoteStore interface {
	// PutQuote writes the quote of a status in place of the one it has.
	PutQuote(ctx context.Context, q Quote) error
	DeleteQuote(ctx context.Context, status ID) error
	// Quotes are those of the statuses that quote.
	Quotes(ctx context.Context, ids []ID) (map[ID]Quote, error)
	QuoteByID(ctx context.Context, id ID) (Quote, error)
	QuoteByRequest(ctx context.Context, uri string) (Quote, error)
	QuoteByApproval(ctx context.Context, uri string) (Quote, error)
	// QuotedBy are the statuses whose quote of one was accepted, newest first.
	QuotedBy(ctx context.Context, quoted ID, p Page) ([]ID, error)
	SetQuotePolicy(ctx context.Context, status ID, p QuotePolicy) error
	// ClaimQuoteCheck notes that an approval is looked at, unless that was noted after since.
	ClaimQuoteCheck(ctx context.Context, status ID, since, now time.Time) (bool, error)
}

// Events of quotes.
const (
	QuoteRequested EventKind = "quote.requested" // Subject is the quoting status; told to the quoted author, elsewhere
	QuoteGranted   EventKind = "quote.granted"   // Actor is the quoted author, Subject the quoting status; told to its author
	// QuoteRefused: Actor is the quoted author, Subject who asked, Object the quoted status, URI the request, To the quoting post.
	QuoteRefused EventKind = "quote.refused"
	QuoteEnded   EventKind = "quote.ended"   // Actor is the quoted author, Subject the quoting status: the approval is taken back
	QuoteChanged EventKind = "quote.changed" // Subject is the status whose approval or policy is another: all its readers are told
)

// Notifications of quotes.
const (
	NotifyQuote        NotificationType = "quote"
	NotifyQuotedUpdate NotificationType = "quoted_update" // a quoted post was changed
)
