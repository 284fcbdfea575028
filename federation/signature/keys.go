package signature

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/mldsa"
	pkix "filippo.io/mldsa/x509" // Go's own, and ML-DSA
)

// PrivateKey is a signing key and the URI under which its public half is published.
type PrivateKey struct {
	ID  string
	Key *rsa.PrivateKey
}

// maxKeyBits bounds the work a stranger's key can cause: an RSA-8192 check costs about half a millisecond.
const maxKeyBits = 8192

// GenerateRSA makes a key. Since Go 1.24 the standard library may ignore random; for repeatable runs pass fixed keys.
func GenerateRSA(random io.Reader, bits int) (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(random, bits)
	if err != nil {
		return nil, fmt.Errorf("generate an RSA key of %d bits: %w", bits, err)
	}
	return key, nil
}

// ParsePublicKeyPEM reads a public key as actors publish it: "PUBLIC KEY" (PKIX) or "RSA PUBLIC KEY" (PKCS #1).
// Line breaks lost on the way are forgiven; fixtures/mastodon-ld-signature/actor.json has blanks instead.
func ParsePublicKeyPEM(text string) (crypto.PublicKey, error) {
	kind, der, err := decodePEM(text)
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	var key crypto.PublicKey
	switch kind {
	case "PUBLIC KEY":
		key, err = pkix.ParsePKIXPublicKey(der)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(der)
	default:
		err = fmt.Errorf("%q is not a kind of public key", kind)
	}
	if err != nil {
		return nil, fmt.Errorf("read public key: %w", err)
	}
	return key, usable(key)
}

// usable refuses what no signature of ours is made with, before anything is computed with it.
func usable(key crypto.PublicKey) error {
	switch k := key.(type) {
	case *rsa.PublicKey:
		if bits := k.N.BitLen(); bits < 1024 || bits > maxKeyBits {
			return fmt.Errorf("%w: RSA with %d bits, between 1024 and %d are taken", ErrKeyUnusable, bits, maxKeyBits)
		}
		return nil
	case ed25519.PublicKey:
		if len(k) == ed25519.PublicKeySize {
			return nil
		}
	case *mldsa.PublicKey:
		if k.Parameters() == mldsa.MLDSA44() {
			return nil
		}
	}
	return fmt.Errorf("%w: %T is neither RSA nor Ed25519 nor ML-DSA-44", ErrKeyUnusable, key)
}

// MarshalPublicPEM writes key as actors publish it.
func MarshalPublicPEM(key crypto.PublicKey) (string, error) {
	der, err := pkix.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", fmt.Errorf("write public key: %w", err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}

// MarshalPrivatePEM writes key for storage (PKCS #1, as Mastodon stores it).
func MarshalPrivatePEM(key *rsa.PrivateKey) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// ParsePrivatePEM reads an RSA key in PKCS #1 or PKCS #8.
func ParsePrivatePEM(text string) (*rsa.PrivateKey, error) {
	kind, der, err := decodePEM(text)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	if kind == "RSA PRIVATE KEY" {
		key, err := x509.ParsePKCS1PrivateKey(der)
		if err != nil {
			return nil, fmt.Errorf("read private key: %w", err)
		}
		return key, nil
	}
	parsed, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("read private key: %w", err)
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("read private key: %T is not RSA", parsed)
	}
	return key, nil
}

func decodePEM(text string) (kind string, der []byte, err error) {
	if len(text) > maxHeader {
		return "", nil, fmt.Errorf("%d bytes, at most %d are read", len(text), maxHeader)
	}
	_, rest, begun := strings.Cut(text, "-----BEGIN ")
	kind, rest, named := strings.Cut(rest, "-----")
	body, _, ended := strings.Cut(rest, "-----END "+kind+"-----")
	if !begun || !named || !ended {
		return "", nil, errors.New("no PEM block found")
	}
	der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), ""))
	return kind, der, err
}

// signRSA signs with RSASSA-PKCS1-v1_5 and SHA-256, which needs no randomness: the same text gives the same signature.
func signRSA(key *rsa.PrivateKey, text []byte) ([]byte, error) {
	sum := sha256.Sum256(text)
	return rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
}

func verifyRSA(key *rsa.PublicKey, text, signature []byte) bool {
	sum := sha256.Sum256(text)
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) == nil
}
