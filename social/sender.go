package social

import (
	"context"
	"fmt"
	"time"
)

// Sender is who sends a request with a token: a program, and mostly a person.
type Sender struct {
	Token
	Account Account // zero for a program's own token
	SeenAt  time.Time
	Barred
}

// Barred is what keeps somebody from using this server; see User.
type Barred struct {
	Pending    bool
	DisabledAt time.Time
}

// Welcome is nil when somebody may use this server as account, else why not, in Mastodon's words for apps.
func (r Barred) Welcome(account Account) error {
	if r.Pending {
		return &Error{Kind: ErrForbidden, Message: "Your login is currently pending approval"}
	}
	if account.Suspended() || !r.DisabledAt.IsZero() {
		return &Error{Kind: ErrForbidden, Message: "Your login is currently disabled"}
	}
	return nil
}

// SenderStore finds who sends requests.
type SenderStore interface {
	// SenderByHash finds the token and what is asked about its person at every request; of their account only id and stamp,
	// which are zero when there is none. ErrNotFound without a token.
	SenderByHash(ctx context.Context, hash string) (Sender, error)
}

// Sender is who has the token of a hash. ErrNotFound when nobody has it, or the person is gone.
func (r *Reader) Sender(ctx context.Context, hash string) (Sender, error) {
	s, err := r.Store.SenderByHash(ctx, hash)
	if err != nil || s.AccountID == 0 {
		return s, err
	}
	var p *person
	if r.Shelf != nil {
		p, _ = r.Shelf.people.Get(s.Account.ID)
	}
	if p == nil || p.Stamp != s.Account.Stamp {
		met := map[ID]*person{}
		if err := r.meet(ctx, &loaded{}, met, map[ID]bool{s.Account.ID: true}); err != nil {
			return s, err
		}
		if p = met[s.Account.ID]; p == nil {
			return s, fmt.Errorf("account %d of a token: %w", s.AccountID, ErrNotFound)
		}
	}
	s.Account = p.Account
	return s, nil
}
