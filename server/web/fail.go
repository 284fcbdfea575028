package web

import (
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// refusal is how a kind of error shows to people.
type refusal struct {
	kind            error
	status          int
	title, sentence string
}

// refusals is the one place that gives kinds of errors their status and their words. A social.Error brings its own sentence.
var refusals = []refusal{
	{social.ErrNotFound, fiber.StatusNotFound, "Not here", "This page does not exist, was deleted, or is not for you to see. Check the address or search for it."},
	{social.ErrInvalid, fiber.StatusUnprocessableEntity, "That did not work", "Something in the form is not as it should be. Go back and check it."},
	{social.ErrForbidden, fiber.StatusForbidden, "Not allowed", "You may not do that. Go back, reload the page and try again."},
	{social.ErrUnauthorized, fiber.StatusUnauthorized, "Sign in first", "You have to be signed in to do that."},
	{social.ErrConflict, fiber.StatusConflict, "Done already", "Somebody was quicker. Reload the page to see how things are now."},
	{social.ErrThrottled, fiber.StatusTooManyRequests, "Too much at once", "Wait a few minutes and try again."},
}

// judge is the status and the words for err.
func judge(err error) (int, views.Failure) {
	f := views.Failure{Title: "Something broke", Href: "/", Do: "To the start page",
		Sentence: "That is our fault, not yours, and it has been written down. Try again; if it happens again, tell whoever runs this server."}
	var fe *fiber.Error
	if errors.As(err, &fe) && fe.Code < 500 {
		f.Title, f.Sentence = "That did not work", "The request could not be read. Go back and try again."
		return fe.Code, f
	}
	for _, r := range refusals {
		if !errors.Is(err, r.kind) {
			continue
		}
		f.Title, f.Sentence = r.title, r.sentence
		var own *social.Error
		if errors.As(err, &own) && own.Message != "" {
			f.Sentence = own.Message
		}
		if r.status == fiber.StatusUnauthorized {
			f.Href, f.Do = "/auth/sign_in", "Sign in"
		}
		return r.status, f
	}
	return fiber.StatusInternalServerError, f
}

// fail answers err: a page, a sentence for htmx, or the way to sign in.
func (w *Web) fail(c *fiber.Ctx, err error) error {
	status, f := judge(err)
	if status >= 500 && w.Log != nil {
		w.Log.LogAttrs(c.UserContext(), slog.LevelError, "page failed",
			slog.String("method", c.Method()), slog.String("path", c.Path()), slog.Any("error", err))
	}
	c.Status(status)
	switch out := status == fiber.StatusUnauthorized; {
	case partial(c) && status == fiber.StatusNotFound: // the sentence takes the place of what was there
		return w.draw(c, views.Complaint(f.Sentence))
	case partial(c):
		c.Set("HX-Retarget", "#flash")
		c.Set("HX-Reswap", "innerHTML show:window:top")
		if out {
			return w.draw(c, views.SignedOut())
		}
		return w.draw(c, views.Complaint(f.Sentence))
	case out && c.Method() == fiber.MethodGet:
		return c.Redirect("/auth/sign_in?next="+escape(string(c.Context().URI().RequestURI())), fiber.StatusSeeOther)
	case out:
		return w.draw(c, views.UnsentPage(w.stranger(c, f.Title), unsent(c)))
	}
	l, lerr := w.look(c, f.Title, "")
	if lerr != nil { // the same fault may be why: then say it without knowing who asks
		l = w.stranger(c, f.Title)
	}
	return w.draw(c, views.ErrorPage(l, f))
}
