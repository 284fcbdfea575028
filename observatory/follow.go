package observatory

import (
	"context"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/internal/sse"
)

// batch is how many entries are read at once for one listener.
const batch = 100

// tooFar is how many positions a page may be behind before it is told to load anew: it shows a few hundred rows.
const tooFar = 5000

// follow answers with a stream: send is called for each entry that f selects, in the order in which they change, from
// the position that the listener last saw. It reads storage from its own position and is only woken, so a slow listener
// holds up nobody and misses nothing. One that is more than far behind is told to begin anew; 0 is never.
func (o *Observatory) follow(c *fiber.Ctx, f activitylog.Filter, far int64, send func(*sse.Stream, activitylog.Entry) error) error {
	at, err := o.start(c)
	if err != nil {
		return err
	}
	still := o.still(c)
	return o.stream(c, func(s *sse.Stream) error {
		return o.each(s, at, func(ctx context.Context, at int64) (int64, bool, error) {
			// Read first: everything up to newest is visible to the query that follows.
			newest, err := o.Log.LastPosition(ctx)
			if err != nil {
				return at, false, err
			}
			if newest < at { // the log began anew
				return newest, false, s.Send(position(newest), "reset", "The log was started afresh.")
			}
			if far > 0 && newest-at > far {
				return newest, false, s.Send(position(newest), "reset", "Too much has happened meanwhile; load the page anew.")
			}
			page := f
			page.Since, page.Limit, page.Before, page.After = max(at, 1), batch, 0, 0
			if newest == at {
				return at, false, nil
			}
			if !still(ctx) {
				return at, false, sse.ErrEnded
			}
			found, err := o.Log.Entries(ctx, page)
			if err != nil {
				return at, false, err
			}
			for _, e := range found {
				if e.Pos <= at {
					continue
				}
				if err := send(s, e); err != nil {
					return at, false, err
				}
				at = e.Pos
			}
			if len(found) == batch {
				return at, true, nil
			}
			return max(at, newest), false, nil
		})
	})
}

// start is the position after which a listener wants to hear: what it last saw, what it asks for, or now.
func (o *Observatory) start(c *fiber.Ctx) (int64, error) {
	for _, last := range []string{c.Get("Last-Event-ID"), c.Query("since")} {
		if n, err := strconv.ParseInt(last, 10, 64); err == nil && n >= 0 {
			return n, nil
		}
	}
	at, err := o.Log.LastPosition(c.UserContext())
	if err != nil {
		return 0, o.broken(c, err)
	}
	return at, nil
}

// each calls step at once and whenever the log grows, until the stream ends. step returns how far it has come and whether
// there is more to do at once.
func (o *Observatory) each(s *sse.Stream, at int64, step func(context.Context, int64) (int64, bool, error)) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-s.Done():
			cancel()
		case <-ctx.Done():
		}
	}()
	wake, unsubscribe := o.Log.Subscribe()
	defer unsubscribe()
	for {
		var more bool
		var err error
		if at, more, err = step(ctx, at); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		if more {
			continue
		}
		select {
		case <-wake:
		case <-s.Done():
			return nil
		}
	}
}

func position(pos int64) string { return strconv.FormatInt(pos, 10) }
