package sse

import (
	"orrery/internal/clock"
)

// watch reads until nothing more comes, which is when the client has closed. A listener has no reason to send anything
// after its request; one that goes on talking is cut off after a few kilobytes.
func (s *Stream) watch() {
	defer close(s.gone)
	defer s.end()
	const patience = 4096
	var b [512]byte
	for heard := 0; heard < patience; {
		n, err := s.conn.Read(b[:])
		if err != nil {
			return
		}
		heard += n
	}
}

// obey ends the stream when the server stops.
func (s *Stream) obey(stop <-chan struct{}) {
	select {
	case <-stop:
		s.end()
	case <-s.done:
	}
}

// keepAlive sends a comment at each interval.
func (s *Stream) keepAlive(o Options) {
	interval, c := o.Heartbeat, o.Clock
	if interval <= 0 {
		interval = defaultHeartbeat
	}
	if c == nil {
		c = clock.Real{}
	}
	for {
		select {
		case <-c.At(c.Now().Add(interval)):
			if s.Comment(o.Heart) != nil {
				return
			}
		case <-s.done:
			return
		}
	}
}

// enforceEnd closes the connection when a stream that has ended is still there after a grace: its client has stopped
// reading, and a graceful stop would wait for it. Normally fasthttp closes first, which ends the watching.
func (s *Stream) enforceEnd() {
	<-s.done
	select {
	case <-s.gone:
	case <-clock.Real{}.At(clock.Real{}.Now().Add(closeGrace)):
		_ = s.conn.Close()
	}
}
