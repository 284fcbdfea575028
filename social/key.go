package social

import (
	"context"
	"time"
)

// Key is a public key of somebody elsewhere, by the id under which they list it (federation.md §2.5, FEP-521a).
type Key struct {
	ID, PEM   string
	ExpiresAt time.Time // zero when it does not end
	Revoked   bool
}

// Lasting reports whether k neither ends nor was taken back. The first lasting key is the one an account is known by.
func (k Key) Lasting() bool { return k.ExpiresAt.IsZero() && !k.Revoked }

// KeyStore keeps the keys of accounts elsewhere.
type KeyStore interface {
	// AccountByKeyID finds by the exact key id, then by the key id without its fragment as actor URI: then the key is the
	// account's first. The key is zero when the account lists none.
	AccountByKeyID(ctx context.Context, keyID string) (Account, Key, error)
	// Keys are all keys of account: the one that it is known by, then the others in the order of its document.
	Keys(ctx context.Context, account ID) ([]Key, error)
	// ReplaceOtherKeys makes keys all that account lists besides the one it is known by.
	ReplaceOtherKeys(ctx context.Context, account ID, keys []Key) error
	// SetPrivateKey replaces the private key of a local account; its public half goes with UpdateAccount.
	SetPrivateKey(ctx context.Context, account ID, privatePEM string) error
}
