package api

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// request is one request with its parameters read and its sender known. Nothing in it is borrowed from the connection.
type request struct {
	*fiber.Ctx
	api     *API
	ctx     context.Context
	params  params
	token   *social.Token  // nil when anonymous
	secret  string         // of which token keeps the hash
	account social.Account // zero unless the token is a person's
	turns   time.Time      // when the answer changes by itself; zero is never
}

// viewer is who asks, 0 for anybody.
func (r *request) viewer() social.ID { return r.account.ID }

func (r *request) render() clientapi.Render {
	out := r.api.Render(r.viewer())
	out.Turns = &r.turns
	return out
}

// serve makes a handler of a route: parameters, token, scope, limits, work, cache header, in this order; of what is too large to
// have been read, the parameters come before the work. Refused requests count too.
func (a *API) serve(rt route) fiber.Handler {
	return func(c *fiber.Ctx) error {
		r := &request{Ctx: c, api: a, ctx: c.UserContext()}
		r.warn(rt)
		var err error
		large := c.Request().IsBodyStream()
		if large { // a form with a film: who sends it is known, and may, before it is read
			r.params = params{"access_token": {c.Query("access_token")}}
		} else if r.params, err = readParams(c); err != nil {
			return err
		}
		refused := r.identify(rt)
		undo, err := a.Limits.admit(r, rt)
		if err = cmp.Or(err, refused); err == nil && large {
			r.params, err = readParams(c)
		}
		if err == nil {
			err = rt.handle(r)
		}
		if err != nil {
			undo()
			return err
		}
		if rt.method == fiber.MethodGet {
			r.allowCaching(rt.access)
		}
		return nil
	}
}

// word is a parameter of the path, decoded.
func (r *request) word(name string) (string, error) {
	word, err := url.PathUnescape(strings.Clone(r.Params(name)))
	if err != nil || !utf8.ValidString(word) || strings.ContainsRune(word, 0) {
		return "", errNotFound
	}
	return word, nil
}

// id is the id in the path. What is no id is not found.
func (r *request) id() (social.ID, error) {
	id, ok := social.ParseID(r.Params("id"))
	if !ok {
		return 0, errNotFound
	}
	return id, nil
}

// act begins recording what the sender does and returns what to call when it is done. It changes r.ctx.
func (r *request) act(what activitylog.Summary) func() {
	if r.api.Act == nil {
		return func() {}
	}
	what.Actor = r.account.URI
	ctx, done := r.api.Act(r.ctx, what)
	r.ctx = ctx
	return done
}

// json answers 200 with v.
func (r *request) json(v any) error { return sendJSON(r.Ctx, fiber.StatusOK, v) }

func sendJSON(c *fiber.Ctx, status int, v any) error {
	return send(c, status, func(w io.Writer) error { return json.NewEncoder(lineless{w}).Encode(v) })
}

// lineless takes what an encoder writes, which is all at once, without the line's end.
type lineless struct{ io.Writer }

func (w lineless) Write(p []byte) (int, error) {
	_, err := w.Writer.Write(bytes.TrimSuffix(p, []byte{'\n'}))
	return len(p), err
}

// statuses answers with a page of posts.
func (r *request) statuses(vs []social.StatusView) error {
	return r.write(func(w io.Writer) error { return r.api.Encoded.Statuses(w, vs, r.render()) })
}

// write answers 200 with the JSON that into writes.
func (r *request) write(into func(io.Writer) error) error { return send(r.Ctx, fiber.StatusOK, into) }

const jsonType = "application/json; charset=utf-8"

// send answers with the JSON that into writes.
func send(c *fiber.Ctx, status int, into func(io.Writer) error) error {
	c.Response().ResetBody()
	if err := into(c.Response().BodyWriter()); err != nil {
		return fmt.Errorf("encode the answer to %s: %w", c.Path(), err)
	}
	c.Set(fiber.HeaderContentType, jsonType)
	c.Status(status)
	return nil
}

// empty is the answer of actions without a result; apps need a JSON body all the same.
func (r *request) empty() error { return r.json(struct{}{}) }

func emptyList(r *request) error { return r.json([]struct{}{}) }
