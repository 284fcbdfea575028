package password_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"sync"
	"testing"

	"orrery/internal/password"
)

func fixedSalt() *bytes.Reader { return bytes.NewReader([]byte("saltsaltsaltsalt")) }

func TestHash_round_trip(t *testing.T) {
	t.Parallel()
	phc, err := password.Hash(fixedSalt(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	if want := "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$"; !strings.HasPrefix(phc, want) {
		t.Errorf("Hash = %q, want prefix %q", phc, want)
	}
	for pw, want := range map[string]bool{"correct horse": true, "correct horse ": false, "": false, "Correct horse": false} {
		if got, err := password.Verify(phc, pw); got != want || err != nil {
			t.Errorf("Verify(%q) = %v, %v, want %v", pw, got, err, want)
		}
	}
	again, _ := password.Hash(fixedSalt(), "correct horse")
	if again != phc {
		t.Errorf("same salt gave %q and %q", phc, again)
	}
}

func TestHash_refuses(t *testing.T) {
	t.Parallel()
	if _, err := password.Hash(rand.Reader, strings.Repeat("x", 1025)); !errors.Is(err, password.ErrTooLong) {
		t.Errorf("1025 bytes: %v, want ErrTooLong", err)
	}
	if _, err := password.Hash(rand.Reader, strings.Repeat("x", 1024)); err != nil {
		t.Errorf("1024 bytes: %v, want no error", err)
	}
	if _, err := password.Hash(strings.NewReader("short"), "pw"); err == nil {
		t.Error("a source with 5 bytes gave a salt")
	}
	if _, err := password.Verify("$argon2id$", strings.Repeat("x", 1025)); !errors.Is(err, password.ErrTooLong) {
		t.Errorf("Verify of 1025 bytes: %v, want ErrTooLong", err)
	}
}

func TestVerify_refuses_what_it_cannot_read(t *testing.T) {
	t.Parallel()
	const salt, key = "c2FsdHNhbHRzYWx0c2FsdA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	for _, tt := range []struct {
		name, phc string
		want      error
	}{
		{"empty", "", password.ErrMalformed},
		{"bcrypt", "$2a$10$abcdefghijklmnopqrstuv", password.ErrMalformed},
		{"argon2i", "$argon2i$v=19$m=64,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"old version", "$argon2id$v=16$m=64,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"no version", "$argon2id$m=64,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"no passes", "$argon2id$v=19$m=64,t=0,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"no lanes", "$argon2id$v=19$m=64,t=1,p=0$" + salt + "$" + key, password.ErrMalformed},
		{"too little memory", "$argon2id$v=19$m=7,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"wrong order", "$argon2id$v=19$t=1,m=64,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"plus sign", "$argon2id$v=19$m=+64,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"number too big", "$argon2id$v=19$m=99999999999999999999,t=1,p=1$" + salt + "$" + key, password.ErrMalformed},
		{"salt not base64", "$argon2id$v=19$m=64,t=1,p=1$!!!$" + key, password.ErrMalformed},
		{"salt too short", "$argon2id$v=19$m=64,t=1,p=1$AAAA$" + key, password.ErrMalformed},
		{"key empty", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$", password.ErrMalformed},
		{"key huge", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + strings.Repeat("A", 4000), password.ErrMalformed},
		{"something after", "$argon2id$v=19$m=64,t=1,p=1$" + salt + "$" + key + "$x", password.ErrMalformed},
		{"257 MiB", "$argon2id$v=19$m=263168,t=1,p=1$" + salt + "$" + key, password.ErrTooCostly},
		{"17 passes", "$argon2id$v=19$m=64,t=17,p=1$" + salt + "$" + key, password.ErrTooCostly},
		{"17 lanes", "$argon2id$v=19$m=256,t=1,p=17$" + salt + "$" + key, password.ErrTooCostly},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ok, err := password.Verify(tt.phc, "pw")
			if ok || !errors.Is(err, tt.want) {
				t.Errorf("Verify = %v, %v, want false and %v", ok, err, tt.want)
			}
		})
	}
}

// The strings are answers of the reference implementation (phc-winner-argon2, src/test.c).
func TestVerify_agrees_with_the_reference(t *testing.T) {
	t.Parallel()
	for _, phc := range []string{
		"$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
		"$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
	} {
		if ok, err := password.Verify(phc, "password"); !ok || err != nil {
			t.Errorf("Verify(%s) = %v, %v, want true", phc, ok, err)
		}
		if ok, err := password.Verify(phc, "passwort"); ok || err != nil {
			t.Errorf("Verify(%s) of another password = %v, %v, want false", phc, ok, err)
		}
	}
}

func TestVerify_reads_other_costs(t *testing.T) {
	t.Parallel()
	ok, err := password.Verify("$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHRzYWx0c2FsdA$AAAAAAAAAAAAAAAAAAAAAA", "pw")
	if ok || err != nil {
		t.Errorf("Verify with m=64 and a key of 16 bytes = %v, %v, want false without error", ok, err)
	}
}

func TestHasher(t *testing.T) {
	t.Parallel()
	h := password.NewHasher(rand.Reader)
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			phc, err := h.Hash(t.Context(), "pw")
			if err != nil {
				t.Error(err)
				return
			}
			if ok, err := h.Verify(t.Context(), phc, "pw"); !ok || err != nil {
				t.Errorf("Verify = %v, %v, want true", ok, err)
			}
		})
	}
	wg.Wait()
}
