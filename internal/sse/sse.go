// Package sse streams server-sent events to a browser over Fiber: framing, heartbeat, and noticing quickly that the
// browser has gone. What is sent, to whom, and what a reconnecting client missed is decided by the caller.
//
// fasthttp neither cancels a request nor tells when its client leaves, so a stream reads from its connection: a client that
// closes ends the read at once. That is why a stream's connection is never used for another request.
//
// What a newcomer gets wrong: the function given to Serve runs after the handler has returned, when Fiber has already
// given the *fiber.Ctx to somebody else. It may use nothing of it: read user, parameters and headers before calling
// Serve, and copy what Fiber lends. Compression and ETag middleware must pass streams by.
package sse

import (
	"bufio"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clock"
)

// ErrEnded is what sending on a stream gives once its client has gone or the server is stopping. It is the ordinary end.
var ErrEnded = errors.New("event stream has ended")

const (
	defaultHeartbeat = 15 * time.Second
	writeTimeout     = 10 * time.Second // for a client that has stopped reading, in real time
	closeGrace       = 3 * time.Second  // for the last bytes of a stream that we end, in real time
)

// Options say how a stream is kept.
type Options struct {
	// Heartbeat is the interval of comment lines that keep proxies from closing a quiet stream; 0 means 15 seconds.
	Heartbeat time.Duration
	// Heart is the text of those comments.
	Heart string
	// Clock times the heartbeats; nil is the real one. Time-outs of the connection are always in real time.
	Clock clock.Clock
	// Retry tells the browser how long to wait before it reconnects; 0 leaves it its own default.
	Retry time.Duration
	// Stop ends the stream when it is closed. Close it before shutting the server down, which waits for open streams.
	Stop <-chan struct{}
	// OnEnd is called once, when the stream is over: with nil when the client left, the server stopped or fn returned
	// nil, else with what fn returned, or panicked with. Nobody else hears of that error.
	OnEnd func(error)
}

// Serve answers the request of c with a stream of events and returns at once. fn then sends until it returns, which
// ends the stream; it must return soon after Stream.Done is closed or sending gives ErrEnded. A HEAD request is
// answered without running fn.
func Serve(c *fiber.Ctx, o Options, fn func(*Stream) error) error {
	c.Set(fiber.HeaderContentType, "text/event-stream")
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Accel-Buffering", "no") // nginx would otherwise collect events until its buffer is full
	if c.Method() == fiber.MethodHead {
		return nil
	}
	ctx := c.Context()
	ctx.SetConnectionClose() // the reader below may swallow the start of a next request
	conn := ctx.Conn()
	_ = conn.SetReadDeadline(time.Time{}) // ReadTimeout has set one, but a listener has nothing to say
	s := newStream(conn, strings.Clone(c.Get("Last-Event-ID")))
	ctx.SetBodyStreamWriter(func(w *bufio.Writer) { s.run(w, o, fn) })
	return nil
}
