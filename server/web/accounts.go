package web

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// account finds whom the address names: "alice", or "berta@techhub.localhost:8080". This instance's own domain may be given.
func (w *Web) account(c *fiber.Ctx) (social.Account, error) {
	return w.byHandle(c.UserContext(), param(c, "acct"))
}

// byHandle finds whom a handle without its first @ names, among those known here.
func (w *Web) byHandle(ctx context.Context, acct string) (social.Account, error) {
	user, domain, _ := strings.Cut(acct, "@")
	if strings.EqualFold(domain, w.Info.Host) {
		domain = ""
	}
	a, err := w.Store.AccountByHandle(ctx, user, strings.ToLower(domain))
	if err == nil {
		err = shown(a)
	}
	return a, err
}

// shown is why pages show nothing of a; nil when they do.
func shown(a social.Account) error {
	switch {
	case a.ID == social.InstanceActorID || a.Waiting:
		return social.ErrNotFound
	case a.Suspended(): // the client API leaves its words and pictures out, too
		return &social.Error{Kind: social.ErrNotFound, Message: "This account is suspended. Nothing of it is shown here."}
	}
	return nil
}

// actor sends a person who opened the address of a document to the page about the same thing.
func (w *Web) actor(c *fiber.Ctx) error {
	to := "/@" + url.PathEscape(param(c, "acct"))
	if c.Params("id") != "" {
		status, err := id(c)
		if err != nil {
			return err
		}
		to += "/" + status.String()
	}
	return c.Redirect(to, fiber.StatusFound)
}

func (w *Web) profile(c *fiber.Ctx) error {
	a, err := w.account(c)
	if err != nil {
		return err
	}
	l, err := w.look(c, a.Name(), "")
	if err != nil {
		return err
	}
	return w.profilePage(c, l, a)
}

func (w *Web) profilePage(c *fiber.Ctx, l views.Look, a social.Account) error {
	if a.Local() {
		documented(c, &l.Page, a.URI, w.lookup(a))
	}
	ctx, viewer := c.UserContext(), viewerID(l)
	if err := w.Reader.Dress(ctx, &a); err != nil {
		return err
	}
	l.Filters = social.FilterAccount
	p := views.Profile{Account: a, WithReplies: c.Query("with_replies") != ""}
	if viewer == a.ID {
		l.Place = "profile"
	}
	var err error
	if p.Relationship, err = w.relationship(c, viewer, a.ID); err != nil {
		return err
	}
	p.Posts, p.Older, err = listed(c, func(page social.Page) ([]social.StatusView, error) {
		return w.Reader.AccountTimeline(ctx, viewer, a.ID, social.AccountFilter{ExcludeReplies: !p.WithReplies}, page)
	}, statusID)
	if err != nil {
		return err
	}
	if !p.WithReplies && c.Query("max_id") == "" {
		if p.Pinned, err = w.pinned(ctx, viewer, a); err != nil {
			return err
		}
	}
	p.Posts = slices.DeleteFunc(p.Posts, func(v social.StatusView) bool {
		return slices.ContainsFunc(p.Pinned, func(pin social.StatusView) bool { return pin.Status.ID == v.Status.ID })
	})
	return w.draw(c, views.ProfilePage(l, p))
}

// pinned are the posts that a shows above all others.
func (w *Web) pinned(ctx context.Context, viewer social.ID, a social.Account) ([]social.StatusView, error) {
	ids, err := w.Store.Pins(ctx, a.ID)
	if err != nil {
		return nil, err
	}
	return w.Reader.Wanted(ctx, viewer, ids)
}

func (w *Web) relationship(c *fiber.Ctx, viewer, other social.ID) (social.Relationship, error) {
	if viewer == 0 {
		return social.Relationship{ID: other}, nil
	}
	all, err := w.Reader.Relationships(c.UserContext(), viewer, []social.ID{other})
	if err != nil {
		return social.Relationship{}, err
	}
	return all[0], nil
}

func (w *Web) followers(c *fiber.Ctx) error { return w.people(c, true) }
func (w *Web) following(c *fiber.Ctx) error { return w.people(c, false) }

func (w *Web) people(c *fiber.Ctx, followers bool) error {
	a, err := w.account(c)
	if err != nil {
		return err
	}
	l, err := w.look(c, "People around "+a.Name(), "")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	if a.HideCollections && viewerID(l) != a.ID {
		return w.draw(c, views.PeoplePage(l, a, followers, nil, ""))
	}
	follows, next, err := listed(c, func(p social.Page) ([]social.Follow, error) {
		if followers {
			return w.Store.Followers(ctx, a.ID, p)
		}
		return w.Store.Following(ctx, a.ID, p)
	}, followID)
	if err != nil {
		return err
	}
	people, err := w.named(c, sides(follows, followers))
	if err != nil {
		return err
	}
	if people, err = w.met(c, viewerID(l), a.ID, people); err != nil {
		return err
	}
	return w.draw(c, views.PeoplePage(l, a, followers, people, next))
}

// met is people without those who are suspended, whom viewer blocks or mutes, and those who block them; of one's own followers
// nobody is left out.
func (w *Web) met(c *fiber.Ctx, viewer, of social.ID, people []social.Account) ([]social.Account, error) {
	if viewer == of {
		return people, nil
	}
	people = slices.DeleteFunc(people, func(p social.Account) bool { return p.Suspended() })
	if viewer == 0 || len(people) == 0 {
		return people, nil
	}
	ids := make([]social.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	ties, err := w.Store.Relationships(c.UserContext(), viewer, ids)
	return slices.DeleteFunc(people, func(p social.Account) bool {
		tie := ties[p.ID]
		return tie.Blocking || tie.BlockedBy || tie.Muting
	}), err
}

func followID(f social.Follow) social.ID { return f.ID }

// sides are the followers, or who is followed, in order.
func sides(follows []social.Follow, followers bool) []social.ID {
	ids := make([]social.ID, len(follows))
	for i, f := range follows {
		ids[i] = f.TargetID
		if followers {
			ids[i] = f.AccountID
		}
	}
	return ids
}

// named loads people, in order, without those who wait to be let in.
func (w *Web) named(c *fiber.Ctx, ids []social.ID) ([]social.Account, error) {
	found, err := w.Store.AccountsByID(c.UserContext(), ids)
	if err != nil {
		return nil, err
	}
	people := make([]social.Account, 0, len(ids))
	for _, id := range ids {
		if a, ok := found[id]; ok && !a.Waiting {
			people = append(people, a)
		}
	}
	return people, nil
}
