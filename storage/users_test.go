package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestUsersSessionsTokensApps(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		u := social.User{AccountID: alice, PasswordHash: "$argon", CreatedAt: noon, DefaultVisibility: social.Unlisted, DefaultLanguage: "de", ExpandMedia: social.MediaDefault}
		ok(t, s.InsertUser(ctx, u))
		fails(t, s.InsertUser(ctx, u), social.ErrConflict)
		same(t, "user", must(s.UserByAccount(ctx, alice))(t), u)
		_, err := s.UserByAccount(ctx, anna)
		fails(t, err, social.ErrNotFound)

		x := social.Session{Hash: "h", AccountID: alice, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}
		ok(t, s.InsertSession(ctx, x))
		same(t, "session", must(s.SessionByHash(ctx, "h"))(t), x)
		ok(t, s.InsertSession(ctx, social.Session{Hash: "old", AccountID: alice, CreatedAt: noon, ExpiresAt: noon.Add(-1e6)}))
		ok(t, s.InsertSession(ctx, social.Session{Hash: "new", AccountID: alice, CreatedAt: noon, ExpiresAt: noon.Add(time.Hour)}))
		_, err = s.SessionByHash(ctx, "old")
		fails(t, err, social.ErrNotFound)
		ok(t, s.DeleteSessionsBut(ctx, anna, "h"))
		ok(t, s.DeleteSessionsBut(ctx, alice, "h"))
		_, err = s.SessionByHash(ctx, "new")
		fails(t, err, social.ErrNotFound)
		same(t, "the one that stays", must(s.SessionByHash(ctx, "h"))(t), x)
		ok(t, s.SetPassword(ctx, alice, "$other"))
		same(t, "password", must(s.UserByAccount(ctx, alice))(t).PasswordHash, "$other")
		fails(t, s.SetPassword(ctx, anna, "$other"), social.ErrNotFound)
		ok(t, s.DeleteSession(ctx, "h"))
		ok(t, s.DeleteSession(ctx, "h"))
		_, err = s.SessionByHash(ctx, "h")
		fails(t, err, social.ErrNotFound)

		a := social.App{ID: 5, Name: "Client", Website: "w", ClientID: "c", ClientSecretHash: "s",
			RedirectURIs: []string{"urn:x", "https://c.test/cb"}, Scopes: "read write", CreatedAt: noon}
		ok(t, s.InsertApp(ctx, a))
		fails(t, s.InsertApp(ctx, social.App{ID: 6, ClientID: "c"}), social.ErrConflict)
		same(t, "app", must(s.AppByClientID(ctx, "c"))(t), a)
		same(t, "app by id", must(s.AppByID(ctx, 5))(t), a)
		_, err = s.AppByID(ctx, 6)
		fails(t, err, social.ErrNotFound)
		_, err = s.AppByClientID(ctx, "d")
		fails(t, err, social.ErrNotFound)

		tok := social.Token{Hash: "t", AppID: 5, Scopes: "read", CreatedAt: noon}
		ok(t, s.InsertToken(ctx, tok))
		same(t, "token", must(s.TokenByHash(ctx, "t"))(t), tok)
		ok(t, s.DeleteToken(ctx, "t"))
		_, err = s.TokenByHash(ctx, "t")
		fails(t, err, social.ErrNotFound)
	})
}

func TestAttemptsCountWithinTheirWindow(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx, span := t.Context(), 5*time.Minute
		for i, tt := range []struct {
			after time.Duration
			want  int
		}{{0, 1}, {time.Minute, 2}, {5*time.Minute - 1e6, 3}, {5 * time.Minute, 1}, {6 * time.Minute, 2}} {
			if got := must(s.CountAttempt(ctx, "k", noon.Add(tt.after), span))(t); got != tt.want {
				t.Errorf("attempt %d after %v: got %d, want %d", i, tt.after, got, tt.want)
			}
		}
		same(t, "attempts", must(s.Attempts(ctx, "k", noon.Add(7*time.Minute), span))(t), 2)
		same(t, "window over", must(s.Attempts(ctx, "k", noon.Add(10*time.Minute), span))(t), 0)
		same(t, "unknown", must(s.Attempts(ctx, "other", noon, span))(t), 0)
		ok(t, s.TakeBackAttempt(ctx, "k"))
		ok(t, s.TakeBackAttempt(ctx, "other"))
		same(t, "one less", must(s.Attempts(ctx, "k", noon.Add(7*time.Minute), span))(t), 1)
		ok(t, s.ClearAttempts(ctx, "k"))
		same(t, "cleared", must(s.Attempts(ctx, "k", noon.Add(7*time.Minute), span))(t), 0)
	})
}

func TestTicketIsUsedOnce(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		wins := together(t, 8, func(int) error { return s.UseTicket(t.Context(), "x", noon, noon.Add(time.Minute)) }, social.ErrConflict)
		if wins != 1 {
			t.Errorf("%d of 8 used the ticket, want 1", wins)
		}
	})
}
