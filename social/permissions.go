package social

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Permission is everything one program may do for a person. App is the zero App for tokens that no program asked for:
// those of the command line and of a lab.
type Permission struct {
	App    App
	Scopes []string  // of all its tokens, each once
	Since  time.Time // of the oldest
	Tokens int
}

// Permissions are those that account has given, the newest program first.
func (g *Grants) Permissions(ctx context.Context, account ID) ([]Permission, error) {
	tokens, err := g.Store.TokensOf(ctx, account)
	if err != nil {
		return nil, err
	}
	var out []Permission
	at := map[ID]int{}
	for _, t := range tokens {
		i, known := at[t.AppID]
		if !known {
			app, err := g.Store.AppByID(ctx, t.AppID)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, err
			}
			app.ID = t.AppID
			i = len(out)
			at[t.AppID], out = i, append(out, Permission{App: app})
		}
		p := &out[i]
		p.Scopes, p.Since, p.Tokens = Scopes(strings.Join(p.Scopes, " ")+" "+t.Scopes), t.CreatedAt, p.Tokens+1
	}
	return out, nil
}

// Withdraw ends every token that account gave app.
func (g *Grants) Withdraw(ctx context.Context, account, app ID) error {
	tokens, err := g.Store.TokensOf(ctx, account)
	if err != nil {
		return err
	}
	var hashes []string
	for _, t := range tokens {
		if t.AppID == app {
			hashes = append(hashes, t.Hash)
		}
	}
	return g.end(ctx, hashes)
}

// Sessions are the browsers in which account is signed in, newest first.
func (g *Grants) Sessions(ctx context.Context, account ID) ([]Session, error) {
	return g.Store.SessionsOf(ctx, account, g.Now())
}

// EndSession signs account out of the browser whose session has hash. Somebody else's is ErrNotFound.
func (g *Grants) EndSession(ctx context.Context, account ID, hash string) error {
	s, err := g.Store.SessionByHash(ctx, hash)
	if err == nil && s.AccountID != account {
		err = fmt.Errorf("session of account %d: %w", s.AccountID, ErrNotFound)
	}
	if err != nil {
		return err
	}
	return g.Store.DeleteSession(ctx, hash)
}
