package signature_test

import (
	"crypto"
	"errors"
	"strings"
	"testing"

	"orrery/federation/signature"
	"orrery/fixtures"
)

func recorded(t testing.TB) []fixtures.Exchange {
	t.Helper()
	all, err := fixtures.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// requestOf is the recorded request as a verifier saw it: all recordings are plain http.
func requestOf(e fixtures.Exchange) signature.Request {
	r := signature.Request{Method: e.Method, Host: e.Host(), Scheme: "http", Target: e.Target, Body: e.RequestBody}
	for _, f := range e.RequestHeader {
		r.Header = append(r.Header, signature.Field{Name: f.Name, Value: f.Value})
	}
	return r
}

func keyOf(t testing.TB, folder, id string) (crypto.PublicKey, bool) {
	t.Helper()
	keys, err := fixtures.Keys(folder)
	if err != nil {
		t.Fatal(err)
	}
	k, ok := keys[id]
	if !ok {
		return nil, false
	}
	var key crypto.PublicKey
	if k.PublicKeyPem != "" {
		key, err = signature.ParsePublicKeyPEM(k.PublicKeyPem)
	} else {
		key, err = signature.ParseMultikey(k.PublicKeyMultibase)
	}
	if err != nil {
		t.Fatalf("key %s: %v", id, err)
	}
	return key, true
}

// Every recorded request is judged at its own clock, and the verdict is the one the recording promises.
func TestRecordedRequests(t *testing.T) {
	t.Parallel()
	for _, e := range recorded(t) {
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			checkRecorded(t, e)
		})
	}
}

func checkRecorded(t *testing.T, e fixtures.Exchange) {
	p := signature.Mastodon()
	v, err := signature.Check(requestOf(e), e.Time, p)
	if e.Verify == "unsigned" {
		if !errors.Is(err, signature.ErrNotSigned) {
			t.Errorf("got %v, want ErrNotSigned", err)
		}
		return
	}
	if err != nil {
		t.Fatalf("Check: %v", err)
	}
	key, known := keyOf(t, e.Folder, v.KeyID)
	if e.Verify == "unknown-key" {
		if known {
			t.Errorf("key %s is in keys.json", v.KeyID)
		}
		return
	}
	if !known {
		t.Fatalf("key %s is not in keys.json", v.KeyID)
	}
	err = v.Verify(key)
	form := signature.FormAsSent
	switch e.Verify {
	case "ok-target-uri-with-fragment":
		if !errors.Is(err, signature.ErrMismatch) {
			t.Errorf("without the tolerance: got %v, want ErrMismatch", err)
		}
		_, p.TargetFragment, _ = strings.Cut(v.KeyID, "#")
		if v, err = signature.Check(requestOf(e), e.Time, p); err != nil {
			t.Fatalf("Check: %v", err)
		}
		// What is looked up is the recorder's key, whose fragment is the same as the signer's.
		err, form = v.Verify(key), signature.FormWithFragment
	case "ok-without-query":
		form = signature.FormWithoutQuery
	}
	if err != nil {
		t.Fatalf("Verify: %v\n%s", err, v.Report.SigningString)
	}
	if v.Report.Form != form || !v.Report.OK || v.Report.Rule != signature.RuleOK {
		t.Errorf("report: form %q ok %v rule %q, want %q true sig.ok", v.Report.Form, v.Report.OK, v.Report.Rule, form)
	}
	if len(e.RequestBody) > 0 && (v.Report.Digest == nil || !v.Report.Digest.Match) {
		t.Errorf("digest: got %+v, want a match", v.Report.Digest)
	}
	if v.Report.Dialect == signature.DialectCavage && !strings.Contains(e.Target, "?") {
		if err := judgeWith(requestOf(e), e, signature.Mastodon41(), key); err != nil {
			t.Errorf("as Mastodon 4.1: %v", err)
		}
	}
	if m := v.Report.Margin; m == nil || *m < 3500 {
		t.Errorf("margin: got %v, want about an hour", m)
	}
}

func judgeWith(r signature.Request, e fixtures.Exchange, p signature.Profile, key crypto.PublicKey) error {
	v, err := signature.Check(r, e.Time, p)
	if err != nil {
		return err
	}
	return v.Verify(key)
}

// A signature that held must not hold for another method, host, target, date or body, nor under another key.
func TestRecordedRequestsDoNotSurviveTampering(t *testing.T) {
	t.Parallel()
	other, _ := keyOf(t, "snac-2.94", "http://observer.test/users/frank#main-key")
	for _, e := range recorded(t) {
		if e.Verify != "ok" {
			continue
		}
		t.Run(e.Name(), func(t *testing.T) {
			t.Parallel()
			holds := func(change func(*signature.Request)) error {
				r := requestOf(e)
				change(&r)
				v, err := signature.Check(r, e.Time, signature.Mastodon())
				if err != nil {
					return err
				}
				key, _ := keyOf(t, e.Folder, v.KeyID)
				return v.Verify(key)
			}
			for name, change := range map[string]func(*signature.Request){
				"target": func(r *signature.Request) { r.Target += "x" },
				"method": func(r *signature.Request) { r.Method = "PUT" },
				"body":   func(r *signature.Request) { r.Body = append([]byte(nil), append(r.Body, ' ')...) },
				"host": func(r *signature.Request) {
					r.Host = "evil.test"
					for i, f := range r.Header {
						if strings.EqualFold(f.Name, "host") {
							r.Header[i].Value = "evil.test"
						}
					}
				},
			} {
				if name == "body" && e.Method == "GET" {
					continue
				}
				if err := holds(change); err == nil {
					t.Errorf("changed %s: still holds", name)
				}
			}
			v, err := signature.Check(requestOf(e), e.Time, signature.Mastodon())
			if err != nil {
				t.Fatal(err)
			}
			if v.KeyID != "http://observer.test/users/frank#main-key" {
				if err := v.Verify(other); !errors.Is(err, signature.ErrMismatch) {
					t.Errorf("another key: got %v, want ErrMismatch", err)
				}
			}
		})
	}
}
