package web

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// own is the viewer's own post in the path.
func (w *Web) own(c *fiber.Ctx, l views.Look) (social.StatusView, error) {
	status, err := id(c)
	if err != nil {
		return social.StatusView{}, err
	}
	v, err := w.Reader.Status(c.UserContext(), l.Viewer.ID, status)
	if err == nil && (v.Author.ID != l.Viewer.ID || v.Boost != nil) {
		err = social.ErrNotFound
	}
	return v, err
}

// editForm shows what a post says, to be changed.
func (w *Web) editForm(c *fiber.Ctx) error {
	l, err := w.mine(c, "Change your post", "")
	if err != nil {
		return err
	}
	v, err := w.own(c, l)
	if err != nil {
		return err
	}
	return w.draw(c, views.EditPage(l, v.Status.ID, views.EditDraft(v)))
}

// edit makes a post say what the form says.
func (w *Web) edit(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your post was not changed", "")
	if err != nil {
		return err
	}
	v, err := w.own(c, l)
	if err != nil {
		return err
	}
	d := social.Draft{
		Text: strings.ReplaceAll(field(c, "status"), "\r\n", "\n"), SpoilerText: field(c, "spoiler_text"), Poll: pollDraft(c),
		Sensitive: v.Status.Sensitive && v.Status.SpoilerText == "",
	}
	if l.Attach { // then the form asks
		d.Sensitive = field(c, "sensitive") != ""
	}
	kept, err := w.keptMedia(c, v, &d)
	var added []social.ID
	if err == nil && l.Attach {
		added, err = w.attached(c, l.Viewer.ID)
	}
	d.MediaIDs = append(d.MediaIDs, added...)
	if err == nil {
		err = w.change(c, l, v, d)
	}
	if mendable(err) {
		wrong := draftFields().wrong(c, "edit", err)
		again := views.Draft{Text: d.Text, SpoilerText: d.SpoilerText, Poll: d.Poll, Sensitive: d.Sensitive, Media: kept, Wrong: wrong}
		again.Uploads = w.unposted(c, l.Viewer.ID, added)
		return w.draw(c, views.EditPage(l, v.Status.ID, again))
	}
	if err != nil {
		return err
	}
	return c.Redirect(w.page(v), fiber.StatusSeeOther)
}

// change makes v what d says.
func (w *Web) change(c *fiber.Ctx, l views.Look, v social.StatusView, d social.Draft) error {
	ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Update", ObjectType: v.Status.ObjectType, Actor: l.Viewer.URI, Object: v.Status.URI})
	defer done()
	_, err := w.Statuses.Edit(ctx, l.Viewer.ID, v.Status.ID, d)
	return err
}

// keptMedia reads which files of v stay and what is said of them into d, and returns them so.
func (w *Web) keptMedia(c *fiber.Ctx, v social.StatusView, d *social.Draft) ([]social.Attachment, error) {
	d.MediaChanges = map[social.ID]social.MediaChange{}
	var kept []social.Attachment
	for _, a := range v.Attachments {
		if field(c, "drop_"+a.ID.String()) != "" {
			continue
		}
		if words := field(c, "description_"+a.ID.String()); words != a.Description && w.Media != nil {
			if err := w.Media.Describable(words); err != nil {
				return v.Attachments, err
			}
			a.Description = words
			d.MediaChanges[a.ID] = social.MediaChange{Description: &words}
		}
		d.MediaIDs, kept = append(d.MediaIDs, a.ID), append(kept, a)
	}
	return kept, nil
}

// history shows every version of a post, the newest first.
func (w *Web) history(c *fiber.Ctx) error {
	status, err := id(c)
	if err != nil {
		return err
	}
	l, err := w.look(c, "", "")
	if err != nil {
		return err
	}
	v, versions, err := w.Reader.History(c.UserContext(), viewerID(l), status)
	if err != nil {
		return err
	}
	l.Title = "What " + v.Author.Name() + "’s post said"
	var drawn []views.Version
	for _, x := range slices.Backward(versions) {
		shown := v
		shown.Status.Content = x.Version.Content
		drawn = append(drawn, views.Version{Version: x.Version, Words: w.words(&shown)})
	}
	return w.draw(c, views.HistoryPage(l, v, drawn))
}
