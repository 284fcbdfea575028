package server

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/valyala/fasthttp"
)

// A form that is too large is refused in the way that its sender reads, and a page that has it stays.
func TestTooLarge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, path, header, value, kind, has string }{
		{"an app", "/api/v1/statuses", "Accept", "*/*", "application/json; charset=utf-8", `{"error":"`},
		{"htmx", "/lists", "HX-Request", "true", "text/html; charset=utf-8", `<p class="complaint"`},
		{"a browser", "/lists", "Accept", "text/html,*/*", "text/html; charset=utf-8", "<title>Too large"},
		{"curl", "/lists", "Accept", "*/*", "text/plain; charset=utf-8", "That is too large"},
	} {
		ctx := &fasthttp.RequestCtx{}
		ctx.Init(&fasthttp.Request{}, nil, nil)
		ctx.Request.SetRequestURI(tt.path)
		ctx.Request.Header.Set(tt.header, tt.value)
		tooLarge(ctx)
		body := string(ctx.Response.Body())
		if ctx.Response.StatusCode() != 413 || string(ctx.Response.Header.ContentType()) != tt.kind || !strings.Contains(body, tt.has) {
			t.Errorf("%s gets %d %s: %.200s", tt.name, ctx.Response.StatusCode(), ctx.Response.Header.ContentType(), body)
		}
		if tt.name == "an app" && !json.Valid(ctx.Response.Body()) {
			t.Errorf("%s gets no JSON: %s", tt.name, body)
		}
		if to := string(ctx.Response.Header.Peek("HX-Retarget")); (to == "#flash") != (tt.name == "htmx") {
			t.Errorf("%s: the sentence goes to %q", tt.name, to)
		}
	}
	for path, takes := range map[string]bool{"/statuses/12/edit": true, "/statuses": true, "/statuses/12/delete": false, "/lists/12/edit": false} {
		if takesFiles(path) != takes {
			t.Errorf("%s takes files: %v, want %v", path, !takes, takes)
		}
	}
}
