package sse_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/valyala/fasthttp/fasthttputil"

	"orrery/internal/clock"
	"orrery/internal/sse"
)

// patience is how long a test waits for what should come at once; it bounds a failure, not a success.
const patience = time.Minute

// host is an app with one stream at /, listening somewhere.
type host struct {
	url    string
	client *http.Client
	app    *fiber.App
	stop   chan struct{}
	ended  chan error
}

type stream = func(*sse.Stream) error

func loopback(t *testing.T) (net.Listener, func(context.Context, string, string) (net.Conn, error)) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return ln, (&net.Dialer{}).DialContext
}

func memory(*testing.T) (net.Listener, func(context.Context, string, string) (net.Conn, error)) {
	ln := fasthttputil.NewInmemoryListener()
	return ln, func(context.Context, string, string) (net.Conn, error) { return ln.Dial() }
}

// overEach runs a test over a real connection and over one in memory, as labs use.
func overEach(t *testing.T, test func(t *testing.T, start func(sse.Options, stream) *host)) {
	for name, listen := range map[string]func(*testing.T) (net.Listener, func(context.Context, string, string) (net.Conn, error)){
		"loopback": loopback, "memory": memory,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, func(o sse.Options, fn stream) *host {
				ln, dial := listen(t)
				return serve(t, ln, dial, fiber.Config{}, o, fn)
			})
		})
	}
}

func serve(t *testing.T, ln net.Listener, dial func(context.Context, string, string) (net.Conn, error), cfg fiber.Config, o sse.Options, fn stream) *host {
	t.Helper()
	cfg.DisableStartupMessage = true
	h := &host{
		url:    "http://" + ln.Addr().String() + "/",
		client: &http.Client{Transport: &http.Transport{DialContext: dial}},
		app:    fiber.New(cfg),
		stop:   make(chan struct{}),
		ended:  make(chan error, 1),
	}
	if ln.Addr().Network() != "tcp" {
		h.url = "http://memory.test/"
	}
	o.Stop, o.OnEnd = h.stop, func(err error) { h.ended <- err }
	h.app.Get("/", func(c *fiber.Ctx) error { return sse.Serve(c, o, fn) })
	served := make(chan struct{})
	go func() { defer close(served); _ = h.app.Listener(ln) }()
	t.Cleanup(func() {
		h.client.CloseIdleConnections()
		_ = h.app.ShutdownWithTimeout(patience)
		<-served
	})
	return h
}

func (h *host) get(t *testing.T, header ...string) (*http.Response, *bufio.Reader) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	resp, err := h.client.Do(req)
	if err != nil {
		t.Fatalf("connect: %v", err)
	}
	t.Cleanup(func() { resp.Body.Close() })
	return resp, bufio.NewReader(resp.Body)
}

// block reads the lines up to the next blank one.
func block(t *testing.T, r *bufio.Reader) string {
	t.Helper()
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			t.Fatalf("stream broke off after %q: %v", b.String(), err)
		}
		if line == "\n" {
			return b.String()
		}
		b.WriteString(line)
	}
}

func within[T any](t *testing.T, what string, ch <-chan T) (v T) {
	t.Helper()
	select {
	case v = <-ch:
	case <-time.After(patience):
		t.Fatalf("%s: not within %v", what, patience)
	}
	return v
}

func TestServe_sends_events_in_order(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		h := start(sse.Options{Retry: 2 * time.Second}, func(s *sse.Stream) error {
			for i := range 200 {
				if err := s.Send(strconv.Itoa(i), "entry", "row "+strconv.Itoa(i)); err != nil {
					return err
				}
			}
			if err := s.Send("", "", "one\ntwo\r\n\r\nfour"); err != nil {
				return err
			}
			if err := s.Send("", "reset", ""); err != nil {
				return err
			}
			return s.Send("", "big", strings.Repeat("x", 100_000))
		})
		resp, r := h.get(t)
		for name, want := range map[string]string{"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"} {
			if got := resp.Header.Get(name); got != want {
				t.Errorf("%s = %q, want %q", name, got, want)
			}
		}
		want := []string{"retry: 2000\n: listening\n"}
		for i := range 200 {
			want = append(want, "id: "+strconv.Itoa(i)+"\nevent: entry\ndata: row "+strconv.Itoa(i)+"\n")
		}
		want = append(want, "data: one\ndata: two\ndata: \ndata: four\n", "event: reset\ndata: \n", "event: big\ndata: "+strings.Repeat("x", 100_000)+"\n")
		var got []string
		for range want {
			got = append(got, block(t, r))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("stream (-want +got):\n%s", diff)
		}
		if rest, err := io.ReadAll(r); len(rest) != 0 || err != nil {
			t.Errorf("after the last event: %q, %v, want a proper end", rest, err)
		}
		if err := within(t, "OnEnd", h.ended); err != nil {
			t.Errorf("OnEnd(%v), want nil", err)
		}
	})
}

func TestServe_notices_a_client_that_leaves(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		sendAfter := make(chan error, 1)
		h := start(sse.Options{Heartbeat: time.Hour}, func(s *sse.Stream) error {
			<-s.Done()
			err := s.Send("1", "", "too late")
			sendAfter <- err
			return err
		})
		resp, r := h.get(t)
		block(t, r)
		resp.Body.Close()
		if err := within(t, "Done after the client closed", sendAfter); !errors.Is(err, sse.ErrEnded) {
			t.Errorf("Send after the client left = %v, want ErrEnded", err)
		}
		if err := within(t, "OnEnd", h.ended); err != nil {
			t.Errorf("OnEnd(%v), want nil: leaving is ordinary", err)
		}
	})
}

func TestServe_ends_when_the_server_stops(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		h := start(sse.Options{}, func(s *sse.Stream) error { <-s.Done(); return nil })
		_, r := h.get(t)
		block(t, r)
		close(h.stop)
		if rest, err := io.ReadAll(r); len(rest) != 0 || err != nil {
			t.Errorf("stream ended with %q, %v, want a proper end", rest, err)
		}
		down := make(chan error, 1)
		go func() { down <- h.app.Shutdown() }()
		if err := within(t, "graceful stop", down); err != nil {
			t.Errorf("Shutdown: %v", err)
		}
	})
}

// The client's window and all buffers are full: sending blocks, and only closing the connection gets the server down.
func TestServe_stops_although_a_client_does_not_read(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		sending := make(chan struct{})
		h := start(sse.Options{}, func(s *sse.Stream) error {
			for {
				select {
				case sending <- struct{}{}:
				case <-s.Done():
				}
				if err := s.Send("", "", strings.Repeat("x", 1<<20)); err != nil {
					return err
				}
			}
		})
		_, r := h.get(t)
		block(t, r)
		for stuck := false; !stuck; {
			select {
			case <-sending:
			case <-time.After(300 * time.Millisecond):
				stuck = true
			}
		}
		close(h.stop)
		down := make(chan error, 1)
		go func() { down <- h.app.Shutdown() }()
		within(t, "graceful stop", down)
		within(t, "OnEnd", h.ended)
	})
}

func TestServe_beats_by_the_given_clock(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		c := &countingClock{Stepped: clock.New(time.Unix(0, 0)), asked: make(chan struct{}, 8)}
		h := start(sse.Options{Clock: c}, func(s *sse.Stream) error { <-s.Done(); return nil })
		_, r := h.get(t)
		block(t, r)
		for range 3 {
			within(t, "heartbeat timer", c.asked)
			c.Advance(15 * time.Second)
			if got, want := block(t, r), ": \n"; got != want {
				t.Errorf("heartbeat = %q, want %q", got, want)
			}
		}
	})
}

// countingClock tells when somebody has begun to wait, so that a test can advance without sleeping.
type countingClock struct {
	*clock.Stepped
	asked chan struct{}
}

func (c *countingClock) At(t time.Time) <-chan time.Time {
	ch := c.Stepped.At(t)
	c.asked <- struct{}{}
	return ch
}

func TestServe_outlives_the_servers_timeouts(t *testing.T) {
	t.Parallel()
	ln, dial := loopback(t)
	cfg := fiber.Config{ReadTimeout: 40 * time.Millisecond, WriteTimeout: 40 * time.Millisecond}
	h := serve(t, ln, dial, cfg, sse.Options{}, func(s *sse.Stream) error {
		for i := range 5 {
			<-clock.Real{}.At(clock.Real{}.Now().Add(50 * time.Millisecond)) // real time is what is tested here
			if err := s.Send(strconv.Itoa(i), "", "still here"); err != nil {
				return err
			}
		}
		return nil
	})
	_, r := h.get(t)
	all, err := io.ReadAll(r)
	if got := strings.Count(string(all), "still here"); got != 5 || err != nil {
		t.Errorf("got %d events and %v, want 5 and a proper end", got, err)
	}
}

func TestServe_gives_the_last_event_id(t *testing.T) {
	t.Parallel()
	overEach(t, func(t *testing.T, start func(sse.Options, stream) *host) {
		h := start(sse.Options{}, func(s *sse.Stream) error { return s.Comment("after " + s.LastEventID) })
		_, r := h.get(t, "Last-Event-ID", "1042")
		block(t, r)
		if got, want := block(t, r), ": after 1042\n"; got != want {
			t.Errorf("comment = %q, want %q", got, want)
		}
	})
}

func TestServe_reports_how_it_ended(t *testing.T) {
	t.Parallel()
	cause := errors.New("storage is gone")
	for _, tt := range []struct {
		name string
		fn   stream
		want string
	}{
		{"error", func(*sse.Stream) error { return cause }, "storage is gone"},
		{"panic", func(*sse.Stream) error { panic("oh") }, "event stream panicked: oh"},
		{"line break in an id", func(s *sse.Stream) error { return s.Send("1\ndata: forged", "", "x") }, "send event"},
		{"line break in an event", func(s *sse.Stream) error { return s.Send("1", "a\rb", "x") }, "send event"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ln, dial := loopback(t)
			h := serve(t, ln, dial, fiber.Config{}, sse.Options{}, tt.fn)
			_, r := h.get(t)
			_, _ = io.Copy(io.Discard, r)
			if err := within(t, "OnEnd", h.ended); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("OnEnd(%v), want an error with %q", err, tt.want)
			}
		})
	}
}

func TestServe_answers_HEAD_without_a_stream(t *testing.T) {
	t.Parallel()
	ln, dial := loopback(t)
	h := serve(t, ln, dial, fiber.Config{}, sse.Options{}, func(*sse.Stream) error {
		t.Error("a HEAD request started a stream")
		return nil
	})
	resp, err := h.client.Head(h.url)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got, want := resp.Header.Get("Content-Type"), "text/event-stream"; resp.StatusCode != 200 || got != want {
		t.Errorf("HEAD = %d %s, want 200 %s", resp.StatusCode, got, want)
	}
}
