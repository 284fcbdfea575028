package signature_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"filippo.io/mldsa"

	"orrery/federation/signature"
	"orrery/fixtures"
)

// The key of draft-cavage-http-signatures-12, appendix C.
const cavageKey = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3
6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6
Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw
oYi+1hqp1fIekaxsyQIDAQAB
-----END PUBLIC KEY-----`

// The key test-key-rsa of RFC 9421, appendix B.1.1.
const rfcRSAKey = `-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----`

const cavageFields = `Host: example.com
Date: Sun, 05 Jan 2014 21:31:40 GMT
Content-Type: application/json
Digest: SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=
Content-Length: 18`

func fields(lines string) []signature.Field {
	var out []signature.Field
	for _, line := range strings.Split(lines, "\n") {
		name, value, _ := strings.Cut(line, ": ")
		out = append(out, signature.Field{Name: name, Value: value})
	}
	return out
}

func TestVectorsOfTheCavageDraft(t *testing.T) {
	t.Parallel()
	key, err := signature.ParsePublicKeyPEM(cavageKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, header string }{
		{"C.1 default", `keyId="Test",algorithm="rsa-sha256",signature="SjWJWbWN7i0wzBvtPl8rbASWz5xQW6mcJmn+ibttBqtifLN7Sazz6m79cNfwwb8DMJ5cou1s7uEGKKCs+FLEEaDV5lp7q25WqS+lavg7T8hc0GppauB6hbgEKTwblDHYGEtbGmtdHgVCk9SuS13F0hZ8FD0k/5OxEPXe5WozsbM="`},
		{"C.2 basic", `keyId="Test",algorithm="rsa-sha256",headers="(request-target) host date",signature="qdx+H7PHHDZgy4y/Ahn9Tny9V3GP6YgBPyUXMmoxWtLbHpUnXS2mg2+SbrQDMCJypxBLSPQR2aAjn7ndmw2iicw3HMbe8VfEdKFYRqzic+efkb3nndiv/x1xSHDJWeSWkx3ButlYSuBskLu6kd9Fswtemr3lgdDEmn04swr2Os0="`},
		{"C.3 all headers", `keyId="Test",algorithm="rsa-sha256",created=1402170695, expires=1402170699,headers="(request-target) (created) (expires) host date content-type digest content-length",signature="nAkCW0wg9AbbStQRLi8fsS1mPPnA6S5+/0alANcoDFG9hG0bJ8NnMRcB1Sz1eccNMzzLEke7nGXqoiJYZFfT81oaRqh/MNFwQVX4OZvTLZ5xVZQuchRkOSO7b2QX0aFWFOUq6dnwAyliHrp6w3FOxwkGGJPaerw2lOYLdC/Bejk="`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := signature.Request{
				Method: "POST", Host: "example.com", Scheme: "http", Target: "/foo?param=value&pet=dog",
				Body: []byte(`{"hello": "world"}`), Header: append(fields(cavageFields), signature.Field{Name: "Signature", Value: tt.header}),
			}
			v, err := signature.Check(r, time.Unix(1402170697, 0), signature.Inspector())
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(key); err != nil {
				t.Errorf("%v\n%s", err, v.Report.SigningString)
			}
		})
	}
}

func TestVectorsOfRFC9421(t *testing.T) {
	t.Parallel()
	raw, err := base64.RawURLEncoding.DecodeString("JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs")
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := signature.ParsePublicKeyPEM(rfcRSAKey)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, host, header string
		at                 int64
		key                any
	}{
		{"§4.3 proxy_sig, rsa-v1_5-sha256", "origin.host.internal.example", `Date: Tue, 20 Apr 2021 02:07:56 GMT
Content-Type: application/json
Content-Length: 18
Forwarded: for=192.0.2.123;host=example.com;proto=https
Content-Digest: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
Signature-Input: proxy_sig=("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded");created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540
Signature: proxy_sig=:S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cCpXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sFnIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHowtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g==:`, 1618884480, rsaKey},
		{"B.2.6 ed25519", "example.com", `Date: Tue, 20 Apr 2021 02:07:55 GMT
Content-Type: application/json
Content-Length: 18
Signature-Input: sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"
Signature: sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:`, 1618884473, ed25519.PublicKey(raw)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := signature.Request{
				Method: "POST", Host: tt.host, Scheme: "https", Target: "/foo?param=Value&Pet=dog",
				Header: fields(tt.header), Body: []byte(`{"hello": "world"}`),
			}
			v, err := signature.Check(r, time.Unix(tt.at, 0), signature.Inspector())
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(tt.key); err != nil {
				t.Errorf("%v\n%s", err, v.Report.SigningString)
			}
		})
	}
}

// The eddsa-jcs-2022 example of the W3C recommendation "Data Integrity EdDSA Cryptosuites v1.0".
func TestVectorOfEddsaJCS(t *testing.T) {
	t.Parallel()
	doc := decode(t, []byte(`{"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],
		"id":"urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33","type":["VerifiableCredential","AlumniCredential"],
		"description":"A minimum viable example of an Alumni Credential.","name":"Alumni Credential",
		"issuer":"https://vc.example/issuers/5678","validFrom":"2023-01-01T00:00:00Z",
		"credentialSubject":{"id":"did:example:abcdefgh","alumniOf":"The School of Examples"},
		"proof":{"type":"DataIntegrityProof","cryptosuite":"eddsa-jcs-2022","created":"2023-02-24T23:36:38Z",
		"verificationMethod":"did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
		"proofPurpose":"assertionMethod",
		"@context":["https://www.w3.org/ns/credentials/v2","https://www.w3.org/ns/credentials/examples/v2"],
		"proofValue":"z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"}}`))
	key, err := signature.ParseMultikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
	if err != nil {
		t.Fatal(err)
	}
	if err := signature.VerifyProof(doc, key, time.Unix(1700000000, 0)); err != nil {
		t.Error(err)
	}
	doc["name"] = "Another Credential"
	if err := signature.VerifyProof(doc, key, time.Unix(1700000000, 0)); signature.Rule(err) != "lds.invalid" {
		t.Errorf("tampered: got %v, want lds.invalid", err)
	}
}

// There is no published example of mldsa44-jcs-2024 with a key to check it by, so the key is made here: it is read from a
// Multikey, kept as PEM and read again, as an instance does.
func TestProofByLatticeKey(t *testing.T) {
	t.Parallel()
	private, err := mldsa.NewPrivateKey(mldsa.MLDSA44(), []byte("thirty-two bytes for a test key!"))
	if err != nil {
		t.Fatal(err)
	}
	key, err := signature.ParseMultikey("u" + base64.RawURLEncoding.EncodeToString(append([]byte{0x90, 0x24}, private.PublicKey().Bytes()...)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := signature.MarshalPublicPEM(key)
	if err != nil {
		t.Fatal(err)
	}
	if key, err = signature.ParsePublicKeyPEM(text); err != nil {
		t.Fatal(err)
	}
	options := `{"cryptosuite":"mldsa44-jcs-2024","proofPurpose":"assertionMethod","type":"DataIntegrityProof"}`
	body := `{"id":"https://a.test/1","type":"Note"}`
	first, second := sha256.Sum256([]byte(options)), sha256.Sum256([]byte(body))
	raw, err := private.SignDeterministic(append(first[:], second[:]...), crypto.Hash(0))
	if err != nil {
		t.Fatal(err)
	}
	doc := decode(t, []byte(body))
	proof := decode(t, []byte(options))
	proof["proofValue"] = "u" + base64.RawURLEncoding.EncodeToString(raw)
	doc["proof"] = proof
	if err := signature.VerifyProof(doc, key, testNow); err != nil {
		t.Error(err)
	}
	doc["type"] = "Article"
	if err := signature.VerifyProof(doc, key, testNow); signature.Rule(err) != "lds.invalid" {
		t.Errorf("tampered: got %v, want lds.invalid", err)
	}
}

func TestMultikeys(t *testing.T) {
	t.Parallel()
	keys, err := fixtures.Keys("fedify-1.10.0")
	if err != nil {
		t.Fatal(err)
	}
	published := keys["http://fedify.test/users/alice#main-key"] // Fedify publishes it in both forms
	pem, err := signature.ParsePublicKeyPEM(published.PublicKeyPem)
	if err != nil {
		t.Fatal(err)
	}
	multikey, err := signature.ParseMultikey(published.PublicKeyMultibase)
	if err != nil {
		t.Fatal(err)
	}
	if !pem.(*rsa.PublicKey).Equal(multikey) {
		t.Error("the multikey and the PEM of one key differ")
	}
	for _, bad := range []string{"", "z", "zO0Il", "m6Mk", "z6Mk", "z" + strings.Repeat("z", 5000)} {
		if _, err := signature.ParseMultikey(bad); err == nil {
			t.Errorf("%.20q: read without an error", bad)
		}
	}
}
