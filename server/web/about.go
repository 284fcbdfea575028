package web

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/clientapi"
	"orrery/social"
	"orrery/views"
)

// about shows what the server says about itself: who runs it, its rules, its numbers, what it decided about others.
func (w *Web) about(c *fiber.Ctx) error {
	l, err := w.look(c, "About", "about")
	if err != nil {
		return err
	}
	ctx := c.UserContext()
	a := views.About{Title: w.Info.Title, Short: w.Info.Description}
	if a.Description, _, err = w.siteText(c, social.SiteDescription); err != nil {
		return err
	}
	if a.Rules, err = w.Store.InstanceRules(ctx); err != nil {
		return err
	}
	if a.Joining, err = w.Accounts.Registration(ctx); err != nil {
		return err
	}
	if a.People, err = w.Store.CountPeople(ctx, time.Time{}); err != nil {
		return err
	}
	if a.Active, err = w.Store.CountPeople(ctx, w.Now().AddDate(0, -1, 0)); err != nil {
		return err
	}
	if a.Posts, err = w.Store.CountLocalStatuses(ctx); err != nil {
		return err
	}
	if a.Servers, err = w.Store.CountPeers(ctx); err != nil {
		return err
	}
	owners, err := w.Store.Staff(ctx, []social.Role{social.RoleOwner})
	if err != nil {
		return err
	}
	if len(owners) > 0 {
		found, err := w.Store.AccountsByID(ctx, owners[:1])
		if err != nil {
			return err
		}
		if owner, ok := found[owners[0]]; ok {
			a.Contact = &owner
		}
	}
	blocks, err := w.Store.AllDomainBlocks(ctx)
	if err != nil {
		return err
	}
	for _, b := range slices.DeleteFunc(blocks, func(b social.DomainBlock) bool { return b.Severity == social.SeverityNoop }) {
		told := clientapi.FromDomainBlock(b)
		a.Decisions = append(a.Decisions, views.Decision{Domain: told.Domain, Suspended: b.Severity == social.SeveritySuspend, Comment: told.Comment})
	}
	return w.draw(c, views.AboutPage(l, a))
}

// siteText is one of the longer texts as safe HTML, "" when nobody wrote it, and when it was written.
func (w *Web) siteText(c *fiber.Ctx, name string) (string, time.Time, error) {
	t, err := w.Store.SiteText(c.UserContext(), name)
	if err != nil || t.Content == "" {
		return "", time.Time{}, err
	}
	return w.homeward(clientapi.SiteHTML(t, w.render()), &social.StatusView{}), t.UpdatedAt, nil
}

func (w *Web) render() clientapi.Render {
	return clientapi.Render{URLs: w.URLs, Text: w.Text, Now: w.Now()}
}

func (w *Web) privacy(c *fiber.Ctx) error {
	return w.siteTextPage(c, social.SitePrivacy, views.SiteText{Title: "Privacy policy", Missing: "Those who run this server have not said yet what it keeps about people. Ask them."})
}

// terms are also there by the day from which they hold, as apps link to them; those of another day are not kept.
func (w *Web) terms(c *fiber.Ctx) error {
	return w.siteTextPage(c, social.SiteTerms, views.SiteText{Title: "Terms of service", Missing: "This server has no terms of service: only its rules hold."})
}

func (w *Web) siteTextPage(c *fiber.Ctx, name string, t views.SiteText) error {
	l, err := w.look(c, t.Title, "about")
	if err != nil {
		return err
	}
	if t.HTML, t.WrittenAt, err = w.siteText(c, name); err != nil {
		return err
	}
	if day := c.Params("date"); day != "" && (t.HTML == "" || day != t.WrittenAt.UTC().Format(time.DateOnly)) {
		return social.ErrNotFound
	}
	return w.draw(c, views.SiteTextPage(l, t))
}
