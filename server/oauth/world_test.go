package oauth_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync"
	"testing"

	"orrery/federation/policy"
	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
	"orrery/server"
	"orrery/social"
	"orrery/storage/storagetest/prepared"
	"orrery/views"
)

const (
	origin   = "https://alpha.test"
	callback = "https://app.test/back?from=alpha"
	password = "correct horse battery"
)

// world is an instance on a network of memory with alice and bob, who know their passwords.
type world struct {
	t     testing.TB
	in    *server.Instance
	clock *clock.Stepped
	wire  http.RoundTripper
	log   *logged
	alice social.Account
	bob   social.Account
}

// logged is what the instance says to its operator.
type logged struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func newWorld(t testing.TB, change ...func(*server.Config)) *world {
	t.Helper()
	return newWorldOn(t, prepared.SQLite(t), change...)
}

func newWorldOn(t testing.TB, dsn string, change ...func(*server.Config)) *world {
	t.Helper()
	c := clock.New(lab.Epoch())
	w := &world{t: t, clock: c, log: &logged{}}
	network := lab.NewNetwork()
	w.wire = network.Transport()
	config := server.Config{Origin: origin, Name: "alpha", Database: dsn, Synchronous: "OFF", Policy: policy.Mastodon41(), Alone: true}
	for _, f := range change {
		f(&config)
	}
	in, err := server.New(t.Context(), config, server.World{
		Clock: c, IDs: snowflake.New(c.Now), Transport: network.Transport(), SchemeOf: func(string) string { return "https" },
		Rand: rand.NewChaCha8([32]byte{1}), Keys: lab.FixedKeys(), Stepped: true, Log: slog.New(slog.NewTextHandler(w.log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	w.in = in
	if err := network.Serve(in); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		network.Close()
		in.Close()
	})
	w.alice, w.bob = w.person("alice"), w.person("bob")
	return w
}

// inLab makes the instance part of a lab that offers alice, and somebody of another server.
func inLab(c *server.Config) {
	c.Lab = &server.LabFace{
		Domain: func(d string) string { return d },
		Switcher: func(context.Context) []views.Person {
			return []views.Person{{Name: "alice", Acct: "alice@alpha", Server: "alpha", Hue: 1}, {Name: "berta", Acct: "berta@beta", Server: "beta", Hue: 2}}
		},
		Servers: func() []views.ServerLink { return nil },
	}
}

func (w *world) person(name string) social.Account {
	w.t.Helper()
	a, err := w.in.Services.Accounts.Create(w.t.Context(), social.NewAccount{Username: name, Password: password})
	if err != nil {
		w.t.Fatal(err)
	}
	return a
}

// browser keeps cookies and follows no redirect.
type browser struct {
	w    *world
	http *http.Client
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w: w, http: &http.Client{Jar: jar, Transport: w.wire,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// as is a browser that is signed in.
func (w *world) as(a social.Account) *browser {
	w.t.Helper()
	b := w.browser()
	cookie, err := w.in.Services.SignIns.Open(w.t.Context(), a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	at, _ := url.Parse(origin)
	b.http.Jar.SetCookies(at, []*http.Cookie{{Name: "orrery_session", Value: cookie, Path: "/", Secure: true}})
	return b
}

// answer is what came back, read.
type answer struct {
	t      testing.TB
	status int
	header http.Header
	body   string
}

func (b *browser) get(path string) answer { return b.w.do(b.http, http.MethodGet, path, "", nil) }

// submit sends a form of one of our pages.
func (b *browser) submit(method, path string, form url.Values) answer {
	b.w.t.Helper()
	return b.w.do(b.http, method, path, form.Encode(), map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "Origin": origin, "Sec-Fetch-Site": "same-origin"})
}

func (w *world) do(client *http.Client, method, path, body string, header map[string]string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, origin+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer res.Body.Close()
	read, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{t: w.t, status: res.StatusCode, header: res.Header, body: string(read)}
}

// post is what a program sends: a form, without cookies.
func (w *world) post(path string, form url.Values, header ...string) answer {
	w.t.Helper()
	h := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for i := 0; i+1 < len(header); i += 2 {
		h[header[i]] = header[i+1]
	}
	return w.do(&http.Client{Transport: w.wire}, http.MethodPost, path, form.Encode(), h)
}

func (w *world) api(path, bearer string) answer {
	w.t.Helper()
	return w.do(&http.Client{Transport: w.wire}, http.MethodGet, path, "", map[string]string{"Authorization": "Bearer " + bearer})
}

func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status is %d, want %d; %v\n%s", a.status, status, a.header, a.body)
	}
	return a
}

func (a answer) says(words ...string) answer {
	a.t.Helper()
	for _, word := range words {
		if !strings.Contains(a.body, word) {
			a.t.Errorf("the answer does not say %q:\n%s", word, a.body)
		}
	}
	return a
}

func (a answer) json() map[string]any {
	a.t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		a.t.Fatalf("not JSON: %v\n%s", err, a.body)
	}
	return v
}

// to is where a redirect leads.
func (a answer) to() *url.URL {
	a.t.Helper()
	u, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.header.Get("Location") == "" {
		a.t.Fatalf("status %d leads to %q: %v\n%s", a.status, a.header.Get("Location"), err, a.body)
	}
	return u
}

// app is a registered program.
type app struct{ id, secret string }

func (w *world) register(scopes string, redirects ...string) app {
	w.t.Helper()
	got := w.post("/api/v1/apps", url.Values{"client_name": {"Test <App>"}, "redirect_uris": {strings.Join(redirects, "\n")}, "scopes": {scopes}, "website": {"https://app.test/about"}}).is(200).json()
	return app{got["client_id"].(string), got["client_secret"].(string)}
}

// query is a request of a; pairs change it, a value of "" leaves a parameter out.
func (a app) query(pairs ...string) url.Values {
	v := url.Values{"client_id": {a.id}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"read write"}}
	return change(v, pairs...)
}

func change(v url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		if v.Set(pairs[i], pairs[i+1]); pairs[i+1] == "" {
			v.Del(pairs[i])
		}
	}
	return v
}

func authorize(v url.Values) string { return "/oauth/authorize?" + v.Encode() }

// code lets b agree to a request and returns the code.
func (b *browser) code(v url.Values) string {
	b.w.t.Helper()
	code := b.submit("POST", authorize(v), nil).is(302).to().Query().Get("code")
	if code == "" {
		b.w.t.Fatal("no code was sent")
	}
	return code
}

func (a app) exchange(code string, pairs ...string) url.Values {
	return change(url.Values{"grant_type": {"authorization_code"}, "client_id": {a.id}, "client_secret": {a.secret},
		"redirect_uri": {callback}, "code": {code}}, pairs...)
}

// token lets b give app a token with scopes.
func (b *browser) token(a app, scopes string) string {
	b.w.t.Helper()
	code := b.code(a.query("scope", scopes))
	return fmt.Sprint(b.w.post("/oauth/token", a.exchange(code)).is(200).json()["access_token"])
}
