package signature_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"orrery/federation/signature"
	"orrery/fixtures"
)

// fuzzed is a delivery with the header lines given.
func fuzzed(body []byte, lines ...string) signature.Request {
	r := signature.Request{Method: http.MethodPost, Host: "alpha.test", Scheme: "https", Target: "/inbox?x=1", Body: body}
	for i := 0; i+1 < len(lines); i += 2 {
		r.Header = append(r.Header, signature.Field{Name: lines[i], Value: lines[i+1]})
	}
	return r
}

// recordedValues are what fixtures have in a header.
func recordedValues(f *testing.F, name string) (values []string) {
	f.Helper()
	all, err := fixtures.All()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(all); i += 10 {
		for _, h := range all[i].RequestHeader {
			if strings.EqualFold(h.Name, name) {
				values = append(values, h.Value)
			}
		}
	}
	return values
}

func fuzzNow() time.Time { return time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC) }

// What is read of a Signature header can be written again and reads the same; judging it never panics and names a rule.
func FuzzCavage(f *testing.F) {
	for _, v := range recordedValues(f, "Signature") {
		f.Add(v, "Thu, 01 Jan 2026 12:00:00 GMT", "SHA-256=x")
	}
	f.Add(`keyId="a",algorithm="hs2019",created=1,expires=2.5,headers="(created) (expires) host",signature="AA=="`, "", "")
	f.Add(`Signature keyId="a\"b",signature=x,headers=""`, "never", "sha-256=,SHA-512=x")
	f.Fuzz(func(t *testing.T, header, date, digest string) {
		p, err := signature.Parse(header)
		if err == nil && (p.KeyID == "" || len(p.Signature) == 0 && !strings.Contains(header, "=")) {
			t.Errorf("%q was read and names no key: %+v", header, p)
		}
		r := fuzzed([]byte("{}"), "Signature", header, "Date", date, "Digest", digest)
		for _, profile := range []signature.Profile{signature.Mastodon41(), signature.Mastodon(), signature.Inspector()} {
			v, err := signature.Check(r, fuzzNow(), profile)
			if v == nil {
				t.Fatal("no verification")
			}
			if err != nil && (signature.Rule(err) == "" || signature.Status(err) < 400) {
				t.Errorf("%s: %v has no rule or is no refusal", profile.Name, err)
			}
			if len(v.Report.SigningString) > 1<<20 {
				t.Errorf("a signing string of %d bytes", len(v.Report.SigningString))
			}
		}
	})
}

// Judging what RFC 9421 allows to be sent never panics, and whatever is refused is refused by a rule.
func FuzzRFC9421(f *testing.F) {
	for _, v := range recordedValues(f, "Signature-Input") {
		f.Add(v, "sig1=:AAAA:", "sha-256=:AAAA:")
	}
	f.Add(`sig1=("@method" "@target-uri" "content-digest");created=1767268800;keyid="k"`, `sig1=:AAAA:`, `sha-256=:AAAA:`)
	f.Add(`sig1=("@query-param";name="x");created=-1;expires=9999999999999;keyid="";alg="x"`, `sig1=1, sig2=?0`, `sha-256`)
	f.Fuzz(func(t *testing.T, input, value, digest string) {
		r := fuzzed([]byte("{}"), "Signature-Input", input, "Signature", value, "Content-Digest", digest)
		for _, profile := range []signature.Profile{signature.Mastodon(), signature.Inspector()} {
			v, err := signature.Check(r, fuzzNow(), profile)
			if err == nil && profile.Strict && (v.KeyID == "" || v.Report.Digest == nil || !v.Report.Digest.Match) {
				t.Errorf("%q passed without a key or a digest that fits", input)
			}
			if err != nil && signature.Rule(err) == "" {
				t.Errorf("%v has no rule", err)
			}
		}
	})
}

// A document that passes the guard is compacted or refused within its budget, and what was compacted passes again.
func FuzzGuard(f *testing.F) {
	all, err := fixtures.All()
	if err != nil {
		f.Fatal(err)
	}
	for i := 0; i < len(all); i += 40 {
		f.Add(all[i].RequestBody)
	}
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/activitystreams",{"x":{"@id":"as:x","@container":"@graph"},"i":"@id"}],"i":"_:a","x":[{"x":{}},{"x":{}}],"@graph":[{}]}`))
	f.Add([]byte(`{"@context":{"@vocab":"x:","@import":"y"},"@included":[{"@reverse":{"a":{}}}],"n":1e999}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 64<<10 {
			return
		}
		doc, err := signature.DecodeDocument(body)
		if err != nil {
			return
		}
		for _, profile := range []signature.DocumentProfile{signature.Documents41(), signature.DocumentsCurrent()} {
			compacted, err := signature.Compact(doc, profile)
			if err != nil {
				if signature.Rule(err) == "" {
					t.Errorf("%s: %v has no rule", profile.Name, err)
				}
				continue
			}
			signature.Forwardable(doc, compacted)
			if _, err := signature.Encode(compacted); err != nil {
				t.Errorf("%s: what was compacted cannot be written: %v", profile.Name, err)
			}
		}
	})
}
