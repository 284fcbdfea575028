// Package web serves the pages of one instance: timelines, posts, profiles, notifications, search, settings. It is parse,
// call, render: rules are in social, drawing in views, and the log of what an action caused belongs to the observatory,
// to which pages link by address only.
//
// Every page and every action works without JavaScript; a request with HX-Request gets only the part that changed.
//
// What a newcomer gets wrong: a POST is accepted only from our own pages (sameOrigin), and whatever a form says passes
// field, which drops what a database could not keep.
package web

import (
	"context"
	"io"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
	"orrery/views/static"
)

// Cookie is the session cookie: host-only, so that the servers of a lab do not see each other's.
const Cookie = "orrery_session"

// Web is the pages of one instance. Safe for concurrent use after Register.
type Web struct {
	social.Services
	// Act surrounds what a person does, so that its consequences are known to be its own: what is done with the context
	// it returns is recorded under one cause. The function is called when the action is over.
	Act func(ctx context.Context, s activitylog.Summary) (context.Context, func())
	// Opened is called when a signed-in viewer opened a post, which may be a reason to look for its replies.
	Opened func(ctx context.Context, viewer, status social.ID) *social.Crawl
	// Live hears what comes into a timeline, which has the name of its stream; argument is a hashtag or the id of a list, sender
	// who is counted. nil: pages stay as they are until they are loaded again.
	Live func(ctx context.Context, viewer social.ID, sender, name, argument string) (Listener, error)
	// Count counts what somebody does, by the name of the client API's limit ("statuses", "follows", "reports", "uploads",
	// "deletes"), together with what their programs do; undo takes it back. The error is social.ErrThrottled. nil: no limits.
	Count func(what string, who social.ID) (undo func(), err error)
	// Archive writes everything of somebody's own as a zip file.
	Archive func(ctx context.Context, a social.Account, out io.Writer) error
	Info    struct {
		Title       string // of the instance, for people
		Description string // in a sentence or two; may be ""
		Name        string // short: "academy"
		Host        string // domain of handles, with port
	}
	Switcher func(ctx context.Context) []views.Person // whom a lab offers to be; may be nil
	Servers  func() []views.ServerLink                // the servers of a lab; may be nil
	Lab      bool
	Secure   bool // served over https: the cookie says so
	Text     richtext.Version
	Log      *slog.Logger // for faults that a person sees as "something broke"; nil drops them
}

// Register adds the pages to r. Documents for other servers at the same addresses must be routed before.
func (w *Web) Register(r fiber.Router) {
	r.Get(static.Prefix+"*", asset)

	get := func(path string, h fiber.Handler) { r.Get(path, w.guard(w.members(h))) }
	forAll := func(path string, h fiber.Handler) { r.Get(path, w.guard(h)) }
	get("/", w.front)
	get("/home", w.home)
	get("/public/local", w.local)
	get("/public", w.federated)
	get("/tags/:tag", w.tag)
	get("/news", w.news)
	get("/notifications", w.notifications)
	get("/search", w.search)
	get(views.ExplorePosts, w.trendingPosts)
	get(views.ExploreTags, w.trendingTags)
	get(views.ExploreLinks, w.trendingLinks)
	get(views.ExploreLinks+"/:id", w.linkPosts)
	get(views.ExplorePeople, w.suggestions)
	get(views.DirectoryPath, w.directory)
	forAll("/about", w.about)
	forAll("/privacy-policy", w.privacy)
	forAll("/terms-of-service", w.terms)
	forAll("/terms-of-service/:date", w.terms)
	get("/bookmarks", w.bookmarks)
	get("/favourites", w.favourites)
	get("/lists", w.lists)
	get("/lists/:id", w.list)
	get("/lists/:id/edit", w.listSettings)
	get("/lists/:id/add", w.listChoice)
	get("/share", w.share)
	get("/authorize_interaction", w.authorizeInteraction)
	forAll("/.well-known/proxy", proxied)
	forAll("/.well-known/change-password", passwordSettings)
	get("/auth/edit", accountSettings)
	get("/follow_requests", w.requests)
	get("/media/:id", w.medium)
	forAll("/auth/sign_in", w.signInForm)
	forAll("/auth/sign_up", w.signUpForm)
	get("/settings/profile", w.settings)
	get("/moderation", w.reports)
	get("/moderation/sign_ups", w.signUps)
	get("/moderation/accounts", w.persona)
	get("/moderation/servers", w.servers)
	get("/settings/preferences", w.preferences)
	get("/settings/filters", w.filters)
	get("/settings/filters/new", w.newFilter)
	get("/settings/filters/:id", w.filter)
	get("/settings/tags", w.followedTags)
	get("/settings/scheduled", w.scheduled)
	get("/settings/blocks", w.blocks)
	get("/settings/mutes", w.mutes)
	get("/settings/domain_blocks", w.domains)
	get("/settings/account", w.accountPage)
	get("/settings/export", w.exports)
	get("/settings/exports/archive.zip", w.archive)
	get("/settings/exports/:file", w.export)
	get("/settings/imports", w.imports)
	get("/settings/imports/:id/failures.csv", w.failures)
	get("/users/:acct", w.actor)
	get("/users/:acct/statuses/:id", w.actor)
	get("/@:acct", w.profile)
	get("/@:acct/followers", w.followers)
	get("/@:acct/following", w.following)
	get("/@:acct/:id", w.thread)
	get("/@:acct/:id/history", w.history)
	get("/statuses/:id/edit", w.editForm)
	get("/accounts/:id/report", w.reportForm)
	get("/accounts/:id/lists", w.accountLists)

	post := func(path string, h fiber.Handler) { r.Post(path, w.guard(sameOrigin(w.URLs.Origin, h))) }
	post("/auth/sign_in", w.signIn)
	post("/auth/sign_out", w.signOut)
	post("/auth/sign_up", w.signUp)
	post("/explore/suggestions/:id/dismiss", w.dismissSuggestion)
	post("/announcements/:id/dismiss", w.dismiss)
	post("/announcements/:id/:act", w.react)
	post("/lists", w.createList)
	post("/lists/:id", w.changeList)
	post("/lists/:id/add", w.addToList)
	post("/lists/:id/remove", w.takeFromList)
	post("/lists/:id/delete", w.deleteList)
	post("/statuses", w.compose)
	post("/statuses/:id/edit", w.edit)
	post("/statuses/:id/vote", w.vote)
	post("/statuses/:id/:act", w.actOnStatus)
	post("/accounts/:id/:act", w.actOnAccount)
	post("/follow_requests/:id/:act", w.answerRequest)
	post("/settings/profile", w.saveSettings)
	post("/settings/imports", w.beginImport)
	post("/moderation/reports/:id/:act", w.answerReport)
	post("/moderation/accounts/:id/:act", w.moderate)
	post("/moderation/registrations", w.setRegistrations)
	post("/moderation/servers", w.blockServer)
	post("/moderation/servers/:id/lift", w.liftServer)
	post("/settings/preferences", w.savePreferences)
	post("/settings/filters", w.createFilter)
	post("/settings/filters/:id", w.changeFilter)
	post("/settings/filters/:id/delete", w.deleteFilter)
	post("/settings/tags/:act", w.changeTag)
	post("/settings/scheduled/:id/delete", w.deleteScheduled)
	post("/settings/domain_blocks/:act", w.changeDomain)
	post("/settings/aliases", w.saveAliases)
	post("/settings/password", w.changePassword)
	post("/settings/move", w.move)
	post("/settings/delete", w.leave)
}

// NotFound answers what no route took, as a page.
func (w *Web) NotFound(c *fiber.Ctx) error {
	return w.guard(func(*fiber.Ctx) error { return social.ErrNotFound })(c)
}

func asset(c *fiber.Ctx) error {
	f, ok := static.Open(c.Params("*"))
	if !ok {
		return c.Status(fiber.StatusNotFound).SendString("There is no such file. Reload the page to get the present ones.")
	}
	c.Set(fiber.HeaderContentType, f.Type)
	c.Set(fiber.HeaderCacheControl, static.CacheControl)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	return c.Send(f.Body)
}
