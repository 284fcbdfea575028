package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"orrery/social"
)

func TestForms_are_taken_from_our_own_pages_only(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	b := s.as(alice)
	for _, tt := range []struct {
		name, site, origin string
		status             int
	}{
		{"a browser, from our page", "same-origin", origin, 303},
		{"a browser that keeps the origin to itself", "same-origin", "", 303},
		{"an old browser, from our page", "", origin, 303},
		{"neither header", "", "", 403},
		{"another site", "cross-site", "https://evil.test", 403},
		{"another server of the lab", "same-site", "http://techhub.localhost:8080", 403},
		{"another port", "", "http://academy.localhost:8081", 403},
		{"another scheme", "", "https://academy.localhost:8080", 403},
		{"typed by hand", "none", "", 403},
		{"a header against the other", "cross-site", origin, 403},
		{"the other way round", "same-origin", "https://evil.test", 403},
		{"a sandboxed frame of somebody", "", "null", 403},
	} {
		r := httptest.NewRequest(http.MethodPost, origin+"/statuses", strings.NewReader("status=Hello&visibility=public"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if tt.site != "" {
			r.Header.Set("Sec-Fetch-Site", tt.site)
		}
		if tt.origin != "" {
			r.Header.Set("Origin", tt.origin)
		}
		if got := b.send(r); got.status != tt.status {
			t.Errorf("%s: status %d, want %d", tt.name, got.status, tt.status)
		} else if tt.status == 403 && !strings.Contains(got.body, "nothing was done") {
			t.Errorf("%s: the refusal does not say so", tt.name)
		}
	}
	if n := len(s.acts); n != 3 {
		t.Errorf("%d posts were made, want 3", n)
	}
}

func TestHeaders_of_every_page(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, path := range []string{"/", "/public", "/nowhere", "/auth/sign_in", "/@nobody"} {
		h := s.as(social.Account{}).get(path).header
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cache-Control": "private", "Content-Type": "text/html; charset=utf-8",
		} {
			if got := h.Get(name); !strings.HasPrefix(got, want) {
				t.Errorf("%s: %s = %q, want %q…", path, name, got, want)
			}
		}
	}
	page := s.as(social.Account{}).get("/").is(200)
	for _, n := range page.all("script") {
		asset := s.as(social.Account{}).get(attr(n, "src")).is(200)
		if got := asset.header.Get("Cache-Control"); !strings.Contains(got, "immutable") {
			t.Errorf("%s: Cache-Control = %q", attr(n, "src"), got)
		}
		if n.FirstChild != nil {
			t.Errorf("an inline script: %s", text(n))
		}
	}
	page.none("style")
}

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("alice")
	b := s.as(social.Account{})
	to := b.get("/home?x=1").is(303).header.Get("Location")
	if to != "/auth/sign_in?next=%2Fhome%3Fx%3D1" {
		t.Fatalf("a stranger at /home is sent to %s", to)
	}
	form := b.get(to).is(200)
	if got := attr(form.one("input", "[name=next]"), "value"); got != "/home?x=1" {
		t.Errorf("next = %q", got)
	}
	wrong := b.submit("/auth/sign_in", url.Values{"username": {"alice"}, "password": {"guess"}, "next": {"/home"}}).is(401)
	if got := attr(wrong.one("input", "[name=username]"), "value"); got != "alice" {
		t.Errorf("the name is lost: %q", got)
	}
	wrong.one("p", ".complaint")

	in := b.submit("/auth/sign_in", url.Values{"username": {"alice"}, "password": {"correct horse"}, "next": {"/home?x=1"}}).is(303)
	if got := in.header.Get("Location"); got != "/home?x=1" {
		t.Errorf("sent on to %s", got)
	}
	cookie := in.header.Get("Set-Cookie")
	for _, want := range []string{Cookie + "=", "HttpOnly", "SameSite=Lax", "path=/", "max-age="} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q lacks %s", cookie, want)
		}
	}
	for _, not := range []string{"secure", "Secure", "domain"} {
		if strings.Contains(cookie, not) {
			t.Errorf("cookie %q has %s", cookie, not)
		}
	}
	value, _, _ := strings.Cut(strings.TrimPrefix(cookie, Cookie+"="), ";")
	b.cookie = value
	b.get("/home").is(200)
	b.get("/").is(303)
	b.get("/auth/sign_in").is(303)
	b.submit("/auth/sign_out", nil).is(303)
	b.get("/home").is(303) // the session is over, not only the cookie
	b.get("/").is(200)
}

func TestSignIn_says_so_when_it_is_too_much(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.person("alice")
	b := s.as(social.Account{})
	guess := url.Values{"username": {"alice"}, "password": {"guess"}}
	for range social.AttemptsPerAccount {
		b.submit("/auth/sign_in", guess).is(401)
	}
	if got := text(b.submit("/auth/sign_in", guess).is(429).one("p", ".complaint")); !strings.Contains(got, "Wait five minutes") {
		t.Errorf("complaint = %q", got)
	}
}

func TestLocal_keeps_people_here(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/home": "/home", "/@alice/1?x=1#y": "/@alice/1?x=1#y", "": "/x", "//evil.test": "/x", `/\evil.test`: "/x",
		"https://evil.test": "/x", "javascript:alert(1)": "/x", "/a\r\nSet-Cookie: x": "/x", "/\t/evil.test": "/x",
	} {
		if got := local(path, "/x"); got != want {
			t.Errorf("local(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestActions_of_strangers_are_refused(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	alice := s.person("alice")
	hello := s.post(alice, "Hello")
	b := s.as(social.Account{})
	for _, path := range []string{"/statuses", "/statuses/" + hello.ID.String() + "/boost", "/accounts/" + alice.ID.String() + "/follow", "/follow_requests/1/authorize", "/settings/profile"} {
		b.submit(path, url.Values{"status": {"x"}}).is(401).one("a", "[href=/auth/sign_in]", ".primary")
		part := b.submit(path, url.Values{"status": {"x"}}, "HX-Request", "true").is(401)
		if got := part.header.Get("HX-Retarget"); got != "#flash" {
			t.Errorf("%s: the sentence goes to %q, want #flash", path, got)
		}
	}
	for _, path := range []string{"/home", "/notifications", "/follow_requests", "/settings/profile"} {
		b.get(path).is(303)
	}
	stale := &browser{site: s, cookie: "not a session"}
	stale.get("/home").is(303)
	stale.get("/public").is(200)
}
