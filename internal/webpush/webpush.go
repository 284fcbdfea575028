// Package webpush makes the requests that bring a message to a browser or phone through its push service: encrypted for the
// recipient alone (RFC 8291, and the draft before it that older programs read) and signed with the server's key (RFC 8292).
//
// It sends nothing and keeps nothing: transport, retries and keys are the caller's.
//
// What a newcomer gets wrong: the key of the recipient is an ECDH key and the key of the server an ECDSA key, both on P-256;
// a third one, fresh for each message, is what the message is encrypted with.
package webpush

import (
	"bytes"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxPayload is how many bytes a message may have: push services take bodies of 4,096.
const MaxPayload = 4096 - 86 - 17

// Recipient is where a message goes, as the program that wants it has said.
type Recipient struct {
	Endpoint string
	Key      []byte // its public key, uncompressed, 65 bytes
	Auth     []byte // its secret, 16 bytes
	Standard bool   // RFC 8291; else aesgcm, as programs expect that say nothing
}

// ErrRecipient says that a recipient's endpoint or keys cannot be used.
var ErrRecipient = errors.New("the push subscription cannot be used")

// Decode reads base64url or base64, with or without padding: programs send all of them.
func Decode(text string) ([]byte, error) {
	text = strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimSpace(text)), "=")
	return base64.RawURLEncoding.DecodeString(text)
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// NewRecipient reads key and auth, which are in base64. It is ErrRecipient when anything of it cannot be used.
func NewRecipient(endpoint, key, auth string, standard bool) (Recipient, error) {
	r := Recipient{Endpoint: endpoint, Standard: standard}
	var err error
	if r.Key, err = Decode(key); err != nil {
		return r, fmt.Errorf("the p256dh key is no base64: %w", ErrRecipient)
	}
	if r.Auth, err = Decode(auth); err != nil {
		return r, fmt.Errorf("the auth secret is no base64: %w", ErrRecipient)
	}
	return r, r.Check()
}

// Check reports what of r is wrong, as ErrRecipient.
func (r Recipient) Check() error {
	u, err := url.Parse(r.Endpoint)
	switch {
	case err != nil || u.Scheme != "https" || u.Host == "" || len(r.Endpoint) > 2048:
		return fmt.Errorf("the endpoint must be an https address: %w", ErrRecipient)
	case len(r.Auth) != 16:
		return fmt.Errorf("the auth secret must have 16 bytes: %w", ErrRecipient)
	}
	if _, err := ecdh.P256().NewPublicKey(r.Key); err != nil {
		return fmt.Errorf("the p256dh key is no point of P-256: %w", ErrRecipient)
	}
	return nil
}

// Message is what is sent.
type Message struct {
	Payload []byte        // at most MaxPayload
	Life    time.Duration // how long the push service keeps it for a device that is off
	Urgent  bool
}

// Request makes the request that brings m to r, signed by k at now.
func Request(ctx context.Context, random io.Reader, k *Key, r Recipient, m Message, now time.Time) (*http.Request, error) {
	if err := r.Check(); err != nil {
		return nil, err
	}
	if len(m.Payload) > MaxPayload {
		return nil, fmt.Errorf("a push message of %d bytes: at most %d are possible", len(m.Payload), MaxPayload)
	}
	ephemeral, err := fresh(random)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	if _, err := io.ReadFull(random, salt); err != nil {
		return nil, fmt.Errorf("draw a salt: %w", err)
	}
	token, err := k.token(random, r.Endpoint, now)
	if err != nil {
		return nil, err
	}
	header := http.Header{}
	var body []byte
	if r.Standard {
		body, err = seal(r, ephemeral, salt, m.Payload)
		header.Set("Content-Encoding", "aes128gcm")
		header.Set("Authorization", "vapid t="+token+", k="+k.Public())
	} else {
		body, err = sealLegacy(r, ephemeral, salt, m.Payload)
		header.Set("Content-Encoding", "aesgcm")
		header.Set("Encryption", "salt="+encode(salt))
		header.Set("Crypto-Key", "dh="+encode(ephemeral.PublicKey().Bytes())+";p256ecdsa="+k.Public())
		header.Set("Authorization", "WebPush "+token)
	}
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.Endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("push to %s: %w", r.Endpoint, err)
	}
	header.Set("Content-Type", "application/octet-stream")
	header.Set("TTL", fmt.Sprint(int64(m.Life/time.Second)))
	header.Set("Urgency", map[bool]string{true: "high", false: "normal"}[m.Urgent])
	req.Header = header
	return req, nil
}

// fresh draws a key pair for one message.
func fresh(random io.Reader) (*ecdh.PrivateKey, error) {
	raw, err := draw(random)
	if err != nil {
		return nil, err
	}
	return ecdh.P256().NewPrivateKey(raw)
}

// recordSize is what the header of a message says; there is one record, and it is shorter.
const recordSize = 4096

// seal encrypts as RFC 8291 §3.4 and RFC 8188 say.
func seal(r Recipient, own *ecdh.PrivateKey, salt, payload []byte) ([]byte, error) {
	secret, public, err := agree(r, own)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(r.Key) + string(public)
	material, err := hkdf.Key(sha256.New, secret, r.Auth, info, 32)
	if err != nil {
		return nil, err
	}
	header := append([]byte{}, salt...)
	header = binary.BigEndian.AppendUint32(header, recordSize)
	header = append(append(header, byte(len(public))), public...)
	return gcm(material, salt, "Content-Encoding: aes128gcm\x00", "Content-Encoding: nonce\x00", header, append(payload[:len(payload):len(payload)], 2))
}

// sealLegacy encrypts as the fourth draft of what became RFC 8291: salt and key stand in headers, padding comes first.
func sealLegacy(r Recipient, own *ecdh.PrivateKey, salt, payload []byte) ([]byte, error) {
	secret, public, err := agree(r, own)
	if err != nil {
		return nil, err
	}
	material, err := hkdf.Key(sha256.New, secret, r.Auth, "Content-Encoding: auth\x00", 32)
	if err != nil {
		return nil, err
	}
	both := []byte("P-256\x00")
	for _, key := range [][]byte{r.Key, public} {
		both = append(binary.BigEndian.AppendUint16(both, uint16(len(key))), key...)
	}
	return gcm(material, salt, "Content-Encoding: aesgcm\x00"+string(both), "Content-Encoding: nonce\x00"+string(both), nil,
		append([]byte{0, 0}, payload...))
}

func agree(r Recipient, own *ecdh.PrivateKey) (secret, public []byte, err error) {
	theirs, err := ecdh.P256().NewPublicKey(r.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("the p256dh key is no point of P-256: %w", ErrRecipient)
	}
	secret, err = own.ECDH(theirs)
	return secret, own.PublicKey().Bytes(), err
}

// gcm derives key and nonce of the one record and appends it, sealed, to header.
func gcm(material, salt []byte, keyInfo, nonceInfo string, header, record []byte) ([]byte, error) {
	key, err := hkdf.Key(sha256.New, material, salt, keyInfo, 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, material, salt, nonceInfo, 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return aead.Seal(header, nonce, record, nil), nil
}
