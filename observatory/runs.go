package observatory

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/kept"
	"orrery/activitylog/knowledge"
	"orrery/federation/policy"
	"orrery/internal/clientip"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/scenarios/runs"
	"orrery/views"
)

// visitorCookie tells visitors apart, so that everybody sees their own runs only. It says nothing about who they are.
const visitorCookie = "orrery_visitor"

// owner is whose a run is that c asks for: the actor who is signed in, else the visitor. A visitor without a cookie gets one
// when new is set; otherwise their own runs are nobody's.
func (o *Observatory) owner(c *fiber.Ctx, fresh bool) (string, error) {
	if v := o.viewer(c); v.actor != "" {
		return v.actor, nil
	}
	if cookie := c.Cookies(visitorCookie); len(cookie) >= 20 && len(cookie) <= 64 {
		return "visitor:" + strings.Clone(cookie), nil
	}
	if !fresh {
		return "", nil
	}
	b := make([]byte, 16)
	if _, err := io.ReadFull(o.Runs.Rand, b); err != nil {
		return "", err
	}
	name := base64.RawURLEncoding.EncodeToString(b)
	c.Cookie(&fiber.Cookie{
		Name: visitorCookie, Value: name, Path: "/", MaxAge: 365 * 24 * 3600, HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
		Secure: strings.HasPrefix(o.own(c), "https:"),
	})
	return "visitor:" + name, nil
}

// mayDrop reports whether who looks may delete a run. Anybody who knows its id may look at it.
func (o *Observatory) mayDrop(c *fiber.Ctx, r kept.Run) bool {
	if o.viewer(c).operator {
		return true
	}
	owner, err := o.owner(c, false)
	return err == nil && owner != "" && owner == r.Owner
}

var errNoRun = refuse(fiber.StatusNotFound, "id", "There is no run of this id; it may have been deleted.")

// run is the run that the address names.
func (o *Observatory) run(c *fiber.Ctx) (runs.State, error) {
	if o.Runs == nil {
		return runs.State{}, errNoRun
	}
	id := strings.Clone(c.Params("run"))
	if len(id) > 64 || strings.ContainsRune(id, 0) {
		return runs.State{}, errNoRun
	}
	s, err := o.Runs.State(c.UserContext(), id)
	if errors.Is(err, kept.ErrNoRun) {
		return s, errNoRun
	}
	return s, err
}

// take has a script run for whoever asks.
func (o *Observatory) take(c *fiber.Ctx, a runs.Ask) (runs.State, play.Problems, error) {
	if o.Runs == nil {
		return runs.State{}, nil, refuse(fiber.StatusNotFound, "", "Scenarios are not run here; use orrery play run on a machine of your own.")
	}
	var err error
	if a.Policy != "" {
		if _, err := policy.Named(a.Policy); err != nil {
			return runs.State{}, nil, refuse(fiber.StatusUnprocessableEntity, "policy", sentence(err.Error()))
		}
	}
	if a.Owner, err = o.owner(c, true); err != nil {
		return runs.State{}, nil, err
	}
	a.From = clientip.Counted(clientip.Of(c))
	state, problems, err := o.Runs.Take(c.UserContext(), a)
	var full *runs.FullError
	if errors.As(err, &full) {
		err = o.full(c, full)
	}
	return state, problems, err
}

// full is the answer to who asks for more than there is room for.
func (o *Observatory) full(c *fiber.Ctx, full *runs.FullError) error {
	c.Set(fiber.HeaderRetryAfter, position(int64(full.Retry.Seconds())))
	if full.Own {
		return refuse(fiber.StatusTooManyRequests, "", sentence(full.Error()))
	}
	return refuse(fiber.StatusServiceUnavailable, "", sentence(full.Error()))
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// book is a kept run that has been opened: an observatory over each of its logs.
type book struct {
	id      string
	run     kept.Run
	outcome runs.Outcome
	faces   []*Observatory // in the order of the logs
	names   []string       // of the varies; "" is the file itself
}

// booksOpen is how many runs stay open for further looks.
const booksOpen = 8

// open reads a run that has ended, or finds it among those that are open.
func (o *Observatory) open(r kept.Run) (*book, error) {
	o.shelf.mu.Lock()
	defer o.shelf.mu.Unlock()
	if i := slices.IndexFunc(o.shelf.books, func(b *book) bool { return b.id == r.ID }); i >= 0 {
		return o.shelf.books[i], nil
	}
	b := &book{id: r.ID, run: r}
	b.run.Log, b.run.Result = nil, nil
	var err error
	if b.outcome, err = runs.OutcomeOf(r); err != nil {
		return nil, err
	}
	logs, err := kept.Read(r.Log)
	if err != nil {
		return nil, err
	}
	file, _ := play.Load(r.Name, []byte(r.Source), scenarios.Vocabulary())
	for n, l := range logs {
		face := o.over(r.ID, n, l)
		face.people, face.of = peopleOf(file, l.Run), b
		b.faces, b.names = append(b.faces, face), append(b.names, l.Run)
	}
	if o.shelf.books = append(o.shelf.books, b); len(o.shelf.books) > booksOpen {
		o.shelf.books = o.shelf.books[1:]
	}
	return b, nil
}

// peopleOf are the people of a file, and of one of its varies, by name and server.
func peopleOf(file *play.File, vary string) []string {
	var all []string
	add := func(people []*play.Person) {
		for _, p := range people {
			all = append(all, p.Name.Name+"@"+p.Server.Name)
		}
	}
	add(file.People)
	for _, v := range file.Varies() {
		if vary != "" && v.Title.Value == vary {
			add(v.People)
		}
	}
	return all
}

// over is an observatory over the log of a run. All people in it are made up, so everybody may see everything.
func (o *Observatory) over(id string, n int, l kept.Log) *Observatory {
	face := &Observatory{
		Log: l.Log, Viewer: func(*fiber.Ctx) (string, bool) { return "", true }, Https: o.Https, Clock: o.Clock, Stop: o.Stop, Slog: o.Slog,
		above: o, runID: id, vary: n,
	}
	record := knowledge.NewRecord(l.Log)
	record.Servers = l.Known
	for _, s := range l.Instances() {
		face.Servers = append(face.Servers, views.ServerLink{Name: s.Name, Origin: "https://" + s.Host, Hue: views.Hue(s.Name)})
	}
	face.knower.record = record
	return face
}

// forget closes a run that was deleted.
func (o *Observatory) forget(id string) {
	o.shelf.mu.Lock()
	defer o.shelf.mu.Unlock()
	o.shelf.books = slices.DeleteFunc(o.shelf.books, func(b *book) bool { return b.id == id })
}

// inRun answers with a handler over the log of the run that the address names; in the API ?vary= chooses that of a vary by its
// title, in pages /v/N by its number.
func (o *Observatory) inRun(h func(*Observatory, *fiber.Ctx) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		face, err := o.face(c)
		if err != nil {
			if !strings.HasPrefix(c.Path(), "/api/") {
				return o.noRun(c, err)
			}
			return o.told(c, err)
		}
		return h(face, c)
	}
}

func (o *Observatory) face(c *fiber.Ctx) (*Observatory, error) {
	s, err := o.run(c)
	if err != nil {
		return nil, err
	}
	if s.Phase != runs.Ended {
		return nil, refuse(fiber.StatusConflict, "id", "The run has not ended; its log can be read when it has.")
	}
	b, err := o.open(s.Run)
	if err != nil {
		return nil, err
	}
	if b.outcome.Unkept != "" {
		return nil, refuse(fiber.StatusNotFound, "id", sentence(b.outcome.Unkept))
	}
	i := slices.Index(b.names, c.Query("vary"))
	if n := c.Params("vary"); n != "" {
		i, err = strconv.Atoi(n)
	}
	if err != nil || i < 0 || i >= len(b.faces) {
		return nil, refuse(fiber.StatusNotFound, "vary", "The run has no log of such a vary; leave vary out for the scenario itself.")
	}
	return b.faces[i], nil
}

// place is where the pages of this log stand.
func (o *Observatory) place() string {
	if o.above == nil {
		return "/lab"
	}
	if o.vary > 0 {
		return "/lab/run/" + o.runID + "/v/" + strconv.Itoa(o.vary)
	}
	return "/lab/run/" + o.runID
}

// api is where the JSON of this log stands.
func (o *Observatory) api() string {
	if o.above == nil {
		return "/api/orrery/v1"
	}
	return "/api/orrery/v1/runs/" + o.runID
}

// row is an entry for the API, with the run that it is of.
func (o *Observatory) rowOf(e activitylog.Entry, n activitylog.Names) activitylog.Row {
	r := activitylog.RowOf(e, n)
	if o.above != nil {
		r.Run = &o.runID
	}
	return r
}

// under is the context in which pages are drawn.
func (o *Observatory) under(ctx context.Context) context.Context { return views.Under(ctx, o.place()) }

// noRun is the page that says why a run, or its log, cannot be shown.
func (o *Observatory) noRun(c *fiber.Ctx, err error) error {
	if p := (*problem)(nil); errors.As(err, &p) {
		return o.tell(c, p.status, "That run cannot be shown", p.sentence, "/lab/runs", "To the runs")
	}
	return o.fail(c, err)
}
