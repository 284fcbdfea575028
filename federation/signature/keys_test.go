package signature_test

import (
	"crypto/rand"
	_ "embed"
	"strings"
	"testing"

	"orrery/federation/signature"
)

//go:embed testdata/alice.private.pem
var alicePEM string

// alice is a key made for these tests; it signs nothing else.
func alice(t testing.TB) signature.PrivateKey {
	t.Helper()
	key, err := signature.ParsePrivatePEM(alicePEM)
	if err != nil {
		t.Fatal(err)
	}
	return signature.PrivateKey{ID: "https://academy.test/users/alice#main-key", Key: key}
}

func TestKeysSurviveBeingStored(t *testing.T) {
	t.Parallel()
	key, err := signature.GenerateRSA(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	back, err := signature.ParsePrivatePEM(signature.MarshalPrivatePEM(key))
	if err != nil || !back.Equal(key) {
		t.Errorf("private key: came back different (%v)", err)
	}
	text, err := signature.MarshalPublicPEM(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, form := range map[string]string{
		"as written": text, "lines lost": strings.ReplaceAll(text, "\n", " "), "CRLF": strings.ReplaceAll(text, "\n", "\r\n"),
	} {
		public, err := signature.ParsePublicKeyPEM(form)
		if err != nil || !key.PublicKey.Equal(public) {
			t.Errorf("public key, %s: came back different (%v)", name, err)
		}
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "no end": "-----BEGIN PUBLIC KEY-----\nAAAA", "a certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
		"not base64": "-----BEGIN PUBLIC KEY-----\n!!\n-----END PUBLIC KEY-----", "huge": strings.Repeat("A", 10000),
		"a private key": alicePEM,
		"512 bits":      "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALp1rGGJzKXB6yhjAQBYPWqfGXjWm1lPhZ6mQFXHcqUoqpYp\nbV8SvKsPXUGvKLLmdJ0hFyEsXCS0tBVSsQWS5bsCAwEAAQ==\n-----END PUBLIC KEY-----",
	} {
		if _, err := signature.ParsePublicKeyPEM(text); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
}
