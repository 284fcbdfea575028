package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/social/richtext"
	"orrery/views"
)

// front is the way in: home for those who are signed in, else what is said here.
func (w *Web) front(c *fiber.Ctx) error {
	l, err := w.look(c, "", "local")
	if err != nil {
		return err
	}
	if l.Viewer != nil {
		return c.Redirect("/home", fiber.StatusSeeOther)
	}
	posts, next, err := listed(c, w.public(c.UserContext(), 0, true), statusID)
	if err != nil {
		return err
	}
	return w.draw(c, views.WelcomePage(l, w.Info.Title, w.liveOf(c, "local", ""), posts, next))
}

func (w *Web) home(c *fiber.Ctx) error { return w.homeWith(c, "") }

// homeWith is home with a post begun.
func (w *Web) homeWith(c *fiber.Ctx, text string) error {
	l, err := w.mine(c, "Home", "home")
	if err != nil {
		return err
	}
	return w.homePage(c, l, text)
}

func (w *Web) homePage(c *fiber.Ctx, l views.Look, text string) error {
	l.Filters = social.FilterHome
	ctx, me := c.UserContext(), l.Viewer.ID
	posts, next, err := listed(c, func(p social.Page) ([]social.StatusView, error) { return w.Reader.Home(ctx, me, p) }, statusID)
	if err != nil {
		return err
	}
	draft, err := w.draft(ctx, me)
	if err != nil {
		return err
	}
	draft.Text = text
	news, err := w.announced(ctx, me)
	if err != nil {
		return err
	}
	return w.draw(c, views.HomePage(l, draft, news, w.liveOf(c, "home", ""), posts, next, c.Query("max_id") == ""))
}

func (w *Web) local(c *fiber.Ctx) error {
	return w.timeline(c, "local", true, views.Timeline{
		Title: "Local", Sentence: "Public posts of the people on this server, answers left out.", Tabs: true,
		EmptyTitle: "Nobody has written yet", EmptySentence: "Public posts of the people on this server appear here.",
		EmptyHref: "/home", EmptyDo: "Write the first",
	})
}

func (w *Web) federated(c *fiber.Ctx) error {
	return w.timeline(c, "federated", false, views.Timeline{
		Title: "Federated", Sentence: "Public posts from everywhere that reached this server, answers left out.", Tabs: true,
		EmptyTitle: "Nothing has arrived yet", EmptySentence: "Posts arrive from other servers as soon as somebody here follows somebody there.",
		EmptyHref: "/search", EmptyDo: "Find somebody to follow",
	})
}

func (w *Web) timeline(c *fiber.Ctx, place string, onlyLocal bool, t views.Timeline) error {
	l, err := w.look(c, t.Title, place)
	if err != nil {
		return err
	}
	l.Filters = social.FilterPublic
	t.Live = w.liveOf(c, place, "")
	if t.Posts, t.Older, err = listed(c, w.public(c.UserContext(), viewerID(l), onlyLocal), statusID); err != nil {
		return err
	}
	return w.draw(c, views.TimelinePage(l, t))
}

func (w *Web) public(ctx context.Context, viewer social.ID, onlyLocal bool) func(social.Page) ([]social.StatusView, error) {
	return func(p social.Page) ([]social.StatusView, error) {
		ids, err := w.Store.PublicTimeline(ctx, viewer, social.PublicFilter{OnlyLocal: onlyLocal}, p)
		if err != nil {
			return nil, err
		}
		return w.Reader.Wanted(ctx, viewer, ids)
	}
}

func (w *Web) tag(c *fiber.Ctx) error {
	tag := richtext.NormalizeTag(param(c, "tag"))
	if !richtext.ValidTag(tag) {
		return social.ErrNotFound
	}
	t := views.Timeline{
		Title: "#" + tag, Sentence: "Public posts with this hashtag that reached this server.",
		EmptyTitle: "No posts with this hashtag", EmptySentence: "Nobody whose posts reach this server has used it yet.",
		EmptyHref: "/public", EmptyDo: "See what did arrive",
	}
	l, err := w.look(c, t.Title, "")
	if err != nil {
		return err
	}
	l.Filters = social.FilterPublic
	t.Live = w.liveOf(c, "tag", tag)
	if t.Posts, t.Older, err = listed(c, w.tagged(c.UserContext(), viewerID(l), tag), statusID); err != nil {
		return err
	}
	return w.draw(c, views.TimelinePage(l, t))
}

func (w *Web) tagged(ctx context.Context, viewer social.ID, tag string) func(social.Page) ([]social.StatusView, error) {
	return func(p social.Page) ([]social.StatusView, error) {
		ids, err := w.Store.TagTimeline(ctx, viewer, social.TagFilter{Any: []string{tag}}, p)
		if err != nil {
			return nil, err
		}
		return w.Reader.Wanted(ctx, viewer, ids)
	}
}

// liveOf is where the first page of a timeline hears its news; older pages hear none. which is the hashtag or list it is of.
func (w *Web) liveOf(c *fiber.Ctx, of, which string) string {
	if w.Live == nil || c.Query("max_id") != "" {
		return ""
	}
	address := "/news?of=" + of
	if which != "" {
		address += "&" + of + "=" + escape(which)
	}
	return address
}

// draft is an empty post of account, as public as they usually post.
func (w *Web) draft(ctx context.Context, account social.ID) (views.Draft, error) {
	user, err := w.Store.UserByAccount(ctx, account)
	if err != nil {
		return views.Draft{}, err
	}
	if user.DefaultVisibility == "" {
		user.DefaultVisibility = social.Public
	}
	return views.Draft{Visibility: user.DefaultVisibility}, nil
}
