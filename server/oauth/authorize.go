package oauth

import (
	"errors"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

// ask is GET /oauth/authorize: who are you, and may this app act for you? Whoever is signed in and said yes to the same
// before is not asked again.
func (o *OAuth) ask(c *fiber.Ctx) error {
	r, err := o.read(c)
	if err != nil {
		return o.distrust(c, err)
	}
	l, people, err := o.look(c, "Allow "+r.app.Name, r)
	if err != nil {
		return err
	}
	if l.Viewer == nil {
		return draw(c, fiber.StatusOK, views.AppSignInPage(l, r.view(), views.AppSignIn{People: people}))
	}
	if r.wrong != nil {
		return o.tell(c, r, *r.wrong)
	}
	if !r.force {
		known, err := o.Grants.Granted(c.UserContext(), l.Viewer.ID, r.app.ID, r.scopes)
		if err != nil {
			return err
		}
		if known {
			return o.agree(c, r, l.Viewer.ID)
		}
	}
	return draw(c, fiber.StatusOK, views.AppConsentPage(l, r.view(), views.AppSignIn{People: people}))
}

// answer is POST /oauth/authorize: yes, or, as HTML forms know no DELETE, no.
func (o *OAuth) answer(c *fiber.Ctx) error {
	words, err := o.words(c)
	if err != nil {
		return err
	}
	if strings.EqualFold(words("_method"), fiber.MethodDelete) {
		return o.deny(c)
	}
	r, err := o.read(c)
	if err != nil {
		return o.distrust(c, err)
	}
	l, people, err := o.look(c, "Allow "+r.app.Name, r)
	switch {
	case err != nil:
		return err
	case l.Viewer == nil:
		return draw(c, fiber.StatusOK, views.AppSignInPage(l, r.view(), views.AppSignIn{People: people}))
	case r.wrong != nil:
		return o.tell(c, r, *r.wrong)
	case words("account") != "" && words("account") != l.Viewer.ID.String():
		// Another tab changed who is signed in; what was agreed to on the page was something else.
		return draw(c, fiber.StatusConflict, views.AppConsentPage(l, r.view(), views.AppSignIn{People: people,
			Wrong: views.Wrong{Whole: "You are signed in as @" + l.Viewer.Username + " now. If that is who the app shall act for, allow it again."}}))
	}
	return o.agree(c, r, l.Viewer.ID)
}

// deny is DELETE /oauth/authorize.
func (o *OAuth) deny(c *fiber.Ctx) error {
	r, err := o.read(c)
	if err != nil {
		return o.distrust(c, err)
	}
	l, _, err := o.look(c, "Not allowed", r)
	if err == nil && l.Viewer == nil {
		err = social.ErrUnauthorized
	}
	if err != nil {
		return err
	}
	return o.tell(c, r, problem{fiber.StatusForbidden, "access_denied", "The person said no."})
}

// agree gives the program its code.
func (o *OAuth) agree(c *fiber.Ctx, r request, account social.ID) error {
	code, err := o.Grants.Agree(c.UserContext(), social.Consent{Account: account, App: r.app, Scopes: r.scopes, RedirectURI: r.redirect, Challenge: r.challenge})
	if err != nil {
		return err
	}
	if r.outOfBand() {
		return c.Redirect("/oauth/authorize/native?"+encode([2]string{"code", code}), fiber.StatusFound)
	}
	return o.send(c, r, [2]string{"code", code}, [2]string{"state", r.state})
}

// tell says to the program what is wrong; without a way back to it, to the person.
func (o *OAuth) tell(c *fiber.Ctx, r request, p problem) error {
	if r.outOfBand() {
		title := "The app asked for something that cannot be"
		if p.code == "access_denied" {
			title = "The app was not allowed"
		}
		return o.refuse(c, p.status, title, p.description+" Nothing was given to "+r.app.Name+". To try again, start from the app.")
	}
	return o.send(c, r, [2]string{"error", p.code}, [2]string{"error_description", p.description}, [2]string{"state", r.state})
}

// send sends the browser to the program with pairs, in the way it asked for.
func (o *OAuth) send(c *fiber.Ctx, r request, pairs ...[2]string) error {
	to := ascii(r.redirect)
	switch r.mode {
	case "form_post":
		l, _, err := o.look(c, "Back to "+r.app.Name, r)
		if err != nil {
			return err
		}
		return draw(c, fiber.StatusOK, views.AppFormPage(l, r.app.Name, to, pairs))
	case "fragment":
		to += "#"
	default:
		switch {
		case !strings.Contains(to, "?"):
			to += "?"
		case !strings.HasSuffix(to, "?") && !strings.HasSuffix(to, "&"):
			to += "&"
		}
	}
	return c.Redirect(to+encode(pairs...), fiber.StatusFound)
}

// ascii writes the bytes of an address that a header cannot carry as %XX.
func ascii(uri string) string {
	var b strings.Builder
	for i := range len(uri) {
		if ch := uri[i]; ch > ' ' && ch < 0x7f {
			b.WriteByte(ch)
		} else {
			b.WriteString("%" + strings.ToUpper(strconv.FormatUint(0x100+uint64(ch), 16)[1:]))
		}
	}
	return b.String()
}

// distrust shows why a request is answered by a page; any other error is a page's own.
func (o *OAuth) distrust(c *fiber.Ctx, err error) error {
	var d *distrust
	if errors.As(err, &d) {
		return o.refuse(c, d.status, d.title, d.sentence)
	}
	return err
}

// showCode is GET /oauth/authorize/native: a code to copy. Only one that was made for who looks is shown, else a link
// could make somebody sign an app in for a stranger.
func (o *OAuth) showCode(c *fiber.Ctx) error {
	words, err := o.words(c)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "private, no-store")
	l, err := o.Pages.Look(c, "Your code")
	if err == nil && l.Viewer == nil {
		err = social.ErrUnauthorized
	}
	if err != nil {
		return err
	}
	ok, err := o.Grants.Pending(c.UserContext(), l.Viewer.ID, words("code"))
	if err != nil {
		return err
	}
	if !ok {
		return o.refuse(c, fiber.StatusNotFound, "This code is no longer good", "A code works once and for ten minutes, for the person it was made for. Start again from the app to get another.")
	}
	return draw(c, fiber.StatusOK, views.AppCodePage(l, words("code")))
}
