package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/server/activitypub"
	"orrery/views"
)

// NewHTTP returns a server for handler as every instance wants it: request bodies are streamed, so that one that is too
// large is answered and recorded instead of cutting the connection; the lines of answers are ours to write.
func NewHTTP(handler fasthttp.RequestHandler) *fasthttp.Server {
	return &fasthttp.Server{
		Handler: handler, StreamRequestBody: true, MaxRequestBodySize: activitylog.MaxBody,
		DisablePreParseMultipartForm: true, // it reads forms of any length before anybody is asked
		NoDefaultServerHeader:        true, NoDefaultDate: true, NoDefaultContentType: true, CloseOnShutdown: true,
		ReadTimeout: 60 * time.Second, IdleTimeout: 90 * time.Second, ReadBufferSize: 16 << 10, Logger: silent{},
	}
}

// silent drops what fasthttp says of connections that strangers break.
type silent struct{}

func (silent) Printf(string, ...any) {}

// HandleFast answers one request for this instance.
func (i *Instance) HandleFast(ctx *fasthttp.RequestCtx) {
	if Admit(ctx) && i.Meant(ctx) {
		i.HandleRouted(ctx)
	}
}

// Meant refuses requests for another host than the instance's: signatures cover the host, and one that was made for
// another server must not count here. It reports whether to go on.
func (i *Instance) Meant(ctx *fasthttp.RequestCtx) bool {
	host := strings.ToLower(string(ctx.Request.Header.Host()))
	if port, ok := map[string]string{"https": ":443", "http": ":80"}[i.scheme()]; ok {
		host = strings.TrimSuffix(host, port)
	}
	if host == i.Host() {
		return true
	}
	plain(ctx, http.StatusMisdirectedRequest, "This is "+i.Host()+". Ask it by that name.\n")
	return false
}

// HandleRouted answers a request that Admit has let in.
func (i *Instance) HandleRouted(ctx *fasthttp.RequestCtx) { i.handler(ctx) }

// farewell is how long requests that were begun may go on when a server stops.
const farewell = 10 * time.Second

// Serve answers requests on l with handler until ctx ends. Then it closes l, calls ending, which ends what would not end by itself
// (open streams), and returns when what was begun is answered, or after the farewell.
func Serve(ctx context.Context, l net.Listener, handler fasthttp.RequestHandler, ending func()) error {
	srv := NewHTTP(handler)
	gone := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(gone)
		_ = l.Close() // Shutdown does not know l if it comes before Serve has begun
		ending()
		patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
		defer cancel()
		_ = srv.ShutdownWithContext(patient)
	})
	err := srv.Serve(l)
	if !stop() {
		<-gone
	}
	return err
}

// patience is how many bytes beyond the limit are read before the connection is closed on who sends them.
const patience = 4 << 20

// Admit refuses what must not be routed and reads the body, at most one byte more than may be; it reports whether to go on.
// Absolute-form targets are refused: their host would stand in for the Host header that was signed.
func Admit(ctx *fasthttp.RequestCtx) bool {
	target := ctx.Request.Header.RequestURI()
	if len(target) == 0 || target[0] != '/' {
		plain(ctx, http.StatusBadRequest, "The request's target must be a path that begins with a slash.\n")
		return false
	}
	if packed(ctx) {
		plain(ctx, http.StatusUnsupportedMediaType, "Send the form as it is, without Content-Encoding.\n")
		return false
	}
	stream := ctx.RequestBodyStream()
	if stream == nil || upload(ctx) {
		return true
	}
	body, err := io.ReadAll(io.LimitReader(stream, activitylog.MaxBody+1))
	if err != nil {
		plain(ctx, http.StatusBadRequest, "The body ended before it was complete.\n")
		return false
	}
	if len(body) > activitylog.MaxBody {
		// Who is cut off while sending does not read the answer, so a little more is taken and thrown away.
		if ctx.Request.Header.ContentLength() <= activitylog.MaxBody+patience {
			_, _ = io.CopyN(io.Discard, stream, patience)
		}
		ctx.SetUserValue(activitypub.TooLarge, true)
		ctx.SetConnectionClose()
		if !activitypub.IsInbox(string(ctx.Path())) {
			tooLarge(ctx)
			return false
		}
	}
	ctx.Request.ResetBody()
	ctx.Request.SetBodyRaw(body)
	return true
}

// tooLarge refuses a form in the way that its sender reads: a program, a page that stays, a browser, or anybody else.
func tooLarge(ctx *fasthttp.RequestCtx) {
	const sentence = "That is too large: one film or four pictures at most can be sent, and elsewhere one mebibyte. Nothing was done. Go back, where what you wrote still is, and send less."
	path, header := string(ctx.Path()), &ctx.Request.Header
	app, stays, page := strings.HasPrefix(path, "/api/"), string(header.Peek("HX-Request")) == "true", strings.Contains(string(header.Peek("Accept")), "text/html")
	plain(ctx, http.StatusRequestEntityTooLarge, sentence+"\n")
	if app {
		ctx.SetContentType("application/json; charset=utf-8")
		ctx.SetBodyString(`{"error":"` + sentence + `"}`)
		return
	}
	if !stays && !page {
		return
	}
	ctx.SetContentType("text/html; charset=utf-8")
	ctx.ResetBody()
	part := views.ErrorPage(views.Look{Page: views.Page{Title: "Too large"}}, views.Failure{Title: "Too large", Sentence: sentence, Href: "/", Do: "To the start page"})
	if stays {
		ctx.Response.Header.Set("HX-Retarget", "#flash")
		ctx.Response.Header.Set("HX-Reswap", "innerHTML show:window:top")
		part = views.Complaint(sentence)
	}
	_ = part.Render(ctx, ctx.Response.BodyWriter()) // into memory
}

func plain(ctx *fasthttp.RequestCtx, status int, sentence string) {
	ctx.Response.Reset()
	ctx.SetStatusCode(status)
	ctx.SetConnectionClose()
	ctx.SetContentType("text/plain; charset=utf-8")
	ctx.SetBodyString(sentence)
}
