package activitypub

import (
	"bufio"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/federation/signature"
)

// ExchangeOf is the request of c as it arrived, for Recorder.Receive; scheme is how the instance is reached from outside.
// Kind and Activity are those of a fetch. A streamed body is left alone: whoever reads it sets Body.
func ExchangeOf(c *fiber.Ctx, scheme string, now time.Time) activitylog.Exchange {
	r := RequestOf(c, scheme)
	header := make([]activitylog.Field, len(r.Header))
	for i, f := range r.Header {
		header[i] = activitylog.Field(f)
	}
	x := activitylog.Exchange{
		Direction: activitylog.In, Kind: activitylog.Fetch, Peer: peerOf(c, r), Method: r.Method, URL: addressOf(r),
		Body: activitylog.Keep(r.Body), At: now, Pair: activitylog.PairOf(r.Method, r.Host, r.Target, header),
	}
	x.Activity.Object = x.URL
	x.Header = redacted(header)
	return x
}

// RequestOf copies the request of c for a verifier: header lines in the order and spelling of the wire, nothing decoded.
// The body of a streamed request is left out.
func RequestOf(c *fiber.Ctx, scheme string) signature.Request {
	h := &c.Request().Header
	r := signature.Request{
		Method: string(h.Method()), Host: string(h.Host()), Scheme: scheme, Target: string(h.RequestURI()),
		Header: headerLines(h, c.App().Config().DisableHeaderNormalizing),
	}
	if !c.Request().IsBodyStream() {
		r.Body = append([]byte(nil), c.Request().Body()...)
	}
	return r
}

// headerLines reads the lines anew from what arrived: fasthttp rewrites names while it visits them unless told not to.
func headerLines(h *fasthttp.RequestHeader, asIs bool) []signature.Field {
	if !asIs {
		h.DisableNormalizing()
		defer h.EnableNormalizing()
	}
	var out []signature.Field
	add := func(name, value []byte) { out = append(out, signature.Field{Name: string(name), Value: string(value)}) }
	if h.VisitAllInOrder(add); len(out) == 0 {
		h.VisitAll(add) // a request that never was on a wire
	}
	return out
}

// Stamp sets the lines that the server would otherwise add while it writes the answer: Date, from now, Content-Length and
// Connection. After it AnswerOf sees what will be sent. The app must run with DisableDefaultDate.
func Stamp(c *fiber.Ctx, now time.Time) {
	h := &c.Response().Header
	setDate(h, now)
	h.SetContentLength(len(c.Response().Body()))
	switch {
	case c.Request().Header.ConnectionClose():
		h.SetConnectionClose()
	case !c.Request().Header.IsHTTP11():
		h.Set(fiber.HeaderConnection, "keep-alive")
	}
}

// setDate works around fasthttp, which takes Date for its own: its setters ignore the name, with NoDefaultDate too. Lines
// that are read as a trailer are added as they are. TestRecorded_answer_is_the_one_on_the_wire notices if that ends.
func setDate(h *fasthttp.ResponseHeader, now time.Time) {
	h.Del(fiber.HeaderDate)
	line := "Date: " + now.UTC().Format(http.TimeFormat) + "\r\n\r\n"
	_ = h.ReadTrailer(bufio.NewReaderSize(strings.NewReader(line), len(line))) // it is whole and well-formed
}

// AnswerOf is the answer in c as it will be sent, took after its request arrived. Call Stamp first.
func AnswerOf(c *fiber.Ctx, took time.Duration) activitylog.Answer {
	a := activitylog.Answer{Status: c.Response().StatusCode(), Took: max(took, 0)}
	lines := strings.Split(string(c.Response().Header.Header()), "\r\n")
	for _, line := range lines[1:] { // the first is the status line
		if name, value, ok := strings.Cut(line, ": "); ok {
			a.Header = append(a.Header, activitylog.Field{Name: name, Value: value})
		}
	}
	a.Header = redacted(a.Header)
	if c.Method() != fiber.MethodHead {
		a.Body = activitylog.Keep(append([]byte(nil), c.Response().Body()...))
	}
	return a
}

// redacted hides in place what lets its reader act for somebody else.
func redacted(header []activitylog.Field) []activitylog.Field {
	for i, f := range header {
		switch strings.ToLower(f.Name) {
		case "authorization", "cookie", "proxy-authorization", "set-cookie":
			header[i].Value = "(not recorded)"
		}
	}
	return header
}

func addressOf(r signature.Request) string {
	if !strings.HasPrefix(r.Target, "/") {
		return r.Target // absolute form: it is the address already
	}
	return r.Scheme + "://" + r.Host + r.Target
}

// peerOf is who asks, by what they say of themselves: the host of the signing key, else the address in the User-Agent, as
// fediverse servers write it, else the network's. None of it is proved.
func peerOf(c *fiber.Ctx, r signature.Request) string {
	if s, ok := r.Value("Signature"); ok {
		p, _ := signature.Parse(s) // the key id is there even when the rest is wrong
		if h := hostIn(p.KeyID); h != "" {
			return h
		}
	}
	if ua, _ := r.Value("User-Agent"); strings.Contains(ua, "+http") {
		_, address, _ := strings.Cut(ua, "+http")
		address, _, _ = strings.Cut(address, ")")
		address, _, _ = strings.Cut(address, ";")
		if h := hostIn("http" + strings.TrimSpace(address)); h != "" {
			return h
		}
	}
	if ip := c.Context().RemoteIP(); !ip.IsUnspecified() {
		return ip.String()
	}
	return ""
}

// sender is the network address that a request came from. A private one is a proxy of our own, which says last whom it
// speaks for.
func sender(c *fiber.Ctx) string {
	ip := c.Context().RemoteIP()
	if ip.IsUnspecified() || ip.IsLoopback() || ip.IsPrivate() {
		all := strings.Split(c.Get(fiber.HeaderXForwardedFor), ",")
		return strings.TrimSpace(all[len(all)-1])
	}
	return ip.String()
}

// hostIn is host[:port] of an http(s) address in lower case, "" when it has none that could be real.
func hostIn(address string) string {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || len(u.Host) > 255 {
		return ""
	}
	for _, r := range u.Host {
		if r <= ' ' || r == utf8.RuneError || strings.ContainsRune(`"<>\^{|}`+"`", r) {
			return ""
		}
	}
	return strings.ToLower(u.Host)
}
