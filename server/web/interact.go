package web

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// authorizeInteraction is where other servers send somebody who lives here and wants to do something with what they saw
// there: it finds the person or post here and shows it, with its buttons (federation.md §1.5).
func (w *Web) authorizeInteraction(c *fiber.Ctx) error {
	l, err := w.mine(c, "", "")
	if err != nil {
		return err
	}
	uri := strings.TrimSpace(field(c, "uri"))
	if uri == "" || len(uri) > 2048 {
		return &social.Error{Kind: social.ErrInvalid, Field: "uri", Message: "The link that brought you here names nobody and nothing. Search for the handle or the address instead."}
	}
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Search", Actor: l.Viewer.URI, Object: uri})
	defer done()
	result, err := w.Searches.Find(ctx, l.Viewer.ID, uri, true, 1)
	if err != nil {
		return err
	}
	switch {
	case len(result.Statuses) > 0:
		return c.Redirect(w.page(result.Statuses[0]), fiber.StatusSeeOther)
	case len(result.Accounts) > 0:
		return c.Redirect("/@"+result.Accounts[0].Acct(), fiber.StatusSeeOther)
	}
	return &social.Error{Kind: social.ErrNotFound, Message: "Nothing was found there. The other server may be down, or not show it to you. Try again later."}
}

// share is home with a text begun elsewhere.
func (w *Web) share(c *fiber.Ctx) error {
	var parts []string
	for _, name := range []string{"title", "text", "url"} {
		if part := strings.TrimSpace(field(c, name)); part != "" {
			parts = append(parts, part)
		}
	}
	return w.homeWith(c, strings.Join(parts, "\n\n"))
}

// proxied forwards what the web+ap: handler of a browser was asked for.
func proxied(c *fiber.Ctx) error {
	to := "/authorize_interaction"
	if q := string(c.Context().URI().QueryString()); q != "" {
		to += "?" + q
	}
	return c.Redirect(to, fiber.StatusFound)
}

// passwordSettings is where password managers look for the form to change it, which is among the settings.
func passwordSettings(c *fiber.Ctx) error { return c.Redirect("/auth/edit", fiber.StatusFound) }

func accountSettings(c *fiber.Ctx) error { return c.Redirect("/settings/account", fiber.StatusFound) }

// documented says where the document about a page's subject is (federation.md §1.7). lookup is "" for posts.
func documented(c *fiber.Ctx, p *views.Page, uri, lookup string) {
	links := "<" + uri + `>; rel="alternate"; type="application/activity+json"`
	if lookup != "" {
		links = "<" + lookup + `>; rel="lrdd"; type="application/jrd+json", ` + links
	}
	c.Set(fiber.HeaderLink, links)
	p.Alternate = uri
}

// lookup is the address that WebFinger answers for a at.
func (w *Web) lookup(a social.Account) string {
	return w.URLs.Origin + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+a.Username+"@"+w.Info.Host)
}
