package stream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/fasthttp/websocket"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/internal/clock"
	"orrery/social"
)

// Times of a WebSocket. They guard connections, so they are real.
const (
	pingEvery    = 30 * time.Second
	pongWithin   = 2 * pingEvery
	writeTimeout = 10 * time.Second
	maxFrame     = 8 << 10 // of a program: subscriptions are short
)

// Socket makes a WebSocket of c, which begins with one stream unless name is "". protocol is what the program offered in
// Sec-WebSocket-Protocol; a browser wants to hear it again. Errors: social.ErrThrottled, and whatever makes it no WebSocket.
func (h *Hub) Socket(c *fiber.Ctx, token social.Token, protocol, name, argument string) error {
	l, err := h.admit(c, token)
	if err != nil {
		return err
	}
	up := websocket.FastHTTPUpgrader{
		CheckOrigin: func(*fasthttp.RequestCtx) bool { return true }, // the token says who asks, not a cookie
		Error:       func(_ *fasthttp.RequestCtx, status int, err error) {},
	}
	if protocol != "" {
		up.Subprotocols = []string{protocol}
	}
	err = up.Upgrade(c.Context(), func(conn *websocket.Conn) {
		defer l.close()
		(&socket{listener: l, conn: conn}).serve(name, argument)
	})
	if err != nil {
		l.close()
		return refuse(fiber.StatusBadRequest, "This is no proper WebSocket handshake: %v.", err)
	}
	return nil
}

// A socket is one WebSocket with several streams.
type socket struct {
	*listener
	conn *websocket.Conn
}

// request is what a program sends.
type request struct {
	Type   string `json:"type"`
	Stream string `json:"stream"`
	Tag    string `json:"tag"`
	List   any    `json:"list"` // a string, but some send the number
}

func (r request) argument() string {
	if r.Tag != "" || r.List == nil {
		return r.Tag
	}
	return fmt.Sprint(r.List)
}

// serve reads and writes until either side ends. Only this goroutine writes messages.
func (s *socket) serve(name, argument string) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	read := make(chan struct{})
	go func() {
		defer close(read)
		s.read(ctx, name, argument)
	}()
	s.write(read)
	_ = s.conn.Close()
	<-read
}

// write sends what comes until the listener ends or nothing can be read any more.
func (s *socket) write(read <-chan struct{}) {
	ping := clock.Real{}.At(clock.Real{}.Now().Add(pingEvery))
	for {
		var err error
		select {
		case <-read:
			return
		case <-s.done:
			s.sayGoodbye(websocket.CloseGoingAway, "")
			return
		case m := <-s.out:
			if err = s.conn.SetWriteDeadline(soon(writeTimeout)); err == nil {
				err = s.conn.WriteMessage(websocket.TextMessage, m.frame)
			}
		case <-ping:
			ping = clock.Real{}.At(soon(pingEvery))
			err = s.conn.WriteControl(websocket.PingMessage, nil, soon(writeTimeout))
		}
		if err != nil {
			return
		}
	}
}

func soon(d time.Duration) time.Time { return clock.Real{}.Now().Add(d) }

// sayGoodbye is best effort: the other side may have gone.
func (s *socket) sayGoodbye(code int, text string) {
	_ = s.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), soon(writeTimeout))
}

// read does what the program asks until it closes, says nothing for too long, or sends what is no text.
func (s *socket) read(ctx context.Context, name, argument string) {
	s.conn.SetReadLimit(maxFrame)
	alive := func(string) error { return s.conn.SetReadDeadline(soon(pongWithin)) }
	s.conn.SetPongHandler(alive)
	answer := s.conn.PingHandler()
	s.conn.SetPingHandler(func(data string) error { return errors.Join(alive(""), answer(data)) })
	_ = alive("")
	if name != "" {
		s.subscribeTo(ctx, name, argument)
	}
	for {
		kind, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if kind != websocket.TextMessage {
			s.sayGoodbye(websocket.CloseUnsupportedData, "only text is understood")
			return
		}
		_ = alive("")
		s.obey(ctx, data)
	}
}

// obey carries out one frame.
func (s *socket) obey(ctx context.Context, data []byte) {
	var r request
	if json.Unmarshal(data, &r) != nil {
		s.complain("The frame is no JSON object with type and stream.", fiber.StatusBadRequest)
		return
	}
	switch r.Type {
	case "subscribe":
		s.subscribeTo(ctx, r.Stream, r.argument())
	case "unsubscribe":
		ch, err := s.hub.channel(ctx, s.token, r.Stream, r.argument())
		if err != nil {
			s.complain(reason(err))
			return
		}
		s.unsubscribe(ch)
	default:
		s.complain("The type of a frame is subscribe or unsubscribe.", fiber.StatusBadRequest)
	}
}

func (s *socket) subscribeTo(ctx context.Context, name, argument string) {
	ch, err := s.hub.channel(ctx, s.token, name, argument)
	if err == nil {
		err = s.subscribe(ch)
	}
	if err != nil {
		s.complain(reason(err))
	}
}

// complain sends an error as a frame. Who does not read what was complained of before is cut off.
func (s *socket) complain(text string, status int) {
	frame, _ := json.Marshal(struct {
		Error  string `json:"error"`
		Status int    `json:"status"`
	}{text, status})
	select {
	case s.out <- message{frame: frame}:
	default:
		s.close()
	}
}
