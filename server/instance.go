// Package server makes one instance: New wires the parts, HandleFast serves HTTP, Run or Step does the background work.
//
// Read New to see everything that an instance consists of. A newcomer's usual mistake is to reach for a clock, a
// transport or a logger from somewhere else: two instances with different clocks run side by side in one process.
package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/fetch"
	"orrery/federation/hosts"
	"orrery/federation/inbox"
	"orrery/federation/ingest"
	"orrery/federation/observe"
	"orrery/federation/outbox"
	"orrery/federation/policy"
	"orrery/federation/pull"
	"orrery/federation/rules"
	"orrery/federation/translate"
	"orrery/federation/work"
	"orrery/internal/clock"
	"orrery/internal/jobs"
	"orrery/internal/password"
	"orrery/server/activitypub"
	"orrery/server/api"
	"orrery/server/files"
	"orrery/server/oauth"
	"orrery/server/stream"
	"orrery/server/web"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/storage"
	"orrery/views/static"
)

// How much is kept in memory of posts, people and readers, and of the JSON of posts.
const (
	shelfBytes   = 32 << 20
	encodedBytes = 16 << 20
	answersBytes = 8 << 20
)

// How many deliveries are under way at once, and how many of them to one host (docs/performance.md).
const (
	deliveries = 256
	perHost    = 32
)

// Instance is one running server.
type Instance struct {
	Config   Config
	Services social.Services
	Recorder *activitylog.Recorder

	world  World
	skew   *clock.Shifted // the world's clock, wrong by as much as the policy or a scenario wants
	store  *storage.Store
	form   form
	queue  *jobs.Queue
	hasher *password.Hasher
	ingest *ingest.Ingest
	inbox  *inbox.Inbox
	outbox *outbox.Outbox
	pull   *pull.Pull
	hosts  *hosts.Hosts
	app    *fiber.App
	stream *stream.Hub
	pusher pusher

	handler fasthttp.RequestHandler
}

// New opens the database, brings it up to date and wires the instance. Nothing runs yet.
func New(ctx context.Context, c Config, w World) (*Instance, error) {
	c = c.withDefaults()
	skew := clock.NewShifted(w.Clock, c.Policy.Clock)
	w.Clock = skew
	i := &Instance{Config: c, world: w, skew: skew, form: forms(c.Policy.Form), queue: &jobs.Queue{}, stream: &stream.Hub{Log: w.Log}}
	store, err := storage.Open(ctx, storage.Options{
		DSN: c.Database, Synchronous: c.Synchronous, Alone: c.Alone, Instance: c.Name, URLs: social.URLs{Origin: c.Origin}, Positions: w.Positions, NewID: w.IDs.Next,
		Enqueued: i.queue.Wake, News: i.stream.Hear, NewsLost: i.stream.Lost, Log: w.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("open the database of %s: %w", c.Name, err)
	}
	i.store = store
	i.world.Rand = &lockedReader{r: w.Rand}
	i.hasher = password.NewHasher(i.world.Rand)
	i.record()
	i.domain()
	i.federate()
	i.face()
	if err := i.prepare(ctx); err != nil {
		store.Close()
		return nil, err
	}
	return i, nil
}

func (c Config) withDefaults() Config {
	urls := social.URLs{Origin: c.Origin}
	if c.Name == "" {
		c.Name = urls.Host()
	}
	if c.Title == "" {
		c.Title = c.Name
	}
	return c
}

// record makes the log's one writer.
func (i *Instance) record() {
	i.Recorder = &activitylog.Recorder{
		Instance: i.Config.Name, Now: i.world.Clock.Now, NewID: i.world.IDs.Next, Log: i.world.Log, Woken: i.world.Woken,
		Write: func(ctx context.Context, fn func(ctx context.Context, log activitylog.Appender) error) error {
			return i.store.Together(ctx, func(ctx context.Context, tx *storage.Store) error { return fn(ctx, tx) })
		},
	}
	if i.Recorder.Woken == nil {
		i.Recorder.Woken = func() {}
	}
}

// domain makes the services that know people, posts and rules.
func (i *Instance) domain() {
	w, urls := i.world, social.URLs{Origin: i.Config.Origin, Numeric: i.Config.Policy.NumericURIs, KeyDocuments: i.Config.Policy.KeyDocuments, Copies: i.world.Files != nil}
	store := domainStore{Store: i.store, i: i}
	newID := func() social.ID { return social.ID(w.IDs.Next()) }
	i.Services = social.Services{
		Store: store, Reader: &social.Reader{Store: i.store, Shelf: social.NewShelf(shelfBytes)}, URLs: urls, Now: w.Clock.Now,
		Accounts: &social.Accounts{Store: store, Now: w.Clock.Now, NewID: newID, URLs: urls, NewKey: i.newKey, HashPassword: i.hashPassword},
		Statuses: &social.Statuses{
			Store: store, Now: w.Clock.Now, NewID: newID, URLs: urls, Text: i.form.text,
			Resolve: i.resolve, Conversation: i.conversation, BoostFallOff: i.Config.Policy.BoostFallOff, Wrote: i.wrote, Told: i.happened, Approvals: i.Config.Policy.Approvals,
		},
		Follows:   &social.Follows{Store: store, Now: w.Clock.Now, NewID: newID, MintURI: i.mintURI, Told: i.told},
		Reactions: &social.Reactions{Store: store, Now: w.Clock.Now, NewID: newID, TellNeighbours: i.Config.Policy.LikesAnywhere, Told: i.happened},
		Polls:     &social.Polls{Store: store, Now: w.Clock.Now, NewID: newID},
		Features:  &social.Features{Store: store, Now: w.Clock.Now, NewID: newID},
		Mutes:     &social.Mutes{Store: store, Now: w.Clock.Now, NewID: newID},
		Lists:     &social.Lists{Store: store, Now: w.Clock.Now, NewID: newID},
		Filters:   &social.Filters{Store: store, Now: w.Clock.Now, NewID: newID},
		Regards:   &social.Regards{Store: store, Now: w.Clock.Now, NewID: newID},
		SignIns:   &social.SignIns{Store: store, Now: w.Clock.Now, NewID: newID, Rand: w.Rand, Verify: i.verifyPassword},
	}
	if i.Config.Policy.Quotes {
		i.Services.Quotes = &social.Quotes{Store: store, Now: w.Clock.Now, NewID: newID, MintURI: i.mintURI}
		i.Services.Statuses.Quotes = i.Services.Quotes
	}
	i.Services.Media = i.media(store, newID)
	i.Services.Statuses.Expire = i.Services.Media.Expire
	i.Services.Statuses.Linked = i.linked
	i.Services.Schedule = i.schedule(store, newID, i.Services.Statuses)
	i.Services.Domains = &social.Domains{Store: i.store, Limited: i.Config.Policy.LimitedFederation, Own: urls.Host()}
	i.Services.Elsewhere = i.elsewhere()
	i.Services.Blocks = &social.Blocks{Store: store, Now: w.Clock.Now, NewID: newID, Follows: i.Services.Follows, MintURI: i.mintURI}
	i.Services.Relays = &social.Relays{Store: store, Now: w.Clock.Now, NewID: newID, MintURI: i.mintURI}
	i.Services.Moderation = &social.Moderation{
		Store: store, Now: w.Clock.Now, NewID: newID, Follows: i.Services.Follows, Statuses: i.Services.Statuses,
		Blocks: i.Services.Blocks, Domains: i.Services.Domains, MintURI: i.mintURI,
		Told: i.happened,
	}
	i.Services.Moves = &social.Moves{Store: store, Now: w.Clock.Now, NewID: newID, Resolve: i.lookUp}
	i.Services.Announcements = &social.Announcements{Store: store, Now: w.Clock.Now, NewID: newID}
	i.Services.Trends = &social.Trends{Store: store, Now: w.Clock.Now}
	i.Services.Grants = &social.Grants{Store: store, SignIns: i.Services.SignIns, Now: w.Clock.Now}
}

// federate makes what speaks to other servers: fetch, ingest, inbox, outbox, pull, and the queue that drives them.
func (i *Instance) federate() {
	w, urls, now := i.world, i.Services.URLs, i.world.Clock.Now
	client := &fetch.Client{
		Transport: i.Recorder.Transport(w.Transport), UserAgent: userAgent(i.Config),
		Now: now, Refused: i.refused, Sign: i.form.sign, Traits: i.Config.Policy.Traits, SchemeOf: w.SchemeOf, Timeout: activitylog.DeliveryDeadline,
	}
	if w.Stepped {
		client.Timeout = 0
	}
	i.ingest = &ingest.Ingest{
		Fetch: client, Store: i.store, Atomic: atomic[ingest.Tx](i), Statuses: i.Services.Statuses, Polls: i.Services.Polls, Policy: i.Config.Policy,
		Observer: i.Recorder, URLs: urls, Now: now, NewID: i.Services.Statuses.NewID,
		NewIDAt: func(t time.Time) social.ID { return social.ID(w.IDs.At(t)) }, Jitter: i.jitter(),
		Moderation: i.Services.Moderation, Domains: i.Services.Domains, Gone: i.gone,
	}
	i.hosts = &hosts.Hosts{Store: i.store, Observer: i.Recorder, Now: now}
	i.inbox = &inbox.Inbox{
		Ingest: i.ingest, Store: i.store, Atomic: atomic[ingest.Tx](i), Body: i.store.Body,
		Statuses: i.Services.Statuses, Follows: i.Services.Follows, Reactions: i.Services.Reactions, Blocks: i.Services.Blocks,
		Relays: i.Services.Relays, Quotes: i.Services.Quotes,
		Policy: i.Config.Policy, Profile: i.form.judge, Documents: i.form.documents,
		Observer: i.Recorder, URLs: urls, Now: now, Hosts: i.hosts,
		AtOnce: w.AtOnce, Mark: i.Recorder.Mark,
		Moderation: i.Services.Moderation, Moves: i.Services.Moves, Domains: i.Services.Domains,
	}
	jitter := i.jitter()
	i.outbox = &outbox.Outbox{
		Fetch: client, Store: i.store, Atomic: atomic[outbox.Tx](i), Finish: i.finish, Body: i.store.Body, Signer: i.ingest.Signer,
		Writer: i.writer(), Policy: i.Config.Policy, Documents: i.form.documents,
		Observer: i.Recorder, Now: now, Retry: jobs.Deliveries(jitter), Trickle: jobs.Trickle(jitter), Hosts: i.hosts,
		TellEnd: i.Services.Polls.TellEnd,
		Domains: i.Services.Domains,
	}
	i.pull = &pull.Pull{Follows: i.Services.Follows, Ingest: i.ingest, Store: i.store, Atomic: atomic[ingest.Tx](i), Observer: i.Recorder, URLs: urls, Domain: i.canonicalDomain}
	i.Services.Polls.Refetch = i.pull.Poll
	i.recheckQuotes()
	i.Services.Searches = &social.Searches{Store: i.Services.Store, Remote: i.pull, Host: urls.Host()}
	i.Services.Imports = i.imports(i.Services.Store)

	i.queue.Store, i.queue.Now, i.queue.At, i.queue.Log = i.store, now, w.Clock.At, w.Log
	// Deliveries mostly wait for others to answer; the rest mostly works.
	i.queue.Workers = map[string]int{work.Push: cmp.Or(i.Config.Deliveries, deliveries), work.Pull: 8, work.Ingress: 16}
	i.queue.PerHost = map[string]int{work.Push: perHost, work.Pull: 4}
	i.handleMedia(jobs.Ingress(jitter))
	i.inbox.Handle(i.queue, jobs.Ingress(jitter), i.applying)
	i.inbox.HandleRefollows(i.queue, jobs.Pulls(jitter), i.working)
	i.outbox.Handle(i.queue, i.working)
	i.pull.Handle(i.queue, jobs.Pulls(jitter), jobs.Mentions(jitter), jobs.Quotes(jitter), i.working)
	i.queue.Handle(work.Chore, i.chore, jobs.Ingress(jitter))
	i.queue.Handle(work.Import, i.handleImport, jobs.Ingress(jitter))
	i.queue.Handle(work.Publish, i.publish, jobs.Ingress(jitter))
	i.queue.Handle(work.PushNotification, i.push, jobs.Trickle(jitter))
}

// face makes what people, apps and other servers see.
func (i *Instance) face() {
	i.app = fiber.New(fiber.Config{
		Immutable: true, DisableStartupMessage: true, DisableDefaultDate: true, ErrorHandler: i.onError, AppName: "Orrery",
		DisableDefaultContentType: true, DisablePreParseMultipartForm: true, ReadBufferSize: 16 << 10,
	})
	i.app.Use(crossOrigin)
	(&activitypub.Inboxes{Inbox: i.inbox, Recorder: i.Recorder, Scheme: i.scheme(), Now: i.world.Clock.Now, Log: i.world.Log}).Register(i.app)
	(&activitypub.Documents{
		Store: i.Services.Store, Reader: i.Services.Reader, Writer: i.writer(), URLs: i.Services.URLs,
		HiddenNetwork:   i.Config.Policy.HiddenNetwork,
		RepliesEmbedded: i.Config.Policy.RepliesEmbedded, RepliesEveryone: i.Config.Policy.RepliesEveryone,
		Software: activitypub.Software{Name: "orrery", Version: Version, Upstream: activitypub.Upstream(i.Config.Policy.Upstream)},
		Title:    i.Config.Title, Description: i.Config.Description,
		Listeners: i.Config.Policy.ThreadListeners, ListenersExpire: i.Config.Policy.ListenersExpire,
		Recorder: i.Recorder, Scheme: i.scheme(), Requester: i.inbox.Requester, SecureMode: i.Config.Policy.Secure(), Now: i.world.Clock.Now,
	}).Register(i.app)
	(&files.Files{Kept: i.world.Files, Elsewhere: i.Services.Elsewhere}).Register(i.app)
	apps := &api.API{
		Services: i.Services, Text: i.form.text, Act: i.Recorder.Action, Log: i.world.Log,
		Info: api.Info{
			Title: i.Config.Title, Description: i.Config.Description, Domain: i.Services.URLs.Host(),
			Version: apiVersion + "+orrery." + Version, SourceURL: i.Config.Origin, StreamingOrigin: strings.Replace(i.Config.Origin, "http", "ws", 1), LimitedFederation: i.Config.Policy.LimitedFederation,
			Placeholder: i.Config.Origin + static.URL("nobody.png"),
		},
		Opened: i.opened, Streams: i.stream, PushKey: i.pushKey, Limits: api.Limits{Generosity: i.Config.RateLimits},
		Encoded: clientapi.NewEncoded(encodedBytes), Answers: api.NewAnswers(answersBytes),
	}
	i.stream.Store, i.stream.Render, i.stream.Announcements = i.store, apps.Render, i.Services.Announcements
	apps.Register(i.app)
	i.app.Get("/health", healthy)
	pages := &web.Web{Services: i.Services, Text: i.form.text, Act: i.Recorder.Action, Secure: i.scheme() == "https", Opened: i.opened, Log: i.world.Log, Archive: i.archive}
	pages.Info.Title, pages.Info.Description, pages.Info.Name, pages.Info.Host = i.Config.Title, i.Config.Description, i.Config.Name, i.Services.URLs.Host()
	pages.Count = func(what string, who social.ID) (func(), error) {
		return apps.Limits.Count(i.world.Clock.Now(), what, who)
	}
	pages.Live = func(ctx context.Context, viewer social.ID, sender, name, argument string) (web.Listener, error) {
		return i.stream.Page(ctx, viewer, sender, name, argument)
	}
	if lab := i.Config.Lab; lab != nil {
		pages.Lab, pages.Switcher, pages.Servers = true, lab.Switcher, lab.Servers
	}
	(&oauth.OAuth{
		Services: i.Services, Pages: pages, API: apps, Render: clientapi.Render{URLs: i.Services.URLs, Text: i.form.text},
	}).Register(i.app)
	pages.Register(i.app)
	i.app.Use(pages.NotFound)
	i.handler = i.app.Handler()
}

// prepare makes the instance's own actor and takes up what an earlier process left.
func (i *Instance) prepare(ctx context.Context) error {
	if _, err := i.Services.Accounts.EnsureInstanceActor(ctx, i.instanceName()); err != nil {
		return fmt.Errorf("the instance actor of %s: %w", i.Config.Name, err)
	}
	if i.Config.Policy.Owners == policy.OwnedByCommunity {
		if _, err := i.Services.Accounts.EnsureCommunity(ctx); err != nil {
			return fmt.Errorf("the community of %s: %w", i.Config.Name, err)
		}
	}
	if err := i.beginExternal(ctx); err != nil {
		return err
	}
	if err := i.hosts.Load(ctx); err != nil {
		return fmt.Errorf("what %s knows of other servers: %w", i.Config.Name, err)
	}
	if !i.Config.Alone {
		return nil
	}
	if _, err := i.store.ReleaseLeases(ctx); err != nil {
		return fmt.Errorf("take up the work of %s: %w", i.Config.Name, err)
	}
	return nil
}

// Run does the background work until ctx ends.
func (i *Instance) Run(ctx context.Context) error { return i.queue.Run(ctx) }

// Step does the next piece of work that is due and reports whether there was one.
func (i *Instance) Step(ctx context.Context) (bool, error) { return i.queue.Step(ctx) }

// Pending counts the work that is due and that is being done, and says when the next is due (zero: none) by the clock of
// the world, whatever the instance's own clock shows.
func (i *Instance) Pending(ctx context.Context) (due, inFlight int, next time.Time, err error) {
	due, inFlight, next, err = i.store.PendingJobs(ctx, i.world.Clock.Now())
	return due, inFlight, i.outside(next), err
}

// Due says since when the next piece of work is due, by the clock of the world; false when none is.
func (i *Instance) Due(ctx context.Context) (time.Time, bool, error) {
	at, due, err := i.store.FirstDue(ctx, i.world.Clock.Now())
	return i.outside(at), due, err
}

// Moving says in words what is due, the most frequent first.
func (i *Instance) Moving(ctx context.Context) ([]string, error) {
	due, err := i.store.DueWork(ctx, i.world.Clock.Now())
	var out []string
	for _, w := range due {
		what := fmt.Sprintf("%d × %s", w.Count, w.Kind)
		if w.Host != "" {
			what += " for " + w.Host
		}
		out = append(out, what)
	}
	return out, err
}

// outside is a time of the instance's own clock by the clock of the world.
func (i *Instance) outside(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Add(-i.skew.By())
}

// SetClock makes the instance's clock wrong by d: ahead of the world's, or behind it when d is negative.
func (i *Instance) SetClock(d time.Duration) { i.skew.Shift(d) }

// Source is this instance's log.
func (i *Instance) Source() activitylog.Source { return i.store }

// Host is the instance's host[:port].
func (i *Instance) Host() string { return i.Services.URLs.Host() }

// EndStreams ends what programs watch, for good: a server that is shut down would wait for it.
func (i *Instance) EndStreams() { i.stream.Close() }

// Close closes the database. Run must have ended.
func (i *Instance) Close() error {
	i.EndStreams()
	return i.store.Close()
}

func (i *Instance) scheme() string {
	scheme, _, _ := strings.Cut(i.Config.Origin, "://")
	return scheme
}

func (i *Instance) writer() translate.Writer {
	return translate.Writer{URLs: i.Services.URLs, Text: i.form.text, Form: i.Config.Policy.Form, Now: i.world.Clock.Now, AddressesAnswered: i.Config.Policy.AddressesAnswered, Owners: i.Config.Policy.Owners,
		Approvals: i.Config.Policy.Approvals, RepliesFollowers: i.Config.Policy.RepliesFollowers}
}

// applying begins the log's scope of applying what was received: what is decided belongs to the exchange that brought it.
func (i *Instance) applying(ctx context.Context, r work.Received, j jobs.Job) (context.Context, func() error) {
	st := activitylog.State{Carrier: r.SignerURI, Author: r.Actor, Outcome: observe.Pending}
	return i.Recorder.Work(ctx, observe.Cause{Exchange: r.Exchange, Root: observe.ExchangeID(j.Root)}, r.Exchange, st)
}

// working begins the log's scope of any other job.
func (i *Instance) working(ctx context.Context, about observe.ExchangeID, j jobs.Job) (context.Context, func() error) {
	return i.Recorder.Work(ctx, work.Cause(j), about, activitylog.State{})
}

// wrote and told are what the domain tells the log.
func (i *Instance) wrote(ctx context.Context, author social.Account, s social.Status) {
	if s.BoostOfID != 0 {
		return
	}
	l := observe.Learned{Rule: rules.LearnLocal, Object: s.URI, ObjectType: s.ObjectType, InReplyTo: s.ReplyToURI, Author: author.URI, Visibility: string(s.Visibility)}
	if s.Visibility.Distributable() {
		l.Excerpt = richtext.Excerpt(s.Content, 80)
	}
	i.Recorder.Observe(ctx, l)
}

// happened tells the log what changes in what this server shows.
func (i *Instance) happened(ctx context.Context, h social.Happening) {
	switch h.Kind {
	case social.Removed:
		i.Recorder.Observe(ctx, observe.Removed{Rule: ending(h.Why), Object: h.Status.URI})
	case social.Edited:
		i.Recorder.Observe(ctx, observe.Edited{Object: h.Status.URI, At: h.At.UTC().Format(time.RFC3339)})
	case social.Hidden, social.Unhidden:
		i.Recorder.Observe(ctx, observe.Suspended{Rule: rules.LearnSuspended, Account: h.Actor.URI, Ended: h.Kind == social.Unhidden})
	default:
		f := observe.Reacted{Rule: rules.LearnDelivered, What: "like", Object: h.Status.URI, Actor: h.Actor.URI}
		if h.Actor.Local() {
			f.Rule = rules.LearnLocal
		}
		if h.Kind == social.Boosted || h.Kind == social.Unboosted {
			f.What = "boost"
		}
		f.Ended = h.Kind == social.Unliked || h.Kind == social.Unboosted
		i.Recorder.Observe(ctx, f)
	}
}

// ending is the rule by which a post goes.
func ending(why social.Ending) rules.ID {
	switch why {
	case social.EndedElsewhere:
		return rules.DropGone
	case social.EndedDeparture:
		return rules.AcceptDeparture
	case social.EndedAccount:
		return rules.DropAccountDeleted
	case social.EndedSuspension:
		return rules.DropDomainEnded
	case social.EndedRefusal:
		return rules.DropReplyRefused
	}
	return rules.AcceptByAuthor
}

func (i *Instance) told(ctx context.Context, follower, target social.Account, ended bool) {
	i.Recorder.Observe(ctx, observe.Followed{Follower: follower.URI, Target: target.URI, Ended: ended})
}

// healthy tells whatever watches over this process that it answers.
func healthy(c *fiber.Ctx) error {
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("OK")
}

// onError answers what no handler did: the path of a program gets JSON, a person a sentence.
func (i *Instance) onError(c *fiber.Ctx, err error) error {
	status := http.StatusInternalServerError
	if e, ok := err.(*fiber.Error); ok {
		status = e.Code
	}
	if status >= 500 {
		i.world.Log.ErrorContext(c.UserContext(), "request", "path", c.Path(), "err", err)
	}
	c.Set(fiber.HeaderContentType, "text/plain; charset=utf-8")
	return c.Status(status).SendString(http.StatusText(status) + ". Go back and try again.\n")
}
