package social_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"orrery/internal/password"
	"orrery/social"
)

const wrong = "not-the-password"

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		cookie := must(w.SignIns.SignIn(ctx, "ALICE", "alice-password", "10.0.0.1"))(t)
		equal(t, "whose", must(w.SignIns.Session(ctx, cookie))(t).ID, alice.ID)
		if other := must(w.SignIns.Open(ctx, alice.ID))(t); other == cookie || len(other) != 43 {
			t.Errorf("got the cookie %q, want another of 32 random bytes", other)
		}
		_, err := w.Store.SessionByHash(ctx, cookie)
		fails(t, "the cookie itself is not kept", err, social.ErrNotFound)
		_, err = w.SignIns.Session(ctx, cookie+"x")
		fails(t, "another cookie", err, social.ErrUnauthorized)
		_, err = w.SignIns.Session(ctx, "")
		fails(t, "no cookie", err, social.ErrUnauthorized)

		w.clock.Advance(social.SessionLife - time.Second)
		must(w.SignIns.Session(ctx, cookie))(t)
		w.tick()
		_, err = w.SignIns.Session(ctx, cookie)
		fails(t, "over", err, social.ErrUnauthorized)
		fresh := must(w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.0.1"))(t)
		ok(t, w.SignIns.Close(ctx, fresh))
		_, err = w.SignIns.Session(ctx, fresh)
		fails(t, "closed", err, social.ErrUnauthorized)
	})
}

// Nothing tells a stranger which names exist.
func TestSignIn_says_the_same_to_all_who_fail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		w.stranger(t, "berta")
		must(w.Accounts.Create(ctx, social.NewAccount{Username: "lab"}))(t)
		must(w.Accounts.EnsureInstanceActor(ctx, "alpha.test"))(t)
		var asked []string
		verify := w.SignIns.Verify
		w.SignIns.Verify = func(ctx context.Context, phc, p string) (bool, error) {
			asked = append(asked, phc)
			return verify(ctx, phc, p)
		}
		said := map[string]bool{}
		for name, try := range map[string][2]string{
			"a wrong password": {"alice", wrong}, "nobody": {"nobody", wrong}, "somebody elsewhere": {"berta", wrong},
			"somebody without a password": {"lab", ""}, "the instance": {"alpha.test", ""}, "no name": {"", ""},
		} {
			_, err := w.SignIns.SignIn(ctx, try[0], try[1], "10.0.0.1")
			fails(t, name, err, social.ErrUnauthorized)
			var e *social.Error
			if errors.As(err, &e) {
				said[e.Message] = true
			}
		}
		equal(t, "different sentences", len(said), 1)
		equal(t, "passwords checked", len(asked), 6)
		for _, phc := range asked {
			if phc == "" {
				t.Error("nothing was checked, which takes less time than a password")
			}
		}
	})
}

func TestSignIn_decoy_costs_as_much_as_a_password(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "sqlite:"+t.TempDir()+"/test.db")
	var decoy string
	w.SignIns.Verify = func(ctx context.Context, phc, p string) (bool, error) { decoy = phc; return password.Verify(phc, p) }
	_, err := w.SignIns.SignIn(t.Context(), "nobody", "x", "10.0.0.1")
	fails(t, "nobody", err, social.ErrUnauthorized)
	real, err := password.Hash(strings.NewReader(strings.Repeat("s", 64)), "x")
	ok(t, err)
	cost := func(phc string) string { return strings.Join(strings.Split(phc, "$")[:4], "$") }
	equal(t, "cost", cost(decoy), cost(real))
	equal(t, "length", len(decoy), len(real))
}

func TestSignIn_throttles_an_account(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		w.person(t, "bob")
		for i := range social.AttemptsPerAccount {
			name := []string{"alice", "Alice", "aLICE"}[i%3] // spelling does not give more attempts
			_, err := w.SignIns.SignIn(ctx, name, wrong, "10.0.0."+string(rune('0'+i)))
			fails(t, "a wrong password", err, social.ErrUnauthorized)
		}
		_, err := w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.1.1")
		fails(t, "even the right one", err, social.ErrThrottled)
		must(w.SignIns.SignIn(ctx, "bob", "bob-password", "10.0.1.1"))(t)
		w.clock.Advance(social.AttemptSpan - time.Second)
		_, err = w.SignIns.SignIn(ctx, "ALICE", "alice-password", "10.0.1.1")
		fails(t, "just before the span is over", err, social.ErrThrottled)
		w.clock.Advance(2 * time.Second)
		must(w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.1.1"))(t)
	})
}

func TestSignIn_success_clears_the_account(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		for range 2 {
			for range social.AttemptsPerAccount - 1 {
				_, err := w.SignIns.SignIn(ctx, "alice", wrong, "10.0.0.1")
				fails(t, "a wrong password", err, social.ErrUnauthorized)
			}
			must(w.SignIns.SignIn(ctx, "Alice", "alice-password", "10.0.0.1"))(t)
		}
	})
}

func TestSignIn_throttles_an_address(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		for i := range social.AttemptsPerAddress {
			_, err := w.SignIns.SignIn(ctx, "name"+string(rune('a'+i)), wrong, "10.0.0.1")
			fails(t, "a guess", err, social.ErrUnauthorized)
		}
		_, err := w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.0.1")
		fails(t, "from that address", err, social.ErrThrottled)
		must(w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.0.2"))(t)
		w.clock.Advance(social.AttemptSpan + time.Second)
		must(w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.0.1"))(t)
	})
}

// Who tries many passwords at the same moment has no more attempts than who tries them in turn.
func TestSignIn_throttles_guesses_that_come_at_once(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		const guesses = 3 * social.AttemptsPerAddress
		for _, tt := range []struct {
			what string
			name func(i int) string
			from string
			most int
		}{
			{"one account", func(int) string { return "alice" }, "", social.AttemptsPerAccount},
			{"one address", func(i int) string { return fmt.Sprintf("name%d", i) }, "10.0.0.1", social.AttemptsPerAddress},
		} {
			var checked, arrived atomic.Int64
			all := make(chan struct{})
			w.SignIns.Verify = func(context.Context, string, string) (bool, error) {
				checked.Add(1)
				if arrived.Add(1) == guesses {
					close(all)
				}
				<-all // no guess is known to be wrong before all are judged or turned away
				return false, nil
			}
			var guessing sync.WaitGroup
			for i := range guesses {
				guessing.Go(func() {
					_, err := w.SignIns.SignIn(ctx, tt.name(i), wrong, tt.from)
					if errors.Is(err, social.ErrThrottled) && arrived.Add(1) == guesses {
						close(all)
					}
				})
			}
			guessing.Wait()
			equal(t, tt.what+": passwords checked", int(checked.Load()), tt.most)
		}
	})
}

// Being refused costs nobody else anything: who is over the limit of their address locks no account.
func TestSignIn_throttled_address_locks_no_account(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.person(t, "alice")
		for i := range social.AttemptsPerAddress {
			_, err := w.SignIns.SignIn(ctx, fmt.Sprintf("name%d", i), wrong, "10.0.0.1")
			fails(t, "a guess", err, social.ErrUnauthorized)
		}
		for range 2 * social.AttemptsPerAccount {
			_, err := w.SignIns.SignIn(ctx, "alice", wrong, "10.0.0.1")
			fails(t, "from that address", err, social.ErrThrottled)
		}
		must(w.SignIns.SignIn(ctx, "alice", "alice-password", "10.0.0.2"))(t)
	})
}

// Many people sign in from one address: only failures count.
func TestSignIn_success_does_not_count_for_the_address(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.person(t, "alice")
		for range social.AttemptsPerAddress + 5 {
			must(w.SignIns.SignIn(t.Context(), "alice", "alice-password", "10.0.0.1"))(t)
		}
	})
}

// Whoever found a session open tries no more passwords there than at the door.
func TestConfirm_throttles(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		u := must(w.Store.UserByAccount(ctx, alice.ID))(t)
		equal(t, "the right one", must(w.SignIns.Confirm(ctx, alice, u.PasswordHash, "alice-password"))(t), true)
		for range social.AttemptsPerAccount {
			equal(t, "a wrong one", must(w.SignIns.Confirm(ctx, alice, u.PasswordHash, wrong))(t), false)
		}
		_, err := w.SignIns.Confirm(ctx, alice, u.PasswordHash, "alice-password")
		fails(t, "even the right one", err, social.ErrThrottled)
	})
}

func TestTokensAndApps(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice := w.person(t, "alice")
		app, secret, err := w.SignIns.App(ctx, social.App{Name: "client", RedirectURIs: []string{"https://c.test/cb", "urn:ietf:wg:oauth:2.0:oob"}, Scopes: "read write"})
		ok(t, err)
		kept := must(w.Store.AppByClientID(ctx, app.ClientID))(t)
		equal(t, "app", kept.ID, app.ID)
		equal(t, "secret", kept.ClientSecretHash, social.Hash(secret))
		equal(t, "addresses", strings.Join(kept.RedirectURIs, " "), "https://c.test/cb urn:ietf:wg:oauth:2.0:oob")
		bearer, token, err := w.SignIns.Token(ctx, alice.ID, app.ID, "read")
		ok(t, err)
		found := must(w.Store.TokenByHash(ctx, social.Hash(bearer)))(t)
		equal(t, "token", found.AccountID, alice.ID)
		equal(t, "scopes", found.Scopes, "read")
		equal(t, "hash", token.Hash, social.Hash(bearer))
		if strings.Contains(bearer, secret) || bearer == app.ClientID {
			t.Error("secrets repeat")
		}
		w.SignIns.Rand = strings.NewReader("too short")
		_, _, err = w.SignIns.Token(ctx, alice.ID, app.ID, "read")
		if err == nil {
			t.Error("a token was made of too little chance")
		}
	})
}
