package server_test

import (
	"net/http"
	"testing"
)

func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if res, body := w.request("GET", "https://alpha.test/health", "", "", nil); res.StatusCode != http.StatusOK || string(body) != "OK" {
		t.Errorf("GET /health: %d %s, want OK", res.StatusCode, body)
	}
}

// Web apps of other origins read what behaviours.md §3 lists, errors too, and nothing else.
func TestCrossOrigin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, tt := range []struct {
		path string
		open bool
	}{
		{"/.well-known/webfinger?resource=acct:alice@alpha.test", true},
		{"/.well-known/webfinger?resource=acct:nobody@alpha.test", true},
		{"/.well-known/nodeinfo", true},
		{"/.well-known/host-meta", true},
		{"/.well-known/oauth-authorization-server", true},
		{"/nodeinfo/2.0", true},
		{"/@alice", true},
		{"/users/alice", true},
		{"/users/nobody", true},
		{"/users/alice/followers", false},
		{"/@alice/1", false},
		{"/settings/applications", false},
		{"/oauth/authorize", false},
		{"/api/v2/instance", true},
		{"/api/v1/timelines/home", true},
		{"/api/orrery/v1/entries", false},
		{"/", false},
	} {
		for _, method := range []string{"GET", "OPTIONS"} {
			res, _ := w.request(method, "https://alpha.test"+tt.path, "", "", nil, "Origin", "https://app.test",
				"Access-Control-Request-Method", "GET", "Access-Control-Request-Headers", "authorization")
			if got := res.Header.Get("Access-Control-Allow-Origin"); (got == "*") != tt.open {
				t.Errorf("%s %s: %d, Access-Control-Allow-Origin %q, want it open: %v", method, tt.path, res.StatusCode, got, tt.open)
			}
			if method == "OPTIONS" && tt.open && (res.StatusCode != http.StatusNoContent || res.Header.Get("Access-Control-Allow-Headers") != "authorization") {
				t.Errorf("OPTIONS %s: %d %v, want 204 and the headers asked for", tt.path, res.StatusCode, res.Header)
			}
			if res.Header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s allows credentials", method, tt.path)
			}
		}
	}
}
