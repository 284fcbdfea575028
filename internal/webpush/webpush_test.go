package webpush

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"
	"testing"
	"time"
)

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := Decode(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// RFC 8291 Appendix A.
const (
	receiverKey    = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	receiverSecret = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
	receiverAuth   = "BTBZMqHH6r4Tts7J_aSIgg"
)

func TestSeal_is_the_example_of_the_standard(t *testing.T) {
	t.Parallel()
	own, err := ecdh.P256().NewPrivateKey(bytesOf(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal(Recipient{Key: bytesOf(t, receiverKey), Auth: bytesOf(t, receiverAuth)}, own, bytesOf(t, "DGv6ra1nlYgDCS1FRnbzlw"),
		[]byte("When I grow up, I want to be a watermelon"))
	const want = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if err != nil || encode(got) != want {
		t.Errorf("got %s, %v, want %s", encode(got), err, want)
	}
}

// openLegacy is how a browser reads aesgcm.
func openLegacy(t *testing.T, body, salt, sender []byte) string {
	t.Helper()
	private, err := ecdh.P256().NewPrivateKey(bytesOf(t, receiverSecret))
	if err != nil {
		t.Fatal(err)
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := private.ECDH(public)
	if err != nil {
		t.Fatal(err)
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		out, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	material := derive(shared, bytesOf(t, receiverAuth), "Content-Encoding: auth\x00", 32)
	keys := "P-256\x00\x00\x41" + string(private.PublicKey().Bytes()) + "\x00\x41" + string(sender)
	block, err := aes.NewCipher(derive(material, salt, "Content-Encoding: aesgcm\x00"+keys, 16))
	if err != nil {
		t.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := aead.Open(nil, derive(material, salt, "Content-Encoding: nonce\x00"+keys, 12), body, nil)
	if err != nil {
		t.Fatal(err)
	}
	return string(plain[2+binary.BigEndian.Uint16(plain):])
}

func TestRequest_is_read_by_older_programs_and_signed(t *testing.T) {
	t.Parallel()
	stored, err := NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ParseKey(stored, "https://alpha.test/about")
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_700_000_000, 0)
	to := Recipient{Endpoint: "https://push.test:8443/to/me?x=1", Key: bytesOf(t, receiverKey), Auth: bytesOf(t, receiverAuth)}
	req, err := Request(t.Context(), rand.Reader, key, to, Message{Payload: []byte("hello"), Life: time.Hour}, now)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(req.Body)
	salt, _ := strings.CutPrefix(req.Header.Get("Encryption"), "salt=")
	dh, public, _ := strings.Cut(strings.TrimPrefix(req.Header.Get("Crypto-Key"), "dh="), ";p256ecdsa=")
	if got := openLegacy(t, body, bytesOf(t, salt), bytesOf(t, dh)); got != "hello" || public != key.Public() || req.Header.Get("TTL") != "3600" {
		t.Errorf("the browser reads %q under key %s with TTL %s", got, public, req.Header.Get("TTL"))
	}
	token, _ := strings.CutPrefix(req.Header.Get("Authorization"), "WebPush ")
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("token %q", token)
	}
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(bytesOf(t, parts[1]), &claims); err != nil || claims.Aud != "https://push.test:8443" || claims.Exp != now.Add(tokenLife).Unix() || claims.Sub != "https://alpha.test/about" {
		t.Errorf("claims %+v, %v", claims, err)
	}
	digest, signature := sha256.Sum256([]byte(parts[0]+"."+parts[1])), bytesOf(t, parts[2])
	if !ecdsa.Verify(&key.private.PublicKey, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature does not hold")
	}
}

func TestRecipient_Check(t *testing.T) {
	t.Parallel()
	good := Recipient{Endpoint: "https://push.test/1", Key: bytesOf(t, receiverKey), Auth: bytesOf(t, receiverAuth)}
	if err := good.Check(); err != nil {
		t.Errorf("a good one: %v", err)
	}
	for name, change := range map[string]func(*Recipient){
		"http":       func(r *Recipient) { r.Endpoint = "http://push.test/1" },
		"no host":    func(r *Recipient) { r.Endpoint = "https:///1" },
		"short auth": func(r *Recipient) { r.Auth = r.Auth[1:] },
		"no point":   func(r *Recipient) { r.Key = append([]byte{4}, make([]byte, 64)...) },
	} {
		bad := good
		change(&bad)
		if err := bad.Check(); !errors.Is(err, ErrRecipient) {
			t.Errorf("%s: %v, want ErrRecipient", name, err)
		}
	}
}
