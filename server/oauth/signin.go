package oauth

import (
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/internal/clientip"
	"orrery/social"
	"orrery/views"
)

// longestName is more than any username has.
const longestName = 64

// signIn is POST /oauth/sign_in: with a password, or in a lab as anybody who lives here. It comes back to the question.
func (o *OAuth) signIn(c *fiber.Ctx) error {
	r, err := o.read(c)
	if err != nil {
		return o.distrust(c, err)
	}
	l, people, err := o.look(c, "Allow "+r.app.Name, r)
	if err != nil {
		return err
	}
	form := views.AppSignIn{Username: strings.TrimSpace(r.words("username")), People: people}
	form.Username = strings.ToValidUTF8(form.Username[:min(len(form.Username), longestName)], "") // it is counted under this name
	var cookie string
	if person := r.words("person"); person != "" {
		cookie, err = o.become(c, person, l.InLab, people)
	} else {
		cookie, err = o.SignIns.SignIn(c.UserContext(), form.Username, r.words("password"), clientip.Counted(clientip.Of(c)))
	}
	status := fiber.StatusUnauthorized
	switch {
	case err == nil:
		o.Pages.SetSession(c, cookie)
		return c.Redirect("/oauth/authorize?"+r.query(), fiber.StatusSeeOther)
	case errors.Is(err, social.ErrThrottled):
		status = fiber.StatusTooManyRequests
	case !errors.Is(err, social.ErrUnauthorized):
		return err
	}
	form.Wrong = views.Wrong{Fields: map[string]string{"password": err.Error()}}
	return draw(c, status, views.AppSignInPage(l, r.view(), form))
}

// become opens a session for one of people, whom a lab offers to be.
func (o *OAuth) become(c *fiber.Ctx, person string, inLab bool, people []views.Person) (string, error) {
	for _, p := range people {
		if !inLab || p.Acct != person {
			continue
		}
		a, err := o.Store.AccountByHandle(c.UserContext(), p.Name, "")
		if err != nil {
			return "", err
		}
		return o.SignIns.Open(c.UserContext(), a.ID)
	}
	return "", &social.Error{Kind: social.ErrUnauthorized, Message: "Nobody of that name can be taken on here. Choose again, or sign in with a password."}
}
