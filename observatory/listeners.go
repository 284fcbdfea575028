package observatory

import (
	"sync"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/internal/sse"
)

// Bounds of what is watched at once: whenever the log grows, every stream reads it.
const (
	perAddress = 32 // streams to one public address; proxies stand on private ones
	perLog     = 1024
)

// listeners counts who watches. The zero value is ready; safe for concurrent use.
type listeners struct {
	mu        sync.Mutex
	all       int
	addresses map[string]int
}

// admit counts a stream to address, "" for one that is not counted by its address, until leave is called. false: there are too many.
func (l *listeners) admit(address string) (leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= perLog || address != "" && l.addresses[address] >= perAddress {
		return nil, false
	}
	if l.addresses == nil {
		l.addresses = map[string]int{}
	}
	l.all++
	l.addresses[address]++
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.all--
		if l.addresses[address]--; l.addresses[address] == 0 {
			delete(l.addresses, address)
		}
	}), true
}

// stream answers c with what fn sends, if there is room for one more who watches.
func (o *Observatory) stream(c *fiber.Ctx, fn func(*sse.Stream) error) error {
	options := sse.Options{Clock: o.Clock, Stop: o.Stop, OnEnd: func(error) {}}
	if c.Method() == fiber.MethodHead {
		return sse.Serve(c, options, nil)
	}
	leave, ok := o.watching.admit(clientip.Counted(clientip.Of(c)))
	if !ok {
		c.Set(fiber.HeaderRetryAfter, "60")
		return c.Status(fiber.StatusTooManyRequests).SendString("Too many streams of this log are open. Close some first.\n")
	}
	options.OnEnd = func(err error) {
		leave()
		if err != nil {
			o.Slog.Error("observatory stream", "err", err)
		}
	}
	return sse.Serve(c, options, fn)
}
