package oauth

import (
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

// Whatever a program asks for, what is agreed to is within what it registered, and what is written back is what it sent.
func FuzzRequest(f *testing.F) {
	f.Add("response_type=code&scope=read+write&state=x&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&force_login=true", "read write follow")
	f.Add("response_type=token&response_mode=form_post&scope=admin:read", "read")
	f.Add("response_type=code&state=%0d%0a%00%ff&code_challenge=short&code_challenge_method=plain", "write:statuses")
	f.Fuzz(func(t *testing.T, query, registered string) {
		sent, _ := url.ParseQuery(query)
		r := request{words: sent.Get, mode: "query", app: social.App{Scopes: registered}}
		r.check()
		if r.mode != "query" && r.mode != "fragment" && r.mode != "form_post" || len(r.state) > maxState {
			t.Fatalf("mode %q, state of %d bytes", r.mode, len(r.state))
		}
		if r.wrong != nil {
			if r.wrong.status != 400 || r.wrong.code == "" || r.wrong.description == "" {
				t.Fatalf("%+v", r.wrong)
			}
			return
		}
		for _, scope := range strings.Fields(r.scopes) {
			if !social.KnownScope(scope) || !social.Covers(registered, scope) {
				t.Fatalf("scope %q of %q was agreed to", scope, registered)
			}
		}
		if r.scopes == "" || r.challenge != "" && (len(r.challenge) != 43 || sent.Get("code_challenge_method") != "S256") {
			t.Fatalf("scopes %q, challenge %q", r.scopes, r.challenge)
		}
		again, err := url.ParseQuery(r.query())
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if again.Get(name) != sent.Get(name) {
				t.Fatalf("%s: %q came back as %q", name, sent.Get(name), again.Get(name))
			}
		}
	})
}

// Credentials and addresses of any shape are read without a fault, and nothing breaks out of a header.
func FuzzToken(f *testing.F) {
	f.Add("Basic YTpi", "https://app.test/back?x=1")
	f.Add("basic !!!", "tool:cb\r\nX: y")
	f.Fuzz(func(t *testing.T, header, redirect string) {
		if id, secret, ok := basic(header); !ok && (id != "" || secret != "") {
			t.Fatalf("%q gives %q and %q", header, id, secret)
		}
		if strings.ContainsAny(ascii(redirect), "\r\n\x00 ") {
			t.Fatalf("%q becomes %q", redirect, ascii(redirect))
		}
	})
}
