package social

import (
	"context"
	"errors"
)

// Welcome is nil when somebody may use this server as account, else why not, in Mastodon's words for apps.
func (s *SignIns) Welcome(ctx context.Context, account Account) error {
	u, err := s.Store.UserByAccount(ctx, account.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if u.Pending {
		return &Error{Kind: ErrForbidden, Message: "Your login is currently pending approval"}
	}
	if account.Suspended() || !u.DisabledAt.IsZero() {
		return &Error{Kind: ErrForbidden, Message: "Your login is currently disabled"}
	}
	return nil
}
