package webpush

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"time"
)

// Key is the key pair by which push services know this server (RFC 8292).
type Key struct {
	private *ecdsa.PrivateKey
	public  string
	contact string
}

// tokenLife is how long a signed request may be shown; push services take at most a day.
const tokenLife = 12 * time.Hour

// NewKey draws a private key and returns its stored form, for ParseKey.
func NewKey(random io.Reader) (string, error) {
	raw, err := draw(random)
	return encode(raw), err
}

// draw draws a private key of P-256.
func draw(random io.Reader) ([]byte, error) {
	raw := make([]byte, 32)
	for {
		if _, err := io.ReadFull(random, raw); err != nil {
			return nil, fmt.Errorf("draw a key: %w", err)
		}
		if _, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw); err == nil { // all but one in four billion
			return raw, nil
		}
	}
}

// ParseKey reads a stored private key. contact is an address under which push services find who runs this server.
func ParseKey(stored, contact string) (*Key, error) {
	raw, err := Decode(stored)
	if err != nil {
		return nil, fmt.Errorf("read the key of web push: %w", err)
	}
	private, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
	if err != nil {
		return nil, fmt.Errorf("read the key of web push: %w", err)
	}
	public, err := private.PublicKey.Bytes()
	if err != nil {
		return nil, fmt.Errorf("read the key of web push: %w", err)
	}
	return &Key{private: private, public: encode(public), contact: contact}, nil
}

// Public is the public key as programs and push services are told it.
func (k *Key) Public() string { return k.public }

// token is the signed statement that who sends to endpoint is this server.
func (k *Key) token(random io.Reader, endpoint string, now time.Time) (string, error) {
	u, err := url.Parse(endpoint)
	if err != nil {
		return "", fmt.Errorf("push to %s: %w", endpoint, err)
	}
	claims, err := json.Marshal(map[string]any{"aud": u.Scheme + "://" + u.Host, "exp": now.Add(tokenLife).Unix(), "sub": k.contact})
	if err != nil {
		return "", fmt.Errorf("push to %s: %w", endpoint, err)
	}
	signed := encode([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(random, k.private, digest[:])
	if err != nil {
		return "", fmt.Errorf("sign for %s: %w", endpoint, err)
	}
	signature := make([]byte, 64)
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	return signed + "." + encode(signature), nil
}
