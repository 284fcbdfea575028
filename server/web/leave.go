package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// accountPage is where the viewer names other accounts, moves and leaves.
func (w *Web) accountPage(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your account", "")
	if err != nil {
		return err
	}
	return w.accountForms(c, l, "", nil)
}

// accountForms draws the page; failed is why the last attempt with a form did not work, nil when there was none.
func (w *Web) accountForms(c *fiber.Ctx, l views.Look, form string, failed error) error {
	f := views.AccountForms{}
	if failed != nil {
		if !mendable(failed) {
			return failed
		}
		names := itself("acct", "username", "password", "new_password")
		if form == "aliases" {
			names = blame{"acct": "aliases"}
		}
		f.Wrong = names.wrong(c, form, failed)
		f.Acct, f.Username = field(c, "acct"), field(c, "username")
	}
	known, err := w.Store.AccountsByURI(c.UserContext(), l.Viewer.AlsoKnownAs)
	if err != nil {
		return err
	}
	for _, uri := range l.Viewer.AlsoKnownAs {
		handle := uri
		if a, ok := known[uri]; ok {
			handle = "@" + a.Acct()
		}
		f.Aliases = append(f.Aliases, handle)
	}
	if form == "aliases" {
		f.Aliases = strings.Fields(field(c, "aliases"))
	}
	if l.Viewer.MovedToID != 0 {
		if to, err := w.Store.AccountByID(c.UserContext(), l.Viewer.MovedToID); err == nil {
			f.Moved = &to
		}
	}
	return w.draw(c, views.AccountPage(l, f))
}

func (w *Web) saveAliases(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your account", "")
	if err != nil {
		return err
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Update", ObjectType: l.Viewer.ActorType, Actor: l.Viewer.URI, Object: l.Viewer.URI})
	_, err = w.Moves.Aliases(ctx, l.Viewer.ID, strings.Fields(field(c, "aliases")))
	done()
	if err != nil {
		return w.accountForms(c, l, "aliases", err)
	}
	return c.Redirect("/settings/account", fiber.StatusSeeOther)
}

// sure checks that whoever sits there is the viewer. People of a lab have no password.
func (w *Web) sure(c *fiber.Ctx, me social.Account) error {
	u, err := w.Store.UserByAccount(c.UserContext(), me.ID)
	if err != nil || u.PasswordHash == "" {
		return err
	}
	ok, err := w.SignIns.Confirm(c.UserContext(), me, u.PasswordHash, field(c, "password"))
	if err == nil && !ok {
		err = &social.Error{Kind: social.ErrForbidden, Field: "password", Message: "That is not your password. Nothing was done."}
	}
	return err
}

// changePassword gives the viewer another password; all their other browsers are signed out.
func (w *Web) changePassword(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your account", "")
	if err != nil {
		return err
	}
	if err = w.sure(c, *l.Viewer); err == nil {
		err = w.Accounts.SetPassword(c.UserContext(), l.Viewer.ID, field(c, "new_password"), social.Hash(c.Cookies(Cookie)))
	}
	if err != nil {
		return w.accountForms(c, l, "password", err)
	}
	l.Flash = "You have a new password. Your other browsers are signed out; apps are not."
	return w.accountForms(c, l, "", nil)
}

func (w *Web) move(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your account", "")
	if err != nil {
		return err
	}
	if field(c, "end") != "" {
		err = w.Moves.End(c.UserContext(), l.Viewer.ID)
	} else if err = w.sure(c, *l.Viewer); err == nil {
		ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Move", Actor: l.Viewer.URI, Object: l.Viewer.URI})
		_, err = w.Moves.Begin(ctx, l.Viewer.ID, strings.TrimSpace(field(c, "acct")))
		done()
	}
	if err != nil {
		return w.accountForms(c, l, "move", err)
	}
	return c.Redirect("/settings/account", fiber.StatusSeeOther)
}

// leave deletes the viewer's account, for good.
func (w *Web) leave(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your account", "")
	if err != nil {
		return err
	}
	if !strings.EqualFold(strings.TrimPrefix(strings.TrimSpace(field(c, "username")), "@"), l.Viewer.Username) {
		return w.accountForms(c, l, "delete", &social.Error{Kind: social.ErrInvalid, Field: "username", Message: "That is not your username. Nothing was done."})
	}
	if err := w.sure(c, *l.Viewer); err != nil {
		return w.accountForms(c, l, "delete", err)
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Delete", Actor: l.Viewer.URI, Object: l.Viewer.URI})
	err = w.Moderation.Leave(ctx, l.Viewer.ID)
	done()
	if err != nil {
		return err
	}
	return w.signOut(c)
}
