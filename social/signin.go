package social

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// SignIns are the rules of sessions, tickets and tokens. Secrets leave here once, in clear, and are kept as SHA-256.
type SignIns struct {
	Store  Store
	Now    func() time.Time
	NewID  func() ID
	Rand   io.Reader
	Verify func(ctx context.Context, phc, password string) (bool, error)
}

// Limits of sign-in attempts: so many failures for one account or from one address within the span.
const (
	AttemptsPerAccount = 10
	AttemptsPerAddress = 30
	AttemptSpan        = 5 * time.Minute
	SessionLife        = 30 * 24 * time.Hour
)

// SignIn opens a session for username with password and returns the cookie's value. from is the address it comes from, "" when
// that is not known.
// Errors: ErrUnauthorized (one sentence for every cause), ErrThrottled.
func (s *SignIns) SignIn(ctx context.Context, username, password, from string) (string, error) {
	wrong := &Error{Kind: ErrUnauthorized, Message: "That username and password do not belong together. Check both and try again."}
	guess, err := s.guess(ctx, username, from)
	if err != nil {
		return "", err
	}
	user, err := s.user(ctx, username)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", err
	}
	// An unknown name costs as much as a wrong password, so that timing does not tell which names exist.
	phc := user.PasswordHash
	if phc == "" {
		phc = decoyHash
	}
	ok, verr := s.Verify(ctx, phc, password)
	if verr != nil {
		return "", fmt.Errorf("verify password of %s: %w", username, verr)
	}
	if err != nil || user.PasswordHash == "" || !ok {
		return "", wrong
	}
	if err := guess.right(ctx); err != nil {
		return "", err
	}
	a, err := s.Store.AccountByID(ctx, user.AccountID)
	if err != nil {
		return "", err
	}
	if err := s.Welcome(ctx, a); err != nil {
		return "", err
	}
	return s.Open(ctx, user.AccountID)
}

// Confirm checks that whoever is signed in as a knows the password whose hash is phc; guesses count like those of SignIn.
// Errors: ErrThrottled.
func (s *SignIns) Confirm(ctx context.Context, a Account, phc, password string) (bool, error) {
	guess, err := s.guess(ctx, a.Username, "")
	if err != nil {
		return false, err
	}
	ok, err := s.Verify(ctx, phc, password)
	if err != nil {
		return false, fmt.Errorf("verify password of %s: %w", a.Username, err)
	}
	if ok {
		err = guess.right(ctx)
	}
	return ok, err
}

// guess counts an attempt before it is made: those who try many passwords at the same moment are all counted before the
// first of them is told that it was wrong. from is "" when it is not known or does not count.
func (s *SignIns) guess(ctx context.Context, username, from string) (guess, error) {
	g := guess{s: s, account: "account:" + strings.ToLower(username)} // names ignore case, so attempts must
	throttled := &Error{Kind: ErrThrottled, Message: "Too many failed attempts to sign in. Wait five minutes and try again."}
	if from != "" {
		g.address = "address:" + from
		// First, so that who is refused for their address locks nobody's account.
		if n, err := s.Store.CountAttempt(ctx, g.address, s.Now(), AttemptSpan); err != nil {
			return g, err
		} else if n > AttemptsPerAddress {
			return g, throttled
		}
	}
	n, err := s.Store.CountAttempt(ctx, g.account, s.Now(), AttemptSpan)
	if err == nil && n > AttemptsPerAccount {
		if err = g.forgive(ctx); err == nil { // nothing was tried
			err = throttled
		}
	}
	return g, err
}

// guess is an attempt that was counted.
type guess struct {
	s                *SignIns
	account, address string
}

// right makes good an attempt that did not fail: the account's failures are forgotten, the address's are not, as somebody with
// an account of their own would clear them.
func (g guess) right(ctx context.Context) error {
	if err := g.s.Store.ClearAttempts(ctx, g.account); err != nil {
		return err
	}
	return g.forgive(ctx)
}

// forgive takes back what was counted for the address.
func (g guess) forgive(ctx context.Context) error {
	if g.address == "" {
		return nil
	}
	return g.s.Store.TakeBackAttempt(ctx, g.address)
}

// decoyHash is a valid argon2id string that no password fits, with the parameters of real ones.
const decoyHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (s *SignIns) user(ctx context.Context, username string) (User, error) {
	a, err := s.Store.AccountByHandle(ctx, username, "")
	if err != nil {
		return User{}, err
	}
	return s.Store.UserByAccount(ctx, a.ID)
}

// Open opens a session for account and returns the cookie's value.
func (s *SignIns) Open(ctx context.Context, account ID) (string, error) {
	secret, err := s.secret()
	if err != nil {
		return "", err
	}
	return secret, s.Store.InsertSession(ctx, Session{Hash: Hash(secret), AccountID: account, CreatedAt: s.Now(), ExpiresAt: s.Now().Add(SessionLife)})
}

// Session returns the account that cookie belongs to; ErrUnauthorized when it is unknown or over.
func (s *SignIns) Session(ctx context.Context, cookie string) (Account, error) {
	session, err := s.Store.SessionByHash(ctx, Hash(cookie))
	if errors.Is(err, ErrNotFound) || (err == nil && !s.Now().Before(session.ExpiresAt)) {
		return Account{}, fmt.Errorf("session: %w", ErrUnauthorized)
	}
	if err != nil {
		return Account{}, err
	}
	if err := Here(ctx, s.Store, session.AccountID, s.Now()); err != nil {
		return Account{}, err
	}
	a, err := s.Store.AccountByID(ctx, session.AccountID)
	if err != nil {
		return a, err
	}
	if s.Welcome(ctx, a) != nil {
		return Account{}, fmt.Errorf("session of %s: %w", a.Acct(), ErrUnauthorized)
	}
	return a, nil
}

// Close ends a session.
func (s *SignIns) Close(ctx context.Context, cookie string) error {
	return s.Store.DeleteSession(ctx, Hash(cookie))
}

// Token gives app (0: none) the right to act for account (0: for itself) within scopes, and returns the bearer token.
func (s *SignIns) Token(ctx context.Context, account, app ID, scopes string) (string, Token, error) {
	secret, err := s.secret()
	if err != nil {
		return "", Token{}, err
	}
	t := Token{Hash: Hash(secret), AccountID: account, AppID: app, Scopes: scopes, CreatedAt: s.Now()}
	return secret, t, s.Store.InsertToken(ctx, t)
}

// App registers a client program and returns its secret.
func (s *SignIns) App(ctx context.Context, a App) (App, string, error) {
	id, err := s.secret()
	if err != nil {
		return App{}, "", err
	}
	secret, err := s.secret()
	if err != nil {
		return App{}, "", err
	}
	a.ID, a.ClientID, a.ClientSecretHash, a.CreatedAt = s.NewID(), id, Hash(secret), s.Now()
	return a, secret, s.Store.InsertApp(ctx, a)
}

func (s *SignIns) secret() (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(s.Rand, b); err != nil {
		return "", fmt.Errorf("make secret: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(b), nil
}

// Hash is how secrets are kept: SHA-256 in hex. They are random, so no salt is needed.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
