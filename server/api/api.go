// Package api serves Mastodon's client API: it reads parameters, checks tokens and scopes, calls social's services and
// renders clientapi's entities. routes.go is the table of everything served, one file per resource holds the handlers.
//
// It leaves rules to social, JSON shapes to clientapi, and OAuth and what is sent on streams to their packages.
//
// What a newcomer gets wrong: a handler takes parameters from request.params only, never from the body or the query, because
// apps send them anywhere; and it answers with what a fresh view says after the action, never with what it passed in.
package api

import (
	"context"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
	"orrery/social/richtext"
)

// API is the client API of one instance. Functions may be nil. Safe for concurrent use.
type API struct {
	social.Services
	Info Info
	Text richtext.Version
	// Act begins to record what a person does through a request that changes something others hear of. The request runs
	// in the context it returns, and calls the function when it is over.
	Act func(ctx context.Context, what activitylog.Summary) (context.Context, func())
	// Opened is told that a signed-in person looks at a conversation, so that missing replies can be fetched, and returns
	// the search that runs because of that or an earlier look; nil for none.
	Opened func(ctx context.Context, viewer, status social.ID) *social.Crawl
	// Streams serves what programs watch.
	Streams Streams
	// PushKey is the public key by which push services know this server.
	PushKey func(ctx context.Context) (string, error)
	// Limits bound how often one sender asks; the zero value does not.
	Limits Limits
	// Encoded remembers the JSON of posts; nil remembers none.
	Encoded *clientapi.Encoded
	// Answers remembers lists of posts and notifications as a whole; nil remembers none.
	Answers *Answers
	// Log gets what is our fault; nil is silence.
	Log *slog.Logger

	cleaned  richtext.Cleaned
	requests atomic.Uint64 // numbers those that come without an X-Request-Id
}

// Info is what the instance says about itself.
type Info struct {
	Title, Description string
	Domain             string // of handles; "" is the host of the origin
	Version            string // "4.5.0+orrery.X.Y.Z" (contracts.md 8)
	SourceURL          string
	ContactEmail       string
	StreamingOrigin    string // "wss://host"
	LimitedFederation  bool   // only servers that were let in are spoken with
	Placeholder        string // image of accounts without one; "" is clientapi.DefaultPlaceholder on the origin
}

// Register adds the routes to r. Everything else under /api, but for /api/orrery, becomes a 404 in JSON, so routes that
// other packages have there are registered before. The app runs with Immutable, with DisablePreParseMultipartForm (else a
// broken form is answered before it gets here, not in JSON) and with a ReadBufferSize that fits long queries, say 16 KiB.
func (a *API) Register(r fiber.Router) {
	r.Use("/api", a.edge)
	for _, rt := range slices.Concat(a.routes(), a.streamRoutes()) {
		for _, method := range rt.methods() {
			r.Add(method, "/api"+rt.path, a.serve(rt))
		}
	}
	r.All("/api/*", func(c *fiber.Ctx) error {
		if ownPath(c.Path()) {
			return errNoRoute
		}
		return c.Next()
	})
}

// Render is what entities are made with for viewer, 0 for anybody.
func (a *API) Render(viewer social.ID) clientapi.Render {
	return clientapi.Render{URLs: a.URLs, Viewer: viewer, Text: a.Text, Cleaned: &a.cleaned, Placeholder: a.Info.Placeholder, Now: a.Now()}
}

func (a *API) domain() string {
	if a.Info.Domain != "" {
		return a.Info.Domain
	}
	return a.URLs.Host()
}
