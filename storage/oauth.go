package storage

import (
	"context"
	"errors"
	"time"

	"orrery/social"
	"orrery/storage/sqldb"
)

// keepRevoked is how long it is remembered that a token was revoked rather than never given.
const keepRevoked = 90 * 24 * time.Hour

// InsertCode implements social.GrantStore.
func (s *Store) InsertCode(ctx context.Context, c social.Code, now time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM oauth_codes
			WHERE expires_at < $1`
		if _, err := s.exec(ctx, forget, millis(now)); err != nil {
			return err
		}
		const q = `
			INSERT INTO oauth_codes (hash, account_id, app_id, scopes, redirect_uri, challenge, expires_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7)`
		_, err := s.exec(ctx, q, c.Hash, int64(c.AccountID), int64(c.AppID), c.Scopes, c.RedirectURI, c.Challenge, millis(c.ExpiresAt))
		return err
	})
	return wrap(err, "insert code of app %d for account %d", c.AppID, c.AccountID)
}

const codeColumns = `hash, account_id, app_id, scopes, redirect_uri, challenge, expires_at`

func scanCode(r scanner) (social.Code, error) {
	var c social.Code
	var account, app, expires int64
	err := r.Scan(&c.Hash, &account, &app, &c.Scopes, &c.RedirectURI, &c.Challenge, &expires)
	c.AccountID, c.AppID, c.ExpiresAt = social.ID(account), social.ID(app), fromMillis(expires)
	return c, err
}

// CodeByHash implements social.GrantStore. The caller checks whether it is over.
func (s *Store) CodeByHash(ctx context.Context, hash string) (social.Code, error) {
	const q = `
		SELECT ` + codeColumns + `
		FROM oauth_codes
		WHERE hash = $1`
	c, err := scanCode(s.row(ctx, q, hash))
	return c, missing(err, "code")
}

// TakeCode implements social.GrantStore. The caller checks whether it is over.
func (s *Store) TakeCode(ctx context.Context, hash string) (social.Code, error) {
	var c social.Code
	err := s.atomic(ctx, func(s *Store) error {
		const q = `
			DELETE FROM oauth_codes
			WHERE hash = $1
			RETURNING ` + codeColumns
		var err error
		c, err = scanCode(s.row(ctx, q, hash))
		return err
	})
	return c, missing(err, "take code")
}

// SpendCode implements social.GrantStore. Codes whose time was over at now are forgotten: nobody tries them again.
func (s *Store) SpendCode(ctx context.Context, code, token string, until, now time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM oauth_spent_codes
			WHERE expires_at < $1`
		if _, err := s.exec(ctx, forget, millis(now)); err != nil {
			return err
		}
		const q = `
			INSERT INTO oauth_spent_codes (hash, token_hash, expires_at)
			VALUES ($1, $2, $3)`
		_, err := s.exec(ctx, q, code, token, millis(until))
		return err
	})
	return wrap(err, "remember that a code was spent")
}

// SpentCode implements social.GrantStore.
func (s *Store) SpentCode(ctx context.Context, code string) (string, error) {
	var token string
	const q = `
		SELECT token_hash
		FROM oauth_spent_codes
		WHERE hash = $1`
	err := s.row(ctx, q, code).Scan(&token)
	return token, missing(err, "spent code")
}

// TokensOf implements social.GrantStore.
func (s *Store) TokensOf(ctx context.Context, account social.ID) ([]social.Token, error) {
	const q = `
		SELECT hash, app_id, scopes, created_at
		FROM tokens
		WHERE account_id = $1
		ORDER BY created_at DESC, hash`
	tokens, err := list(ctx, s, func(r scanner) (social.Token, error) {
		t := social.Token{AccountID: account}
		var app, created int64
		err := r.Scan(&t.Hash, &app, &t.Scopes, &created)
		t.AppID, t.CreatedAt = social.ID(app), fromMillis(created)
		return t, err
	}, q, int64(account))
	return tokens, wrap(err, "tokens of account %d", account)
}

// RevokeTokens implements social.GrantStore.
func (s *Store) RevokeTokens(ctx context.Context, hashes []string, at time.Time) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM oauth_revoked_tokens
			WHERE revoked_at < $1`
		if _, err := s.exec(ctx, forget, millis(at.Add(-keepRevoked))); err != nil {
			return err
		}
		for _, hash := range hashes {
			const end = `
				DELETE FROM tokens
				WHERE hash = $1`
			n, err := s.exec(ctx, end, hash)
			if err != nil {
				return err
			}
			if n == 0 {
				continue
			}
			const unsubscribe = `
				DELETE FROM push_subscriptions
				WHERE token_hash = $1`
			if _, err := s.exec(ctx, unsubscribe, hash); err != nil {
				return err
			}
			const remember = `
				INSERT INTO oauth_revoked_tokens (hash, revoked_at)
				VALUES ($1, $2)
				ON CONFLICT DO NOTHING`
			if _, err := s.exec(ctx, remember, hash, millis(at)); err != nil {
				return err
			}
		}
		return s.Tell(ctx, social.News{Kind: social.NewsRevoked, Tokens: hashes})
	})
	return wrap(err, "revoke %d tokens", len(hashes))
}

// TokenRevoked implements social.GrantStore.
func (s *Store) TokenRevoked(ctx context.Context, hash string) (bool, error) {
	var at int64
	const q = `
		SELECT revoked_at
		FROM oauth_revoked_tokens
		WHERE hash = $1`
	err := s.row(ctx, q, hash).Scan(&at)
	if errors.Is(err, sqldb.ErrNoRows) {
		return false, nil
	}
	return err == nil, wrap(err, "look for a revoked token")
}

// SessionsOf implements social.GrantStore.
func (s *Store) SessionsOf(ctx context.Context, account social.ID, now time.Time) ([]social.Session, error) {
	const q = `
		SELECT hash, created_at, expires_at
		FROM sessions
		WHERE account_id = $1 AND expires_at > $2
		ORDER BY created_at DESC, hash`
	sessions, err := list(ctx, s, func(r scanner) (social.Session, error) {
		x := social.Session{AccountID: account}
		var created, expires int64
		err := r.Scan(&x.Hash, &created, &expires)
		x.CreatedAt, x.ExpiresAt = fromMillis(created), fromMillis(expires)
		return x, err
	}, q, int64(account), millis(now))
	return sessions, wrap(err, "sessions of account %d", account)
}
