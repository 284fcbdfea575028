package storage

import (
	"context"
	"errors"
	"strings"

	"orrery/social"
)

// AccountByKeyID implements social.KeyStore. Key ids were proved to be their owner's before they were kept, but an
// account known from before that may merely name one: whose URI the key id extends comes first.
func (s *Store) AccountByKeyID(ctx context.Context, keyID string) (social.Account, social.Key, error) {
	if keyID == "" {
		return social.Account{}, social.Key{}, missing(social.ErrNotFound, "account of an empty key id")
	}
	owner, _, _ := strings.Cut(keyID, "#")
	const own = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.uri = $2 AND a.key_id = $1`
	if a, err := scanAccount(s.row(ctx, own, keyID, owner)); err == nil { // nearly always, and much cheaper than asking for the rest
		return a, social.Key{ID: a.KeyID, PEM: a.PublicKeyPEM}, nil
	}
	const q = `
		SELECT ` + accountColumns + `
		FROM accounts a
		WHERE a.key_id = $1 OR a.uri = $2
		ORDER BY CASE WHEN a.key_id = $1 AND a.uri = $2 THEN 0 WHEN a.key_id = $1 THEN 1 ELSE 2 END, a.id
		LIMIT 1`
	a, err := scanAccount(s.row(ctx, q, keyID, owner))
	err = missing(err, "account of key %s", keyID)
	if err == nil && a.KeyID == keyID || err != nil && !errors.Is(err, social.ErrNotFound) {
		return a, social.Key{ID: a.KeyID, PEM: a.PublicKeyPEM}, err
	}
	other, k, oerr := s.otherKey(ctx, keyID)
	switch {
	case oerr == nil:
		return other, k, nil
	case !errors.Is(oerr, social.ErrNotFound), err != nil:
		return social.Account{}, social.Key{}, oerr
	}
	keys, err := s.Keys(ctx, a.ID)
	if err != nil || len(keys) == 0 {
		return a, social.Key{}, err
	}
	return a, keys[0], nil
}

// otherKey finds a key that is not the one its account is known by.
func (s *Store) otherKey(ctx context.Context, keyID string) (social.Account, social.Key, error) {
	const q = `
		SELECT k.account_id, k.key_id, k.public_key, k.expires_at, k.revoked
		FROM account_keys k
		WHERE k.key_id = $1
		ORDER BY k.account_id
		LIMIT 1`
	var id, expires int64
	var k social.Key
	if err := s.row(ctx, q, keyID).Scan(&id, &k.ID, &k.PEM, &expires, &k.Revoked); err != nil {
		return social.Account{}, k, missing(err, "account of key %s", keyID)
	}
	k.ExpiresAt = fromMillis(expires)
	a, err := s.AccountByID(ctx, social.ID(id))
	return a, k, err
}

// Keys implements social.KeyStore.
func (s *Store) Keys(ctx context.Context, account social.ID) ([]social.Key, error) {
	const q = `
		SELECT a.key_id, a.public_key, 0, FALSE, -1 AS place
		FROM accounts a
		WHERE a.id = $1 AND a.public_key <> ''
		UNION ALL
		SELECT k.key_id, k.public_key, k.expires_at, k.revoked, k.place
		FROM account_keys k
		WHERE k.account_id = $1
		ORDER BY place`
	out, err := list(ctx, s, func(r scanner) (k social.Key, err error) {
		var expires, place int64
		err = r.Scan(&k.ID, &k.PEM, &expires, &k.Revoked, &place)
		k.ExpiresAt = fromMillis(expires)
		return k, err
	}, q, int64(account))
	return out, wrap(err, "keys of account %d", account)
}

// ReplaceOtherKeys implements social.KeyStore.
func (s *Store) ReplaceOtherKeys(ctx context.Context, account social.ID, keys []social.Key) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM account_keys
			WHERE account_id = $1`
		if _, err := s.exec(ctx, forget, int64(account)); err != nil {
			return err
		}
		const q = `
			INSERT INTO account_keys (account_id, key_id, place, public_key, expires_at, revoked)
			VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT DO NOTHING`
		for i, k := range keys {
			if _, err := s.exec(ctx, q, int64(account), k.ID, int64(i), k.PEM, millis(k.ExpiresAt), k.Revoked); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "replace keys of account %d", account)
}

// SetPrivateKey implements social.KeyStore.
func (s *Store) SetPrivateKey(ctx context.Context, account social.ID, privatePEM string) error {
	const q = `
		UPDATE accounts
		SET private_key = $2
		WHERE id = $1 AND domain = ''`
	n, err := s.exec(ctx, q, int64(account), privatePEM)
	return touched(n, err, "set the private key of account %d", account)
}
