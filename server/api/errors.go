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
	details map[string][]clientapi.ErrorDetail // of values that are wrong; nil when apps are not told
}

func (p *problem) Error() string { return p.message }

// What apps match on is in Mastodon's words (behaviours.md §3).
var (
	errNoToken  error = &problem{status: fiber.StatusUnauthorized, message: "The access token is invalid"}
	errRevoked  error = &problem{status: fiber.StatusUnauthorized, message: "The access token was revoked"}
	errNoPerson error = &problem{status: fiber.StatusUnprocessableEntity, message: "This method requires an authenticated user"}
	errClosed   error = &problem{status: fiber.StatusUnauthorized, message: "This method requires an authenticated user"}
	errScope    error = &problem{status: fiber.StatusForbidden, message: "This action is outside the authorized scopes"}
	errNotFound error = &problem{status: fiber.StatusNotFound, message: "Record not found"}
	errNoRoute  error = &problem{status: fiber.StatusNotFound, message: "Not Found"}
)

func malformed(format string, args ...any) error {
	return &problem{status: fiber.StatusBadRequest, message: fmt.Sprintf(format, args...)}
}

func missing(name string) error {
	return malformed("param is missing or the value is empty or invalid: %s", name)
}

func unprocessable(format string, args ...any) error {
	return &problem{status: fiber.StatusUnprocessableEntity, message: fmt.Sprintf(format, args...)}
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
		return problem{status: s.HTTPStatus(), message: s.Error()}, true
	}
	var f *fiber.Error
	if errors.As(err, &f) && f.Code < fiber.StatusInternalServerError {
		return problem{status: f.Code, message: f.Message}, true
	}
	for _, k := range kinds {
		if !errors.Is(err, k.kind) {
			continue
		}
		var all social.Problems
		var said *social.Error
		switch {
		case errors.As(err, &all):
			return invalid(k.status, all), true
		case errors.As(err, &said) && said.Code != "":
			return invalid(k.status, social.Problems{said}), true
		case said != nil:
			return problem{status: k.status, message: said.Message}, true
		}
		return problem{status: k.status, message: k.message}, true
	}
	return problem{status: fiber.StatusInternalServerError, message: "Something went wrong here. Try again later; whoever runs this server finds the reason under the X-Request-Id."}, false
}

// invalid tells of every value what is wrong with it (behaviours.md §3).
func invalid(status int, all social.Problems) problem {
	p := problem{status: status, message: "Validation failed: " + all.Error(), details: map[string][]clientapi.ErrorDetail{}}
	for _, e := range all {
		p.details[e.Field] = append(p.details[e.Field], clientapi.ErrorDetail{Error: e.Code, Description: e.Message})
	}
	return p
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
	if p.details != nil {
		return sendJSON(c, p.status, clientapi.ValidationError{Error: p.message, Details: p.details})
	}
	return sendJSON(c, p.status, clientapi.Error{Error: p.message})
}
