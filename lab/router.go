package lab

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"

	"github.com/valyala/fasthttp"

	"orrery/server"
)

// Router gives each request to the server whose host it names. The observatory stands before every one of them, and the
// lab's home on bare localhost (contracts.md 4).
type Router struct {
	// Observatory answers /lab and /api/orrery/v1 on every host. Set it before serving.
	Observatory fasthttp.RequestHandler

	port  int
	hosts atomic.Pointer[map[string]fasthttp.RequestHandler] // nil while the lab is set up
}

func newRouter(port int) *Router { return &Router{port: port} }

func (r *Router) serve(l *Lab) {
	hosts := map[string]fasthttp.RequestHandler{}
	for _, h := range l.Hosts {
		hosts[h.Instance.Host()] = h.Instance.HandleRouted
	}
	r.hosts.Store(&hosts)
}

func (r *Router) pause() { r.hosts.Store(nil) }

// HandleFast answers one request.
func (r *Router) HandleFast(ctx *fasthttp.RequestCtx) {
	if !server.Admit(ctx) {
		return
	}
	host, path := strings.ToLower(string(ctx.Host())), string(ctx.Path())
	hosts := r.hosts.Load()
	handler, known := fasthttp.RequestHandler(nil), false
	if hosts != nil {
		handler, known = (*hosts)[host]
	}
	bare := host == fmt.Sprintf("localhost:%d", r.port) || host == fmt.Sprintf("127.0.0.1:%d", r.port) || host == fmt.Sprintf("[::1]:%d", r.port)
	switch {
	case hosts == nil && !bare:
		sentence(ctx, http.StatusServiceUnavailable, "The lab is being set up. Reload in a moment.")
	case !known && !bare:
		sentence(ctx, http.StatusMisdirectedRequest, fmt.Sprintf("No server of this lab is called %q. Its home is http://localhost:%d/.", host, r.port))
	case under(path, "/lab") || under(path, "/api/orrery/v1"):
		r.Observatory(ctx)
	case known:
		handler(ctx)
	case path == "/":
		ctx.Redirect("/lab", http.StatusSeeOther)
	case under(path, "/static") && hosts != nil:
		for _, any := range *hosts { // every server has the same
			any(ctx)
			return
		}
	default:
		sentence(ctx, http.StatusNotFound, fmt.Sprintf("There is nothing here. The lab's home is http://localhost:%d/.", r.port))
	}
}

func under(path, root string) bool { return path == root || strings.HasPrefix(path, root+"/") }

func sentence(ctx *fasthttp.RequestCtx, status int, text string) {
	ctx.SetStatusCode(status)
	ctx.SetContentType("text/plain; charset=utf-8")
	ctx.Response.Header.Set("X-Content-Type-Options", "nosniff")
	ctx.SetBodyString(text + "\n")
}
