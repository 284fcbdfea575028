package social

import (
	"context"
	"time"
)

// NotifySevered tells somebody that follows of theirs ended because of a decision of those who run the server. SubjectID
// is the severance.
const NotifySevered NotificationType = "severed_relationships"

// SeveranceKind says why follows ended, in Mastodon's words.
type SeveranceKind string

// Kinds of severances.
const (
	SeveredByDomainBlock     SeveranceKind = "domain_block"
	SeveredByUserDomainBlock SeveranceKind = "user_domain_block"
	SeveredBySuspension      SeveranceKind = "account_suspension"
)

// Severance is one decision that ended follows, and for one person how many of theirs.
type Severance struct {
	ID                   ID
	Kind                 SeveranceKind
	Target               string // the domain, or the account
	Followers, Following int64  // that the person lost
	CreatedAt            time.Time
}

// SeveranceStore keeps them.
type SeveranceStore interface {
	// InsertSeverance keeps s without its numbers.
	InsertSeverance(ctx context.Context, s Severance) error
	// CountSevered adds to how many followers and followed account lost by it.
	CountSevered(ctx context.Context, severance, account ID, followers, following int) error
	// Severances are those of ids as they are for account.
	Severances(ctx context.Context, account ID, ids []ID) (map[ID]Severance, error)
}

// tellSevered counts one more follow that who lost; follower says that it was one of their followers.
func (m *Moderation) tellSevered(ctx context.Context, tx Tx, severance ID, who Account, follower bool) error {
	followers, following := 0, 1
	if follower {
		followers, following = 1, 0
	}
	if err := tx.CountSevered(ctx, severance, who.ID, followers, following); err != nil {
		return err
	}
	// Nobody in particular did it; like Mastodon, it comes from the person themselves.
	return tx.InsertNotification(ctx, Notification{
		ID: m.NewID(), AccountID: who.ID, FromID: who.ID, Type: NotifySevered, SubjectID: severance, CreatedAt: m.now(),
	})
}
