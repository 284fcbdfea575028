// Package activitypub is what other servers meet at the door: the documents they read and the inbox they deliver to.
//
// Its handlers parse, call and render. Who may see a post is social's rule, what a document looks like is translate's, what
// becomes of a delivery is federation/inbox's. Every request for a document is recorded with its answer before the answer
// is sent, whatever it was.
//
// What a newcomer gets wrong: most addresses here have two readers. A server asks for JSON and is recorded; a browser asks
// for HTML and is sent on to the page, which is no federation traffic. WantsDocument is the one place that tells them apart.
package activitypub

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/federation/signature"
	"orrery/federation/translate"
	"orrery/social"
)

// Documents serves what other servers read from one instance, in the form of its Writer (federation.md §1, §2). All fields but
type Documents struct {
	Store  social.Store
	Reader *social.Reader
	Writer translate.Writer
	URLs   social.URLs
	// Aliases are further host names under which acct: is answered, such as a handle domain that differs from the origin's
	// host. The origin's host, with and without its port, need not be among them.
	Aliases []string

	HiddenNetwork   bool // tells how many follow whom, but not who
	RepliesEmbedded int  // how many replies a post's document lists
	RepliesEveryone bool // lists everybody's replies, not only the author's

	Software           Software
	Title, Description string

	// Listeners lets whoever reads a conversation be told of what happens in it, for so long (federation.md §13.3.3).
	Listeners       bool
	ListenersExpire time.Duration

	Recorder *activitylog.Recorder
	Scheme   string // as the instance is reached from outside, for recorded URLs
	// SecureMode answers account documents to signed requests only (federation.md §5.7).
	SecureMode bool
	// Requester verifies the signature of a GET that came from an address. It returns nil, nil for a request that is unsigned.
	// Errors count in secure mode only: an *inbox.Refused decides the answer, others are logged and answered 401. It is asked
	// only where the answer depends on it. Nil: nobody is ever known.
	Requester func(ctx context.Context, r signature.Request, from string) (*social.Account, error)
	Now       func() time.Time
}

// Software is what NodeInfo says of this server; Upstream is what it behaves like.
type Software struct {
	Name, Version string
	Upstream      Upstream
}

// Upstream is the software whose behaviour is followed.
type Upstream struct{ Name, Version string }

// Register adds the routes. It must come before the pages: requests for HTML at /@name fall through to what is registered
// later.
func (d *Documents) Register(app fiber.Router) {
	app.Get("/.well-known/webfinger", d.serve(activitylog.WebFinger, d.webFinger))
	app.Get("/.well-known/host-meta", d.serve(activitylog.WebFinger, d.hostMeta))
	app.Get("/.well-known/host-meta.json", d.serve(activitylog.WebFinger, d.hostMetaJSON))
	app.Get("/.well-known/nodeinfo", d.serve(activitylog.NodeInfo, d.nodeInfoLinks))
	app.Get("/nodeinfo/2.0", d.serve(activitylog.NodeInfo, d.nodeInfo))

	// The instance actor is readable without a signature even in secure mode: keys have to be learned somehow.
	app.Get("/actor", d.serve(activitylog.Fetch, d.instanceActor))
	app.Get("/actor/outbox", d.serve(activitylog.Fetch, d.instanceOutbox))
	app.Get("/inbox", d.serve(activitylog.Fetch, func(*fiber.Ctx) error { return errNoDocument })) // federation.md §14.1/39

	// By name, and by number: an account is addressed by what it was given when it was made, and found by both.
	user := func(path string, h fiber.Handler) {
		app.Get("/users/:name"+path, d.serve(activitylog.Fetch, h))
		app.Get("/ap/users/:number"+path, d.serve(activitylog.Fetch, h))
	}
	user("", orRedirect(d.profilePage, d.guard(d.actor)))
	user("/main-key", d.keyDocument) // in secure mode too: nobody could prove anything otherwise
	user("/statuses/:id", orRedirect(d.statusPage, d.guard(d.status)))
	user("/statuses/:id/activity", d.guard(d.activity))
	user("/statuses/:id/replies", d.guard(d.replies))
	user("/statuses/:id/likes", d.guard(d.likes))
	user("/statuses/:id/shares", d.guard(d.shares))
	user("/outbox", d.guard(d.outbox))
	user("/followers", d.guard(d.followers))
	user("/following", d.guard(d.following))
	user("/followers_synchronization", d.followersSynchronization)
	user("/collections/featured", d.guard(d.featured))
	user("/collections/tags", d.guard(d.featuredTags))
	user("/collections/devices", d.guard(d.devices))
	user("/reply_approvals/:id", d.guard(d.replyApproval))
	user("/quote_authorizations/:id", d.guard(d.quoteAuthorization))
	app.Get("/ap/users/:number/featured_collections", d.serve(activitylog.Fetch, d.guard(d.featuredCollections)))

	app.Get("/contexts/:conversation", d.serve(activitylog.Fetch, d.guard(d.conversation)))
	app.Get("/contexts/:conversation/items", d.serve(activitylog.Fetch, d.guard(d.conversationPage)))
	app.Get("/threads/:id", d.serve(activitylog.Fetch, d.guard(d.history)))
	app.Get("/tags/:tag", d.tag)
	app.Get("/emojis/:id", d.serve(activitylog.Fetch, d.emoji)) // in secure mode too

	// A boost's address leads here, and people paste these into other servers' search boxes.
	app.Get("/@:name", d.page(d.actor))
	app.Get("/@:name/:id", d.page(d.status))
}
