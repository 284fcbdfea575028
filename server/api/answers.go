package api

import (
	"bytes"
	"strings"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/memory"
)

// Answers remembers answers as a whole, each under the state of the database that it was read from (docs/decisions/0016).
// Safe for concurrent use.
type Answers struct {
	known *memory.Of[string, keptAnswer]

	mu     sync.Mutex
	making map[string]chan struct{} // what is being answered for the first time, by state and key; closed when it is done
}

// NewAnswers remembers about as many bytes.
func NewAnswers(bytes int) *Answers {
	return &Answers{known: memory.New[string, keptAnswer](bytes), making: map[string]chan struct{}{}}
}

type keptAnswer struct {
	state string    // of the database, asked for before anything was read
	turns time.Time // when it changes by itself; zero is never
	link  string
	body  []byte
}

// kept is handle for lists that are made of the database and the time alone: what it answered is given again for as long as
// nothing was committed since, by any process, and no moment came that shows. Of the sender, handle may ask who it is, and of the
// request its address; it may set the Link header. Of several who ask for the same at once, one has it made and the others wait.
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
		if r.repeated(key, state) {
			return nil
		}
		if made, first := a.Answers.begin(state + " " + key); first {
			defer a.Answers.end(state + " " + key)
		} else if <-made; r.repeated(key, state) {
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

// repeated answers as before, unless that is not known or is not so any more.
func (r *request) repeated(key, state string) bool {
	was, ok := r.api.Answers.known.Get(key)
	if !ok || was.state != state || (!was.turns.IsZero() && !r.api.Now().Before(was.turns)) {
		return false
	}
	if was.link != "" {
		r.Set(fiber.HeaderLink, was.link)
	}
	r.Set(fiber.HeaderContentType, jsonType)
	r.Response().SetBodyRaw(was.body)
	return true
}

// begin reports whether the caller is the first who makes something; it must end it. To others it gives what is closed then.
func (a *Answers) begin(what string) (made chan struct{}, first bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	made, ok := a.making[what]
	if !ok {
		made = make(chan struct{})
		a.making[what] = made
	}
	return made, !ok
}

func (a *Answers) end(what string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	close(a.making[what])
	delete(a.making, what)
}
