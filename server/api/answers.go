package api

import (
	"bytes"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/memory"
)

// Answers remembers answers as a whole, each under the state of the database that it was read from (docs/decisions/0016).
// Safe for concurrent use.
type Answers struct {
	known *memory.Of[string, keptAnswer]
}

// NewAnswers remembers about as many bytes.
func NewAnswers(bytes int) *Answers { return &Answers{memory.New[string, keptAnswer](bytes)} }

type keptAnswer struct {
	state string    // of the database, asked for before anything was read
	turns time.Time // when it changes by itself; zero is never
	link  string
	body  []byte
}

// kept is handle for lists that are made of the database and the time alone: what it answered is given again for as long as
// nothing was committed since, by any process, and no moment came that shows. Of the sender, handle may ask who it is, and of the
// request its address; it may set the Link header.
func (a *API) kept(handle func(*request) error) func(*request) error {
	return func(r *request) error {
		if a.Answers == nil || r.Method() != fiber.MethodGet || len(r.Request().Body()) > 0 {
			return handle(r)
		}
		state, err := a.Store.State(r.ctx)
		if err != nil {
			return err
		}
		key := r.viewer().String() + " " + strings.Clone(r.OriginalURL())
		if was, ok := a.Answers.known.Get(key); ok && was.state == state && (was.turns.IsZero() || a.Now().Before(was.turns)) {
			r.repeat(was)
			return nil
		}
		if err := handle(r); err != nil {
			return err
		}
		is := keptAnswer{state, r.turns, strings.Clone(r.GetRespHeader(fiber.HeaderLink)), bytes.Clone(r.Response().Body())}
		a.Answers.known.Put(key, is, len(key)+len(is.link)+len(is.body)+200)
		return nil
	}
}

// repeat answers as before.
func (r *request) repeat(was keptAnswer) {
	if was.link != "" {
		r.Set(fiber.HeaderLink, was.link)
	}
	r.Set(fiber.HeaderContentType, jsonType)
	r.Response().SetBodyRaw(was.body)
}
