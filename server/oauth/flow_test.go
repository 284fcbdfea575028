package oauth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"orrery/internal/golden"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

// A stranger's browser signs in, agrees, and the program gets a token that works: with PKCE, on both engines.
func TestFlow(t *testing.T) {
	t.Parallel()
	prepared.Each(t, func(t *testing.T, dsn string) {
		w := newWorldOn(t, dsn)
		a := w.register("read write follow push", callback)
		verifier := strings.Repeat("v~", 30)
		sum := sha256.Sum256([]byte(verifier))
		q := a.query("state", "a b+c&d=é\n", "code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256", "lang", "en")
		b := w.browser()

		page := b.get("/oauth/authorize/?"+q.Encode()).is(200).says("Sign in to alpha", "Test &lt;App&gt;", `type="password"`)
		if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https:;") {
			t.Errorf("policy of the sign-in page: %s", csp)
		}
		back := b.submit("POST", "/oauth/sign_in?"+q.Encode(), url.Values{"username": {"Alice"}, "password": {password}}).is(303).to()
		page = b.get(back.RequestURI()).is(200).says("Allow <bdi>Test &lt;App&gt;</bdi>?", "@alice@alpha.test", "See everything that you can see", "sent to app.test", "https://app.test/about")
		if strings.Contains(page.body, "notifications while") {
			t.Error("the page lists a scope that was not asked for")
		}
		to := b.submit("POST", page.action("/oauth/authorize"), url.Values{"account": {w.alice.ID.String()}}).is(302).to()
		if got := to.Scheme + "://" + to.Host + to.Path; got != "https://app.test/back" || to.Query().Get("from") != "alpha" {
			t.Errorf("sent to %s", to)
		}
		if got := to.Query().Get("state"); got != "a b+c&d=é\n" || strings.Contains(to.RawQuery, "+") {
			t.Errorf("state came back as %q in %s", got, to.RawQuery)
		}
		x := a.exchange(to.Query().Get("code"), "code_verifier", verifier)
		got := w.post("/oauth/token", x).is(200)
		token := got.json()
		if token["token_type"] != "Bearer" || token["scope"] != "read write" || token["created_at"] == float64(0) || len(token) != 4 {
			t.Errorf("token: %v", token)
		}
		if got.header.Get("Cache-Control") != "no-store" || got.header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("headers: %v", got.header)
		}
		bearer := token["access_token"].(string)
		w.api("/api/v1/accounts/verify_credentials", bearer).is(200).says(`"username":"alice"`)
		w.api("/api/v1/apps/verify_credentials", bearer).is(200).says(`"name":"Test \u003cApp\u003e"`)

		// The same request is not asked again, unless that is wished or the scopes differ.
		b.get(authorize(q)).is(302)
		b.get(authorize(change(a.query(), "scope", "write read"))).is(302)
		for _, force := range []string{"true", "1"} {
			b.get(authorize(change(a.query(), "force_login", force))).is(200).says("Allow")
		}
		b.get(authorize(change(a.query(), "force_login", "False"))).is(302)
		b.get(authorize(a.query("scope", "read"))).is(200).says("Allow")

		// A code that comes back a second time was stolen: it brings nothing, and what it brought ends.
		w.post("/oauth/token", x).is(400).says("invalid_grant")
		w.api("/api/v1/accounts/verify_credentials", bearer).is(401).says("The access token was revoked")
		w.api("/api/v1/timelines/public", bearer).is(401)
		w.api("/api/v1/timelines/public", "unknown").is(200)
	})
}

// action is where the page's form leads that goes to path.
func (a answer) action(path string) string {
	a.t.Helper()
	_, rest, ok := strings.Cut(a.body, `action="`+path+"?")
	query, _, ok2 := strings.Cut(rest, `"`)
	if !ok || !ok2 {
		a.t.Fatalf("no form leads to %s:\n%s", path, a.body)
	}
	return path + "?" + strings.ReplaceAll(query, "&amp;", "&")
}

func TestSayingNo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback, social.OutOfBand)
	b := w.as(w.alice)
	for _, send := range []func() answer{
		func() answer { return b.submit("DELETE", authorize(a.query("state", "s")), nil) },
		func() answer {
			return b.submit("POST", authorize(a.query("state", "s")), url.Values{"_method": {"delete"}})
		},
	} {
		to := send().is(302).to()
		if q := to.Query(); q.Get("error") != "access_denied" || q.Get("error_description") == "" || q.Get("state") != "s" || q.Get("code") != "" || to.Host != "app.test" {
			t.Errorf("sent to %s", to)
		}
	}
	b.submit("DELETE", authorize(a.query("redirect_uri", social.OutOfBand)), nil).is(403).says("was not allowed")
	w.browser().submit("DELETE", authorize(a.query()), nil).is(401)
}

func TestOutOfBand(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read", social.OutOfBand)
	b := w.as(w.alice)
	q := a.query("redirect_uri", social.OutOfBand, "scope", "")
	b.get(authorize(q)).is(200).says("a code to copy")
	to := b.submit("POST", authorize(q), nil).is(302).to()
	if to.Path != "/oauth/authorize/native" || to.Host != "" {
		t.Fatalf("sent to %s", to)
	}
	code := to.Query().Get("code")
	b.get(to.RequestURI()).is(200).says(`value="` + code + `"`)
	w.as(w.bob).get(to.RequestURI()).is(404)
	w.browser().get(to.RequestURI()).is(303)
	b.get("/oauth/authorize/native?code=somebody-elses").is(404)
	w.post("/oauth/token", a.exchange(code, "redirect_uri", social.OutOfBand)).is(200).says(`"scope":"read"`)
	b.get(to.RequestURI()).is(404)
	b.get(authorize(change(q, "response_type", "token"))).is(400).says("response_type")
}

func TestResponseModes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback, "tool://")
	b := w.as(w.alice)
	to := b.submit("POST", authorize(a.query("response_mode", "fragment", "state", "s")), nil).is(302).to()
	if v, _ := url.ParseQuery(to.Fragment); v.Get("code") == "" || v.Get("state") != "s" || to.Query().Has("code") {
		t.Errorf("sent to %s", to)
	}
	page := b.submit("POST", authorize(a.query("response_mode", "form_post", "state", `"><script>`)), nil).is(200)
	page.says(`action="`+callback+`"`, `name="code"`, `name="state" value="&#34;&gt;&lt;script&gt;"`)
	got := b.submit("POST", authorize(a.query("redirect_uri", "tool://")), nil).is(302)
	if where := got.header.Get("Location"); !strings.HasPrefix(where, "tool://?code=") {
		t.Errorf("sent to %s", where)
	}
}

// What a person agreed to on the page is for who they were then.
func TestAnotherTabSignedSomebodyElseIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback)
	w.as(w.bob).submit("POST", authorize(a.query()), url.Values{"account": {w.alice.ID.String()}}).is(409).says("signed in as @bob now")
	w.as(w.bob).submit("POST", authorize(a.query()), url.Values{"account": {w.bob.ID.String()}}).is(302)
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write", callback)
	b := w.browser()
	path := "/oauth/sign_in?" + a.query().Encode()
	for range social.AttemptsPerAccount {
		b.submit("POST", path, url.Values{"username": {"alice"}, "password": {"wrong"}}).is(401).says("do not belong together", `value="alice"`)
	}
	b.submit("POST", path, url.Values{"username": {"alice"}, "password": {password}}).is(429).says("Wait five minutes")
	b.submit("POST", path, url.Values{"person": {"alice@alpha"}}).is(401)
	b.submit("POST", path, nil).is(401)
	b.submit("POST", "/oauth/sign_in", url.Values{"username": {"bob"}, "password": {password}}).is(400)
	if b.get(authorize(a.query())).is(200).says("Sign in to"); t.Failed() {
		return
	}
	w.clock.Advance(social.AttemptSpan + time.Second)
	b.submit("POST", path, url.Values{"username": {"alice"}, "password": {password}}).is(303)
	b.get(authorize(a.query())).is(200).says("Allow")
}

func TestSignIn_lab(t *testing.T) {
	t.Parallel()
	w := newWorld(t, inLab)
	a := w.register("read write", callback)
	b := w.browser()
	page := b.get(authorize(a.query())).is(200).says("Sign in as alice")
	if strings.Contains(page.body, "berta") {
		t.Error("people of another server are offered")
	}
	b.submit("POST", page.action("/oauth/sign_in"), url.Values{"person": {"berta@beta"}}).is(401)
	to := b.submit("POST", page.action("/oauth/sign_in"), url.Values{"person": {"alice@alpha"}}).is(303).to()
	b.get(to.RequestURI()).is(200).says("Allow as @alice")
}

func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a, other := w.register("read write", callback), w.register("read write", callback)
	b, bob := w.as(w.alice), w.as(w.bob)
	mine, others, bobs := b.token(a, "read"), b.token(other, "read"), bob.token(a, "read")
	w.clock.Advance(time.Second) // what is newer stands first, and of two as old either may
	mine2, second := b.token(a, "write read"), w.as(w.alice)
	page := b.get("/settings/applications").is(200).says("signed in twice", "<code>write read</code>", "this browser")
	if n := strings.Count(page.body, "/revoke\""); n != 2+2 {
		t.Errorf("%d ways to revoke, want 2 apps and 2 sessions", n)
	}
	w.browser().get("/settings/applications").is(303)

	stored, err := w.in.Services.Store.AppByClientID(t.Context(), a.id)
	if err != nil {
		t.Fatal(err)
	}
	w.post("/settings/applications/"+stored.ID.String()+"/revoke", nil).is(403)
	b.submit("POST", "/settings/applications/"+stored.ID.String()+"/revoke", nil).is(303)
	b.submit("POST", "/settings/applications/999/revoke", nil).is(303)
	b.submit("POST", "/settings/applications/x/revoke", nil).is(404)
	for bearer, want := range map[string]int{mine: 401, mine2: 401, others: 200, bobs: 200} {
		w.api("/api/v1/accounts/verify_credentials", bearer).is(want)
	}

	sessions, err := w.in.Services.Grants.Sessions(t.Context(), w.alice.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions {
		bob.submit("POST", "/settings/sessions/revoke", url.Values{"session": {s.Hash}}).is(404)
		b.submit("POST", "/settings/sessions/revoke", url.Values{"session": {s.Hash}})
	}
	second.get("/settings/applications").is(303)
	b.get("/settings/applications").is(303)
	bob.get("/oauth/authorized_applications").is(200)
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.do(&http.Client{Transport: w.wire}, "GET", "/.well-known/oauth-authorization-server", "", nil).is(200)
	if a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Error("other origins may not read it")
	}
	golden.JSON(t, "metadata", []byte(a.body))
}

func TestUserinfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.register("read write profile", callback)
	b := w.as(w.alice)
	profile := b.token(a, "profile")
	golden.JSON(t, "userinfo", []byte(w.api("/oauth/userinfo", profile).is(200).body))
	w.post("/oauth/userinfo", nil, "Authorization", "Bearer "+profile).is(200)
	w.post("/oauth/userinfo", url.Values{"access_token": {profile}}).is(200)
	w.api("/api/v1/accounts/verify_credentials", profile).is(200)
	w.api("/api/v1/timelines/home", profile).is(403)
	w.api("/oauth/userinfo", b.token(a, "read write")).is(403).says("outside the authorized scopes")
	w.api("/oauth/userinfo", "unknown").is(401)
	w.api("/oauth/userinfo", "").is(401)
	own := w.post("/oauth/token", url.Values{"grant_type": {"client_credentials"}, "client_id": {a.id}, "client_secret": {a.secret}, "scope": {"profile"}}).is(200).json()
	w.api("/oauth/userinfo", own["access_token"].(string)).is(422)
}
