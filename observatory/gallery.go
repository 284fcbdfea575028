package observatory

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/federation/policy"
	"orrery/scenarios/runs"
	"orrery/views"
)

// gallery is GET /lab/scenarios.
func (o *Observatory) gallery(c *fiber.Ctx) error {
	p := views.GalleryPage{Page: o.page(c, "Scenarios", "scenarios"), Closed: o.Runs == nil, Groups: o.shipped.read().groups}
	return o.draw(c, views.Gallery(p))
}

// scenario is GET /lab/scenarios/NAME.
func (o *Observatory) scenario(c *fiber.Ctx) error {
	s, ok := o.shipped.scenario(c.Params("name"))
	if !ok {
		return o.tell(c, fiber.StatusNotFound, "There is no such scenario", "With this program comes none of that name.", "/lab/scenarios", "To the scenarios")
	}
	card := o.shipped.read().cards[s.Name]
	return o.draw(c, views.Scenario(views.ScenarioPage{
		Page: o.page(c, card.Title, "scenarios"), Card: card, Script: views.Masked(s.Source), Policies: policy.Names(), Closed: o.Runs == nil,
	}))
}

// beginning is what somebody who writes a scenario finds in the editor.
const beginning = `scenario "My own"
about "What I want to find out."

servers
  academy runs mastodon-4.1
  techhub runs mastodon-4.1

people
  alice on academy
  berta on techhub

follows
  berta -> alice

step "Alice posts"
  alice posts "Hello world" as hello
  settle
  expect hello is on techhub
`

// editor is GET /lab/scenarios/new?from=NAME or ?run=ID; "lab" is what was done in the lab by hand.
func (o *Observatory) editor(c *fiber.Ctx) error {
	p := views.EditorPage{Name: "my-own.play", Source: beginning}
	if s, ok := o.shipped.scenario(c.Query("from")); ok {
		p.Name, p.Source = "copy-of-"+s.Name+".play", s.Source
	}
	if id := strings.Clone(c.Query("run")); id != "" && o.Runs != nil && len(id) <= 64 {
		if s, err := o.Runs.State(c.UserContext(), id); err == nil {
			p.Name, p.Source, p.Policy = s.Name, s.Source, s.Policy
		}
	}
	if c.Query("from") == "lab" && o.Lab != nil {
		script, err := o.script(c)
		if err != nil {
			return o.fail(c, err)
		}
		p.Name, p.Source = "lab.play", string(script)
	}
	return o.edit(c, p)
}

func (o *Observatory) edit(c *fiber.Ctx, p views.EditorPage) error {
	p.Page, p.Policies, p.Closed = o.page(c, "Write a scenario", "scenarios"), policy.Names(), o.Runs == nil
	return o.draw(c, views.Editor(p))
}

// askedFor is what a form wants to have run.
func (o *Observatory) askedFor(c *fiber.Ctx) (runs.Ask, *problem) {
	field := func(name string) string { return strings.Clone(c.FormValue(name)) }
	a := runs.Ask{Name: cmp.Or(field("name"), "script.play"), Policy: field("policy"), Seed: 1}
	a.Source = strings.ReplaceAll(field("source"), "\r\n", "\n") // as browsers send a text of several lines
	if len(a.Name) > 100 || strings.ContainsAny(a.Name, "\n\x00") {
		a.Name = "script.play"
	}
	if seed := field("seed"); seed != "" {
		n, err := strconv.ParseUint(seed, 10, 64)
		if err != nil {
			return a, refuse(fiber.StatusUnprocessableEntity, "seed", "The seed is a whole number, 0 or more.")
		}
		a.Seed = n
	}
	if name := field("scenario"); name != "" {
		s, ok := o.shipped.scenario(name)
		if !ok {
			return a, refuse(fiber.StatusUnprocessableEntity, "scenario", "There is no scenario of that name.")
		}
		a.Name, a.Source = s.Name, s.Source
	}
	if id := field("run"); id != "" && len(id) <= 64 && o.Runs != nil {
		s, err := o.Runs.State(c.UserContext(), id)
		if err != nil {
			return a, errNoRun
		}
		a.Name, a.Source, a.Seed = s.Name, s.Source, s.Seed
	}
	if a.Source == "" {
		return a, refuse(fiber.StatusUnprocessableEntity, "source", "Write a script first.")
	}
	return a, nil
}
