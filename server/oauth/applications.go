package oauth

import (
	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// permissions is GET /settings/applications: which apps act for the viewer, and which browsers are signed in.
func (o *OAuth) permissions(c *fiber.Ctx) error {
	l, err := o.mine(c)
	if err != nil {
		return err
	}
	p := views.Permissions{Current: social.Hash(o.Pages.Session(c))}
	if p.Apps, err = o.Grants.Permissions(c.UserContext(), l.Viewer.ID); err != nil {
		return err
	}
	if p.Sessions, err = o.Grants.Sessions(c.UserContext(), l.Viewer.ID); err != nil {
		return err
	}
	return draw(c, fiber.StatusOK, views.PermissionsPage(l, p))
}

// withdraw ends all tokens of an app; 0 is those that no app asked for.
func (o *OAuth) withdraw(c *fiber.Ctx) error {
	l, err := o.mine(c)
	if err != nil {
		return err
	}
	app, ok := social.ParseID(c.Params("id"))
	if !ok && c.Params("id") != "0" {
		return social.ErrNotFound
	}
	if err := o.Grants.Withdraw(c.UserContext(), l.Viewer.ID, app); err != nil {
		return err
	}
	return c.Redirect("/settings/applications", fiber.StatusSeeOther)
}

// endSession signs the viewer out of one browser.
func (o *OAuth) endSession(c *fiber.Ctx) error {
	words, err := o.words(c)
	if err != nil {
		return err
	}
	l, err := o.mine(c)
	if err != nil {
		return err
	}
	if err := o.Grants.EndSession(c.UserContext(), l.Viewer.ID, words("session")); err != nil {
		return err
	}
	return c.Redirect("/settings/applications", fiber.StatusSeeOther)
}

func (o *OAuth) mine(c *fiber.Ctx) (views.Look, error) {
	l, err := o.Pages.Look(c, "Apps and sessions")
	if err == nil && l.Viewer == nil {
		err = social.ErrUnauthorized
	}
	return l, err
}
