package activitylog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"slices"
	"sort"
	"strconv"
	"sync"
	"time"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// MaxBody is how many bytes of a body are kept and read: one mebibyte, on both edges (contracts.md).
const MaxBody = 1 << 20

// Transport wraps next so that every request is recorded as sent. It must be the innermost wrapper, after signing. The
// exchange is durable before a byte is sent; its answer before the caller sees it, or, for a delivery made by a job, with
// the job's own transaction. Answers longer than MaxBody are cut there and marked; callers check ErrTooLarge.
func (r *Recorder) Transport(next http.RoundTripper) http.RoundTripper {
	return roundTripper(func(req *http.Request) (*http.Response, error) {
		if r.Discard {
			return next.RoundTrip(req)
		}
		if err := r.ensure(req.Context()); err != nil {
			return nil, err
		}
		x, st, err := r.outgoing(req)
		if err != nil {
			return nil, err
		}
		facts, err := r.repeats(req.Context(), x)
		if err != nil {
			return nil, err
		}
		ctx := context.WithoutCancel(req.Context())
		if err := r.Write(ctx, func(ctx context.Context, log Appender) error { return log.AppendExchange(ctx, x, facts, nil, st) }); err != nil {
			return nil, fmt.Errorf("record request to %s: %w", x.URL, err)
		}
		r.Woken()
		begins(req.Context(), x)
		return r.send(req, next, x, st)
	})
}

// begins lets what a job goes on to observe and to cause belong to x, when nothing led to the job and x is its first request:
// that a program beside the server asks for threads is begun by nobody (federation.md §13.3.7).
func begins(ctx context.Context, x Exchange) {
	s := scopeOf(ctx)
	if s == nil || !s.job || x.Cause != 0 || x.Kind == Delivery {
		return
	}
	s.mu.Lock()
	if s.id == 0 {
		s.id = x.ID
	}
	s.mu.Unlock()
	observe.Begin(ctx, x.ID)
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// ErrTooLarge says that an answer was longer than MaxBody.
var ErrTooLarge = errors.New("answer larger than one mebibyte")

func (r *Recorder) outgoing(req *http.Request) (Exchange, State, error) {
	body, err := takeBody(req)
	if err != nil {
		return Exchange{}, State{}, err
	}
	p := observe.PurposeOf(req.Context())
	x := Exchange{
		Direction: Out, Kind: p.Kind, Peer: req.URL.Host, Method: req.Method, URL: req.URL.String(),
		Header: wireOrder(req, len(body)), Body: Keep(body), Attempt: p.Attempt, Rule: p.Rule, Carrier: p.Signer,
	}
	x.Pair = PairOf(x.Method, req.Host, req.URL.RequestURI(), x.Header)
	if p.Kind == Delivery {
		x.Activity = r.sent.of(x.Body)
	} else {
		x.Activity = Summary{Object: x.URL}
	}
	r.identify(req.Context(), &x)
	st := State{Carrier: p.Signer, Author: x.Activity.Actor, Outcome: observe.Pending, Rule: p.Rule}
	if p.Attempt > 1 || p.Again != "" {
		st.badge(Retry)
	}
	if p.Rule == rules.FetchMissingAncestor {
		st.badge(GapFill)
	}
	if x.Activity.Actor != "" && st.Carrier != "" && x.Activity.Actor != st.Carrier {
		st.badge(Forwarded)
	}
	return x, st, nil
}

// repeats writes what is still kept of the try that x repeats at once, and returns the fact that says why.
func (r *Recorder) repeats(ctx context.Context, x Exchange) ([]Fact, error) {
	p := observe.PurposeOf(ctx)
	if p.Again == "" {
		return nil, nil
	}
	if s := scopeOf(ctx); s != nil && s.job && x.Kind == Delivery {
		if err := r.flushAlone(ctx, s); err != nil {
			return nil, err
		}
	}
	again := observe.Retried{Rule: p.Again, Attempt: x.Attempt}
	detail, err := json.Marshal(again)
	if err != nil {
		return nil, fmt.Errorf("encode why %s is repeated: %w", x.URL, err)
	}
	return []Fact{{Exchange: x.ID, Cause: x.Cause, Root: x.Root, At: r.Now(), Kind: again.Kind(), Rule: p.Again, Detail: detail}}, nil
}

// send makes the request and records how it ended.
func (r *Recorder) send(req *http.Request, next http.RoundTripper, x Exchange, st State) (*http.Response, error) {
	wrote := &headerLines{}
	ctx := httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{WroteHeaderField: wrote.add})
	started := r.Now()
	res, err := next.RoundTrip(req.WithContext(ctx))
	a := Answer{}
	if err != nil {
		a.Err = err.Error()
	} else if a, err = r.answer(res); errors.Is(err, ErrTooLarge) && (x.Kind == Delivery || observe.PurposeOf(req.Context()).Beginning) {
		err = nil // a delivery was taken: the status says so, and nobody reads the rest; of a page the beginning is enough
	} else if err != nil {
		a.Err = err.Error()
	}
	a.Took = max(r.Now().Sub(started), 0)
	if got := wrote.lines(); len(got) > 0 && !slices.Equal(got, x.Header) {
		r.Log.ErrorContext(ctx, "the recorded header lines differ from those sent", "url", x.URL, "recorded", x.Header, "sent", got)
	}
	if rerr := r.recordAnswer(req.Context(), x, a, st); rerr != nil {
		return nil, rerr
	}
	if err != nil {
		return nil, err
	}
	return res, nil
}

func (r *Recorder) recordAnswer(ctx context.Context, x Exchange, a Answer, st State) error {
	if s := scopeOf(ctx); s != nil && s.job && x.Kind == Delivery {
		s.mu.Lock()
		s.id, s.answer, s.answered, s.state, s.awaited = x.ID, &a, false, st, false
		s.mu.Unlock()
		return nil
	}
	st.settle(a, false)
	err := r.Write(context.WithoutCancel(ctx), func(ctx context.Context, log Appender) error {
		return log.AppendAnswer(ctx, x.ID, a, st)
	})
	if err != nil {
		return fmt.Errorf("record answer of %s: %w", x.URL, err)
	}
	r.Woken()
	return nil
}

// answer reads what came back, at most MaxBody, and gives the response a body that can be read again.
func (r *Recorder) answer(res *http.Response) (Answer, error) {
	body, err := io.ReadAll(io.LimitReader(res.Body, MaxBody+1))
	res.Body.Close()
	a := Answer{Status: res.StatusCode, Body: Keep(body)}
	for _, name := range sortedNames(res.Header) {
		for _, v := range res.Header[name] {
			a.Header = append(a.Header, Field{name, v})
		}
	}
	res.Body = io.NopCloser(bytes.NewReader(a.Body.Bytes))
	if err == nil && a.Body.Truncated {
		err = ErrTooLarge
	}
	return a, err
}

func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil || req.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	req.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read body for %s: %w", req.URL, err)
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	req.ContentLength = int64(len(body))
	return body, nil
}

// headerLines collects what net/http says that it wrote; it may do so from another goroutine.
type headerLines struct {
	mu sync.Mutex
	ls []Field
}

func (h *headerLines) add(name string, values []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range values {
		h.ls = append(h.ls, Field{name, v})
	}
}

func (h *headerLines) lines() []Field {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.ls)
}

// wireOrder is the order in which net/http (HTTP/1.1) writes the header lines of req: Host, User-Agent, Content-Length,
// then the others by name. The exchange must be durable before the lines are written; send compares with what was written.
func wireOrder(req *http.Request, bodyLen int) []Field {
	host := req.Host
	if host == "" {
		host = req.URL.Host
	}
	fields := []Field{{"Host", host}}
	if ua := req.Header.Get("User-Agent"); ua != "" {
		fields = append(fields, Field{"User-Agent", ua})
	}
	if bodyLen > 0 || req.Method == http.MethodPost {
		fields = append(fields, Field{"Content-Length", strconv.Itoa(bodyLen)})
	}
	for _, name := range sortedNames(req.Header) {
		switch textproto.CanonicalMIMEHeaderKey(name) {
		case "Host", "User-Agent", "Content-Length", "Transfer-Encoding":
			continue
		}
		for _, v := range req.Header[name] {
			fields = append(fields, Field{name, textproto.TrimString(v)})
		}
	}
	return fields
}

func sortedNames(h http.Header) []string {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Keep returns b as kept: cut at MaxBody.
func Keep(b []byte) Content {
	c := Content{Size: len(b), Bytes: b}
	if len(b) > MaxBody {
		c.Bytes, c.Truncated = b[:MaxBody], true
	}
	if len(b) > 0 {
		c.SHA256 = sha256Hex(c.Bytes)
	}
	return c
}

// DeliveryDeadline is the watchdog of one outgoing request on the real clock (contracts.md 20).
const DeliveryDeadline = 30 * time.Second
