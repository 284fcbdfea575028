package observatory

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/views"
)

// knower keeps what was read of who knows what, and reads on from there.
type knower struct {
	mu     sync.Mutex
	record *knowledge.Record
}

// knowing calls f with the record of the log, read to its end. Nobody else uses it meanwhile.
func (o *Observatory) knowing(ctx context.Context, f func(r *knowledge.Record) error) error {
	o.knower.mu.Lock()
	defer o.knower.mu.Unlock()
	if o.knower.record == nil {
		o.knower.record = knowledge.NewRecord(o.Log)
		o.knower.record.Servers = slices.Clone(o.Known)
	}
	if err := o.knower.record.Read(ctx); err != nil {
		o.knower.record = nil // half of it may have been read
		return err
	}
	return f(o.knower.record)
}

// mayKnow reports whether v may see that there is such a post: what anybody may see is for everybody, the rest for its
// author and the operator (contracts.md 18).
func (v viewer) mayKnow(row knowledge.Row) bool {
	return v.operator || !v.outside && (row.Visibility == "public" || row.Visibility == "unlisted" || v.actor != "" && v.actor == row.Author)
}

// question reads what is asked about from the address.
func question(c *fiber.Ctx) (knowledge.Question, error) {
	q := func(name string) string { return strings.TrimSpace(strings.Clone(c.Query(name))) }
	asked := knowledge.Question{Object: q("object"), Server: q("server"), Of: q("of"), Actor: q("by")}
	if asked.Object == "" || len(asked.Object) > longest {
		return asked, refuse(fiber.StatusBadRequest, "object", "object is the address of a post, such as https://example.org/users/alice/statuses/1.")
	}
	if asked.Server == "" || len(asked.Server) > longest {
		return asked, refuse(fiber.StatusBadRequest, "server", "server is the name of a server of this log.")
	}
	if len(asked.Actor) > longest {
		return asked, refuse(fiber.StatusBadRequest, "by", "by is the address of an account.")
	}
	return asked, oneOf("of", asked.Of, "", knowledge.Post, knowledge.Likes, knowledge.Boosts)
}

// answer asks the log why, for who looks. What they may not see does not exist for them.
func (o *Observatory) answer(ctx context.Context, v viewer, q knowledge.Question) (a knowledge.Answer, row knowledge.Row, err error) {
	unknown := refuse(fiber.StatusNotFound, "object", "The log has no such post or server; it may have been pruned.")
	err = o.knowing(ctx, func(r *knowledge.Record) error {
		var known bool
		if row, known = r.Row(q.Object, knowledge.Now); !known || !v.mayKnow(row) {
			return unknown
		}
		if q.Actor != "" && !v.operator && q.Actor != v.actor && q.Of == knowledge.Likes {
			return refuse(fiber.StatusNotFound, "by", "Who likes what is for them and the operator to see.")
		}
		var err error
		if a, err = r.Why(ctx, q, o.names(v)); errors.Is(err, knowledge.ErrUnknown) {
			return unknown
		}
		return err
	})
	return a, row, err
}

// evidence are the entries that an answer names, as far as v may see them; the answer keeps no others.
func (o *Observatory) evidence(ctx context.Context, v viewer, a *knowledge.Answer) (map[activitylog.ID]activitylog.Entry, error) {
	seen := map[activitylog.ID]activitylog.Entry{}
	for _, id := range a.Entries() {
		e, err := o.Log.Entry(ctx, id)
		switch {
		case errors.Is(err, activitylog.ErrNoEntry):
		case err != nil:
			return nil, err
		case v.may(e):
			seen[id] = e
		}
	}
	hidden := func(id activitylog.ID) bool { _, ok := seen[id]; return !ok }
	a.Evidence = slices.DeleteFunc(a.Evidence, hidden)
	for i := range a.Rungs {
		a.Rungs[i].Evidence = slices.DeleteFunc(a.Rungs[i].Evidence, hidden)
	}
	return seen, nil
}

// apiWhy is GET /api/orrery/v1/why?object=&server=&of=&by=.
func (o *Observatory) apiWhy(c *fiber.Ctx) error {
	q, err := question(c)
	if err != nil {
		return err
	}
	v := o.viewer(c)
	a, _, err := o.answer(c.UserContext(), v, q)
	if err != nil {
		return o.told(c, err)
	}
	entries, err := o.evidence(c.UserContext(), v, &a)
	if err != nil {
		return o.broken(c, err)
	}
	sentences, names := map[string]string{}, o.names(v)
	for id, e := range entries {
		sentences[id.String()] = activitylog.Sentence(e, names)
	}
	return c.JSON(struct {
		knowledge.Answer
		Sentences map[string]string `json:"sentences"`
	}{a, sentences})
}

// told passes a problem on and answers anything else as a fault.
func (o *Observatory) told(c *fiber.Ctx, err error) error {
	var p *problem
	if errors.As(err, &p) {
		return err
	}
	return o.broken(c, err)
}

// whyPage is GET /lab/why.
func (o *Observatory) whyPage(c *fiber.Ctx) error {
	q, err := question(c)
	var row knowledge.Row
	p := views.WhyPage{Page: o.page(c, "Why?", "matrix"), Question: q}
	v := o.viewer(c)
	if err == nil {
		p.Answer, row, err = o.answer(c.UserContext(), v, q)
	}
	if problem := (*problem)(nil); errors.As(err, &problem) {
		return o.tell(c, problem.status, "That cannot be explained", problem.sentence, o.place()+"/matrix", "To the matrix")
	}
	if err != nil {
		return o.fail(c, err)
	}
	if p.Entries, err = o.evidence(c.UserContext(), v, &p.Answer); err != nil {
		return o.fail(c, err)
	}
	p.Row, p.Names = row, o.names(v)
	p.Question.Server = p.Answer.Server
	if p.Answer.Change != nil {
		p.Trial = o.trial(c, p.Question)
	}
	return o.draw(c, views.Why(p))
}

// rowsOfMatrix is how many posts one page shows.
const rowsOfMatrix = 100

// matrixPage is GET /lab/matrix?object=&at=&before=: who knows what, at a position of the log.
func (o *Observatory) matrixPage(c *fiber.Ctx) error {
	p, err := o.readMatrix(c)
	if problem := (*problem)(nil); errors.As(err, &problem) {
		return o.tell(c, problem.status, "That is no matrix", problem.sentence, o.place()+"/matrix", "To the matrix")
	}
	if err != nil {
		return o.fail(c, err)
	}
	return o.draw(c, views.Matrix(p))
}

// apiMatrix is GET /api/orrery/v1/matrix, with the same parameters.
func (o *Observatory) apiMatrix(c *fiber.Ctx) error {
	p, err := o.readMatrix(c)
	if err != nil {
		return o.told(c, err)
	}
	return c.JSON(struct {
		At string `json:"at"`
		knowledge.Matrix
	}{position(p.At), p.Matrix})
}

func (o *Observatory) readMatrix(c *fiber.Ctx) (views.MatrixPage, error) {
	v := o.viewer(c)
	p := views.MatrixPage{Page: o.page(c, "Who knows what", "matrix"), Names: o.names(v), Object: strings.TrimSpace(strings.Clone(c.Query("object")))}
	at, err := decimal("at", c.Query("at"))
	if err != nil {
		return p, err
	}
	before, err := decimal("before", c.Query("before"))
	if err != nil {
		return p, err
	}
	if len(p.Object) > longest {
		return p, refuse(fiber.StatusBadRequest, "object", "object is the address of a post.")
	}
	err = o.knowing(c.UserContext(), func(r *knowledge.Record) error {
		p.Latest = r.Pos
		p.At = r.Pos
		if c.Query("at") != "" {
			p.At = min(at, r.Pos)
		}
		uris := r.Posts(p.At)
		if p.Object != "" {
			uris = r.Thread(p.Object)
		}
		uris = slices.DeleteFunc(uris, func(uri string) bool {
			post, ok := r.Post(uri, p.At)
			return !ok || !v.mayKnow(post)
		})
		end := len(uris)
		if before > 0 {
			end = min(end, int(min(before, math.MaxInt32)))
		}
		start := max(0, end-rowsOfMatrix)
		p.Matrix = r.Matrix(uris[start:end], p.At)
		if start > 0 {
			p.Older = int64(start)
		}
		p.Earlier, p.Later = r.Around(uris[start:end], p.At)
		return nil
	})
	if !v.operator {
		hideWho(&p.Matrix)
	}
	return p, err
}

// hideWho leaves out who likes and boosts: that is for them and the operator to see.
func hideWho(m *knowledge.Matrix) {
	for _, row := range m.Rows {
		for i := range row.Cells {
			row.Cells[i].Likes.Here, row.Cells[i].Boosts.Here = nil, nil
		}
	}
}
