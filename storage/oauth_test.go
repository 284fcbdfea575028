package storage

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orrery/social"
)

func TestCodesAreTakenOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		ok(t, s.InsertApp(ctx, social.App{ID: 5, Name: "Client", ClientID: "c", CreatedAt: noon}))
		c := social.Code{Hash: "h", AccountID: alice, AppID: 5, Scopes: "read write", RedirectURI: "app:cb", Challenge: "x", ExpiresAt: noon.Add(time.Minute)}
		ok(t, s.InsertCode(ctx, c, noon))
		same(t, "code", must(s.CodeByHash(ctx, "h"))(t), c)
		var won atomic.Int32
		var wait sync.WaitGroup
		for range 8 {
			wait.Go(func() {
				if got, err := s.TakeCode(ctx, "h"); err == nil {
					won.Add(1)
					same(t, "taken", got, c)
				}
			})
		}
		wait.Wait()
		if won.Load() != 1 {
			t.Errorf("%d took the code, want 1", won.Load())
		}
		_, err := s.TakeCode(ctx, "h")
		fails(t, err, social.ErrNotFound)
		_, err = s.CodeByHash(ctx, "h")
		fails(t, err, social.ErrNotFound)

		ok(t, s.SpendCode(ctx, "h", "t", noon.Add(time.Minute), noon))
		if got := must(s.SpentCode(ctx, "h"))(t); got != "t" {
			t.Errorf("spent for %q, want t", got)
		}
		ok(t, s.InsertCode(ctx, c, noon))
		later := noon.Add(time.Hour)
		c.Hash, c.ExpiresAt = "i", later.Add(time.Minute)
		ok(t, s.InsertCode(ctx, c, later))
		ok(t, s.SpendCode(ctx, "j", "u", c.ExpiresAt, later))
		_, err = s.CodeByHash(ctx, "h")
		fails(t, err, social.ErrNotFound)
		_, err = s.SpentCode(ctx, "h")
		fails(t, err, social.ErrNotFound)
	})
}

func TestTokensAndSessionsOfAnAccount(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		first := social.Token{Hash: "1", AccountID: alice, AppID: 5, Scopes: "read", CreatedAt: noon}
		second := social.Token{Hash: "2", AccountID: alice, Scopes: "write", CreatedAt: noon.Add(time.Second)}
		for _, x := range []social.Token{first, second, {Hash: "3", AccountID: anna, CreatedAt: noon}} {
			ok(t, s.InsertToken(ctx, x))
		}
		same(t, "tokens", must(s.TokensOf(ctx, alice))(t), []social.Token{second, first})
		ok(t, s.RevokeTokens(ctx, []string{"1", "never"}, noon))
		ok(t, s.RevokeTokens(ctx, []string{"1"}, noon))
		same(t, "tokens left", must(s.TokensOf(ctx, alice))(t), []social.Token{second})
		_, err := s.TokenByHash(ctx, "1")
		fails(t, err, social.ErrNotFound)
		for hash, want := range map[string]bool{"1": true, "2": false, "never": false} {
			if got := must(s.TokenRevoked(ctx, hash))(t); got != want {
				t.Errorf("token %s revoked: got %v, want %v", hash, got, want)
			}
		}
		ok(t, s.RevokeTokens(ctx, []string{"3"}, noon.Add(keepRevoked+time.Second)))
		if must(s.TokenRevoked(ctx, "1"))(t) {
			t.Error("a token is remembered longer than it should be")
		}

		x := social.Session{Hash: "x", AccountID: alice, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
		y := social.Session{Hash: "y", AccountID: alice, CreatedAt: noon.Add(time.Minute), ExpiresAt: noon.Add(2 * time.Hour)}
		for _, z := range []social.Session{x, y, {Hash: "z", AccountID: anna, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}} {
			ok(t, s.InsertSession(ctx, z))
		}
		same(t, "sessions", must(s.SessionsOf(ctx, alice, noon.Add(time.Minute)))(t), []social.Session{y, x})
		same(t, "sessions later", must(s.SessionsOf(ctx, alice, noon.Add(time.Hour)))(t), []social.Session{y})
	})
}
