// Package observatory is the face of the log and of the lab: the pages under /lab and the JSON under /api/orrery/v1, the
// same on every host.
//
// It shows what was recorded and takes no part in it: it reads through activitylog.Log and asks the lab, by an interface
// of its own, for what only a lab can do. `orrery serve` mounts it with the log of one instance and no lab. How a person
// signs in, and who somebody is, others say (Viewer).
//
// What a newcomer gets wrong: everything in the log was written by strangers. Bodies may be a mebibyte of brackets or
// bytes that are no text; whatever reaches a page goes through views, which cuts and escapes it.
package observatory

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/internal/clock"
	"orrery/scenarios/runs"
	"orrery/views"
)

// Observatory serves the pages and the JSON API. All fields but Lab, Frame, Clock and Stop are needed.
type Observatory struct {
	Log *activitylog.Log
	// Lab is nil where there is none, as in serve.
	Lab Lab
	// Servers are the servers whose log this is, for the rail of every page.
	Servers []views.ServerLink
	// Known is what the log cannot tell of the servers, by their names.
	Known []knowledge.Server
	// Viewer says who looks: the actor's URI, "" for a visitor, and whether they operate the server and may see everything.
	// In a lab everybody may.
	Viewer func(c *fiber.Ctx) (actor string, operator bool)
	// Still returns what says later whether who looks at c is who they were: a stream ends when they signed out or may not sign
	// in any more. nil: they always are.
	Still func(c *fiber.Ctx) func(ctx context.Context) bool
	// Closed keeps the log for those who are signed in, under limited federation (federation.md §11).
	Closed bool
	// Frame completes what surrounds a page, with the account of who looks. It may be nil.
	Frame func(c *fiber.Ctx, p views.Page) views.Page
	// Https says that browsers reach this over https although the connection is not, behind a proxy.
	Https bool
	// Clock times heartbeats; nil is the real one.
	Clock clock.Clock
	// Stop ends all streams when it is closed.
	Stop <-chan struct{}
	Slog *slog.Logger
	// Runs has scenarios run; nil where visitors may not.
	Runs *runs.Desk

	shipped shipped
	far     int64 // instead of tooFar, for tests
	shelf   struct {
		mu    sync.Mutex
		books []*book
	}
	// Over the log of a run: the observatory that it is part of, the run, and its how manyth log: 0 is the file itself, then
	// come the varies.
	above *Observatory
	of    *book
	runID string
	vary  int
	// people are those of the run, such as alice@academy.
	people []string

	knower   knower
	watching listeners
}

// Register adds the routes to r, at the root of a host.
func (o *Observatory) Register(r fiber.Router) {
	r.Use("/lab", o.pageRules)
	r.Get("/lab", o.home)
	r.Get("/lab/log", o.logPage)
	r.Get("/lab/log/rows", o.logRows)
	r.Get("/lab/log/stream", o.rowStream)
	r.Get("/lab/e/:id", o.entryPage)
	r.Get("/lab/e/:id/:half.txt", o.rawBody)
	r.Get("/lab/matrix", o.matrixPage)
	r.Get("/lab/why", o.whyPage)
	r.Get("/lab/scenarios", o.gallery)
	r.Get("/lab/scenarios/new", o.editor)
	r.Get("/lab/scenarios/:name", o.scenario)
	r.Get("/lab/runs", o.runsPage)
	r.Post("/lab/runs", o.startRun)
	r.Get("/lab/compare", o.compare)
	r.Post("/lab/compare", o.startCompare)
	r.Get("/lab/run/:run", o.runPage)
	r.Get("/lab/run/:run/progress", o.progress)
	r.Get("/lab/run/:run/export", o.exportPage)
	r.Post("/lab/run/:run/delete", o.dropRun)
	for _, of := range []string{"/lab/run/:run", "/lab/run/:run/v/:vary"} {
		r.Get(of+"/log", o.inRun((*Observatory).logPage))
		r.Get(of+"/log/rows", o.inRun((*Observatory).logRows))
		r.Get(of+"/e/:id", o.inRun((*Observatory).entryPage))
		r.Get(of+"/e/:id/:half.txt", o.inRun((*Observatory).rawBody))
		r.Get(of+"/matrix", o.inRun((*Observatory).matrixPage))
		r.Get(of+"/why", o.inRun((*Observatory).whyPage))
		r.Post(of+"/why", o.inRun((*Observatory).tryPage))
		r.Get(of+"/why/trial", o.inRun((*Observatory).trialPage))
	}
	r.Get("/lab/trace", o.trace)
	r.Get("/lab/trace/stream", o.traceStream)
	r.Get("/lab/enter", o.useTicket)
	r.Post("/lab/enter", o.enter)
	r.Post("/lab/graph", o.changeGraph)
	r.Post("/lab/reset", o.reset)
	r.Use("/lab", o.nothing)

	r.Use("/api/orrery/v1", o.apiRules)
	r.Get("/api/orrery/v1/log", o.apiLog)
	r.Get("/api/orrery/v1/log/stream", o.apiStream)
	r.Get("/api/orrery/v1/log/:id", o.apiEntry)
	r.Get("/api/orrery/v1/runs", o.apiRuns)
	r.Post("/api/orrery/v1/runs", o.apiRun)
	r.Get("/api/orrery/v1/runs/compare", o.apiCompare)
	r.Get("/api/orrery/v1/runs/:run", o.apiOneRun)
	r.Delete("/api/orrery/v1/runs/:run", o.apiDropRun)
	r.Get("/api/orrery/v1/runs/:run/export", o.export)
	r.Get("/api/orrery/v1/runs/:run/log", o.inRun((*Observatory).apiLog))
	r.Get("/api/orrery/v1/runs/:run/log/:id", o.inRun((*Observatory).apiEntry))
	r.Get("/api/orrery/v1/runs/:run/matrix", o.inRun((*Observatory).apiMatrix))
	r.Get("/api/orrery/v1/runs/:run/why", o.inRun((*Observatory).apiWhy))
	r.Post("/api/orrery/v1/runs/:run/why", o.inRun((*Observatory).apiTry))
	r.Get("/api/orrery/v1/why", o.apiWhy)
	r.Get("/api/orrery/v1/matrix", o.apiMatrix)
	r.Post("/api/orrery/v1/lab/tokens", o.apiToken)
	r.Get("/api/orrery/v1/lab.play", o.apiScript)
	r.Use("/api/orrery/v1", func(*fiber.Ctx) error {
		return refuse(fiber.StatusNotFound, "", "There is nothing at this address; the log is at /api/orrery/v1/log.")
	})
}

// viewer is who looks.
type viewer struct {
	actor    string
	operator bool
	outside  bool // nothing is for them
}

func (o *Observatory) viewer(c *fiber.Ctx) viewer {
	actor, operator := o.Viewer(c)
	operator = operator || o.Lab != nil
	return viewer{strings.Clone(actor), operator, o.Closed && actor == "" && !operator}
}

// still is o.Still, made when a stream begins.
func (o *Observatory) still(c *fiber.Ctx) func(context.Context) bool {
	if o.Still == nil {
		return func(context.Context) bool { return true }
	}
	return o.Still(c)
}

// may reports whether v may see e (contracts.md 18).
func (v viewer) may(e activitylog.Entry) bool {
	return v.operator || !v.outside && (e.Public() || e.Concerns(v.actor))
}

// allowed keeps the entries that v may see.
func (v viewer) allowed(entries []activitylog.Entry) []activitylog.Entry {
	if v.operator {
		return entries
	}
	kept := entries[:0:0]
	for _, e := range entries {
		if v.may(e) {
			kept = append(kept, e)
		}
	}
	return kept
}

// names are the words for v: who follows whom is not for everybody.
func (o *Observatory) names(v viewer) activitylog.Names {
	n := o.Log.Names()
	n.Shy = !v.operator
	return n
}

// page is what surrounds a page on the host of c.
func (o *Observatory) page(c *fiber.Ctx, title, place string) views.Page {
	if o.above != nil {
		return o.above.page(c, title, "scenarios")
	}
	p := views.Page{Title: title, Place: place, Servers: o.Servers, InLab: o.Lab != nil}
	for _, s := range o.Servers {
		if host := hostOf(s.Origin); strings.EqualFold(host, c.Hostname()) {
			p.Server, p.Hue = s.Name, s.Hue
		}
	}
	if o.Lab != nil {
		for _, who := range o.Lab.People() {
			p.People = append(p.People, views.Person{Name: who.Name, Acct: who.acct(), Server: who.Server, Hue: who.Hue})
		}
	}
	if o.Frame != nil {
		p = o.Frame(c, p)
	}
	return p
}

func (o *Observatory) draw(c *fiber.Ctx, component templ.Component) error {
	c.Type("html", "utf-8")
	return component.Render(o.under(c.UserContext()), c.Response().BodyWriter())
}

func (o *Observatory) nothing(c *fiber.Ctx) error {
	return o.tell(c, fiber.StatusNotFound, "There is no such page", "The address may be mistyped, or the page is not built yet.", "/lab/log", "To the log")
}

// tell answers with a page of one sentence and a way on.
func (o *Observatory) tell(c *fiber.Ctx, status int, title, sentence, href, link string) error {
	c.Status(status)
	return o.draw(c, views.Told(o.page(c, title, "log"), title, sentence, href, link))
}

// fail answers what went wrong inside, and notes the chain for whoever runs this.
func (o *Observatory) fail(c *fiber.Ctx, err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	o.Slog.ErrorContext(c.UserContext(), "observatory", "path", c.Path(), "err", err)
	return o.tell(c, fiber.StatusInternalServerError, "That did not work",
		"The log could not be read just now. The reason is in the server’s own log; loading the page again may help.", "/lab/log", "To the log")
}
