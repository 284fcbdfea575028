package web

import (
	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/social"
	"orrery/views"
)

// joining is the form for joining as it stands before anything was typed.
func (w *Web) joining(c *fiber.Ctx) (views.SignUp, error) {
	how, err := w.Accounts.Registration(c.UserContext())
	if err != nil {
		return views.SignUp{}, err
	}
	rules, err := w.Store.InstanceRules(c.UserContext())
	return views.SignUp{How: how, Rules: rules}, err
}

func (w *Web) signUpForm(c *fiber.Ctx) error {
	l, err := w.look(c, "Join", "")
	if err != nil {
		return err
	}
	if l.Viewer != nil {
		return c.Redirect("/home", fiber.StatusSeeOther)
	}
	f, err := w.joining(c)
	if err != nil {
		return err
	}
	return w.draw(c, views.SignUpPage(l, f))
}

// signUp makes an account and signs its owner in, or tells them to wait.
func (w *Web) signUp(c *fiber.Ctx) error {
	f, err := w.joining(c)
	if err != nil {
		return err
	}
	f.Username, f.Email, f.Reason = field(c, "username"), field(c, "email"), field(c, "reason")
	from := clientip.Of(c)
	account, user, err := w.Accounts.Register(c.UserContext(), social.SignUp{
		Username: f.Username, Email: f.Email, Password: field(c, "password"), Agreement: field(c, "agreement") != "",
		Reason: f.Reason, Locale: c.Get(fiber.HeaderAcceptLanguage), From: from, Counted: clientip.Counted(from),
	})
	if mendable(err) {
		f.Wrong = itself("username", "email", "password", "reason", "agreement").wrong(c, "", err)
		l, err := w.look(c, "Join", "")
		if err != nil {
			return err
		}
		return w.draw(c, views.SignUpPage(l, f))
	}
	if err != nil {
		return err
	}
	if user.Pending {
		l, err := w.look(c, "You have asked to join", "")
		if err != nil {
			return err
		}
		return w.draw(c, views.WaitingPage(l, account.Username))
	}
	cookie, err := w.SignIns.Open(c.UserContext(), account.ID)
	if err != nil {
		return err
	}
	w.SetSession(c, cookie)
	return c.Redirect("/home", fiber.StatusSeeOther)
}
