package fetch

import (
	"errors"
	"strings"
	"testing"
)

func TestReadFinger(t *testing.T) {
	t.Parallel()
	links := `,"links":[{"rel":"self","type":"text/html","href":"https://a.test/page"},{"rel":"self","type":"application/activity+json","href":"https://a.test/u"}]}`
	for _, tt := range []struct{ name, in, want string }{
		{"as it should be", `{"subject":"acct:Anna@A.test"` + links, "Anna a.test https://a.test/u"},
		{"without acct:", `{"subject":"anna@a.test"` + links, "anna a.test https://a.test/u"},
		{"no subject", `{"x":1` + links, ""},
		{"an address as subject", `{"subject":"https://a.test/u"` + links, ""},
		{"a path behind the domain", `{"subject":"acct:anna@a.test/evil"` + links, ""},
		{"another @", `{"subject":"acct:anna@a.test@b.test"` + links, ""},
		{"no actor", `{"subject":"acct:anna@a.test","links":[]}`, ""},
		{"another type", `{"subject":"acct:anna@a.test","links":[{"rel":"self","type":"application/ld+json","href":"https://a.test/u"}]}`, ""},
		{"no JSON", `<html>`, ""},
	} {
		f, err := readFinger([]byte(tt.in))
		got := strings.TrimSpace(f.User + " " + f.Domain + " " + f.Self)
		if got != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, ErrNotDocument) {
			t.Errorf("%s: got %q (%v), want %q", tt.name, got, err, tt.want)
		}
	}
}

func FuzzReadFinger(f *testing.F) {
	f.Add([]byte(`{"subject":"acct:anna@a.test","links":[{"rel":"self","type":"application/activity+json","href":"https://a.test/u"}]}`))
	f.Add([]byte(`{"subject":"acct:@","links":[{"rel":1}]}`))
	f.Add([]byte(`{"subject":"acct:a@b:8080","links":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := readFinger(body)
		if err != nil {
			if !errors.Is(err, ErrNotDocument) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if got.User == "" || got.Domain == "" || strings.ContainsAny(got.Domain, "/@?# ") {
			t.Errorf("got %+v of %s", got, body)
		}
	})
}

func FuzzReadHostMeta(f *testing.F) {
	f.Add([]byte(`<?xml version="1.0"?><XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="https://a.test/.well-known/webfinger?resource={uri}"/></XRD>`))
	f.Add([]byte(`<!DOCTYPE x [<!ENTITY a "b">]><XRD><Link rel="lrdd" template="&a;{uri}"/></XRD>`))
	f.Add([]byte(`<XRD><Link rel="lrdd" template="javascript:{uri}"/>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		template, err := readHostMeta(body)
		if err != nil {
			if !errors.Is(err, ErrNotDocument) {
				t.Fatalf("an error of no kind: %v", err)
			}
			return
		}
		if !strings.HasPrefix(template, "http") || !strings.Contains(template, "{uri}") {
			t.Errorf("got %q of %s", template, body)
		}
	})
}
