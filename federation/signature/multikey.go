package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"filippo.io/mldsa"
)

const (
	base58Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
	// maxBase58 bounds decoding, whose cost grows with the square of the length. An RSA-8192 multikey has 1,420 letters.
	maxBase58 = 2048
)

// ParseMultikey reads publicKeyMultibase: a multicodec prefix and an Ed25519 key (0xed), an RSA key in PKCS #1 (0x1205) or
// an ML-DSA-44 key (0x1210).
func ParseMultikey(text string) (crypto.PublicKey, error) {
	raw, err := decodeMultibase(text)
	if err != nil {
		return nil, fmt.Errorf("read multikey: %w", err)
	}
	switch {
	case len(raw) == 2+ed25519.PublicKeySize && raw[0] == 0xed && raw[1] == 0x01:
		return ed25519.PublicKey(raw[2:]), nil
	case len(raw) > 2 && raw[0] == 0x85 && raw[1] == 0x24:
		key, err := x509.ParsePKCS1PublicKey(raw[2:])
		if err != nil {
			return nil, fmt.Errorf("read multikey: %w", err)
		}
		return key, usable(key)
	case len(raw) > 2 && raw[0] == 0x90 && raw[1] == 0x24:
		key, err := mldsa.NewPublicKey(mldsa.MLDSA44(), raw[2:])
		if err != nil {
			return nil, fmt.Errorf("read multikey: %w", err)
		}
		return key, nil
	}
	return nil, errors.New("read multikey: it is neither Ed25519 nor RSA nor ML-DSA-44")
}

// decodeMultibase reads the two bases of keys and proofs: base58btc ("z") and, for what is long, base64url ("u").
func decodeMultibase(text string) ([]byte, error) {
	switch {
	case strings.HasPrefix(text, "z"):
		return decodeBase58(text[1:])
	case strings.HasPrefix(text, "u"):
		return base64.RawURLEncoding.DecodeString(text[1:])
	}
	return nil, errors.New("only base58btc and base64url are read, which start with z and u")
}

// decodeBase58 multiplies its way through the digits, least significant byte first, and turns the result round.
func decodeBase58(text string) ([]byte, error) {
	if len(text) > maxBase58 {
		return nil, fmt.Errorf("%d letters, at most %d are read", len(text), maxBase58)
	}
	var out []byte
	for i := 0; i < len(text); i++ {
		carry := strings.IndexByte(base58Alphabet, text[i])
		if carry < 0 {
			return nil, fmt.Errorf("letter %d is not base58", i+1)
		}
		for j := range out {
			carry += int(out[j]) * 58
			out[j] = byte(carry)
			carry >>= 8
		}
		for ; carry > 0; carry >>= 8 {
			out = append(out, byte(carry))
		}
	}
	for i := 0; i < len(text) && text[i] == '1'; i++ {
		out = append(out, 0)
	}
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	return out, nil
}
