package social

import (
	"context"
	"fmt"
)

// SetPassword makes password that of a person of this server, and signs them out everywhere but in the session whose cookie has
// the hash keep. Whether it is they who ask is for the caller to know. Errors: ErrInvalid (too short).
func (s *Accounts) SetPassword(ctx context.Context, account ID, password, keep string) error {
	if len(password) < minPassword {
		return shortPassword("new_password")
	}
	hash, err := s.HashPassword(ctx, password)
	if err != nil {
		return fmt.Errorf("hash password of account %d: %w", account, err)
	}
	return s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if err := tx.SetPassword(ctx, account, hash); err != nil {
			return err
		}
		return tx.DeleteSessionsBut(ctx, account, keep)
	})
}

// shortPassword refuses what is guessed too easily.
func shortPassword(field string) error {
	return &Error{Kind: ErrInvalid, Field: field, Message: fmt.Sprintf("The password is too short: use at least %d characters.", minPassword)}
}
