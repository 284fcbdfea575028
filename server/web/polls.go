package web

import (
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
)

// pollDraft reads the poll fields of the compose form; nil when no choice is written.
func pollDraft(c *fiber.Ctx) *social.PollDraft {
	var options []string
	for _, o := range fields(c, "poll_options") {
		if o != "" {
			options = append(options, o)
		}
	}
	if len(options) == 0 {
		return nil
	}
	seconds, _ := strconv.Atoi(field(c, "poll_expires_in")) // 0 is refused with a sentence
	return &social.PollDraft{
		Options: options, Multiple: field(c, "poll_multiple") != "", HideTotals: field(c, "poll_hide_totals") != "",
		ExpiresIn: time.Duration(seconds) * time.Second,
	}
}

// fields are all values of a field that a form has several of.
func fields(c *fiber.Ctx, name string) []string {
	var out []string
	for _, v := range c.Context().PostArgs().PeekMulti(name) {
		out = append(out, plain(string(v)))
	}
	if form, err := c.MultipartForm(); err == nil {
		for _, v := range form.Value[name] {
			out = append(out, plain(v))
		}
	}
	return out
}

// vote chooses in the poll of a post.
func (w *Web) vote(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	status, err := id(c)
	if err != nil {
		return err
	}
	v, err := w.Reader.Status(c.UserContext(), l.Viewer.ID, status)
	if err != nil {
		return err
	}
	var choices []int
	for _, f := range fields(c, "choices") {
		n, err := strconv.Atoi(f)
		if err != nil {
			n = -1 // no answer: refused with a sentence
		}
		choices = append(choices, n)
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Create", ObjectType: "Note", Actor: l.Viewer.URI, Object: v.Status.URI})
	err = w.Polls.Vote(ctx, l.Viewer.ID, status, choices)
	done()
	return w.answered(c, l, status, "poll", err)
}
