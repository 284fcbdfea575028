package api

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"orrery/social"
	"orrery/storage/storagetest/prepared"
)

// Scopes and the need for a token are facts of Mastodon's; testdata/endpoints.tsv lists them.
func TestRoutes_demandWhatMastodonDemands(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/endpoints.tsv")
	if err != nil {
		t.Fatalf("read the list of endpoints: %v", err)
	}
	type demand struct {
		scopes []string
		auth   string
	}
	documented := map[string]demand{}
	for line := range strings.Lines(string(raw)) {
		cells := strings.Split(strings.TrimRight(line, "\n"), "\t")
		documented[cells[0]+" "+shape(cells[1])] = demand{strings.Fields(strings.ReplaceAll(cells[2], "|", " ")), cells[3]}
	}
	for _, rt := range slices.Concat((&API{}).routes(), (&API{}).streamRoutes()) {
		name := rt.method + " /api" + rt.path
		want, listed := documented[rt.method+" "+shape("/api"+rt.path)]
		if !listed {
			t.Errorf("%s is not an endpoint of Mastodon's", name)
			continue
		}
		scopes := strings.Fields(rt.scopes)
		slices.Sort(scopes)
		slices.Sort(want.scopes)
		if rt.access != anyToken && !slices.Equal(scopes, want.scopes) {
			t.Errorf("%s needs one of %v, want %v", name, scopes, want.scopes)
		}
		wantAccess := map[string]access{"y": person, "optional": anybody, "n": open}[want.auth]
		if rt.access != anyToken && rt.access != wantAccess {
			t.Errorf("%s has access %d, want %d (%s)", name, rt.access, wantAccess, want.auth)
		}
	}
}

// shape is a path without the names of its parameters.
func shape(path string) string {
	words := strings.Split(path, "/")
	for i, w := range words {
		if strings.HasPrefix(w, ":") {
			words[i] = ":"
		}
	}
	return strings.Join(words, "/")
}

func TestRoutes_refuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const all = "read write follow push admin:read admin:write"
	push, profile, program := w.token(w.people["alice"].ID, "push"), w.token(w.people["alice"].ID, "profile"), w.token(0, all)
	w.tokens["alice"] = w.token(w.people["alice"].ID, all)
	if err := w.Moderation.GiveRole(t.Context(), social.InstanceActorID, w.people["alice"].ID, social.RoleOwner); err != nil {
		t.Fatal(err)
	}
	for _, rt := range slices.Concat(w.routes(), w.streamRoutes()) {
		name, target := rt.method+" "+rt.path, "/api"+strings.ReplaceAll(rt.path, ":id", "1")
		if rt.access == person {
			w.fails("", rt.method, target, "", http.StatusUnauthorized)
			w.fails("nonsense", rt.method, target, "", http.StatusUnauthorized)
			if got := w.fails(program, rt.method, target, "", http.StatusUnprocessableEntity); got != "This method requires an authenticated user" {
				t.Errorf("%s with a program's token says %q", name, got)
			}
		}
		if rt.scopes != "" {
			useless := push
			if rt.scopes == "push" {
				useless = profile
			}
			w.fails(useless, rt.method, target, "", http.StatusForbidden)
		}
		if strings.Contains(rt.path, ":id") && !strings.Contains(rt.path, "tag/") && !strings.Contains(rt.path, "tags/") && rt.path != "/v2/notifications/:id/dismiss" {
			w.fails("alice", rt.method, target, "", http.StatusNotFound)
			w.fails("alice", rt.method, strings.Replace(target, "/1", "/none", 1), "", http.StatusNotFound)
		}
	}
	res := w.do("", "GET", "/api/v1/timelines/home", "")
	if got := res.header.Get("WWW-Authenticate"); !strings.HasPrefix(got, `Bearer realm=`) {
		t.Errorf("WWW-Authenticate = %q, want a Bearer challenge", got)
	}
}

func TestRoutes_whatIsNotServed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, target := range []string{"/api/v1/nothing", "/api/v3/statuses", "/api/v1/statuses/1/nothing", "/api/"} {
		w.fails("alice", "GET", target, "", http.StatusNotFound)
	}
	w.fails("alice", "PUT", "/api/v1/timelines/home", "", http.StatusNotFound)
	if got := w.do("", "GET", "/api/orrery/v1/entries", ""); got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("the observatory's paths got CORS headers: %v", got.header)
	}
}

// Whatever is sent, nothing is our fault, on either engine.
func TestRoutes_randomParameters(t *testing.T) {
	t.Parallel()
	prepared.Each(t, sendAnything)
}

func sendAnything(t *testing.T, dsn string) {
	w := newWorldOn(t, dsn)
	w.Act, w.Opened, w.random = nil, nil, true
	mine, theirs := w.post("alice", "hello #random @bob"), w.post("bob", "hello #random @alice", "visibility=direct")
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	names := strings.Fields("id id[] ids[a][b] q acct status visibility in_reply_to_id spoiler_text language sensitive limit offset max_id min_id since_id " +
		"types[] exclude_types[] account_id type resolve following local remote only_media any[] all[] none[] tagged pinned scheduled_at " +
		"title context[] expires_in keywords_attributes[][keyword] keywords_attributes[0][id] phrase status_id home[last_read_id] grouped_types[] expand_accounts media_ids[] poll[options][] client_name redirect_uris scopes website display_name note locked access_token limit[] [] [[ a]b[")
	values := []string{
		"", "0", "-1", "1", "999999999999999999999", "9223372036854775807", "-9223372036854775808", "true", "false", "null", "undefined",
		"%", "_", "' OR 1=1 --", "\x00", "\xff\xfe", "é", "e\u0301", "#", "#random", "@", "@alice", "@alice@alpha.test", "@a@b@c", "acct:", "http://", "https://alpha.test/users/alice",
		"http://[::1", "javascript:alert(1)", "urn:ietf:wg:oauth:2.0:oob", "read", "nothing", "public", "private", "direct", "limited", "mention", "accounts",
		"2026-01-01T00:00:00Z", "tomorrow", strings.Repeat("x", 600), strings.Repeat("👩‍👩‍👧", 50), mine, theirs, w.id("bob"), "-99",
	}
	routes, fine := w.routes(), 0
	for i := range 4000 {
		rt := routes[random.IntN(len(routes))]
		target := "/api" + strings.ReplaceAll(rt.path, ":id", url.PathEscape(strings.ReplaceAll(pick(values[1:]), "/", ".")))
		form := url.Values{}
		for range random.IntN(4) {
			form.Add(pick(names), pick(values))
		}
		var req *http.Request
		switch random.IntN(3) {
		case 0:
			req = httptest.NewRequest(rt.method, target+"?"+form.Encode(), nil)
		case 1:
			req = httptest.NewRequest(rt.method, target, strings.NewReader(form.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		default:
			body := pick([]string{"", "{", "[]", "null", `{"status":{"a":[1,{"b":null}]}}`, fmt.Sprintf(`{"id":[%q,{}],"limit":1e99}`, mine), strings.Repeat("[", 2000)})
			req = httptest.NewRequest(rt.method, target+"?"+form.Encode(), strings.NewReader(body))
			req.Header.Set("Content-Type", pick([]string{"application/json", "multipart/form-data; boundary=x", "multipart/form-data", "text/plain", ";;"}))
		}
		req.Header.Set("Idempotency-Key", pick([]string{"", "", "", "a", strings.Repeat("k", 300)}))
		got := w.send(pick([]string{"", "alice", "alice", "bob", "lena"}), req)
		if got.status >= 500 && got.status != http.StatusServiceUnavailable {
			t.Fatalf("request %d: %s %s %s: %d %s", i, rt.method, req.URL, form.Encode(), got.status, got.body)
		}
		if got.status == http.StatusOK {
			fine++
		}
		if kind := got.header.Get("Content-Type"); kind != "application/json; charset=utf-8" && got.status != http.StatusNoContent {
			t.Fatalf("request %d: %s %s: Content-Type %q", i, rt.method, req.URL, kind)
		}
	}
	if fine < 400 {
		t.Errorf("only %d of 4000 requests got as far as a 200: the test tries too little", fine)
	}
	t.Logf("%d of 4000 requests got a 200", fine)
}
