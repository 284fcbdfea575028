package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEdge_headers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.post("alice", "hello")
	for _, tt := range []struct {
		as, method, target string
		status             int
		cache              string
	}{
		{"", "GET", "/api/v1/statuses/" + id, 200, "public, max-age=15"},
		{"alice", "GET", "/api/v1/statuses/" + id, 200, "private, no-store"},
		{"alice", "GET", "/api/v2/instance", 200, "public, max-age=300"},
		{"", "GET", "/api/v1/statuses/1", 404, "private, no-store"},
		{"", "GET", "/api/v1/nothing", 404, "private, no-store"},
		{"", "HEAD", "/api/v1/statuses/" + id, 200, "public, max-age=15"},
		{"", "GET", "/api/v1/statuses/" + id + "/", 200, "public, max-age=15"},
	} {
		got := w.do(tt.as, tt.method, tt.target, "")
		if got.status != tt.status {
			t.Errorf("%s %s: %d %s, want %d", tt.method, tt.target, got.status, got.body, tt.status)
		}
		for name, want := range map[string]string{
			"Access-Control-Allow-Origin": "*", "Vary": "Authorization, Origin", "Cache-Control": tt.cache,
			"Content-Type": "application/json; charset=utf-8",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s %s as %q: %s = %q, want %q", tt.method, tt.target, tt.as, name, got.header.Get(name), want)
			}
		}
		if got.header.Get("X-Request-Id") == "" || !strings.Contains(got.header.Get("Access-Control-Expose-Headers"), "Link") {
			t.Errorf("%s %s: headers %v, want X-Request-Id and Link exposed", tt.method, tt.target, got.header)
		}
		if tt.method == "HEAD" && len(got.body) != 0 {
			t.Errorf("HEAD %s has the body %s", tt.target, got.body)
		}
	}
}

func TestEdge_preflight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	req := httptest.NewRequest("OPTIONS", "/api/v1/statuses", nil)
	req.Header.Set("Origin", "https://app.test")
	req.Header.Set("Access-Control-Request-Method", "POST")
	req.Header.Set("Access-Control-Request-Headers", "authorization, idempotency-key")
	req.Header.Set("X-Request-Id", "mine-1")
	got := w.send("", req)
	if got.status != http.StatusNoContent || got.header.Get("Access-Control-Allow-Headers") != "authorization, idempotency-key" ||
		!strings.Contains(got.header.Get("Access-Control-Allow-Methods"), "DELETE") || got.header.Get("X-Request-Id") != "mine-1" {
		t.Errorf("preflight: %d %v", got.status, got.header)
	}
}

func TestTokenSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	secret := w.tokens["alice"]
	for name, req := range map[string]*http.Request{
		"query":        httptest.NewRequest("GET", "/api/v1/accounts/verify_credentials?access_token="+secret, nil),
		"bearer_token": httptest.NewRequest("GET", "/api/v1/accounts/verify_credentials?bearer_token="+secret, nil),
	} {
		if got := w.send("", req); got.status != http.StatusOK {
			t.Errorf("token in %s: %d %s, want 200", name, got.status, got.body)
		}
	}
	if got := w.do("", "POST", "/api/v1/statuses", "status=x&access_token="+secret); got.status != http.StatusOK {
		t.Errorf("token in the form: %d %s, want 200", got.status, got.body)
	}
	req := httptest.NewRequest("GET", "/api/v1/timelines/public", nil)
	req.Header.Set("Authorization", "Bearer ")
	if got := w.send("", req); got.status != http.StatusOK {
		t.Errorf("an empty token where anybody may ask: %d, want 200", got.status)
	}
	if got := w.do("unknown", "GET", "/api/v1/timelines/public", ""); got.status != http.StatusOK {
		t.Errorf("an unknown token where anybody may ask: %d, want 200", got.status)
	}
	follow := w.token(w.people["alice"].ID, "follow")
	if got := w.do(follow, "POST", "/api/v1/accounts/"+w.id("bob")+"/follow", ""); got.status != http.StatusOK {
		t.Errorf("follow with the scope follow: %d %s, want 200", got.status, got.body)
	}
	w.fails(follow, "POST", "/api/v1/statuses", "status=x", http.StatusForbidden)
}
