package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/social"
)

// Until program and redirect URI are known to belong together, nobody is sent anywhere.
func TestAuthorize_refusedOnAPage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback, "https://app.test/encoded%2Fpath")
	b := w.as(w.alice)
	for _, tt := range []struct {
		name   string
		change []string
		want   int
	}{
		{"no client", []string{"client_id", ""}, 400},
		{"unknown client", []string{"client_id", "x"}, 401},
		{"client with NUL", []string{"client_id", "\x00"}, 400},
		{"no redirect", []string{"redirect_uri", ""}, 400},
		{"another host", []string{"redirect_uri", "https://evil.test/back?from=alpha"}, 400},
		{"the registered one and more", []string{"redirect_uri", callback + "&x=1"}, 400},
		{"a part of it", []string{"redirect_uri", "https://app.test/back"}, 400},
		{"another case", []string{"redirect_uri", "https://APP.test/back?from=alpha"}, 400},
		{"user before host", []string{"redirect_uri", "https://app.test@evil.test/back?from=alpha"}, 400},
		{"a line end", []string{"redirect_uri", callback + "\r\nSet-Cookie: a=b"}, 400},
		{"a script", []string{"redirect_uri", "javascript:alert(1)"}, 400},
		{"decoded", []string{"redirect_uri", "https://app.test/encoded/path"}, 400},
		{"out of band, not registered", []string{"redirect_uri", social.OutOfBand}, 400},
		{"a path", []string{"redirect_uri", "//evil.test"}, 400},
	} {
		for _, method := range []string{"GET", "POST", "DELETE"} {
			got := b.submit(method, authorize(a.query(tt.change...)), nil)
			if got.status != tt.want || got.header.Get("Location") != "" || !strings.Contains(got.header.Get("Content-Type"), "text/html") {
				t.Errorf("%s, %s: status %d, want %d; Location %q", tt.name, method, got.status, tt.want, got.header.Get("Location"))
			}
		}
	}
	b.get(authorize(a.query("redirect_uri", "https://app.test/encoded%2Fpath"))).is(200)
}

func TestAuthorize_refusedToTheApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write:statuses", callback)
	b := w.as(w.alice)
	challenge := strings.Repeat("A", 43)
	for _, tt := range []struct {
		name   string
		change []string
		want   string
	}{
		{"no response type", []string{"response_type", ""}, "invalid_request"},
		{"implicit", []string{"response_type", "token"}, "unsupported_response_type"},
		{"scope that is none", []string{"scope", "everything"}, "invalid_scope"},
		{"scope beyond the app's", []string{"scope", "read follow"}, "invalid_scope"},
		{"parent of the app's scope", []string{"scope", "write"}, "invalid_scope"},
		{"profile is not read", []string{"scope", "profile"}, "invalid_scope"},
		{"plain challenge", []string{"code_challenge", challenge, "code_challenge_method", "plain"}, "invalid_request"},
		{"challenge without method is plain", []string{"code_challenge", challenge}, "invalid_request"},
		{"short challenge", []string{"code_challenge", "AAAA", "code_challenge_method", "S256"}, "invalid_request"},
		{"challenge of other letters", []string{"code_challenge", strings.Repeat("=", 43), "code_challenge_method", "S256"}, "invalid_request"},
		{"response mode", []string{"response_mode", "web_message"}, "invalid_request"},
		{"state beyond bounds", []string{"state", strings.Repeat("s", 4097)}, "invalid_request"},
	} {
		for _, method := range []string{"GET", "POST"} {
			q := a.query(append([]string{"scope", "read", "state", "s 1"}, tt.change...)...)
			to := b.submit(method, authorize(q), nil).is(302).to()
			got := to.Query()
			if got.Get("error") != tt.want || got.Get("error_description") == "" || got.Get("code") != "" || to.Host != "app.test" {
				t.Errorf("%s, %s: sent to %s, want %s", tt.name, method, to, tt.want)
			}
			if len(q.Get("state")) < 10 && got.Get("state") != "s 1" {
				t.Errorf("%s, %s: state is %q", tt.name, method, got.Get("state"))
			}
		}
		// Who is not signed in is asked to, and not sent away by a link that somebody made up.
		w.browser().get(authorize(a.query(tt.change...))).is(200)
	}
	for _, scope := range []string{"", "read", "read:statuses read:accounts", "write:statuses", "  read   read "} {
		b.get(authorize(a.query("scope", scope))).is(200)
	}
	b.get(authorize(a.query("scope", "read", "code_challenge", challenge, "code_challenge_method", "S256"))).is(200)
	b.get(authorize(a.query("scope", "read", "code_challenge_method", "S256"))).is(200)
}

// Only our own pages may agree, refuse or sign in.
func TestPagesOfOthersMayNotAgree(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback)
	b := w.as(w.alice)
	for _, header := range []map[string]string{
		{}, {"Origin": "https://evil.test"}, {"Sec-Fetch-Site": "cross-site", "Origin": origin}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "null"},
	} {
		for _, to := range []struct{ method, path string }{
			{"POST", authorize(a.query())}, {"DELETE", authorize(a.query())}, {"POST", "/oauth/sign_in?" + a.query().Encode()},
			{"POST", "/settings/sessions/revoke"}, {"DELETE", "/oauth/authorized_applications/1"},
		} {
			w.do(b.http, to.method, to.path, "", header).is(403)
		}
	}
	got := b.get(authorize(a.query())).is(200)
	if csp := got.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") || got.header.Get("Cross-Origin-Opener-Policy") != "" {
		t.Errorf("headers: %v", got.header)
	}
}

func TestToken_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, other := w.register("read write", callback), w.register("read write", callback)
	b := w.as(w.alice)
	verifier := strings.Repeat("v", 43)
	sum := sha256.Sum256([]byte(verifier))
	pkce := []string{"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256"}
	for _, tt := range []struct {
		name   string
		ask    []string
		change []string
		status int
		want   string
	}{
		{"no grant type", nil, []string{"grant_type", ""}, 400, "invalid_request"},
		{"password", nil, []string{"grant_type", "password"}, 400, "unsupported_grant_type"},
		{"refresh", nil, []string{"grant_type", "refresh_token"}, 400, "unsupported_grant_type"},
		{"no client", nil, []string{"client_id", ""}, 401, "invalid_client"},
		{"no secret", nil, []string{"client_secret", ""}, 401, "invalid_client"},
		{"wrong secret", nil, []string{"client_secret", other.secret}, 401, "invalid_client"},
		{"unknown client", nil, []string{"client_id", "x"}, 401, "invalid_client"},
		{"no code", nil, []string{"code", ""}, 400, "invalid_request"},
		{"no redirect", nil, []string{"redirect_uri", ""}, 400, "invalid_request"},
		{"unknown code", nil, []string{"code", "x"}, 400, "invalid_grant"},
		{"another redirect", nil, []string{"redirect_uri", "https://app.test/other"}, 400, "invalid_grant"},
		{"a foreign client's code", nil, []string{"client_id", other.id, "client_secret", other.secret}, 400, "invalid_grant"},
		{"wrong verifier", pkce, []string{"code_verifier", strings.Repeat("w", 43)}, 400, "invalid_grant"},
		{"the challenge as verifier", pkce, []string{"code_verifier", pkce[1]}, 400, "invalid_grant"},
		{"no verifier", pkce, nil, 400, "invalid_request"},
		{"a verifier without a challenge", nil, []string{"code_verifier", verifier}, 400, "invalid_grant"},
		{"NUL", nil, []string{"code", "\x00"}, 400, "invalid_request"},
	} {
		code := b.code(a.query(tt.ask...))
		got := w.post("/oauth/token", a.exchange(code, tt.change...)).is(tt.status)
		if v := got.json(); v["error"] != tt.want || fmt.Sprint(v["error_description"]) == "" {
			t.Errorf("%s: %v, want %s", tt.name, v, tt.want)
		}
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: headers %v", tt.name, got.header)
		}
		if (tt.status == 401) != (got.header.Get("WWW-Authenticate") != "") {
			t.Errorf("%s: WWW-Authenticate is %q", tt.name, got.header.Get("WWW-Authenticate"))
		}
	}
	late := b.code(a.query())
	w.clock.Advance(social.CodeLife)
	w.post("/oauth/token", a.exchange(late)).is(400).says("invalid_grant")
	// A wrong try uses the code up.
	code := b.code(a.query())
	w.post("/oauth/token", a.exchange(code, "redirect_uri", "https://app.test/other")).is(400)
	w.post("/oauth/token", a.exchange(code)).is(400).says("invalid_grant")
	// A stranger who sends a used code ends nobody's token.
	code = b.code(a.query())
	bearer := w.post("/oauth/token", a.exchange(code)).is(200).json()["access_token"].(string)
	w.post("/oauth/token", other.exchange(code)).is(400)
	w.clock.Advance(time.Hour)
	w.api("/api/v1/accounts/verify_credentials", bearer).is(200)
}

// Apps send parameters in every way there is.
func TestToken_everyEncoding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback)
	b := w.as(w.alice)
	x := a.exchange(b.code(a.query()))
	w.post("/oauth/token?"+x.Encode(), nil).is(200)
	client := &http.Client{Transport: w.wire}

	x = a.exchange(b.code(a.query()))
	body := fmt.Sprintf(`{"grant_type":"authorization_code","client_id":%q,"client_secret":%q,"redirect_uri":%q,"code":%q,"scope":"ignored"}`, a.id, a.secret, callback, x.Get("code"))
	w.do(client, "POST", "/oauth/token", body, map[string]string{"Content-Type": "application/json", "Authorization": "Bearer something"}).is(200)

	var form strings.Builder
	for name, values := range a.exchange(b.code(a.query())) {
		fmt.Fprintf(&form, "--b\r\nContent-Disposition: form-data; name=%q\r\n\r\n%s\r\n", name, values[0])
	}
	w.do(client, "POST", "/oauth/token/", form.String()+"--b--\r\n", map[string]string{"Content-Type": "multipart/form-data; boundary=b"}).is(200)

	x = a.exchange(b.code(a.query()), "client_id", "", "client_secret", "")
	w.post("/oauth/token", x, "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(a.id+":"+a.secret))).is(200)
	for _, header := range []string{"Basic", "Basic !!!", "Basic " + base64.StdEncoding.EncodeToString([]byte("x")), "Basic " + base64.StdEncoding.EncodeToString([]byte("\x00\xff:\x00"))} {
		if got := w.post("/oauth/token", a.exchange("x"), "Authorization", header).is(401); !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: %v", header, got.header)
		}
	}
	w.do(client, "POST", "/oauth/token", "{", map[string]string{"Content-Type": "application/json"}).is(400).says("invalid_request")
	got := w.do(client, "OPTIONS", "/oauth/token", "", map[string]string{"Origin": "https://phanpy.test", "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}).is(204)
	if got.header.Get("Access-Control-Allow-Headers") != "content-type" || got.header.Get("Access-Control-Allow-Methods") != "POST" {
		t.Errorf("preflight: %v", got.header)
	}
}

func TestClientCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write:statuses", callback)
	ask := func(scope string) answer {
		return w.post("/oauth/token", change(url.Values{"grant_type": {"client_credentials"}, "client_id": {a.id}, "client_secret": {a.secret}}, "scope", scope))
	}
	got := ask("").is(200).json()
	if got["scope"] != "read" {
		t.Errorf("scope is %v, want read", got["scope"])
	}
	bearer := got["access_token"].(string)
	w.api("/api/v1/apps/verify_credentials", bearer).is(200).says(`"website":"https://app.test/about"`)
	w.api("/api/v1/timelines/public", bearer).is(200)
	w.api("/api/v1/accounts/verify_credentials", bearer).is(422)
	if got := ask("write:statuses read:accounts").is(200).json(); got["scope"] != "write:statuses read:accounts" {
		t.Errorf("scope is %v, in another order than asked", got["scope"])
	}
	ask("write").is(400).says("invalid_scope")
	ask("nonsense").is(400).says("invalid_scope")
}

func TestRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, other := w.register("read write", callback), w.register("read write", callback)
	b := w.as(w.alice)
	bearer, second := b.token(a, "read"), b.token(a, "read")
	revoke := func(by app, token string) answer {
		return w.post("/oauth/revoke", url.Values{"client_id": {by.id}, "client_secret": {by.secret}, "token": {token}})
	}
	revoke(other, bearer).is(403).says("unauthorized_client")
	revoke(app{a.id, other.secret}, bearer).is(403).says("unauthorized_client")
	revoke(app{}, bearer).is(403)
	w.api("/api/v1/accounts/verify_credentials", bearer).is(200)
	for range 2 {
		if got := revoke(a, bearer).is(200); got.body != "{}" {
			t.Errorf("answer %q, want {}", got.body)
		}
	}
	revoke(a, "never was").is(200)
	revoke(a, "").is(200)
	w.api("/api/v1/accounts/verify_credentials", bearer).is(401).says("The access token was revoked")
	w.api("/api/v1/accounts/verify_credentials", second).is(200) // each sign-in has a token of its own
}

func TestApps(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		redirect, scopes string
		want             int
	}{
		{callback, "read", 200},
		{"http://localhost:1234/", "", 200},
		{"mastodon://joinmastodon.org/oauth", "read write follow push profile", 200},
		{"tool:cb " + social.OutOfBand, "admin:read admin:write:reports", 200},
		{"javascript:alert(1)", "read", 422},
		{"JavaScript:alert(1)", "read", 422},
		{"data:text/html,x", "read", 422},
		{"vbscript:x", "read", 422},
		{"/relative", "read", 422},
		{"https://", "read", 422},
		{"https://a.test/#", "read", 422},
		{"https://a.test/#x", "read", 422},
		{"https://a.test/" + strings.Repeat("x", 2000), "read", 422},
		{"", "read", 422},
		{callback + " javascript:x", "read", 422},
		{callback, "read nonsense", 422},
		{callback, "read:push", 422},
	} {
		got := w.post("/api/v1/apps", url.Values{"client_name": {"x"}, "redirect_uris": {tt.redirect}, "scopes": {tt.scopes}})
		if got.status != tt.want {
			t.Errorf("%q with %q: status %d, want %d: %s", tt.redirect, tt.scopes, got.status, tt.want, got.body)
		}
		if tt.want == 200 {
			got.says(`"client_secret_expires_at":0`, `"vapid_key":`, `"website":null`)
		}
	}
}

// Whatever is sent, the answer is ours and never a fault, and nobody is led where the app did not register.
func TestRandomParameters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback, social.OutOfBand, "tool:cb")
	b := w.as(w.alice)
	random := rand.New(rand.NewPCG(1, 2))
	values := []string{"", "x", "code", "read", "read write", "\x00", "\xff\xfe", "%00", "\r\nX-Injected: 1", "<script>", strings.Repeat("é", 900), "https://evil.test/",
		callback, social.OutOfBand, "tool:cb", "S256", "plain", "form_post", "fragment", a.id, a.secret, "authorization_code", "client_credentials", "true", "-1", "9223372036854775808", "🪐", "[]", "{}"}
	names := []string{"client_id", "redirect_uri", "response_type", "response_mode", "scope", "state", "code_challenge", "code_challenge_method", "force_login", "lang", "code", "grant_type",
		"client_secret", "code_verifier", "token", "_method", "account", "username", "password", "person", "session", "scope[]", "a[b][c]"}
	paths := []string{"/oauth/authorize", "/oauth/authorize/native", "/oauth/token", "/oauth/revoke", "/oauth/userinfo", "/oauth/sign_in", "/settings/sessions/revoke", "/settings/applications/1/revoke", "/api/v1/apps"}
	for range 1500 {
		v := url.Values{}
		if random.IntN(3) > 0 {
			v = a.query()
		}
		for range random.IntN(6) {
			v.Set(names[random.IntN(len(names))], values[random.IntN(len(values))])
		}
		method, path := []string{"GET", "POST", "DELETE"}[random.IntN(3)], paths[random.IntN(len(paths))]
		var got answer
		if random.IntN(2) == 0 {
			got = b.submit(method, path+"?"+v.Encode(), nil)
		} else {
			got = b.submit(method, path, v)
		}
		if got.status >= 500 || got.header.Get("X-Injected") != "" {
			t.Fatalf("%s %s %v: status %d\n%v\n%s", method, path, v, got.status, got.header, got.body)
		}
		where := got.header.Get("Location")
		if where != "" && !(strings.HasPrefix(where, "/") && !strings.HasPrefix(where, "//")) && !strings.HasPrefix(where, callback+"&") && !strings.HasPrefix(where, callback+"#") && !strings.HasPrefix(where, "tool:cb?") && !strings.HasPrefix(where, "tool:cb#") {
			t.Fatalf("%s %s %v: sent to %s", method, path, v, where)
		}
		if strings.Contains(got.body, "<script>") {
			t.Fatalf("%s %s %v: markup came back", method, path, v)
		}
	}
	if said := w.log.b.String(); strings.Contains(said, "level=ERROR") {
		t.Errorf("the log tells of faults:\n%s", said)
	}
}
