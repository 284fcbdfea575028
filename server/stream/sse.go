package stream

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/internal/sse"
	"orrery/social"
)

// Follow answers c with the events of one stream. Errors: *Refused, social.ErrThrottled.
func (h *Hub) Follow(c *fiber.Ctx, token social.Token, name, argument string) error {
	ch, err := h.channel(c.UserContext(), token, name, argument)
	if err != nil {
		return err
	}
	if c.Method() == fiber.MethodHead {
		return sse.Serve(c, sse.Options{}, nil)
	}
	l, err := h.admit(c, token)
	if err != nil {
		return err
	}
	if err := l.subscribe(ch); err != nil {
		l.close()
		return err
	}
	err = sse.Serve(c, sse.Options{Heart: "thump", Stop: l.done, OnEnd: func(err error) {
		l.close()
		if err != nil && h.Log != nil {
			h.Log.Error("stream", "name", name, "err", err)
		}
	}}, func(s *sse.Stream) error {
		for {
			select {
			case <-s.Done():
				return nil
			case m := <-l.out:
				if err := s.Send("", m.event, m.payload); err != nil {
					return err
				}
			}
		}
	})
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	return err
}

// admit opens a listener. That the token holds is asked again afterwards: who takes it back meanwhile finds the listener.
func (h *Hub) admit(c *fiber.Ctx, token social.Token) (*listener, error) {
	l, err := h.open(token, clientip.Counted(clientip.Of(c)))
	if err != nil {
		return nil, err
	}
	if _, err := h.Store.TokenByHash(c.UserContext(), token.Hash); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// reason is what a program is told of err, with the status that fits.
func reason(err error) (string, int) {
	var r *Refused
	if errors.As(err, &r) {
		return r.Message, r.Status
	}
	if errors.Is(err, social.ErrThrottled) {
		return errTooMany.Error(), fiber.StatusTooManyRequests
	}
	return "Something went wrong here. Try again later.", fiber.StatusInternalServerError
}
