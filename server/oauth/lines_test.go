package oauth_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

// What behaviours.md §9 says of OAuth, and the issue besides, line by line. Each row names its line; the tests beside this one
// go into corners.
func TestLines(t *testing.T) {
	t.Parallel()
	dsn := prepared.SQLite(t)
	w := newWorldOn(t, dsn)
	broad := w.register("read write follow push profile", callback, social.OutOfBand)
	b := w.as(w.alice)
	say := func(method, path, body string, header ...string) answer {
		t.Helper()
		h := map[string]string{}
		for i := 0; i+1 < len(header); i += 2 {
			h[header[i]] = header[i+1]
		}
		return w.do(&http.Client{Transport: w.wire}, method, path, body, h)
	}
	apps := func(pairs ...string) answer {
		t.Helper()
		return w.post("/api/v1/apps", change(url.Values{"client_name": {"x"}, "redirect_uris": {callback}, "scopes": {"read"}}, pairs...))
	}
	pkce := func(verifier, method string) []string {
		sum := sha256.Sum256([]byte(verifier))
		return []string{"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", method}
	}
	wrongly := func(a answer, code string) {
		t.Helper()
		if to := a.is(302).to(); to.Query().Get("error") != code || to.Query().Get("error_description") == "" {
			t.Errorf("sent to %s, want error=%s", to, code)
		}
	}
	var given []string // every secret that was told to somebody
	tell := func(secret string) string {
		given = append(given, secret)
		return secret
	}

	for _, tt := range []struct {
		line string
		see  func(*testing.T)
	}{
		{"apps: redirect_uris is a string with white space between, or an array", func(t *testing.T) {
			apps("redirect_uris", callback+" tool:cb\n"+social.OutOfBand).is(200).says(`"redirect_uris":["https://app.test/back?from=alpha","tool:cb","urn:ietf:wg:oauth:2.0:oob"]`)
			say("POST", "/api/v1/apps", `{"client_name":"x","redirect_uris":["https://a.test/1","https://a.test/2"],"scopes":"read"}`, "Content-Type", "application/json").is(200).
				says(`"redirect_uris":["https://a.test/1","https://a.test/2"]`)
		}},
		{"apps: a name has at most 60 characters, a redirect 2000", func(t *testing.T) {
			apps("client_name", strings.Repeat("é", 60)).is(200)
			apps("client_name", strings.Repeat("é", 61)).is(422)
			apps("client_name", "").is(422)
			apps("redirect_uris", "https://a.test/"+strings.Repeat("x", 1985)).is(200)
			apps("redirect_uris", "https://a.test/"+strings.Repeat("x", 1986)).is(422)
		}},
		{"apps: data, vbscript and javascript are refused, http and schemes of one's own are not", func(t *testing.T) {
			for _, bad := range []string{"data:text/html,x", "vbscript:x", "javascript:x", "JavaScript:x"} {
				apps("redirect_uris", bad).is(422)
			}
			for _, good := range []string{"http://localhost:1/", "mastodon://joinmastodon.org/oauth"} {
				apps("redirect_uris", good).is(200)
			}
		}},
		{"apps: an unknown scope is 422 with Mastodon's words", func(t *testing.T) {
			apps("scopes", "read everything").is(422).says("Validation failed: Scopes doesn't match configured on the server.")
		}},
		{"apps: the answer keeps redirect_uri, redirect_uris, scopes, vapid_key and client_secret_expires_at 0; no website is null", func(t *testing.T) {
			got := apps("scopes", "write read").is(200).says(`"client_secret_expires_at":0`).json()
			for _, name := range []string{"client_id", "client_secret", "redirect_uri", "redirect_uris", "scopes", "vapid_key"} {
				if got[name] == nil {
					t.Errorf("there is no %s: %v", name, got)
				}
			}
			if website, there := got["website"]; website != nil || !there {
				t.Errorf("website is %v", website)
			}
		}},
		{"authorize: what is asked for is within the app's scopes, a broad one covers its children, and read is the default", func(t *testing.T) {
			narrow := w.register("write read:statuses", callback)
			b.get(authorize(narrow.query("scope", "write:media read:statuses"))).is(200)
			wrongly(b.get(authorize(narrow.query("scope", "read"))), "invalid_scope")
			wrongly(b.get(authorize(narrow.query("scope", ""))), "invalid_scope")
			if got := w.post("/oauth/token", broad.exchange(b.code(broad.query("scope", "")))).is(200).json(); got["scope"] != "read" {
				t.Errorf("asked for nothing, got %v", got["scope"])
			}
		}},
		{"authorize: a redirect matches exactly; the browser is sent nowhere before program and redirect are known", func(t *testing.T) {
			for _, change := range [][]string{{"redirect_uri", callback + "x"}, {"redirect_uri", "https://app.test/"}, {"client_id", "nobody"}} {
				if got := b.get(authorize(broad.query(change...))); got.header.Get("Location") != "" || !strings.Contains(got.header.Get("Content-Type"), "text/html") {
					t.Errorf("%v is sent to %q", change, got.header.Get("Location"))
				}
			}
			wrongly(b.get(authorize(broad.query("response_type", "token"))), "unsupported_response_type")
		}},
		{"authorize: out of band, the code stands on /oauth/authorize/native", func(t *testing.T) {
			to := b.submit("POST", authorize(broad.query("redirect_uri", social.OutOfBand)), nil).is(302).to()
			if to.Path != "/oauth/authorize/native" || to.Query().Get("code") == "" {
				t.Errorf("sent to %s", to)
			}
			b.get(to.RequestURI()).is(200).says(to.Query().Get("code"))
		}},
		{"authorize: state comes back as it was, with a code and with an error", func(t *testing.T) {
			const state = "a b+c&d=é \"'<>"
			for _, to := range []*url.URL{
				b.submit("POST", authorize(broad.query("state", state)), nil).is(302).to(),
				b.submit("DELETE", authorize(broad.query("state", state)), nil).is(302).to(),
			} {
				if got := to.Query().Get("state"); got != state {
					t.Errorf("state came back as %q in %s", got, to)
				}
			}
		}},
		{"authorize: who agreed to the same before is sent on at once, unless force_login", func(t *testing.T) {
			q := broad.query("scope", "read:lists")
			b.get(authorize(q)).is(200).says("Allow")
			w.post("/oauth/token", broad.exchange(b.code(q))).is(200)
			b.get(authorize(q)).is(302)
			b.get(authorize(change(q, "force_login", "true"))).is(200).says("Allow")
		}},
		{"authorize: lang is taken and changes nothing, as our pages have one language (decision 9)", func(t *testing.T) {
			for _, lang := range []string{"de", "xx", "../etc"} {
				b.get(authorize(broad.query("lang", lang, "force_login", "1"))).is(200).says(`<html lang="en">`, "Allow")
			}
		}},
		{"PKCE: S256 alone; plain is invalid_request", func(t *testing.T) {
			wrongly(b.get(authorize(broad.query(pkce("v", "plain")...))), "invalid_request")
			wrongly(b.get(authorize(broad.query("code_challenge", strings.Repeat("A", 43)))), "invalid_request")
		}},
		{"PKCE: it can be left out; a wrong verifier is 400 invalid_grant", func(t *testing.T) {
			verifier := strings.Repeat("v", 43)
			w.post("/oauth/token", broad.exchange(b.code(broad.query()))).is(200)
			w.post("/oauth/token", broad.exchange(b.code(broad.query(pkce(verifier, "S256")...)), "code_verifier", verifier)).is(200)
			w.post("/oauth/token", broad.exchange(b.code(broad.query(pkce(verifier, "S256")...)), "code_verifier", strings.Repeat("w", 43))).is(400).says("invalid_grant")
		}},
		{"a code works once, and for ten minutes", func(t *testing.T) {
			once := broad.exchange(tell(b.code(broad.query())))
			w.post("/oauth/token", once).is(200)
			w.post("/oauth/token", once).is(400).says("invalid_grant")
			late := b.code(broad.query())
			w.clock.Advance(social.CodeLife)
			w.post("/oauth/token", broad.exchange(late)).is(400).says("invalid_grant")
			if social.CodeLife.Minutes() != 10 {
				t.Errorf("a code lives %s", social.CodeLife)
			}
		}},
		{"token: the client proves itself in the body or by HTTP Basic; otherwise 401 invalid_client", func(t *testing.T) {
			basic := "Basic " + base64.StdEncoding.EncodeToString([]byte(broad.id+":"+broad.secret))
			w.post("/oauth/token", broad.exchange(b.code(broad.query()))).is(200)
			w.post("/oauth/token", broad.exchange(b.code(broad.query()), "client_id", "", "client_secret", ""), "Authorization", basic).is(200)
			w.post("/oauth/token", broad.exchange("x", "client_secret", "wrong")).is(401).says("invalid_client")
		}},
		{"token: 400 invalid_grant, invalid_scope, unsupported_grant_type", func(t *testing.T) {
			w.post("/oauth/token", broad.exchange("x")).is(400).says("invalid_grant")
			w.post("/oauth/token", broad.exchange("x", "grant_type", "client_credentials", "scope", "admin:read")).is(400).says("invalid_scope")
			w.post("/oauth/token", broad.exchange("x", "grant_type", "password")).is(400).says("unsupported_grant_type")
		}},
		{"token: nothing of refreshing and expiry, scopes in the order that was asked for, kept by no cache", func(t *testing.T) {
			got := w.post("/oauth/token", broad.exchange(b.code(broad.query("scope", "write read:accounts profile")))).is(200)
			v := got.json()
			if v["refresh_token"] != nil || v["expires_in"] != nil || v["scope"] != "write read:accounts profile" || v["token_type"] != "Bearer" {
				t.Errorf("the answer is %v", v)
			}
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("Cache-Control is %q", got.header.Get("Cache-Control"))
			}
		}},
		{"token: the same again is another token, as only hashes are kept; both are good (decision 9)", func(t *testing.T) {
			one, two := b.token(broad, "read write"), b.token(broad, "read write")
			if one == two {
				t.Error("one token was told twice, so it is kept")
			}
			for _, bearer := range []string{one, two} {
				w.api("/api/v1/accounts/verify_credentials", tell(bearer)).is(200)
			}
		}},
		{"client_credentials: read by default, for the app, joining and what is public", func(t *testing.T) {
			got := w.post("/oauth/token", broad.exchange("", "grant_type", "client_credentials")).is(200).json()
			bearer := tell(got["access_token"].(string))
			if got["scope"] != "read" {
				t.Errorf("scope is %v", got["scope"])
			}
			w.api("/api/v1/apps/verify_credentials", bearer).is(200)
			w.api("/api/v1/timelines/public", bearer).is(200)
			w.api("/api/v1/timelines/home", bearer).is(422)
		}},
		{"scopes: a parent covers its children, a child is enough for its endpoint and for no other", func(t *testing.T) {
			for _, can := range []struct {
				scope string
				may   []string
				not   []string
			}{
				{"read", []string{"/api/v1/timelines/home", "/api/v1/blocks", "/api/v1/notifications"}, []string{"POST /api/v1/statuses", "/oauth/userinfo"}},
				{"read:statuses", []string{"/api/v1/timelines/home"}, []string{"/api/v1/blocks", "/api/v1/notifications"}},
				{"write", []string{"POST /api/v1/statuses", "POST /api/v1/lists"}, []string{"/api/v1/timelines/home"}},
				{"write:statuses", []string{"POST /api/v1/statuses"}, []string{"POST /api/v1/lists"}},
				{"follow", []string{"/api/v1/blocks", "/api/v1/mutes", "/api/v1/domain_blocks", "/api/v1/follow_requests"}, []string{"/api/v1/timelines/home", "POST /api/v1/statuses"}},
				{"push", []string{"/api/v1/push/subscription"}, []string{"/api/v1/timelines/home"}},
				{"profile", []string{"/api/v1/accounts/verify_credentials", "/oauth/userinfo"}, []string{"/api/v1/timelines/home", "/api/v1/blocks"}},
			} {
				bearer := b.token(broad, can.scope)
				ask := func(target string) int {
					method, path, ok := strings.Cut(target, " ")
					if !ok {
						method, path = "GET", target
					}
					return say(method, path, "status=hello&title=x", "Authorization", "Bearer "+bearer, "Content-Type", "application/x-www-form-urlencoded").status
				}
				for _, target := range can.may {
					if got := ask(target); got == 403 || got == 401 {
						t.Errorf("%s may not %s: %d", can.scope, target, got)
					}
				}
				for _, target := range can.not {
					if got := ask(target); got != 403 {
						t.Errorf("%s may %s: %d, want 403", can.scope, target, got)
					}
				}
			}
		}},
		{"scopes: admin:read and admin:write are trees of their own, and no app reaches further than its person", func(t *testing.T) {
			admin := w.register("read admin:read admin:write:accounts", callback)
			bearer := b.token(admin, "admin:read:accounts admin:write:accounts")
			w.api("/api/v1/admin/accounts", bearer).is(403) // alice is nobody special
			if err := w.in.Services.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.alice.ID, social.RoleAdmin); err != nil {
				t.Fatal(err)
			}
			w.api("/api/v1/admin/accounts", bearer).is(200)
			w.api("/api/v1/admin/reports", bearer).is(403)
			wrongly(b.get(authorize(admin.query("scope", "admin:write"))), "invalid_scope")
		}},
		{"revoke: 200 {} for one's own tokens and for unknown ones; another client is 403 unauthorized_client", func(t *testing.T) {
			bearer, other := b.token(broad, "read"), w.register("read", callback)
			revoke := func(by app, token string) answer {
				return w.post("/oauth/revoke", url.Values{"client_id": {by.id}, "client_secret": {by.secret}, "token": {token}})
			}
			revoke(other, bearer).is(403).says("unauthorized_client")
			for _, token := range []string{bearer, bearer, "unknown"} {
				if got := revoke(broad, token).is(200); got.body != "{}" {
					t.Errorf("answered %q", got.body)
				}
			}
			w.api("/api/v1/timelines/home", bearer).is(401).says("The access token was revoked")
		}},
		{"revoke: takes the push subscription along (and ends streams: server/stream)", func(t *testing.T) {
			bearer := b.token(broad, "push read")
			form := url.Values{"subscription[endpoint]": {"https://push.test/1"}, "subscription[keys][auth]": {base64.RawURLEncoding.EncodeToString(make([]byte, 16))},
				"subscription[keys][p256dh]": {"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"}}
			say("POST", "/api/v1/push/subscription", form.Encode(), "Authorization", "Bearer "+bearer, "Content-Type", "application/x-www-form-urlencoded").is(200)
			kept := func() error {
				_, err := w.in.Services.Store.PushSubscriptionOf(t.Context(), social.Hash(bearer))
				return err
			}
			if err := kept(); err != nil {
				t.Fatalf("before: %v", err)
			}
			w.post("/oauth/revoke", url.Values{"client_id": {broad.id}, "client_secret": {broad.secret}, "token": {bearer}}).is(200)
			if kept() == nil {
				t.Error("its subscription is still there")
			}
		}},
		{"userinfo: by GET and POST, for profile and not for read", func(t *testing.T) {
			bearer := b.token(broad, "profile")
			w.api("/oauth/userinfo", bearer).is(200).says(`"preferred_username":"alice"`)
			w.post("/oauth/userinfo", nil, "Authorization", "Bearer "+bearer).is(200)
			w.api("/oauth/userinfo", b.token(broad, "read")).is(403)
		}},
		{"metadata: the issuer ends in a slash, PKCE is S256, and what is named is there", func(t *testing.T) {
			v := say("GET", "/.well-known/oauth-authorization-server", "").is(200).says(`"code_challenge_methods_supported":["S256"]`).json()
			if v["issuer"] != origin+"/" {
				t.Errorf("the issuer is %v", v["issuer"])
			}
			for _, name := range []string{"authorization_endpoint", "token_endpoint", "revocation_endpoint", "userinfo_endpoint", "app_registration_endpoint"} {
				path := strings.TrimPrefix(v[name].(string), origin)
				if got := say("POST", path, ""); got.status == 404 || got.status == 405 || path == v[name] {
					t.Errorf("%s is %v: %d", name, v[name], got.status)
				}
			}
		}},
		{"sessions are listed and can be taken back", func(t *testing.T) {
			other := w.as(w.alice)
			sessions, err := w.in.Services.Grants.Sessions(t.Context(), w.alice.ID)
			if err != nil || len(sessions) != 2 {
				t.Fatalf("there are %d sessions, want 2 (%v)", len(sessions), err)
			}
			for _, s := range sessions {
				b.get("/settings/applications").is(200).says(s.Hash)
			}
			newest := sessions[0]
			if newest.CreatedAt.Before(sessions[1].CreatedAt) {
				newest = sessions[1]
			}
			b.submit("POST", "/settings/sessions/revoke", url.Values{"session": {newest.Hash}}).is(303)
			other.get("/settings/applications").is(303)
			b.get("/settings/applications").is(200)
		}},
		{"tokens, codes, secrets of apps and sessions are kept as hashes", func(t *testing.T) {
			tell(broad.secret)
			at, _ := url.Parse(origin)
			for _, c := range b.http.Jar.Cookies(at) {
				tell(c.Value)
			}
			path := strings.TrimPrefix(dsn, "sqlite:")
			files, err := filepath.Glob(path + "*") // with its write-ahead log
			if err != nil || len(files) == 0 || len(given) < 6 {
				t.Fatalf("files %v, %d secrets, %v", files, len(given), err)
			}
			public := false // ids of apps are no secret, and show that this looks at the right place
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				public = public || bytes.Contains(content, []byte(broad.id))
				for _, secret := range given {
					if bytes.Contains(content, []byte(secret)) {
						t.Errorf("%s contains a secret", filepath.Base(file))
					}
				}
			}
			if !public {
				t.Errorf("%v do not even contain the id of the app", files)
			}
		}},
	} {
		t.Run(tt.line, tt.see)
	}
}
