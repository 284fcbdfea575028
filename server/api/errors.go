package api

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
)

// problem is an answer of 400 or above with its sentence.
type problem struct {
	status  int
	message string
}

func (p *problem) Error() string { return p.message }

// What apps match on is in Mastodon's words (behaviours.md §3).
var (
	errNoToken  error = &problem{fiber.StatusUnauthorized, "The access token is invalid"}
	errRevoked  error = &problem{fiber.StatusUnauthorized, "The access token was revoked"}
	errNoPerson error = &problem{fiber.StatusUnprocessableEntity, "This method requires an authenticated user"}
	errClosed   error = &problem{fiber.StatusUnauthorized, "This method requires an authenticated user"}
	errScope    error = &problem{fiber.StatusForbidden, "This action is outside the authorized scopes"}
	errNotFound error = &problem{fiber.StatusNotFound, "Record not found"}
	errNoRoute  error = &problem{fiber.StatusNotFound, "Not Found"}
)

func malformed(format string, args ...any) error {
	return &problem{fiber.StatusBadRequest, fmt.Sprintf(format, args...)}
}

func missing(name string) error {
	return malformed("param is missing or the value is empty or invalid: %s", name)
}

func unprocessable(format string, args ...any) error {
	return &problem{fiber.StatusUnprocessableEntity, fmt.Sprintf(format, args...)}
}

// kinds is the one table from social's failures to statuses, with what is said when the error brings no sentence.
var kinds = []struct {
	kind    error
	status  int
	message string
}{
	{social.ErrNotFound, fiber.StatusNotFound, "Record not found"},
	{social.ErrInvalid, fiber.StatusUnprocessableEntity, "Validation failed"},
	{social.ErrForbidden, fiber.StatusForbidden, "This action is not allowed"},
	{social.ErrUnauthorized, fiber.StatusUnauthorized, "The access token is invalid"},
	{social.ErrConflict, fiber.StatusConflict, "Somebody changed the same thing at the same time; load it again and retry."},
	{social.ErrThrottled, fiber.StatusTooManyRequests, "Too many requests"},
}

// problemOf says what to answer to err; false when it is our fault.
func problemOf(err error) (problem, bool) {
	var p *problem
	if errors.As(err, &p) {
		return *p, true
	}
	var s interface {
		error
		HTTPStatus() int
	}
	if errors.As(err, &s) {
		return problem{s.HTTPStatus(), s.Error()}, true
	}
	var f *fiber.Error
	if errors.As(err, &f) && f.Code < fiber.StatusInternalServerError {
		return problem{f.Code, f.Message}, true
	}
	for _, k := range kinds {
		if !errors.Is(err, k.kind) {
			continue
		}
		var said *social.Error
		if errors.As(err, &said) {
			return problem{k.status, said.Message}, true
		}
		return problem{k.status, k.message}, true
	}
	return problem{fiber.StatusInternalServerError,
		"Something went wrong here. Try again later; whoever runs this server finds the reason under the X-Request-Id."}, false
}

func (a *API) answerError(c *fiber.Ctx, err error) error {
	p, theirs := problemOf(err)
	if !theirs && a.Log != nil {
		a.Log.ErrorContext(c.UserContext(), "client API", "method", c.Method(), "path", c.Path(),
			"request", string(c.Response().Header.Peek(fiber.HeaderXRequestID)), "err", err)
	}
	if p.status == fiber.StatusUnauthorized {
		c.Set(fiber.HeaderWWWAuthenticate, `Bearer realm="Doorkeeper", error="invalid_token", error_description="`+p.message+`"`)
	}
	c.Set(fiber.HeaderCacheControl, noStore)
	return sendJSON(c, p.status, clientapi.Error{Error: p.message})
}
