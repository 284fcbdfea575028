package observatory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog/kept"
	"orrery/scenarios"
	"orrery/scenarios/runs"
	"orrery/views"
)

// mostCompared is how many runs stand side by side.
const mostCompared = 6

// startCompare is POST /lab/compare: a script is run under several policies.
func (o *Observatory) startCompare(c *fiber.Ctx) error {
	ask, wrong := o.askedFor(c)
	if wrong != nil {
		return o.noRun(c, wrong)
	}
	var policies []string
	for _, p := range c.Context().PostArgs().PeekMulti("policies") {
		policies = append(policies, string(p))
	}
	if len(policies) < 2 || len(policies) > mostCompared {
		return o.noRun(c, refuse(fiber.StatusUnprocessableEntity, "policies", fmt.Sprintf("Choose from two to %d policies to compare.", mostCompared)))
	}
	var ids []string
	for _, p := range policies {
		ask.Policy = p
		state, problems, err := o.take(c, ask)
		if err == nil && len(problems) > 0 {
			err = refuse(fiber.StatusUnprocessableEntity, "source", "The script has mistakes; edit it first.")
		}
		if err != nil { // all of them or none
			for _, id := range ids {
				_ = o.Runs.Drop(c.UserContext(), id)
			}
			return o.noRun(c, err)
		}
		ids = append(ids, state.ID)
	}
	return c.Redirect(views.CompareAddress(ids), fiber.StatusSeeOther)
}

// compare is GET /lab/compare?run=ID&run=ID…
func (o *Observatory) compare(c *fiber.Ctx) error {
	comparison, ended, waiting, err := o.beside(c)
	if err != nil {
		return o.noRun(c, err)
	}
	p := views.ComparePage{Page: o.page(c, "Policies side by side", "scenarios"), Title: "Policies side by side", Servers: comparison.Servers}
	for _, s := range waiting {
		p.Waiting = append(p.Waiting, o.runRow(c, s))
	}
	if len(ended) == 0 {
		return o.draw(c, views.Compare(p))
	}
	p.Title = comparison.Title
	for n, x := range comparison.Policies {
		col := views.CompareColumn{
			ID: ended[n].ID, Policy: x.Policy, Passed: x.Passed, Requests: fmt.Sprint(x.Cost.Requests), Bytes: fmt.Sprint(x.Cost.Bytes),
			Known: fmt.Sprintf("%d of %d (%.0f %%)", x.Cost.Have, x.Cost.Pairs, 100*x.Cost.Share()), Everyone: "never", LastSpeed: "after " + span(x.Cost.Last),
		}
		if x.Cost.Everyone != nil {
			col.Everyone = "after " + span(*x.Cost.Everyone)
		}
		p.Columns = append(p.Columns, col)
	}
	for _, name := range comparison.Names() {
		row := views.CompareRow{Post: name}
		for k := range comparison.Servers {
			var cells []views.CompareCell
			for n, x := range comparison.Policies {
				for _, r := range x.Posts {
					if r.Post == name {
						row.Depth = r.Depth
					}
				}
				word := comparison.Word(n, name, k)
				cells = append(cells, views.CompareCell{Word: word, Differs: word != comparison.Word(0, name, k)})
			}
			row.Cells = append(row.Cells, cells)
		}
		p.Rows = append(p.Rows, row)
	}
	return o.draw(c, views.Compare(p))
}

// apiCompare is GET /api/orrery/v1/runs/compare?run=ID&run=ID…: runs of one script side by side, as `orrery play compare` has it.
func (o *Observatory) apiCompare(c *fiber.Ctx) error {
	comparison, _, waiting, err := o.beside(c)
	if err != nil {
		return o.told(c, err)
	}
	if len(waiting) > 0 {
		return refuse(fiber.StatusConflict, "run", "A run has not ended; compare when it has.")
	}
	return c.JSON(comparison)
}

// beside reads the runs that the address names: those that have ended as a comparison, and the others.
func (o *Observatory) beside(c *fiber.Ctx) (cmp scenarios.Comparison, ended, waiting []runs.State, err error) {
	if o.Runs == nil {
		return cmp, nil, nil, errNoRun
	}
	var ids []string
	for _, id := range c.Context().QueryArgs().PeekMulti("run") {
		ids = append(ids, string(id))
	}
	if len(ids) < 2 || len(ids) > mostCompared {
		return cmp, nil, nil, refuse(fiber.StatusBadRequest, "run", fmt.Sprintf("Name from two to %d runs to compare.", mostCompared))
	}
	var columns []scenarios.Compared
	var servers []string
	var source string
	for i, id := range ids {
		if len(id) > 64 || strings.ContainsRune(id, 0) {
			return cmp, nil, nil, errNoRun
		}
		s, err := o.Runs.State(c.UserContext(), id)
		if err != nil {
			if errors.Is(err, kept.ErrNoRun) {
				err = errNoRun
			}
			return cmp, nil, nil, err
		}
		if i > 0 && s.Source != source {
			return cmp, nil, nil, refuse(fiber.StatusUnprocessableEntity, "run", "These are runs of different scripts. Choose runs of one script.")
		}
		source = s.Source
		if s.Phase != runs.Ended {
			waiting = append(waiting, s)
			continue
		}
		outcome, err := runs.OutcomeOf(s.Run)
		if err != nil {
			return cmp, nil, nil, err
		}
		if len(outcome.Servers) == 0 {
			return cmp, nil, nil, refuse(fiber.StatusUnprocessableEntity, "run", "One of these runs came to nothing, so there is nothing to compare.")
		}
		if servers != nil && !slices.Equal(servers, outcome.Servers) {
			return cmp, nil, nil, refuse(fiber.StatusUnprocessableEntity, "run", "These runs have different servers.")
		}
		servers = outcome.Servers
		ended, columns = append(ended, s), append(columns, outcome.Compared)
	}
	if len(ended) > 0 {
		cmp = scenarios.Beside(ended[0].Name, ended[0].Title, ended[0].Seed, servers, columns)
	}
	return cmp, ended, waiting, nil
}

func span(seconds float64) string {
	return time.Duration(seconds * float64(time.Second)).Round(time.Second).String()
}
