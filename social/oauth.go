package social

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"time"
)

// Grants are the rules by which a person lets a program act for them: codes, tokens, and taking both back. What a
// request on the wire looks like is server/oauth's.
type Grants struct {
	Store   Store
	SignIns *SignIns
	Now     func() time.Time
}

// OutOfBand is the redirect URI of programs that no browser can lead back to: the person copies the code by hand.
const OutOfBand = "urn:ietf:wg:oauth:2.0:oob"

// CodeLife is how long a program may take to change a code for a token.
const CodeLife = 10 * time.Minute

// Code is the promise of one token. Hash is the SHA-256 of the code, in hex.
type Code struct {
	Hash             string
	AccountID, AppID ID
	Scopes           string
	RedirectURI      string
	Challenge        string // PKCE, S256; "" when the program sent none
	ExpiresAt        time.Time
}

// Consent is what a person agreed to.
type Consent struct {
	Account     ID
	App         App
	Scopes      string
	RedirectURI string
	Challenge   string
}

// Exchange is what a program sends to change a code for a token.
type Exchange struct{ Code, RedirectURI, Verifier string }

// ErrVerifierMissing: the code was asked for with PKCE and came back without the verifier.
var ErrVerifierMissing = fmt.Errorf("no code verifier: %w", ErrInvalid)

// GrantStore keeps codes, and tokens and sessions as their owners see them. Lookups return ErrNotFound.
type GrantStore interface {
	// InsertCode also forgets the codes that were over at now.
	InsertCode(ctx context.Context, c Code, now time.Time) error
	CodeByHash(ctx context.Context, hash string) (Code, error)
	// TakeCode returns a code and removes it: of two who ask at once, one gets it.
	TakeCode(ctx context.Context, hash string) (Code, error)
	// SpendCode remembers until when which token came of a code; SpentCode returns that token's hash.
	SpendCode(ctx context.Context, code, token string, until, now time.Time) error
	SpentCode(ctx context.Context, code string) (token string, err error)
	// TokensOf are newest first.
	TokensOf(ctx context.Context, account ID) ([]Token, error)
	// RevokeTokens removes tokens, remembers that they were and tells that; those that are gone already are no error.
	RevokeTokens(ctx context.Context, hashes []string, at time.Time) error
	TokenRevoked(ctx context.Context, hash string) (bool, error)
	// SessionsOf are those that are not over, newest first.
	SessionsOf(ctx context.Context, account ID, now time.Time) ([]Session, error)
}

// Client returns the program that says it is id and proves it by secret; ErrUnauthorized otherwise.
func (g *Grants) Client(ctx context.Context, id, secret string) (App, error) {
	app, err := g.Store.AppByClientID(ctx, id)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return App{}, err
	}
	if err != nil || subtle.ConstantTimeCompare([]byte(Hash(secret)), []byte(app.ClientSecretHash)) != 1 {
		return App{}, fmt.Errorf("client %q: %w", id, ErrUnauthorized)
	}
	return app, nil
}

// Granted reports whether account lets app act within exactly these scopes already, so that it need not be asked again.
func (g *Grants) Granted(ctx context.Context, account, app ID, scopes string) (bool, error) {
	tokens, err := g.Store.TokensOf(ctx, account)
	if err != nil {
		return false, err
	}
	for _, t := range tokens {
		if t.AppID == app && sameScopes(t.Scopes, scopes) {
			return true, nil
		}
	}
	return false, nil
}

// Agree makes the code that tells c's program of c.
func (g *Grants) Agree(ctx context.Context, c Consent) (string, error) {
	secret, err := g.SignIns.secret()
	if err != nil {
		return "", err
	}
	code := Code{Hash: Hash(secret), AccountID: c.Account, AppID: c.App.ID, Scopes: c.Scopes, RedirectURI: c.RedirectURI,
		Challenge: c.Challenge, ExpiresAt: g.Now().Add(CodeLife)}
	return secret, g.Store.InsertCode(ctx, code, g.Now())
}

// Pending reports whether code waits to be changed and was made for account.
func (g *Grants) Pending(ctx context.Context, account ID, code string) (bool, error) {
	c, err := g.Store.CodeByHash(ctx, Hash(code))
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	return err == nil && c.AccountID == account && g.Now().Before(c.ExpiresAt), err
}

// Exchange changes a code for a token. Whatever comes of it the code is used up, and one that comes a second time ends
// the token of the first (RFC 6749 §4.1.2), as one of the two who had it was a thief. Errors: ErrInvalid, ErrVerifierMissing.
func (g *Grants) Exchange(ctx context.Context, app App, x Exchange) (bearer string, t Token, err error) {
	hash := Hash(x.Code)
	var refused error
	err = g.Store.Atomically(ctx, func(ctx context.Context, tx Tx) error {
		bearer, t, refused = "", Token{}, nil // this may run again
		code, err := tx.TakeCode(ctx, hash)
		if errors.Is(err, ErrNotFound) {
			refused = fmt.Errorf("the code is unknown or was used: %w", ErrInvalid)
			return g.endSpent(ctx, tx, app, hash)
		}
		if err != nil {
			return err
		}
		if refused = g.judge(code, app, x); refused != nil {
			return nil
		}
		if bearer, err = g.SignIns.secret(); err != nil {
			return err
		}
		t = Token{Hash: Hash(bearer), AccountID: code.AccountID, AppID: app.ID, Scopes: code.Scopes, CreatedAt: g.Now()}
		if err := tx.InsertToken(ctx, t); err != nil {
			return err
		}
		return tx.SpendCode(ctx, hash, t.Hash, code.ExpiresAt, g.Now())
	})
	if err != nil {
		return "", Token{}, err
	}
	if refused != nil {
		return "", Token{}, refused
	}
	return bearer, t, nil
}

// endSpent ends the token that code brought app before.
func (g *Grants) endSpent(ctx context.Context, tx Tx, app App, code string) error {
	hash, err := tx.SpentCode(ctx, code)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	t, err := tx.TokenByHash(ctx, hash)
	if errors.Is(err, ErrNotFound) || err == nil && t.AppID != app.ID {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.RevokeTokens(ctx, []string{hash}, g.Now())
}

// judge says why code is not for who sends x, nil when it is. A verifier without a challenge is refused too: the
// challenge was taken out on the way (RFC 9700 §4.8.2).
func (g *Grants) judge(code Code, app App, x Exchange) error {
	switch {
	case !g.Now().Before(code.ExpiresAt):
		return fmt.Errorf("the code is older than %s: %w", CodeLife, ErrInvalid)
	case code.AppID != app.ID:
		return fmt.Errorf("the code is another client's: %w", ErrInvalid)
	case code.RedirectURI != x.RedirectURI:
		return fmt.Errorf("the redirect URI is not the one that the code was sent to: %w", ErrInvalid)
	case code.Challenge != "" && x.Verifier == "":
		return ErrVerifierMissing
	case code.Challenge != "" || x.Verifier != "":
		sum := sha256.Sum256([]byte(x.Verifier))
		if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(code.Challenge)) != 1 {
			return fmt.Errorf("the verifier does not fit the challenge: %w", ErrInvalid)
		}
	}
	return nil
}

// Revoke ends a token of app. An unknown one is no error, so that nobody learns which exist; another program's is
// ErrForbidden.
func (g *Grants) Revoke(ctx context.Context, app App, bearer string) error {
	t, err := g.Store.TokenByHash(ctx, Hash(bearer))
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case t.AppID != app.ID:
		return fmt.Errorf("revoke a token of app %d: %w", t.AppID, ErrForbidden)
	}
	return g.end(ctx, []string{t.Hash})
}

func (g *Grants) end(ctx context.Context, hashes []string) error {
	if len(hashes) == 0 {
		return nil
	}
	return g.Store.RevokeTokens(ctx, hashes, g.Now())
}
