package activitypub

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/inbox"
	"orrery/federation/observe"
	"orrery/federation/rules"
	"orrery/social"
)

// serve runs h and answers its error. A request for a document is recorded under kind, with the answer, before it is
// answered; addresses that only servers read are recorded always.
func (d *Documents) serve(kind string, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if kind == activitylog.Fetch && !asksForDocument(c) {
			d.run(c, h)
			return nil
		}
		return d.recorded(c, kind, h)
	}
}

// page serves a document at the address of a page; requests for the page itself go on to who draws it.
func (d *Documents) page(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if !asksForDocument(c) || strings.Contains(c.Params("name"), "@") { // "@berta@techhub.test" is a page only
			return c.Next()
		}
		if id := c.Params("id"); id != "" && !isID(strings.TrimSuffix(id, ".json")) {
			return c.Next()
		}
		return d.recorded(c, activitylog.Fetch, d.guard(h))
	}
}

func (d *Documents) recorded(c *fiber.Ctx, kind string, h fiber.Handler) error {
	started := d.Now()
	x := ExchangeOf(c, d.Scheme, started)
	x.Kind = kind
	ctx, received := d.Recorder.Receive(c.UserContext(), x)
	c.SetUserContext(ctx)
	d.run(c, h)
	now := d.Now()
	Stamp(c, now)
	received.Answer(AnswerOf(c, now.Sub(started)))
	if err := received.Finish(); err != nil {
		// What is not in the log must not have happened: the document stays here.
		d.fail(c, fmt.Errorf("record %s %s: %w", x.Method, x.URL, err))
		Stamp(c, now)
	}
	return nil
}

// run calls h and turns its error, or its panic, into the answer.
func (d *Documents) run(c *fiber.Ctx, h fiber.Handler) {
	defer func() {
		if p := recover(); p != nil {
			d.fail(c, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}
	}()
	if err := h(c); err != nil {
		d.fail(c, err)
	}
}

// refusal is an answer that is no document, with the sentence that goes into it.
type refusal struct {
	status   int
	sentence string
}

func (r *refusal) Error() string { return r.sentence }

// A post that may not be seen and one that does not exist get the same answer, or the answer would tell.
var (
	errNoDocument = &refusal{fiber.StatusNotFound, "There is no document here that you may read. Check the address, or sign the request as somebody who may read it."}
	errGone       = &refusal{fiber.StatusGone, "This account was deleted. Forget what you keep of it."}
	errSuspended  = &refusal{fiber.StatusForbidden, "This account is suspended. Ask again when its document no longer says so."}
	errHidden     = &refusal{fiber.StatusForbidden, "This person does not show who follows whom. Only the number is public."}
	errUnsigned   = &refusal{fiber.StatusUnauthorized, "This server answers signed requests only. Sign the request with the key of an actor."}
	errUnverified = &refusal{fiber.StatusUnauthorized, "The request's signature could not be verified. Check that the key it names can be fetched and fits."}
)

// fail answers err as JSON. What is not the asker's fault is logged here and nowhere else.
func (d *Documents) fail(c *fiber.Ctx, err error) {
	r, ok := errors.AsType[*refusal](err)
	switch {
	case ok:
	case errors.Is(err, social.ErrNotFound):
		r = errNoDocument
	default:
		r = &refusal{fiber.StatusInternalServerError, "Something went wrong on this server. Try again later."}
		d.Recorder.Log.ErrorContext(c.UserContext(), "serve document", "path", c.Path(), "err", err)
	}
	c.Status(r.status)
	c.Response().Header.Del(fiber.HeaderLink)
	c.Response().Header.Del(fiber.HeaderLocation)
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	if c.GetRespHeader(fiber.HeaderVary) == "" {
		c.Set(fiber.HeaderVary, d.vary())
	}
	if err := d.send(c, jsonType, errorBody(r.sentence)); err != nil {
		d.Recorder.Log.ErrorContext(c.UserContext(), "encode error", "path", c.Path(), "err", err)
	}
}

// guard demands a good signature in secure mode, and only then (federation.md §5.7).
func (d *Documents) guard(h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		if d.SecureMode {
			switch a, err := d.requester(c); {
			case err != nil:
				return err
			case a == nil:
				d.Recorder.Observe(c.UserContext(), observe.Decided{Rule: rules.SigRequired, Outcome: observe.Rejected})
				return errUnsigned
			}
		}
		return h(c)
	}
}

type requesterKey struct{}

// requester is who signed the request, nil when nobody is known to have: a signature that does not hold is an error in
// secure mode only (federation.md §5.7). It is found out at most once a request.
func (d *Documents) requester(c *fiber.Ctx) (*social.Account, error) {
	if a, ok := c.Locals(requesterKey{}).(*social.Account); ok {
		return a, nil
	}
	if d.Requester == nil {
		return nil, nil
	}
	a, err := d.Requester(c.UserContext(), RequestOf(c, d.Scheme), sender(c))
	if err != nil && d.SecureMode {
		return nil, d.unverified(c, err)
	}
	c.Locals(requesterKey{}, a)
	return a, nil
}

// unverified is the answer for what the verifier said. Only what is refused has a sentence that is fit for strangers.
func (d *Documents) unverified(c *fiber.Ctx, err error) error {
	if r, ok := errors.AsType[*inbox.Refused](err); ok && r.Status() >= 400 && r.Status() <= 599 {
		if r.Rule != "" {
			d.Recorder.Observe(c.UserContext(), observe.Decided{Rule: r.Rule, Outcome: observe.Rejected})
		}
		return &refusal{r.Status(), r.Reason}
	}
	d.Recorder.Log.WarnContext(c.UserContext(), "verify request", "path", c.Path(), "err", err)
	return errUnverified
}
