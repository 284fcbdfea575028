package observatory

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/federation/policy"
	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/scenarios/runs"
	"orrery/views"
)

// runsPage is GET /lab/runs.
func (o *Observatory) runsPage(c *fiber.Ctx) error {
	p := views.RunsPage{Page: o.page(c, "Runs", "scenarios"), Closed: o.Runs == nil}
	if o.Runs == nil {
		return o.draw(c, views.Runs(p))
	}
	p.Keep = o.Runs.Keep
	list, more, err := o.listed(c)
	if err != nil {
		return o.noRun(c, err)
	}
	for _, s := range list {
		p.Runs = append(p.Runs, o.runRow(c, s))
	}
	if more != "" {
		p.Older = "/lab/runs?before=" + more
	}
	return o.draw(c, views.Runs(p))
}

func (o *Observatory) runRow(c *fiber.Ctx, s runs.State) views.RunRow {
	r := views.RunRow{
		ID: s.ID, Title: s.Title, Name: s.Name, Policy: "as the script says", When: s.Started.UTC().Format("2 Jan 2006 15:04:05"),
		Took: s.Took.Round(time.Millisecond).String(), Ended: s.Phase == runs.Ended, Passed: s.Passed, Place: s.Place, Done: s.Done, Of: s.Of,
		Mine: o.mayDrop(c, s.Run),
	}
	if s.Policy != "" {
		r.Policy = s.Policy
	}
	return r
}

// startRun is POST /lab/runs. A script with mistakes comes back with them.
func (o *Observatory) startRun(c *fiber.Ctx) error {
	ask, wrong := o.askedFor(c)
	back := views.EditorPage{Name: ask.Name, Source: ask.Source, Policy: ask.Policy}
	if wrong != nil {
		return o.again(c, back, wrong)
	}
	state, problems, err := o.take(c, ask)
	if p := (*problem)(nil); errors.As(err, &p) {
		return o.again(c, back, p)
	}
	if err != nil {
		return o.fail(c, err)
	}
	if len(problems) > 0 {
		return o.mistaken(c, back, problems)
	}
	return c.Redirect("/lab/run/"+state.ID, fiber.StatusSeeOther)
}

func (o *Observatory) again(c *fiber.Ctx, p views.EditorPage, wrong *problem) error {
	c.Status(wrong.status)
	p.Problem = wrong.sentence
	return o.edit(c, p)
}

func (o *Observatory) mistaken(c *fiber.Ctx, p views.EditorPage, problems play.Problems) error {
	c.Status(fiber.StatusUnprocessableEntity)
	for _, x := range problems[:min(len(problems), 50)] {
		p.Mistakes = append(p.Mistakes, views.ScriptMistake{Line: x.Line, Column: x.Column, Message: x.Message, Text: play.Problems{x}.Format([]byte(p.Source))})
	}
	return o.edit(c, p)
}

// dropRun is POST /lab/run/ID/delete.
func (o *Observatory) dropRun(c *fiber.Ctx) error {
	if err := o.drop(c); err != nil {
		return o.noRun(c, err)
	}
	return c.Redirect("/lab/runs", fiber.StatusSeeOther)
}

// progress is GET /lab/run/ID/progress: how far a run is; when it has ended, the page is loaded anew.
func (o *Observatory) progress(c *fiber.Ctx) error {
	s, err := o.run(c)
	if err != nil || s.Phase == runs.Ended {
		c.Set("HX-Refresh", "true")
		return c.SendStatus(fiber.StatusNoContent)
	}
	return o.draw(c, views.RunProgress(o.runRow(c, s)))
}

// runPage is GET /lab/run/ID.
func (o *Observatory) runPage(c *fiber.Ctx) error {
	s, err := o.run(c)
	if err != nil {
		return o.noRun(c, err)
	}
	p := views.RunPage{Page: o.page(c, s.Title, "scenarios"), Row: o.runRow(c, s), Seed: fmt.Sprint(s.Seed), Policies: policy.Names()}
	if s.Phase != runs.Ended {
		return o.draw(c, views.Run(p))
	}
	b, err := o.open(s.Run)
	if err != nil {
		return o.fail(c, err)
	}
	p.About, p.Unkept = b.outcome.About, sentence(b.outcome.Unkept)
	if b.outcome.Stopped != "" {
		p.Stopped = b.outcome.Stopped + "." // it begins with the name of a file, which keeps its letters
	}
	for _, e := range exports {
		p.Exports = append(p.Exports, e.name)
	}
	home := "/lab/run/" + s.ID
	for _, step := range b.outcome.Steps {
		p.Steps = append(p.Steps, views.RunStep{Title: step.Title, Lines: runLines(step.Lines, home), Diagram: views.ReadSequence(step.Diagram, b.outcome.Servers)})
	}
	for _, v := range b.outcome.Varies {
		p.Varies = append(p.Varies, b.vary(v, home))
	}
	face := o
	if len(b.faces) > 0 {
		face = b.faces[0]
		if p.Matrix, err = face.inTheEnd(c); err != nil {
			return o.fail(c, err)
		}
	}
	c.Type("html", "utf-8")
	return views.Run(p).Render(face.under(c.UserContext()), c.Response().BodyWriter())
}

// vary is what became of a variation, with the lines of the file that end otherwise under it.
func (b *book) vary(v scenarios.Vary, home string) views.RunVary {
	out := views.RunVary{Title: v.Title, Passed: v.Passed}
	if n := slices.Index(b.names, v.Title); n > 0 {
		out.Place = fmt.Sprintf("%s/v/%d", home, n)
	}
	out.Lines = runLines(v.Lines, out.Place)
	for _, s := range v.Steps {
		for _, l := range s.Lines {
			if l.Status == scenarios.Changed {
				again := runLines([]scenarios.Line{l}, out.Place)
				again[0].Again = true
				out.Changed = append(out.Changed, again...)
			}
		}
	}
	return out
}

// inTheEnd is the matrix of a run when it has ended.
func (o *Observatory) inTheEnd(c *fiber.Ctx) (*views.MatrixPage, error) {
	p := &views.MatrixPage{Names: o.Log.Names()}
	err := o.knowing(c.UserContext(), func(r *knowledge.Record) error {
		uris := r.Posts(knowledge.Now)
		p.Matrix = r.Matrix(uris[:min(len(uris), rowsOfMatrix)], knowledge.Now)
		return nil
	})
	return p, err
}

// runLines are lines as the page shows them; place is where their log stands, "" when it was not kept.
func runLines(lines []scenarios.Line, place string) []views.RunLine {
	var out []views.RunLine
	for _, l := range lines {
		v := views.RunLine{
			Number: l.Line, Source: l.Source, Status: string(l.Status), Kind: l.Kind, Found: l.Found, NearMiss: l.NearMiss,
			Because: l.Because, Decisions: l.Decisions, View: l.View,
		}
		word, rest, _ := strings.Cut(l.Source, " ")
		switch word {
		case "say":
			v.Said = unquoted(rest)
		case "predict":
			question, _, _ := strings.Cut(rest, `" = `)
			v.Question, v.Answer = unquoted(question+`"`), l.Expected
		case "show":
			if rest == "diagram" {
				v.View = "" // the step ends with a drawing of it
			}
		}
		for i, id := range l.Evidence {
			if i < len(l.Sentences) && place != "" {
				v.Evidence = append(v.Evidence, views.RunEntry{ID: id, Sentence: l.Sentences[i], Place: place})
			}
		}
		for _, m := range l.Made {
			if place != "" && len(v.Made) < activitylog.MaxLimit {
				v.Made = append(v.Made, views.RunEntry{ID: m.Entry, Sentence: m.Sentence, Place: place})
			}
		}
		out = append(out, v)
	}
	return out
}

// unquoted is a text of a script without its quotes.
func unquoted(s string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(s), `"`), `"`)
	return strings.NewReplacer(`\"`, `"`, `\n`, " ", `\\`, `\`).Replace(s)
}
