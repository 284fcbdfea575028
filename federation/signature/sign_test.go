package signature_test

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"net/url"
	"strings"
	"testing"

	"orrery/federation/signature"

	"github.com/go-fed/httpsig"
)

func signText(t testing.TB, text string) []byte {
	t.Helper()
	sum := sha256.Sum256([]byte(text))
	raw, err := rsa.SignPKCS1v15(nil, alice(t).Key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestSignatureHeaderHasMastodonsForm(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, method string
		profile      signature.SignProfile
		extra        map[string]string
		covered      string
		target       string
	}{
		{"4.1 GET", "GET", signature.SignAsMastodon41(), map[string]string{"Accept": "application/activity+json"}, "(request-target) host date accept", "get /caf%C3%A9/x%2Fy"},
		{"4.1 POST", "POST", signature.SignAsMastodon41(), map[string]string{"Content-Type": "application/activity+json"}, "(request-target) host date digest content-type", "post /caf%C3%A9/x%2Fy"},
		{"4.1 POST with follower synchronisation", "POST", signature.SignAsMastodon41(),
			map[string]string{"Content-Type": "application/activity+json", "Collection-Synchronization": "collectionId=x"},
			"(request-target) host date digest content-type collection-synchronization", "post /caf%C3%A9/x%2Fy"},
		{"current GET", "GET", signature.SignAsMastodon(), map[string]string{"Accept": "application/activity+json"}, "host date (request-target)", "get /caf%C3%A9/x%2Fy?page=true"},
		{"current POST", "POST", signature.SignAsMastodon(), map[string]string{"Content-Type": "application/activity+json"}, "host date content-type digest (request-target)", "post /caf%C3%A9/x%2Fy?page=true"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, tt.method, "https://masto.test/caf%C3%A9/x%2Fy?page=true")
			for name, value := range tt.extra {
				r.Header.Set(name, value)
			}
			r.Header.Set("User-Agent", "never covered")
			if err := signature.Sign(r, testBody, alice(t), testNow, tt.profile); err != nil {
				t.Fatal(err)
			}
			got := r.Header.Get("Signature")
			head := `keyId="https://academy.test/users/alice#main-key",algorithm="rsa-sha256",headers="` + tt.covered + `",signature="`
			if !strings.HasPrefix(got, head) || strings.Count(got, `"`) != 8 || !strings.HasSuffix(got, `"`) {
				t.Errorf("got  %s\nwant %s…\"", got, head)
			}
			v, err := signature.Check(signature.FromHTTP(r, testBody, "https"), testNow, signature.Mastodon())
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(&alice(t).Key.PublicKey); err != nil {
				t.Errorf("%v\n%s", err, v.Report.SigningString)
			}
			if !strings.Contains(v.Report.SigningString, "(request-target): "+tt.target) {
				t.Errorf("signed target: want %q in\n%s", tt.target, v.Report.SigningString)
			}
		})
	}
}

func TestSignRefusesKeyIdsThatBreakTheHeader(t *testing.T) {
	t.Parallel()
	key := alice(t)
	for _, id := range []string{"", `a"b`, "a\nb"} {
		key.ID = id
		if err := signature.Sign(newRequest(t, "GET", "https://masto.test/"), nil, key, testNow, signature.SignAsMastodon41()); err == nil {
			t.Errorf("keyId %q was signed with", id)
		}
	}
}

// go-fed/httpsig is an independent reading of the draft: what it signs we accept, what we sign it accepts.
func TestAgreesWithGoFed(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"GET", "POST"} {
		for _, target := range []string{"/inbox", "/users/alice?page=true&min_id=0"} {
			t.Run(method+target, func(t *testing.T) {
				t.Parallel()
				key := alice(t)
				r := newRequest(t, method, "https://masto.test"+target)
				r.Header.Set("Date", date(testNow))
				r.Header.Set("Host", "masto.test")
				covered, body := []string{httpsig.RequestTarget, "host", "date"}, []byte(nil)
				if method == "POST" {
					covered, body = append(covered, "digest"), testBody
				}
				signer, _, err := httpsig.NewSigner([]httpsig.Algorithm{httpsig.RSA_SHA256}, httpsig.DigestSha256, covered, httpsig.Signature, 0)
				if err != nil {
					t.Fatal(err)
				}
				if err := signer.SignRequest(key.Key, key.ID, r, body); err != nil {
					t.Fatal(err)
				}
				if err := judge(t, signature.FromHTTP(r, body, "https"), testNow, signature.Mastodon()); err != nil {
					t.Errorf("theirs, judged by us: %v", err)
				}

				ours := newRequest(t, method, "https://masto.test"+target)
				ours.Header.Set("Content-Type", "application/activity+json")
				if err := signature.Sign(ours, body, key, testNow, signature.SignAsMastodon()); err != nil {
					t.Fatal(err)
				}
				ours.Header.Set("Host", ours.URL.Host)
				verifier, err := httpsig.NewVerifier(ours)
				if err != nil {
					t.Fatal(err)
				}
				if verifier.KeyId() != key.ID {
					t.Errorf("keyId: got %q, want %q", verifier.KeyId(), key.ID)
				}
				if err := verifier.Verify(&key.Key.PublicKey, httpsig.RSA_SHA256); err != nil {
					t.Errorf("ours, judged by them: %v", err)
				}
				ours.URL = &url.URL{Path: "/other"}
				verifier, err = httpsig.NewVerifier(ours)
				if err == nil && verifier.Verify(&key.Key.PublicKey, httpsig.RSA_SHA256) == nil {
					t.Error("the oracle accepts another path")
				}
			})
		}
	}
}

func TestRFC9421RoundTrip(t *testing.T) {
	t.Parallel()
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name, method, input string
		private, public     any
	}{
		{"RSA POST", "POST", `sig1=("@method" "@target-uri" "content-digest");created=1795294800;keyid="k"`, alice(t).Key, &alice(t).Key.PublicKey},
		{"RSA GET", "GET", `sig1=("@method" "@target-uri");created=1795294800;keyid="k"`, alice(t).Key, &alice(t).Key.PublicKey},
		{"Ed25519 POST", "POST", `sig1=("@method" "@target-uri" "content-digest");created=1795294800;keyid="k"`, private, public},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := newRequest(t, tt.method, "https://masto.test:8443/inbox?x=1")
			r.Header.Set("Digest", "stale")
			if err := signature.SignRFC9421(r, testBody, "k", tt.private, testNow); err != nil {
				t.Fatal(err)
			}
			if got := r.Header.Get("Signature-Input"); got != tt.input {
				t.Errorf("got  %s\nwant %s", got, tt.input)
			}
			if r.Header.Get("Digest") != "" {
				t.Error("Digest was left in")
			}
			v, err := signature.Check(signature.FromHTTP(r, testBody, "https"), testNow, signature.Mastodon())
			if err != nil {
				t.Fatal(err)
			}
			if err := v.Verify(tt.public); err != nil {
				t.Errorf("%v\n%s", err, v.Report.SigningString)
			}
			if id, err := signature.KeyOf(signature.FromHTTP(r, testBody, "https"), signature.Mastodon()); err != nil || id != "k" {
				t.Errorf("KeyOf: got %q, %v", id, err)
			}
			wrong := signature.FromHTTP(r, testBody, "https")
			wrong.Scheme = "http"
			if v, err = signature.Check(wrong, testNow, signature.Mastodon()); err == nil && v.Verify(tt.public) == nil {
				t.Error("holds for http as well")
			}
		})
	}
}
