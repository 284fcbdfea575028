package web

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// lists shows the viewer's lists, with the form for another.
func (w *Web) lists(c *fiber.Ctx) error {
	l, err := w.mine(c, "Lists", "")
	if err != nil {
		return err
	}
	return w.listsPage(c, l, social.List{Replies: social.RepliesToList}, views.Wrong{})
}

func (w *Web) listsPage(c *fiber.Ctx, l views.Look, typed social.List, wrong views.Wrong) error {
	all, err := w.Store.Lists(c.UserContext(), l.Viewer.ID)
	if err != nil {
		return err
	}
	return w.draw(c, views.ListsPage(l, all, typed, wrong))
}

// readList is before with what the form says.
func readList(c *fiber.Ctx, before social.List) social.List {
	before.Title, before.Replies, before.Exclusive = strings.TrimSpace(field(c, "title")), social.RepliesPolicy(field(c, "replies_policy")), field(c, "exclusive") != ""
	return before
}

// listFields leads from errors of a list to the fields of its form.
func listFields() blame { return itself("title", "replies_policy") }

// createList makes a list and goes on to who is to be in it.
func (w *Web) createList(c *fiber.Ctx) error {
	l, err := w.mine(c, "Lists", "")
	if err != nil {
		return err
	}
	typed := readList(c, social.List{})
	made, err := w.Lists.Create(c.UserContext(), l.Viewer.ID, typed)
	if mendable(err) {
		return w.listsPage(c, l, typed, listFields().wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(views.ListPath(made)+"/add", fiber.StatusSeeOther)
}

// theirList is the viewer's list of the path; what is somebody else's does not exist.
func (w *Web) theirList(c *fiber.Ctx) (views.Look, social.List, error) {
	l, err := w.mine(c, "List", "")
	if err != nil {
		return l, social.List{}, err
	}
	which, err := id(c)
	if err != nil {
		return l, social.List{}, err
	}
	list, err := w.Store.ListByID(c.UserContext(), l.Viewer.ID, which)
	l.Title = list.Title
	return l, list, err
}

// list is the timeline of a list.
func (w *Web) list(c *fiber.Ctx) error {
	l, list, err := w.theirList(c)
	if err != nil {
		return err
	}
	l.Filters = social.FilterHome
	t := views.Timeline{
		Title: list.Title, Sentence: "Posts of the people in this list. Nobody else sees it.",
		Change: views.ListPath(list) + "/edit", Live: w.liveOf(c, "list", list.ID.String()),
		EmptyTitle: "Nothing here yet", EmptySentence: "Posts of people whom you follow appear here once they are in the list.",
		EmptyHref: views.ListPath(list) + "/add", EmptyDo: "Add people",
	}
	if t.Posts, t.Older, err = listed(c, w.listPosts(c.UserContext(), l.Viewer.ID, list.ID), statusID); err != nil {
		return err
	}
	return w.draw(c, views.TimelinePage(l, t))
}

func (w *Web) listPosts(ctx context.Context, viewer, list social.ID) func(social.Page) ([]social.StatusView, error) {
	return func(p social.Page) ([]social.StatusView, error) {
		ids, err := w.Reader.List(ctx, viewer, list, p)
		if err != nil {
			return nil, err
		}
		return w.Reader.Wanted(ctx, viewer, ids)
	}
}

// listSettings shows the terms of a list and who is in it.
func (w *Web) listSettings(c *fiber.Ctx) error {
	l, list, err := w.theirList(c)
	if err != nil {
		return err
	}
	return w.listSettingsPage(c, l, list, list, views.Wrong{})
}

func (w *Web) listSettingsPage(c *fiber.Ctx, l views.Look, list, typed social.List, wrong views.Wrong) error {
	members, next, err := listed(c, func(p social.Page) ([]social.ListMember, error) {
		return w.Store.ListMembers(c.UserContext(), list.ID, p)
	}, func(m social.ListMember) social.ID { return m.ID })
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(members))
	for i, m := range members {
		ids[i] = m.AccountID
	}
	people, err := w.named(c, ids)
	if err != nil {
		return err
	}
	return w.draw(c, views.ListSettingsPage(l, list, typed, wrong, people, next))
}

func (w *Web) changeList(c *fiber.Ctx) error {
	l, list, err := w.theirList(c)
	if err != nil {
		return err
	}
	typed := readList(c, list)
	_, err = w.Lists.Change(c.UserContext(), l.Viewer.ID, typed)
	if mendable(err) {
		return w.listSettingsPage(c, l, list, typed, listFields().wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(views.ListPath(list), fiber.StatusSeeOther)
}

func (w *Web) deleteList(c *fiber.Ctx) error {
	me, which, err := w.deed(c)
	if err != nil {
		return err
	}
	if err := w.Store.DeleteList(c.UserContext(), me.ID, which); err != nil {
		return err
	}
	return c.Redirect("/lists", fiber.StatusSeeOther)
}

// listChoice offers those whom the viewer follows for a list.
func (w *Web) listChoice(c *fiber.Ctx) error {
	l, list, err := w.theirList(c)
	if err != nil {
		return err
	}
	return w.listChoicePage(c, l, list, views.Wrong{})
}

func (w *Web) listChoicePage(c *fiber.Ctx, l views.Look, list social.List, wrong views.Wrong) error {
	ctx := c.UserContext()
	follows, next, err := listed(c, func(p social.Page) ([]social.Follow, error) { return w.Store.Following(ctx, l.Viewer.ID, p) }, followID)
	if err != nil {
		return err
	}
	ids := sides(follows, false)
	people, err := w.named(c, ids)
	if err != nil {
		return err
	}
	in, err := w.Store.InList(ctx, list.ID, ids)
	if err != nil {
		return err
	}
	return w.draw(c, views.ListChoicePage(l, list, people, in, field(c, "acct"), wrong, next))
}

// addToList adds the account that a button names, or whom a form calls by handle.
func (w *Web) addToList(c *fiber.Ctx) error {
	if field(c, "account") != "" {
		return w.changeMembers(c, w.Lists.Add)
	}
	l, list, err := w.theirList(c)
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	handle := strings.TrimSpace(field(c, "acct"))
	a, err := w.byHandle(ctx, strings.TrimPrefix(handle, "@"))
	switch {
	case handle == "":
		err = &social.Error{Kind: social.ErrInvalid, Field: "account_ids", Message: "Say whom: a handle such as @alice@example.org."}
	case errors.Is(err, social.ErrNotFound):
		err = &social.Error{Kind: social.ErrInvalid, Field: "account_ids", Message: fmt.Sprintf("Nobody called %s is known here. Check the handle, and follow them first.", handle)}
	case err == nil:
		err = w.Lists.Add(ctx, l.Viewer.ID, list.ID, []social.ID{a.ID})
	}
	if mendable(err) {
		return w.listChoicePage(c, l, list, blame{"account_ids": "acct"}.wrong(c, "", err))
	}
	if err != nil {
		return err
	}
	return c.Redirect(views.ListPath(list)+"/edit", fiber.StatusSeeOther)
}

func (w *Web) takeFromList(c *fiber.Ctx) error { return w.changeMembers(c, w.Lists.Remove) }

// changeMembers does what a button beside somebody says, and goes back to where it stands.
func (w *Web) changeMembers(c *fiber.Ctx, do func(ctx context.Context, owner, list social.ID, accounts []social.ID) error) error {
	me, list, err := w.deed(c)
	if err != nil {
		return err
	}
	account, ok := social.ParseID(field(c, "account"))
	if !ok {
		return social.ErrNotFound
	}
	if err := do(c.UserContext(), me.ID, list, []social.ID{account}); err != nil {
		return err
	}
	return w.back(c, "")
}

// accountLists offers to add somebody to the viewer's lists or take them out.
func (w *Web) accountLists(c *fiber.Ctx) error {
	l, err := w.mine(c, "In which lists", "")
	if err != nil {
		return err
	}
	which, err := id(c)
	if err != nil {
		return err
	}
	ctx, me := c.UserContext(), l.Viewer.ID
	a, err := w.Store.AccountByID(ctx, which)
	if err == nil {
		err = shown(a)
	}
	if err != nil {
		return err
	}
	r, err := w.relationship(c, me, which)
	if err != nil {
		return err
	}
	all, err := w.Store.Lists(ctx, me)
	if err != nil {
		return err
	}
	with, err := w.Store.ListsWith(ctx, me, which)
	if err != nil {
		return err
	}
	in := make(map[social.ID]bool, len(with))
	for _, list := range with {
		in[list.ID] = true
	}
	return w.draw(c, views.AccountListsPage(l, a, r.Following || r.Requested || me == which, all, in))
}
