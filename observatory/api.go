package observatory

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/internal/sse"
)

// apiLog is GET /api/orrery/v1/log. Local actions have no wire, so they are listed only when asked for.
func (o *Observatory) apiLog(c *fiber.Ctx) error {
	_, f, err := asked(c)
	if err != nil {
		return err
	}
	f = wireOnly(f)
	v := o.viewer(c)
	found, err := o.Log.Entries(c.UserContext(), f)
	if err != nil {
		return o.broken(c, err)
	}
	o.link(c, f, found)
	rows, names := []activitylog.Row{}, o.names(v)
	for _, e := range v.allowed(found) {
		rows = append(rows, o.rowOf(e, names))
	}
	return c.JSON(rows)
}

func wireOnly(f activitylog.Filter) activitylog.Filter {
	if len(f.Directions) == 0 {
		f.Directions = []activitylog.Direction{activitylog.In, activitylog.Out}
	}
	return f
}

// link gives the addresses of the pages around found, which is as read: what the viewer may not see still moves on.
func (o *Observatory) link(c *fiber.Ctx, f activitylog.Filter, found []activitylog.Entry) {
	if len(found) == 0 {
		return
	}
	page := func(rel, name, value string) string {
		q, _ := url.ParseQuery(string(c.Context().QueryArgs().QueryString())) // what does not parse is left out
		for _, other := range []string{"before", "after", "since"} {
			q.Del(other)
		}
		q.Set(name, value)
		return fmt.Sprintf(`<%s%s/log?%s>; rel="%s"`, o.own(c), o.api(), q.Encode(), rel)
	}
	first, last := found[0], found[len(found)-1]
	if f.Since > 0 {
		c.Set(fiber.HeaderLink, page("next", "since", fmt.Sprint(last.Pos)))
		return
	}
	links := []string{page("prev", "after", first.Exchange.ID.String())}
	if len(found) >= pageSize(f) {
		links = append([]string{page("next", "before", last.Exchange.ID.String())}, links...)
	}
	c.Set(fiber.HeaderLink, strings.Join(links, ", "))
}

func pageSize(f activitylog.Filter) int {
	if f.Limit == 0 {
		return activitylog.DefaultLimit
	}
	return f.Limit
}

// apiEntry is GET /api/orrery/v1/log/ID. What the viewer may not see does not exist for them.
func (o *Observatory) apiEntry(c *fiber.Ctx) error {
	id, ok := entryID(c.Params("id"))
	if !ok {
		return refuse(fiber.StatusNotFound, "id", "The id of an entry is a decimal number.")
	}
	v, ctx := o.viewer(c), c.UserContext()
	e, err := o.Log.Entry(ctx, id)
	if errors.Is(err, activitylog.ErrNoEntry) || (err == nil && !v.may(e)) {
		return refuse(fiber.StatusNotFound, "id", "The log has no entry of this id; it may have been pruned.")
	}
	if err != nil {
		return o.broken(c, err)
	}
	effects, err := o.Log.Effects(ctx, id)
	if err != nil {
		return o.broken(c, err)
	}
	full := activitylog.FullOf(e, v.allowed(effects), o.names(v))
	full.Row = o.rowOf(e, o.names(v))
	return c.JSON(full)
}

// apiStream is GET /api/orrery/v1/log/stream: every entry that f selects, again whenever it changes.
func (o *Observatory) apiStream(c *fiber.Ctx) error {
	_, f, err := asked(c)
	if err != nil {
		return err
	}
	v := o.viewer(c)
	n := o.names(v)
	return o.follow(c, wireOnly(f), 0, func(s *sse.Stream, e activitylog.Entry) error {
		if !v.may(e) {
			return nil
		}
		data, err := json.Marshal(activitylog.RowOf(e, n))
		if err != nil {
			return fmt.Errorf("encode entry %d: %w", e.Exchange.ID, err)
		}
		return s.Send(position(e.Pos), "entry", string(data))
	})
}

func (o *Observatory) broken(c *fiber.Ctx, err error) error {
	o.Slog.ErrorContext(c.UserContext(), "observatory", "path", c.Path(), "err", err)
	return refuse(fiber.StatusInternalServerError, "", "The log could not be read just now; ask again in a moment.")
}
