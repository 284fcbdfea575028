package observatory

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog/knowledge"
	"orrery/internal/clientip"
	"orrery/scenarios"
	"orrery/scenarios/runs"
	"orrery/views"
)

// inScript is a question in the words of the script of a run; false when it cannot be put so: in the live log, in a vary, about
// a post that the script has no name for.
func (o *Observatory) inScript(c *fiber.Ctx, q knowledge.Question) (a scenarios.Asked, ok bool) {
	if o.of == nil || o.vary > 0 {
		return a, false
	}
	a = scenarios.Asked{Server: q.Server, Of: q.Of}
	if a.Of == "" {
		a.Of = knowledge.Post
	}
	for _, p := range o.of.outcome.Posts {
		if p.URI == q.Object {
			a.Post = p.Name
		}
	}
	if q.Actor != "" {
		err := o.knowing(c.UserContext(), func(r *knowledge.Record) error {
			for _, who := range o.people {
				name, server, _ := strings.Cut(who, "@")
				if r.Person(name, server, o.Log.Names()) == q.Actor {
					a.By = name
				}
			}
			return nil
		})
		if err != nil || a.By == "" {
			return a, false
		}
	}
	return a, a.Post != ""
}

// tryOut has what would have changed an answer tried out.
func (o *Observatory) tryOut(c *fiber.Ctx) (t runs.Trial, q knowledge.Question, err error) {
	if q, err = question(c); err != nil {
		return t, q, err
	}
	a, _, err := o.answer(c.UserContext(), o.viewer(c), q)
	if err != nil {
		return t, q, err
	}
	q.Server = a.Server
	asked, ok := o.inScript(c, q)
	if !ok || a.Change == nil {
		return t, q, refuse(fiber.StatusConflict, "object", "Nothing can be tried out for this: the script has no name for the post, or nothing is known that would change it.")
	}
	owner, err := o.above.owner(c, true)
	if err != nil {
		return t, q, err
	}
	t, err = o.above.Runs.Try(o.of.run, asked, owner, clientip.Counted(clientip.Of(c)))
	var full *runs.FullError
	if errors.As(err, &full) {
		err = o.full(c, full)
	}
	return t, q, err
}

// tryPage is POST /lab/run/ID/why?object=&server=…; the answer is the same page, which then shows how far it is.
func (o *Observatory) tryPage(c *fiber.Ctx) error {
	_, q, err := o.tryOut(c)
	if problem := (*problem)(nil); errors.As(err, &problem) {
		return o.tell(c, problem.status, "That cannot be tried out", problem.sentence, o.place()+"/matrix", "To the matrix")
	}
	if err != nil {
		return o.fail(c, err)
	}
	return c.Redirect(views.WhyAddress(o.under(c.UserContext()), q), fiber.StatusSeeOther)
}

// trialPage is GET /lab/run/ID/why/trial?…: how far it is; when it has ended, the page is loaded anew.
func (o *Observatory) trialPage(c *fiber.Ctx) error {
	q, err := question(c)
	if err != nil {
		return c.Status(fiber.StatusBadRequest).SendString(err.Error())
	}
	t := o.trial(c, q)
	if t == nil || t.Ended || t.Offered {
		c.Set("HX-Refresh", "true")
		return c.SendStatus(fiber.StatusNoContent)
	}
	return o.draw(c, views.WhyProgress(q, *t))
}

// trial is what the page of an answer says about trying it out, nil where that is not possible.
func (o *Observatory) trial(c *fiber.Ctx, q knowledge.Question) *views.WhyTrial {
	asked, ok := o.inScript(c, q)
	if !ok {
		return nil
	}
	t, begun := o.above.Runs.Trial(o.runID, asked)
	v := &views.WhyTrial{Offered: !begun, Ended: t.Phase == runs.Ended, Place: t.Place, Done: t.Done, Stopped: sentence(t.Stopped), Change: t.Answer.Change}
	for _, x := range t.Answer.Tried {
		if x.Verified != nil && !*x.Verified {
			v.InVain = append(v.InVain, x.Sentence)
		}
	}
	return v
}

// apiTry is POST /api/orrery/v1/runs/ID/why?object=&server=&of=&by=: asked again, it says how far it is, and then the answer.
func (o *Observatory) apiTry(c *fiber.Ctx) error {
	t, _, err := o.tryOut(c)
	if err != nil {
		return o.told(c, err)
	}
	answer := struct {
		State   runs.Phase           `json:"state"`
		Place   int                  `json:"place,omitempty"`
		Done    int                  `json:"done,omitempty"`
		Stopped string               `json:"stopped,omitempty"`
		Answer  *scenarios.Explained `json:"answer,omitempty"`
	}{t.Phase, t.Place, t.Done, sentence(t.Stopped), nil}
	if t.Phase != runs.Ended {
		return c.Status(fiber.StatusAccepted).JSON(answer)
	}
	if t.Stopped == "" {
		answer.Answer = &t.Answer
	}
	return c.JSON(answer)
}
