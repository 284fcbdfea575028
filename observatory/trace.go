package observatory

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/internal/sse"
	"orrery/views"
)

// trace is GET /lab/trace?actor=: what somebody's last action caused.
func (o *Observatory) trace(c *fiber.Ctx) error {
	v, actor := o.viewer(c), strings.Clone(c.Query("actor"))
	view, err := o.readTrace(c.UserContext(), v, actor)
	if err != nil {
		return o.fail(c, err)
	}
	return o.draw(c, views.Trace(view))
}

// traceStream is GET /lab/trace/stream?actor=: the same again whenever there is more to tell.
func (o *Observatory) traceStream(c *fiber.Ctx) error {
	v, actor := o.viewer(c), strings.Clone(c.Query("actor"))
	sent, still := "", o.still(c)
	return o.stream(c, func(s *sse.Stream) error {
		return o.each(s, 0, func(ctx context.Context, at int64) (int64, bool, error) {
			if sent != "" && !still(ctx) {
				return at, false, sse.ErrEnded
			}
			view, err := o.readTrace(ctx, v, actor)
			if err != nil {
				return at, false, err
			}
			var html strings.Builder
			if err := views.Trace(view).Render(ctx, &html); err != nil {
				return at, false, err
			}
			if html.String() == sent {
				return at, false, nil
			}
			sent = html.String()
			return at, false, s.Send("", "trace", sent)
		})
	})
}

// readTrace shows an action to whoever may see it: the operator, the person themselves, and anybody when it is public.
func (o *Observatory) readTrace(ctx context.Context, v viewer, actor string) (views.TraceView, error) {
	view := views.TraceView{Reading: views.Reading{Names: o.names(v)}}
	if actor == "" || len(actor) > longest {
		return view, nil
	}
	t, err := o.Log.Trace(ctx, actor)
	if errors.Is(err, activitylog.ErrNoEntry) || (err == nil && !v.may(t.Action)) {
		return view, nil
	}
	if err != nil {
		return view, err
	}
	steps := t.Steps[:0:0]
	for _, s := range t.Steps {
		if v.may(s.Entry) {
			steps = append(steps, s)
		}
	}
	t.Steps = steps
	view.Trace, view.Some = t, true
	return view, nil
}
