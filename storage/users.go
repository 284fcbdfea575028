package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"orrery/social"
)

// InsertUser implements social.UserStore. A second user of one account is ErrConflict.
func (s *Store) InsertUser(ctx context.Context, u social.User) error {
	const q = `
		INSERT INTO users (account_id, password_hash, created_at, default_visibility, default_language, role, default_quote_policy,
			pending, email, reason, app_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(u.AccountID), u.PasswordHash, millis(u.CreatedAt), string(u.DefaultVisibility),
		u.DefaultLanguage, string(u.Role), string(u.DefaultQuotes), u.Pending, u.Email, u.Reason, int64(u.AppID))
	return added(n, err, "insert user of account %d", u.AccountID)
}

// UserByAccount implements social.UserStore.
func (s *Store) UserByAccount(ctx context.Context, id social.ID) (social.User, error) {
	u := social.User{AccountID: id}
	var created, disabled int64
	var visibility, role, quotes, languages string
	const q = `
		SELECT password_hash, created_at, default_visibility, default_language, disabled_at, role, default_sensitive, expand_media,
			expand_spoilers, autoplay_gifs, pending, default_quote_policy, email, reason, app_id, languages
		FROM users
		WHERE account_id = $1`
	err := s.row(ctx, q, int64(id)).Scan(&u.PasswordHash, &created, &visibility, &u.DefaultLanguage, &disabled, &role,
		&u.DefaultSensitive, &u.ExpandMedia, &u.ExpandSpoilers, &u.AutoplayGIFs, &u.Pending, &quotes,
		&u.Email, &u.Reason, &u.AppID, &languages)
	u.DefaultQuotes = social.QuotePolicy(quotes)
	if languages != "" {
		u.Languages = strings.Fields(languages)
	}
	u.CreatedAt, u.DefaultVisibility = fromMillis(created), social.Visibility(visibility)
	u.DisabledAt, u.Role = fromMillis(disabled), social.Role(role)
	return u, missing(err, "user of account %d", id)
}

// SetPassword implements social.UserStore.
func (s *Store) SetPassword(ctx context.Context, account social.ID, hash string) error {
	const q = `
		UPDATE users
		SET password_hash = $1
		WHERE account_id = $2`
	n, err := s.exec(ctx, q, hash, int64(account))
	return touched(n, err, "set password of account %d", account)
}

// DeleteSessionsBut implements social.UserStore.
func (s *Store) DeleteSessionsBut(ctx context.Context, account social.ID, hash string) error {
	const q = `
		DELETE FROM sessions
		WHERE account_id = $1 AND hash <> $2`
	_, err := s.exec(ctx, q, int64(account), hash)
	return wrap(err, "delete sessions of account %d", account)
}

// InsertSession implements social.UserStore. Sessions that were over when this one began are forgotten.
func (s *Store) InsertSession(ctx context.Context, x social.Session) error {
	err := s.atomic(ctx, func(s *Store) error {
		const forget = `
			DELETE FROM sessions
			WHERE expires_at < $1`
		if _, err := s.exec(ctx, forget, millis(x.CreatedAt)); err != nil {
			return err
		}
		const q = `
			INSERT INTO sessions (hash, account_id, created_at, expires_at)
			VALUES ($1, $2, $3, $4)`
		_, err := s.exec(ctx, q, x.Hash, int64(x.AccountID), millis(x.CreatedAt), millis(x.ExpiresAt))
		return err
	})
	return wrap(err, "insert session of account %d", x.AccountID)
}

// SessionByHash implements social.UserStore. The caller checks whether it is over.
func (s *Store) SessionByHash(ctx context.Context, hash string) (social.Session, error) {
	x := social.Session{Hash: hash}
	var account, created, expires int64
	const q = `
		SELECT account_id, created_at, expires_at
		FROM sessions
		WHERE hash = $1`
	err := s.row(ctx, q, hash).Scan(&account, &created, &expires)
	x.AccountID, x.CreatedAt, x.ExpiresAt = social.ID(account), fromMillis(created), fromMillis(expires)
	return x, missing(err, "session")
}

// DeleteSession implements social.UserStore. A session that is gone already is no error.
func (s *Store) DeleteSession(ctx context.Context, hash string) error {
	const q = `
		DELETE FROM sessions
		WHERE hash = $1`
	_, err := s.exec(ctx, q, hash)
	return wrap(err, "delete session")
}

// InsertToken implements social.UserStore.
func (s *Store) InsertToken(ctx context.Context, t social.Token) error {
	const q = `
		INSERT INTO tokens (hash, account_id, app_id, scopes, created_at)
		VALUES ($1, $2, $3, $4, $5)`
	_, err := s.exec(ctx, q, t.Hash, int64(t.AccountID), int64(t.AppID), t.Scopes, millis(t.CreatedAt))
	return wrap(err, "insert token of account %d", t.AccountID)
}

// TokenByHash implements social.UserStore.
func (s *Store) TokenByHash(ctx context.Context, hash string) (social.Token, error) {
	t := social.Token{Hash: hash}
	var account, app, created int64
	const q = `
		SELECT account_id, app_id, scopes, created_at
		FROM tokens
		WHERE hash = $1`
	err := s.row(ctx, q, hash).Scan(&account, &app, &t.Scopes, &created)
	t.AccountID, t.AppID, t.CreatedAt = social.ID(account), social.ID(app), fromMillis(created)
	return t, missing(err, "token")
}

// SenderByHash implements social.SenderStore.
func (s *Store) SenderByHash(ctx context.Context, hash string) (social.Sender, error) {
	x := social.Sender{}
	var token, app, created, account, disabled, seen int64
	const q = `
		SELECT t.account_id, t.app_id, t.scopes, t.created_at, COALESCE(a.id, 0), COALESCE(a.stamp, 0), COALESCE(u.pending, FALSE),
			COALESCE(u.disabled_at, 0), COALESCE(u.active_at, 0)
		FROM tokens t
		LEFT JOIN accounts a ON a.id = t.account_id
		LEFT JOIN users u ON u.account_id = t.account_id
		WHERE t.hash = $1`
	err := s.row(ctx, q, hash).Scan(&token, &app, &x.Scopes, &created, &account, &x.Account.Stamp, &x.Pending, &disabled, &seen)
	if err != nil {
		return x, missing(err, "token")
	}
	x.Hash, x.AccountID, x.AppID, x.CreatedAt = hash, social.ID(token), social.ID(app), fromMillis(created)
	x.Account.ID, x.DisabledAt, x.SeenAt = social.ID(account), fromMillis(disabled), fromMillis(seen)
	return x, nil
}

// DeleteToken implements social.UserStore. A token that is gone already is no error.
func (s *Store) DeleteToken(ctx context.Context, hash string) error {
	const q = `
		DELETE FROM tokens
		WHERE hash = $1`
	_, err := s.exec(ctx, q, hash)
	return wrap(err, "delete token")
}

// InsertApp implements social.UserStore.
func (s *Store) InsertApp(ctx context.Context, a social.App) error {
	uris, err := json.Marshal(a.RedirectURIs)
	if err != nil {
		return fmt.Errorf("encode redirect URIs of app %s: %w", a.Name, err)
	}
	const q = `
		INSERT INTO apps (id, name, website, client_id, client_secret_hash, redirect_uris, scopes, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`
	n, err := s.exec(ctx, q, int64(a.ID), a.Name, a.Website, a.ClientID, a.ClientSecretHash, string(uris), a.Scopes,
		millis(a.CreatedAt))
	return added(n, err, "insert app %s", a.Name)
}

const appColumns = `id, name, website, client_id, client_secret_hash, redirect_uris, scopes, created_at`

func scanApp(r scanner) (social.App, error) {
	var a social.App
	var id, created int64
	var uris string
	if err := r.Scan(&id, &a.Name, &a.Website, &a.ClientID, &a.ClientSecretHash, &uris, &a.Scopes, &created); err != nil {
		return a, err
	}
	a.ID, a.CreatedAt = social.ID(id), fromMillis(created)
	return a, json.Unmarshal([]byte(uris), &a.RedirectURIs)
}

// AppByClientID implements social.UserStore.
func (s *Store) AppByClientID(ctx context.Context, clientID string) (social.App, error) {
	const q = `
		SELECT ` + appColumns + `
		FROM apps
		WHERE client_id = $1`
	a, err := scanApp(s.row(ctx, q, clientID))
	return a, missing(err, "app with client id %s", clientID)
}

// AppByID implements social.UserStore.
func (s *Store) AppByID(ctx context.Context, id social.ID) (social.App, error) {
	const q = `
		SELECT ` + appColumns + `
		FROM apps
		WHERE id = $1`
	a, err := scanApp(s.row(ctx, q, int64(id)))
	return a, missing(err, "app %d", id)
}
