package sse

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	gosse "github.com/tmaxmax/go-sse"

	"orrery/internal/clock"
)

// Stream is one client that listens. Safe for concurrent use until the function given to Serve returns.
type Stream struct {
	// LastEventID is the id of the last event that a reconnecting client has seen, as it says itself; else empty.
	LastEventID string

	conn      net.Conn
	deadlines bool          // conn's write deadline may be set while another goroutine writes
	gone      chan struct{} // closed when nothing can be read from the client any more
	done      chan struct{} // closed when the stream is to end, for whatever reason
	end       func()        // closes done, once

	mu sync.Mutex
	w  *bufio.Writer // nil before the stream begins and after it is over
}

func newStream(conn net.Conn, lastEventID string) *Stream {
	s := &Stream{
		LastEventID: lastEventID,
		conn:        conn,
		deadlines:   concurrentDeadlines(conn),
		gone:        make(chan struct{}),
		done:        make(chan struct{}),
	}
	s.end = sync.OnceFunc(func() { close(s.done) })
	return s
}

// concurrentDeadlines reports whether conn is one of the kernel's. fasthttputil's connections in memory have deadlines
// too, but setting one races with a Write; their peers are in this process and are trusted to read or close.
func concurrentDeadlines(conn net.Conn) bool {
	switch conn.RemoteAddr().Network() {
	case "tcp", "unix":
		return true
	}
	return false
}

// Done is closed when the client has gone or the server is stopping.
func (s *Stream) Done() <-chan struct{} { return s.done }

// Send sends one event and flushes it. An empty id leaves the client's last id as it is; an empty event is a "message".
// data may have several lines; line ends arrive as LF. Errors: ErrEnded; an id or event with a line break.
func (s *Stream) Send(id, event, data string) error {
	var m gosse.Message
	var err error
	if id != "" {
		if m.ID, err = gosse.NewID(id); err != nil {
			return fmt.Errorf("send event: %w", err)
		}
	}
	if event != "" {
		if m.Type, err = gosse.NewType(event); err != nil {
			return fmt.Errorf("send event %s: %w", id, err)
		}
	}
	m.AppendData(orBlankLine(data)) // browsers drop an event without any data line
	return s.write(&m)
}

// Comment sends a line that clients ignore. The heartbeat is an empty one.
func (s *Stream) Comment(text string) error {
	var m gosse.Message
	m.AppendComment(orBlankLine(text))
	return s.write(&m)
}

// orBlankLine makes go-sse write an empty field where it would leave the field out.
func orBlankLine(text string) string {
	if text == "" {
		return "\n"
	}
	return text
}

// write passes m to fasthttp, which writes it to the connection in a goroutine of its own. The deadline is renewed every
// time because the server's WriteTimeout would otherwise end a stream at that age.
func (s *Stream) write(m *gosse.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return ErrEnded
	default:
	}
	if s.w == nil {
		return ErrEnded
	}
	s.extendDeadline()
	_, err := m.WriteTo(s.w)
	if err == nil {
		err = s.w.Flush()
	}
	if err != nil {
		s.end()
		return fmt.Errorf("%w: %w", ErrEnded, err)
	}
	return nil
}

func (s *Stream) extendDeadline() {
	if s.deadlines {
		_ = s.conn.SetWriteDeadline(clock.Real{}.Now().Add(writeTimeout)) // fails only when closed, as the write then will
	}
}

// run is the life of the stream, in the goroutine in which fasthttp collects the body.
func (s *Stream) run(w *bufio.Writer, o Options, fn func(*Stream) error) {
	s.w = w
	var helpers sync.WaitGroup
	go s.watch()
	go s.enforceEnd()
	helpers.Go(func() { s.obey(o.Stop) })
	err := s.greet(o.Retry)
	if err == nil {
		helpers.Go(func() { s.keepAlive(o) })
		err = protect(s, fn)
	}
	s.end()
	helpers.Wait()

	s.mu.Lock()
	s.extendDeadline() // for the chunk that ends the body
	s.w = nil
	s.mu.Unlock()
	if errors.Is(err, ErrEnded) {
		err = nil
	}
	if o.OnEnd != nil {
		o.OnEnd(err)
	}
}

// greet sends something at once, so that headers reach the browser and it knows that it is connected.
func (s *Stream) greet(retry time.Duration) error {
	m := gosse.Message{Retry: retry}
	m.AppendComment("listening")
	return s.write(&m)
}

// protect turns a panic into an error: no middleware stands around this goroutine, so it would end the whole process.
func protect(s *Stream, fn func(*Stream) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("event stream panicked: %v\n%s", p, strings.TrimSpace(string(debug.Stack())))
		}
	}()
	return fn(s)
}
