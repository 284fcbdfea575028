package signature_test

import (
	"errors"
	"strings"
	"testing"

	"orrery/federation/signature"

	"github.com/google/go-cmp/cmp"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, header string
		want         signature.Params
		err          error
	}{
		{"Mastodon's form", `keyId="https://a.test/u#k",algorithm="rsa-sha256",headers="(request-target) host",signature="AAAA"`,
			signature.Params{KeyID: "https://a.test/u#k", Algorithm: "rsa-sha256", Covered: []string{"(request-target)", "host"}, Signature: []byte{0, 0, 0}}, nil},
		{"the scheme in front", `Signature keyId="k",signature="AAAA"`, signature.Params{KeyID: "k", Signature: []byte{0, 0, 0}}, nil},
		{"blanks around commas and equals signs", ` keyId = "k" , signature="AAAA"`, signature.Params{KeyID: "k", Signature: []byte{0, 0, 0}}, nil},
		{"a comma in the keyId", `keyId="https://a.test/u,v#k",signature="AAAA"`, signature.Params{KeyID: "https://a.test/u,v#k", Signature: []byte{0, 0, 0}}, nil},
		{"an escaped quote", `keyId="a\"b",signature="AAAA"`, signature.Params{KeyID: `a"b`, Signature: []byte{0, 0, 0}}, nil},
		{"numbers without quotes", `keyId="k",created=1402170695,expires=1402170699,signature="AAAA"`,
			signature.Params{KeyID: "k", Created: "1402170695", Expires: "1402170699", Signature: []byte{0, 0, 0}}, nil},
		{"an unknown parameter", `keyId="k",ext="x",signature="AAAA"`, signature.Params{KeyID: "k", Signature: []byte{0, 0, 0}}, nil},
		{"names in capitals", `keyId="k",headers="Date  Host",signature="AAAA"`,
			signature.Params{KeyID: "k", Covered: []string{"date", "host"}, Signature: []byte{0, 0, 0}}, nil},
		{"a duplicate", `keyId="k",keyId="l",signature="AAAA"`, signature.Params{}, signature.ErrDuplicateParam},
		{"no keyId", `signature="AAAA"`, signature.Params{}, signature.ErrIncomplete},
		{"no signature", `keyId="k"`, signature.Params{}, signature.ErrIncomplete},
		{"an open quote", `keyId="k,signature="AAAA"`, signature.Params{}, signature.ErrParse},
		{"an escape at the end", `keyId="k\`, signature.Params{}, signature.ErrParse},
		{"no equals sign", `keyId`, signature.Params{}, signature.ErrParse},
		{"a comma at the end", `keyId="k",signature="AAAA",`, signature.Params{}, signature.ErrParse},
		{"no comma between", `keyId="k" signature="AAAA"`, signature.Params{}, signature.ErrParse},
		{"RFC 9421", `sig1=:AAAA:`, signature.Params{}, signature.ErrParse},
		{"empty", ``, signature.Params{}, signature.ErrParse},
		{"not base64", `keyId="k",signature="!!"`, signature.Params{}, signature.ErrParse},
		{"too long", `keyId="` + strings.Repeat("k", 9000) + `",signature="AAAA"`, signature.Params{}, signature.ErrParse},
		{"too many names", `keyId="k",headers="` + strings.Repeat("date ", 65) + `",signature="AAAA"`, signature.Params{}, signature.ErrParse},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := signature.Parse(tt.header)
			if !errors.Is(err, tt.err) {
				t.Fatalf("got error %v, want %v", err, tt.err)
			}
			if tt.err != nil {
				return
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("Parse (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`keyId="k",algorithm="hs2019",headers="(request-target)",created=1,signature="AAAA"`)
	f.Add(`Signature keyId="a\"b" , signature="AA=="`)
	f.Add(`keyId="k",keyId="k"`)
	f.Fuzz(func(t *testing.T, header string) {
		p, err := signature.Parse(header)
		if err != nil {
			if rule := signature.Rule(err); rule != "sig.parse" && rule != "sig.incomplete" {
				t.Errorf("error %v has rule %q", err, rule)
			}
			return
		}
		if p.KeyID == "" || len(p.Covered) > 64 || len(header) > 8<<10 {
			t.Errorf("accepted %q as %+v", header, p)
		}
	})
}

// FuzzCheck drives both dialects over hostile headers: no panic, and every refusal has a rule.
func FuzzCheck(f *testing.F) {
	f.Add(`keyId="k",signature="AAAA"`, ``, `SHA-256=x`)
	f.Add(`sig1=:AAAA:`, `sig1=("@method" "@target-uri" "content-digest");created=1;keyid="k"`, `sha-256=:AAAA:`)
	f.Fuzz(func(t *testing.T, sig, input, digest string) {
		r := signature.Request{Method: "POST", Host: "a.test", Scheme: "https", Target: "/inbox?x=1", Header: []signature.Field{
			{Name: "Signature", Value: sig}, {Name: "Digest", Value: digest}, {Name: "Content-Digest", Value: digest},
		}}
		if input != "" {
			r.Header = append(r.Header, signature.Field{Name: "Signature-Input", Value: input})
		}
		for _, p := range []signature.Profile{signature.Mastodon41(), signature.Mastodon(), signature.Inspector()} {
			v, err := signature.Check(r, testNow, p)
			if v == nil || (err != nil && signature.Rule(err) == "") {
				t.Errorf("%s: got %v, %v", p.Name, v, err)
			}
		}
	})
}
