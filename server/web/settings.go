package web

import (
	"errors"
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
	return w.draw(c, views.SettingsPage(l, *l.Viewer, ""))
}

func (w *Web) saveSettings(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your profile", "")
	if err != nil {
		return err
	}
	name, note, locked := strings.TrimSpace(field(c, "display_name")), field(c, "note"), field(c, "locked") != ""
	note = strings.ReplaceAll(note, "\r\n", "\n") // forms send both, and both would count
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Update", ObjectType: l.Viewer.ActorType, Actor: l.Viewer.URI, Object: l.Viewer.URI})
	_, err = w.Accounts.Update(ctx, l.Viewer.ID, social.Profile{DisplayName: &name, Note: &note, Locked: &locked})
	if err == nil {
		var p social.Portrait
		if p, err = w.portray(c, *l.Viewer); err == nil && !p.Empty() {
			_, err = w.Media.Portray(ctx, l.Viewer.ID, p)
		}
	}
	done()
	if errors.Is(err, social.ErrInvalid) {
		status, f := judge(err)
		typed := *l.Viewer
		typed.DisplayName, typed.Note, typed.Locked = name, note, locked
		c.Status(status)
		return w.draw(c, views.SettingsPage(l, typed, f.Sentence))
	}
	if err != nil {
		return err
	}
	return c.Redirect("/@"+l.Viewer.Username, fiber.StatusSeeOther)
}
