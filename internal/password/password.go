// Package password turns passwords into argon2id strings that can be kept, and checks them.
//
// A kept string has the PHC form, $argon2id$v=19$m=19456,t=2,p=1$SALT$KEY, so it says itself how it was made and the
// costs can be raised later without touching old ones. Who may try how often, and what a good password is, is decided
// elsewhere.
//
// What a newcomer gets wrong: each hash takes 19 MiB while it is computed. Serve people through a Hasher, which computes
// two at a time; call Hash and Verify directly only where there is one caller.
package password

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MaxLength is the longest password accepted, in bytes.
const MaxLength = 1024

// The costs of new hashes: OWASP's second recommendation for argon2id.
const (
	memory  = 19_456 // KiB
	passes  = 2
	lanes   = 1
	saltLen = 16
	keyLen  = 32
)

// The dearest kept string that is still computed. A string comes from our own database, but perhaps by way of an import,
// and must not be able to take the machine down.
const (
	maxMemory = 256 * 1024 // KiB
	maxPasses = 16
	maxLanes  = 16
	maxBytes  = 64 // of salt, and of key
)

var (
	// ErrTooLong means that the password exceeds MaxLength.
	ErrTooLong = errors.New("password is longer than 1024 bytes; choose a shorter one")
	// ErrMalformed means that what was kept is not an argon2id string of version 19.
	ErrMalformed = errors.New("kept password is not an argon2id string")
	// ErrTooCostly means that what was kept asks for more memory or time than this package spends.
	ErrTooCostly = errors.New("kept password asks for more memory or time than allowed")
)

// Hash returns password as a PHC string with a salt of 16 bytes from rand.
func Hash(rand io.Reader, password string) (string, error) {
	if len(password) > MaxLength {
		return "", ErrTooLong
	}
	salt := make([]byte, saltLen)
	if _, err := io.ReadFull(rand, salt); err != nil {
		return "", fmt.Errorf("draw salt: %w", err)
	}
	key := argon2.IDKey([]byte(password), salt, passes, memory, lanes, keyLen)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s",
		argon2.Version, memory, passes, lanes, b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify reports whether password is the one that phc was made of, comparing in constant time. A wrong password is
// (false, nil); an error means that the question could not be answered (ErrTooLong, ErrMalformed, ErrTooCostly).
func Verify(phc, password string) (bool, error) {
	if len(password) > MaxLength {
		return false, ErrTooLong
	}
	k, err := parse(phc)
	if err != nil {
		return false, err
	}
	got := argon2.IDKey([]byte(password), k.salt, k.passes, k.memory, k.lanes, uint32(len(k.key)))
	return subtle.ConstantTimeCompare(got, k.key) == 1, nil
}

// kept is a PHC string taken apart.
type kept struct {
	memory, passes uint32
	lanes          uint8
	salt, key      []byte
}

func parse(phc string) (kept, error) {
	part := strings.Split(phc, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return kept{}, ErrMalformed
	}
	cost := strings.Split(part[3], ",")
	if len(cost) != 3 {
		return kept{}, ErrMalformed
	}
	m, okM := number(cost[0], "m=")
	t, okT := number(cost[1], "t=")
	p, okP := number(cost[2], "p=")
	if !okM || !okT || !okP || t < 1 || p < 1 || m < 8*p {
		return kept{}, ErrMalformed
	}
	if m > maxMemory || t > maxPasses || p > maxLanes {
		return kept{}, fmt.Errorf("%w: m=%d,t=%d,p=%d", ErrTooCostly, m, t, p)
	}
	salt, okSalt := decode(part[4], 8)
	key, okKey := decode(part[5], 16)
	if !okSalt || !okKey {
		return kept{}, ErrMalformed
	}
	return kept{memory: uint32(m), passes: uint32(t), lanes: uint8(p), salt: salt, key: key}, nil
}

// number reads "m=19456": plain digits only, since a kept string has one spelling.
func number(s, prefix string) (uint64, bool) {
	digits, ok := strings.CutPrefix(s, prefix)
	n, err := strconv.ParseUint(digits, 10, 32)
	return n, ok && err == nil && n < math.MaxUint32 && strconv.FormatUint(n, 10) == digits
}

func decode(s string, least int) ([]byte, bool) {
	if base64.RawStdEncoding.DecodedLen(len(s)) > maxBytes {
		return nil, false
	}
	b, err := base64.RawStdEncoding.Strict().DecodeString(s)
	return b, err == nil && len(b) >= least
}
