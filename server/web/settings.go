package web

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

func (w *Web) settings(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your profile", "")
	if err != nil {
		return err
	}
	return w.draw(c, views.SettingsPage(l, *l.Viewer, views.Wrong{}))
}

func (w *Web) saveSettings(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your profile", "")
	if err != nil {
		return err
	}
	typed := typedProfile(c, *l.Viewer)
	bot := typed.Bot()
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Update", ObjectType: l.Viewer.ActorType, Actor: l.Viewer.URI, Object: l.Viewer.URI})
	_, err = w.Accounts.Update(ctx, l.Viewer.ID, social.Profile{
		DisplayName: &typed.DisplayName, Note: &typed.Note, Locked: &typed.Locked, Discoverable: &typed.Discoverable, Indexable: &typed.Indexable,
		HideCollections: &typed.HideCollections, Bot: &bot, Fields: &typed.Fields,
	})
	if err == nil {
		var p social.Portrait
		if p, err = w.portray(c, *l.Viewer); err == nil && !p.Empty() {
			_, err = w.Media.Portray(ctx, l.Viewer.ID, p)
		}
	}
	done()
	if mendable(err) {
		wrong := itself("display_name", "note", "fields", "avatar", "avatar_description", "header", "header_description").wrong(c, "", err)
		return w.draw(c, views.SettingsPage(l, typed, wrong))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/@"+l.Viewer.Username, fiber.StatusSeeOther)
}

// typedProfile is a as the form has it, but for its pictures.
func typedProfile(c *fiber.Ctx, a social.Account) social.Account {
	a.DisplayName = strings.TrimSpace(field(c, "display_name"))
	a.Note = strings.ReplaceAll(field(c, "note"), "\r\n", "\n") // forms send both, and both would count
	a.Locked, a.Discoverable, a.Indexable = field(c, "locked") != "", field(c, "discoverable") != "", field(c, "indexable") != ""
	a.HideCollections = field(c, "hide_collections") != ""
	if bot := field(c, "bot") != ""; bot != a.Bot() {
		a.ActorType = map[bool]string{false: "Person", true: "Service"}[bot]
	}
	a.Fields = []social.Field{}
	names, values := fields(c, "field_name"), fields(c, "field_value")
	for i := range min(len(names), len(values)) {
		a.Fields = append(a.Fields, social.Field{Name: names[i], Value: values[i]})
	}
	return a
}
