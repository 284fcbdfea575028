package social

import (
	"context"
	"errors"
)

// Welcome is Barred.Welcome, of account as it is kept now.
func (s *SignIns) Welcome(ctx context.Context, account Account) error {
	u, err := s.Store.UserByAccount(ctx, account.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	return Barred{u.Pending, u.DisabledAt}.Welcome(account)
}
