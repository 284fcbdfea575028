package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"orrery/social"
	"orrery/views"
)

func (w *Web) filters(c *fiber.Ctx) error {
	l, err := w.mine(c, "Filters", "")
	if err != nil {
		return err
	}
	all, err := w.Store.Filters(c.UserContext(), l.Viewer.ID)
	if err != nil {
		return err
	}
	return w.draw(c, views.FiltersPage(l, all))
}

func (w *Web) newFilter(c *fiber.Ctx) error {
	l, err := w.mine(c, "New filter", "")
	if err != nil {
		return err
	}
	return w.draw(c, views.FilterPage(l, social.Filter{Contexts: social.FilterContexts(), Action: social.FilterWarn}, views.Wrong{}))
}

// meant says which filter the path means.
func meant(c *fiber.Ctx) (func(social.Filter) bool, error) {
	which, err := id(c)
	return func(f social.Filter) bool { return f.ID == which }, err
}

func (w *Web) filter(c *fiber.Ctx) error {
	l, err := w.mine(c, "Filter", "")
	if err != nil {
		return err
	}
	is, err := meant(c)
	if err != nil {
		return err
	}
	f, err := w.Filters.Find(c.UserContext(), l.Viewer.ID, is)
	if err != nil {
		return err
	}
	return w.draw(c, views.FilterPage(l, f, views.Wrong{}))
}

// readFilter changes f to what the form says; words that stay keep their id.
func (w *Web) readFilter(c *fiber.Ctx, f *social.Filter) {
	f.Title, f.Action, f.Contexts = strings.TrimSpace(field(c, "title")), social.FilterAction(field(c, "action")), nil
	for _, place := range c.Context().PostArgs().PeekMulti("context") {
		f.Contexts = append(f.Contexts, social.FilterContext(plain(string(place))))
	}
	before := f.Keywords
	f.Keywords = nil
	for line := range strings.Lines(field(c, "keywords")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		k := social.FilterKeyword{Keyword: line, WholeWord: true}
		if i := slices.IndexFunc(before, func(b social.FilterKeyword) bool { return b.Keyword == line }); i >= 0 {
			k = before[i]
		}
		f.Keywords = append(f.Keywords, k)
	}
	if lasts := field(c, "expires_in"); lasts != "keep" {
		f.ExpiresAt = time.Time{}
		if seconds, err := strconv.Atoi(lasts); err == nil && seconds > 0 {
			f.ExpiresAt = w.Now().UTC().Truncate(time.Millisecond).Add(time.Duration(seconds) * time.Second)
		}
	}
}

func (w *Web) createFilter(c *fiber.Ctx) error {
	l, err := w.mine(c, "New filter", "")
	if err != nil {
		return err
	}
	var f social.Filter
	w.readFilter(c, &f)
	_, err = w.Filters.Create(c.UserContext(), l.Viewer.ID, f)
	return w.filtered(c, l, f, err)
}

func (w *Web) changeFilter(c *fiber.Ctx) error {
	l, err := w.mine(c, "Filter", "")
	if err != nil {
		return err
	}
	is, err := meant(c)
	if err != nil {
		return err
	}
	var typed social.Filter
	_, err = w.Filters.Change(c.UserContext(), l.Viewer.ID, is, func(f *social.Filter) error {
		w.readFilter(c, f)
		typed = *f
		return nil
	})
	return w.filtered(c, l, typed, err)
}

// filtered goes back to the list, or to the form when something is wrong with it.
func (w *Web) filtered(c *fiber.Ctx, l views.Look, f social.Filter, err error) error {
	if mendable(err) {
		wrong := blame{"title": "title", "context": "context", "keywords": "keywords", "keyword": "keywords", "filter_action": "action"}.wrong(c, "", err)
		return w.draw(c, views.FilterPage(l, f, wrong))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/filters", fiber.StatusSeeOther)
}

func (w *Web) deleteFilter(c *fiber.Ctx) error {
	me, err := w.signedIn(c)
	if err != nil {
		return err
	}
	is, err := meant(c)
	if err != nil {
		return err
	}
	f, err := w.Filters.Find(c.UserContext(), me.ID, is)
	if err == nil {
		err = w.Store.DeleteFilter(c.UserContext(), me.ID, f.ID)
	}
	if err != nil {
		return err
	}
	return c.Redirect("/settings/filters", fiber.StatusSeeOther)
}
