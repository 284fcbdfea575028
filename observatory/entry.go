package observatory

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/views"
)

// entryPage is GET /lab/e/ID: a page, or for htmx only what is said about the entry.
func (o *Observatory) entryPage(c *fiber.Ctx) error {
	e, err := o.allowedEntry(c)
	if errors.Is(err, activitylog.ErrNoEntry) {
		return o.noEntry(c)
	}
	if err != nil {
		return o.fail(c, err)
	}
	view, err := o.around(c, e)
	if err != nil {
		return o.fail(c, err)
	}
	if c.Get("HX-Request") != "" {
		return o.draw(c, views.Entry(view))
	}
	return o.draw(c, views.EntryPage(o.page(c, "Log entry "+e.Exchange.ID.String(), "log"), view))
}

func (o *Observatory) noEntry(c *fiber.Ctx) error {
	return o.tell(c, fiber.StatusNotFound, "The log has no such entry",
		"It may have been pruned, the lab may have been started afresh, or it is not for you to see.", o.place()+"/log", "To the log")
}

// allowedEntry is the entry that the address names; what the viewer may not see does not exist for them.
func (o *Observatory) allowedEntry(c *fiber.Ctx) (activitylog.Entry, error) {
	id, ok := entryID(c.Params("id"))
	if !ok {
		return activitylog.Entry{}, activitylog.ErrNoEntry
	}
	e, err := o.Log.Entry(c.UserContext(), id)
	if err == nil && !o.viewer(c).may(e) {
		err = activitylog.ErrNoEntry
	}
	return e, err
}

// around loads what led to e, what it led to, and the other side of it.
func (o *Observatory) around(c *fiber.Ctx, e activitylog.Entry) (views.EntryView, error) {
	ctx, v := c.UserContext(), o.viewer(c)
	view := views.EntryView{Entry: e, Origin: o.own(c), Reading: views.Reading{Names: o.names(v), Taken: map[activitylog.ID]activitylog.Entry{}}}
	other, err := o.Log.Counterpart(ctx, e)
	switch {
	case err == nil && v.may(other):
		view.Other = &other
		if e.Exchange.Direction == activitylog.Out {
			view.Reading.Taken[e.Exchange.ID] = other
		}
	case err != nil && !errors.Is(err, activitylog.ErrNoEntry):
		return view, err
	}
	if e.Exchange.Cause != 0 {
		cause, err := o.Log.Entry(ctx, e.Exchange.Cause)
		switch {
		case err == nil && v.may(cause):
			view.Cause = &cause
		case err != nil && !errors.Is(err, activitylog.ErrNoEntry):
			return view, err
		}
	}
	effects, err := o.Log.Effects(ctx, e.Exchange.ID)
	view.Effects = v.allowed(effects)
	return view, err
}

// rawBody is a body as it was kept, for saving: never shown by the browser, whatever it claims to be.
func (o *Observatory) rawBody(c *fiber.Ctx) error {
	e, err := o.allowedEntry(c)
	if errors.Is(err, activitylog.ErrNoEntry) {
		return o.noEntry(c)
	}
	if err != nil {
		return o.fail(c, err)
	}
	half := c.Params("half")
	body := e.Exchange.Body
	switch {
	case half == "response" && e.Answer != nil:
		body = e.Answer.Body
	case half != "request":
		return o.noEntry(c)
	}
	c.Set(fiber.HeaderContentType, fiber.MIMETextPlain)
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+e.Exchange.ID.String()+"-"+half+`.txt"`)
	return c.Send(body.Bytes)
}
