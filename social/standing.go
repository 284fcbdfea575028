package social

import (
	"context"
	"time"
)

// Origin says who suspended an account.
type Origin string

// Origins. A suspension that was decided here always wins over what the account's own server says.
const (
	OriginLocal  Origin = "local"
	OriginRemote Origin = "remote"
)

// Standing is what was decided about an account by those who run its server, or this one. Zero dates mean no.
type Standing struct {
	SuspendedAt      time.Time
	SuspensionOrigin Origin    // "" unless suspended
	SilencedAt       time.Time // "limited": still there, but strangers are not shown it (federation.md §11)
	SensitizedAt     time.Time // everything it posts counts as sensitive
	DeletedAt        time.Time // gone for good: what remains is the name, so that nobody takes it
}

// Suspended reports whether nothing by or to the account may pass, for now or for good.
func (s Standing) Suspended() bool { return !s.SuspendedAt.IsZero() || !s.DeletedAt.IsZero() }

// Gone reports whether the account was deleted for good: its documents answer 410.
func (s Standing) Gone() bool { return !s.DeletedAt.IsZero() }

// Silenced reports whether the account is limited.
func (s Standing) Silenced() bool { return !s.SilencedAt.IsZero() }

// Sensitized reports whether everything it posts counts as sensitive.
func (s Standing) Sensitized() bool { return !s.SensitizedAt.IsZero() }

// StandingStore keeps what was decided about accounts.
type StandingStore interface {
	SetStanding(ctx context.Context, account ID, s Standing) error
	// SetMoved notes that account is to now; 0 takes it back. at is when it moved, zero when only its profile says so.
	SetMoved(ctx context.Context, account, to ID, at time.Time) error
	// MovedAt is when account last moved, zero when it never did.
	MovedAt(ctx context.Context, account ID) (time.Time, error)
	// SetRole and SetDisabled change who a person is here and whether they may sign in; ErrNotFound when they are no user.
	SetRole(ctx context.Context, account ID, r Role) error
	SetDisabled(ctx context.Context, account ID, at time.Time) error
	// AccountsOf are accounts of domain or of a host below it with an id above after, by id, at most limit. domain is lower case.
	AccountsOf(ctx context.Context, domain string, after ID, limit int) ([]Account, error)
}
