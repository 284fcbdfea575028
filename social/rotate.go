package social

import (
	"context"
	"errors"
	"fmt"
)

// RotateKey gives a local account a new key pair, from now on the only one that it signs with, and records AccountUpdated.
// The Update that tells others is signed with the new key already: a server that does not know it reads the actor again
// and believes what stands there, so nobody has to have got a last message under the old one (federation.md §5.5 step 6).
// ErrNotFound when nobody of that id lives here.
func (s *Accounts) RotateKey(ctx context.Context, id ID) (Account, error) {
	a, err := s.Store.AccountByID(ctx, id)
	if err == nil && !a.Local() {
		err = fmt.Errorf("%s lives elsewhere: %w", a.Acct(), ErrNotFound)
	}
	if err != nil {
		return Account{}, fmt.Errorf("rotate the key of account %d: %w", id, err)
	}
	private, public, err := s.NewKey(a.Username)
	if err != nil {
		return Account{}, fmt.Errorf("make a new key of %s: %w", a.Username, err)
	}
	err = s.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		if a, err = tx.AccountByID(ctx, id); err != nil {
			return err
		}
		a.KeyID, a.PublicKeyPEM, a.Revision = s.URLs.Key(a.URI, public), public, s.NewID()
		if err := tx.UpdateAccount(ctx, a); err != nil {
			return err
		}
		if err := tx.SetPrivateKey(ctx, id, private); err != nil {
			return err
		}
		return tx.AppendEvent(ctx, Event{Kind: AccountUpdated, Actor: id, Subject: id, Object: a.Revision, At: s.Now(), Rest: ProfileRest})
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("rotate the key of %s: %w", a.Username, err)
	}
	return a, err
}
