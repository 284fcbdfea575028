package main

import (
	"io"
	"log/slog"
	"net/http"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/internal/broadcast"
	"orrery/observatory"
)

// Whose page asks is told by the Host header, which is checked; headers that anybody may add say nothing.
func TestMount_believes_no_forwarded_host(t *testing.T) {
	t.Parallel()
	handler := mount(&observatory.Observatory{
		Log: activitylog.NewLog(&broadcast.Signal{}), Https: true, Slog: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Viewer: func(*fiber.Ctx) (string, bool) { return "", false },
	})
	ask := func(origin, forwarded string) int {
		var c fasthttp.RequestCtx
		c.Request.Header.SetMethod(http.MethodPost)
		c.Request.SetRequestURI("/api/orrery/v1/runs")
		c.Request.Header.SetHost("alpha.test")
		c.Request.Header.SetContentType("application/json")
		c.Request.Header.Set("Origin", origin)
		c.Request.Header.Set("X-Forwarded-Host", forwarded)
		c.Request.Header.Set("X-Forwarded-Proto", "https")
		handler(&c)
		return c.Response.StatusCode()
	}
	if got := ask("https://evil.test", "evil.test"); got != http.StatusForbidden {
		t.Errorf("another site that says it is this one: %d, want 403", got)
	}
	if got := ask("https://alpha.test", "evil.test"); got == http.StatusForbidden {
		t.Error("this site behind a proxy that says something else is refused")
	}
}
