package api

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"orrery/social"
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
