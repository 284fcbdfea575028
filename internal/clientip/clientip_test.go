package clientip

import (
	"net"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, remote, forwarded, want, counted string }{
		{"a stranger", "192.0.2.7", "", "192.0.2.7", "192.0.2.7"},
		{"a stranger who claims to be another", "192.0.2.7", "198.51.100.1", "192.0.2.7", "192.0.2.7"},
		{"behind our proxy", "127.0.0.1", "198.51.100.1", "198.51.100.1", "198.51.100.1"},
		{"behind our proxy, with a lie before it", "10.0.0.2", "203.0.113.9, 198.51.100.1", "198.51.100.1", "198.51.100.1"},
		{"a proxy that says nothing", "127.0.0.1", "", "", ""},
		{"a proxy that says nonsense", "127.0.0.1", "you know who", "", ""},
		{"a proxy in front of a proxy", "127.0.0.1", "10.1.2.3", "", ""},
		{"IPv6", "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
		{"IPv4 in IPv6", "::ffff:192.0.2.7", "", "192.0.2.7", "192.0.2.7"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var ctx fasthttp.RequestCtx
			var request fasthttp.Request
			if tt.forwarded != "" {
				request.Header.Set("X-Forwarded-For", tt.forwarded)
			}
			ctx.Init(&request, &net.TCPAddr{IP: net.ParseIP(tt.remote)}, nil)
			app := fiber.New()
			c := app.AcquireCtx(&ctx)
			defer app.ReleaseCtx(c)
			if got := Of(c); got != tt.want || Counted(got) != tt.counted {
				t.Errorf("got %q counted as %q, want %q counted as %q", got, Counted(got), tt.want, tt.counted)
			}
		})
	}
}
