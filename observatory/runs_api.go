package observatory

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog/kept"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/scenarios/runs"
)

// runAnswer is a run as JSON.
type runAnswer struct {
	ID      string        `json:"id"`
	State   runs.Phase    `json:"state"`
	Place   int           `json:"place,omitempty"` // in the queue, from 1
	Name    string        `json:"name"`
	Title   string        `json:"title"`
	Policy  *string       `json:"policy"` // null when each server has its own
	Seed    string        `json:"seed"`
	Started string        `json:"started"` // when it was asked for, while it waits
	TookUS  int64         `json:"took_us"`
	Passed  *bool         `json:"passed"` // null until it has ended
	Line    int           `json:"line,omitempty"`
	Done    int           `json:"done,omitempty"`
	Lines   int           `json:"lines,omitempty"`
	URL     string        `json:"url"` // of its page
	Source  string        `json:"source,omitempty"`
	Result  *runs.Outcome `json:"result,omitempty"`
}

func (o *Observatory) runJSON(c *fiber.Ctx, s runs.State) runAnswer {
	a := runAnswer{
		ID: s.ID, State: s.Phase, Place: s.Place, Name: s.Name, Title: s.Title, Seed: fmt.Sprint(s.Seed),
		Started: s.Started.UTC().Format("2006-01-02T15:04:05.000000Z"), TookUS: s.Took.Microseconds(),
		Line: s.Line, Done: s.Done, Lines: s.Of, URL: o.own(c) + "/lab/run/" + s.ID,
	}
	if s.Policy != "" {
		a.Policy = &s.Policy
	}
	if s.Phase == runs.Ended {
		a.Passed = &s.Passed
	}
	return a
}

// apiRuns is GET /api/orrery/v1/runs?before=&limit=: the asker's own, newest first; all of them for an operator.
func (o *Observatory) apiRuns(c *fiber.Ctx) error {
	answer := []runAnswer{}
	if o.Runs == nil {
		return c.JSON(answer)
	}
	list, more, err := o.listed(c)
	if err != nil {
		return o.told(c, err)
	}
	for _, s := range list {
		answer = append(answer, o.runJSON(c, s))
	}
	if more != "" {
		c.Set(fiber.HeaderLink, fmt.Sprintf(`<%s/api/orrery/v1/runs?before=%s>; rel="next"`, o.own(c), more))
	}
	return c.JSON(answer)
}

// runsListed is how many runs one page has.
const runsListed = 50

// listed are the runs that who asks may see in a list; more is the before of the next page, "" when this is the last.
func (o *Observatory) listed(c *fiber.Ctx) (list []runs.State, more string, err error) {
	owner, err := o.owner(c, false)
	if err != nil {
		return nil, "", err
	}
	everyone := o.viewer(c).operator
	if owner == "" && !everyone {
		return nil, "", nil
	}
	before := strings.Clone(c.Query("before"))
	if len(before) > 64 || strings.ContainsRune(before, 0) {
		return nil, "", refuse(fiber.StatusBadRequest, "before", "before is the id of a run.")
	}
	list, err = o.Runs.List(c.UserContext(), owner, everyone, before, runsListed+1)
	kept := 0
	for i, s := range list {
		if s.Phase != runs.Ended {
			continue
		}
		if kept++; kept > runsListed {
			return list[:i], list[i-1].ID, err
		}
	}
	return list, "", err
}

// wanted is the body of POST /api/orrery/v1/runs.
type wanted struct {
	Source   string          `json:"source"`   // a script, or
	Scenario string          `json:"scenario"` // the name of one that comes with the program, or
	Tree     json.RawMessage `json:"tree"`     // a script as JSON
	Name     string          `json:"name"`
	Policy   string          `json:"policy"`
	Seed     json.Number     `json:"seed"`
}

// apiRun is POST /api/orrery/v1/runs.
func (o *Observatory) apiRun(c *fiber.Ctx) error {
	if o.Runs != nil && len(c.Body()) > 2*o.Runs.Source {
		return refuse(fiber.StatusRequestEntityTooLarge, "source", fmt.Sprintf("A script that is run here has %d KiB at most.", o.Runs.Source>>10))
	}
	var w wanted
	d := json.NewDecoder(bytes.NewReader(c.Body()))
	d.DisallowUnknownFields()
	if err := d.Decode(&w); err != nil {
		return refuse(fiber.StatusBadRequest, "", `The body is a JSON object such as {"source":"scenario …"} or {"scenario":"forwarded-reply","policy":"mastodon"}.`)
	}
	ask, problems, err := o.asks(w)
	if err != nil {
		return err
	}
	var state runs.State
	if len(problems) == 0 {
		if state, problems, err = o.take(c, ask); err != nil {
			return o.told(c, err)
		}
	}
	if len(problems) > 0 {
		return c.Status(fiber.StatusUnprocessableEntity).JSON(mistakes(problems, ask.Source))
	}
	c.Location(o.own(c) + "/api/orrery/v1/runs/" + state.ID)
	return c.Status(fiber.StatusAccepted).JSON(o.runJSON(c, state))
}

// asks makes of a body what the desk takes. Of a tree, the places in problems are those of the script that it makes.
func (o *Observatory) asks(w wanted) (a runs.Ask, problems play.Problems, err error) {
	a = runs.Ask{Name: w.Name, Source: w.Source, Policy: w.Policy, Seed: 1}
	if a.Name == "" || len(a.Name) > 100 {
		a.Name = "script.play"
	}
	if w.Seed != "" {
		if _, err := fmt.Sscan(w.Seed.String(), &a.Seed); err != nil {
			return a, nil, refuse(fiber.StatusUnprocessableEntity, "seed", "seed is a whole number, 0 or more.")
		}
	}
	switch {
	case w.Source != "" && (w.Scenario != "" || len(w.Tree) > 0), w.Scenario != "" && len(w.Tree) > 0:
		return a, nil, refuse(fiber.StatusUnprocessableEntity, "source", "Send one of source, scenario and tree.")
	case w.Scenario != "":
		s, ok := o.shipped.scenario(w.Scenario)
		if !ok {
			return a, nil, refuse(fiber.StatusUnprocessableEntity, "scenario", "There is no scenario of that name; GET /lab/scenarios lists them.")
		}
		a.Name, a.Source = s.Name, s.Source
	case len(w.Tree) > 0:
		_, script, ps, err := play.Decode(a.Name, w.Tree, scenarios.Vocabulary())
		if err != nil {
			return a, nil, refuse(fiber.StatusUnprocessableEntity, "tree", sentence(err.Error()))
		}
		a.Source, problems = string(script), ps
	case w.Source == "":
		return a, nil, refuse(fiber.StatusUnprocessableEntity, "source", "source is the text of a script; it must not be empty.")
	}
	return a, problems, nil
}

// mistake is a problem with its place, and the line with a caret as text.
type mistake struct {
	play.Problem
	Text string `json:"text"`
}

// mistakes is everything that is wrong with a script.
func mistakes(problems play.Problems, source string) any {
	answer := struct {
		Error    string    `json:"error"`
		Field    string    `json:"field"`
		Problems []mistake `json:"problems"`
	}{fmt.Sprintf("The script has %d mistakes; nothing was run.", len(problems)), "source", nil}
	if len(problems) == 1 {
		answer.Error = "The script has a mistake; nothing was run."
	}
	for _, p := range problems {
		answer.Problems = append(answer.Problems, mistake{p, play.Problems{p}.Format([]byte(source))})
	}
	return answer
}

// apiOneRun is GET /api/orrery/v1/runs/ID.
func (o *Observatory) apiOneRun(c *fiber.Ctx) error {
	s, err := o.run(c)
	if err != nil {
		return o.told(c, err)
	}
	a := o.runJSON(c, s)
	a.Source = s.Source
	if s.Phase == runs.Ended {
		outcome, err := runs.OutcomeOf(s.Run)
		if err != nil {
			return o.broken(c, err)
		}
		a.Result = &outcome
	}
	return c.JSON(a)
}

// apiDropRun is DELETE /api/orrery/v1/runs/ID.
func (o *Observatory) apiDropRun(c *fiber.Ctx) error {
	if err := o.drop(c); err != nil {
		return o.told(c, err)
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (o *Observatory) drop(c *fiber.Ctx) error {
	s, err := o.run(c)
	if err != nil {
		return err
	}
	if !o.mayDrop(c, s.Run) {
		return refuse(fiber.StatusForbidden, "id", "Only whoever asked for this run may delete it.")
	}
	err = o.Runs.Drop(c.UserContext(), s.ID)
	o.forget(s.ID)
	if errors.Is(err, kept.ErrNoRun) {
		return errNoRun
	}
	return err
}
