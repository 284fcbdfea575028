package web

import (
	"context"
	"errors"
	"strings"

	"github.com/gofiber/fiber/v2"

	"orrery/activitylog"
	"orrery/social"
	"orrery/views"
)

// thread is one post with its conversation.
func (w *Web) thread(c *fiber.Ctx) error {
	status, err := id(c)
	if err != nil {
		return err
	}
	l, err := w.look(c, "", "")
	if err != nil {
		return err
	}
	ctx, viewer := c.UserContext(), viewerID(l)
	focus, err := w.Reader.Status(ctx, viewer, status)
	if err != nil {
		return err
	}
	if focus.Boost != nil { // a boost has no page of its own
		return c.Redirect(w.page(*focus.Boost), fiber.StatusSeeOther)
	}
	if param(c, "acct") != focus.Author.Acct() {
		return c.Redirect(w.page(focus), fiber.StatusSeeOther)
	}
	l.Title, l.Filters = "Post by "+focus.Author.Name(), social.FilterThread
	if focus.Status.Local {
		documented(c, &l.Page, focus.Status.URI, "")
	}
	if focus.Poll != nil {
		if focus, err = w.Polls.Show(ctx, viewer, status); err != nil {
			return err
		}
	}
	t := views.Thread{Focus: focus}
	if t.Above, t.Below, err = w.Reader.Thread(ctx, viewer, status); err != nil {
		return err
	}
	t = t.Shorten()
	if l.Viewer == nil {
		return w.draw(c, views.ThreadPage(l, t, nil))
	}
	if w.Opened != nil {
		w.Opened(ctx, viewer, status)
	}
	draft, err := w.draft(ctx, viewer)
	if err != nil {
		return err
	}
	if err := w.Quotes.Looked(ctx, focus.Proper()); err != nil {
		return err
	}
	if c.Query("quote") != "" {
		quote := views.QuoteDraft(focus, draft.Visibility)
		return w.draw(c, views.ThreadPage(l, t, &quote))
	}
	reply := views.ReplyDraft(*l.Viewer, focus, draft.Visibility)
	reply.Focus = c.Query("reply") != ""
	return w.draw(c, views.ThreadPage(l, t, &reply))
}

// medium leads to the post that shows what was uploaded.
func (w *Web) medium(c *fiber.Ctx) error {
	upload, err := id(c)
	if err != nil {
		return err
	}
	l, err := w.look(c, "", "")
	if err != nil {
		return err
	}
	found, err := w.Store.AttachmentsByID(c.UserContext(), []social.ID{upload})
	if err != nil {
		return err
	}
	v, err := w.Reader.Status(c.UserContext(), viewerID(l), found[upload].StatusID)
	if err != nil {
		return err
	}
	return c.Redirect(w.page(v), fiber.StatusSeeOther)
}

// page is the path of a post on this server.
func (w *Web) page(v social.StatusView) string {
	return "/@" + v.Author.Acct() + "/" + v.Status.ID.String()
}

// compose publishes a post.
func (w *Web) compose(c *fiber.Ctx) error {
	l, err := w.mine(c, "Your post was not sent", "")
	if err != nil {
		return err
	}
	d := social.Draft{Text: strings.ReplaceAll(field(c, "status"), "\r\n", "\n"), SpoilerText: field(c, "spoiler_text"), Visibility: social.Visibility(field(c, "visibility")), Poll: pollDraft(c)}
	user, err := w.Store.UserByAccount(c.UserContext(), l.Viewer.ID)
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return err
	}
	d.QuotePolicy = user.DefaultQuotes
	if answered := field(c, "in_reply_to_id"); answered != "" {
		var ok bool
		if d.ReplyTo, ok = social.ParseID(answered); !ok {
			return &social.Error{Kind: social.ErrInvalid, Field: "in_reply_to_id", Message: "The form does not say which post you are answering. Open that post again and answer there."}
		}
	}
	if quoted := field(c, "quoted_status_id"); quoted != "" {
		var ok bool
		if d.Quote, ok = social.ParseID(quoted); !ok {
			return &social.Error{Kind: social.ErrInvalid, Field: "quoted_status_id", Message: "The form does not say which post you are quoting. Open that post again and quote it there."}
		}
	}
	d.Sensitive = field(c, "sensitive") != ""
	if d.MediaIDs, err = w.attached(c, l.Viewer.ID); err != nil {
		return w.refusedOr(c, l, d, err)
	}
	if field(c, "scheduled_at") != "" {
		return w.later(c, l, d)
	}
	var status social.Status
	err = w.counted("statuses", l.Viewer.ID, func() (err error) {
		ctx, done := w.act(c.UserContext(), activitylog.Summary{Type: "Create", Actor: l.Viewer.URI})
		defer done()
		status, err = w.Statuses.Publish(ctx, l.Viewer.ID, d)
		return err
	})
	if err != nil {
		return w.refusedOr(c, l, d, err)
	}
	if !partial(c) {
		return w.back(c, "s"+status.ID.String())
	}
	return w.composed(c, l, status)
}

// composed answers htmx: a new form and the new post.
func (w *Web) composed(c *fiber.Ctx, l views.Look, status social.Status) error {
	ctx := c.UserContext()
	made, err := w.Reader.Status(ctx, l.Viewer.ID, status.ID)
	if err != nil {
		return err
	}
	next, err := w.draft(ctx, l.Viewer.ID)
	if err != nil {
		return err
	}
	if status.ReplyToID != 0 {
		parent, err := w.Reader.Status(ctx, l.Viewer.ID, status.ReplyToID)
		if err != nil {
			return err
		}
		next = views.ReplyDraft(*l.Viewer, parent, next.Visibility)
	}
	return w.draw(c, views.Composed(l, next, made))
}

// draftFields leads to the fields of the forms in which posts are written and changed.
func draftFields() blame {
	return blame{
		"status": "status", "text": "status", "visibility": "visibility", "poll": "poll", "scheduled_at": "scheduled_at",
		"media_ids": "files", "file": "files", "description": "files",
	}
}

// refusedOr is refused where who wrote can do something about err, now or a little later.
func (w *Web) refusedOr(c *fiber.Ctx, l views.Look, d social.Draft, err error) error {
	if mendable(err) || errors.Is(err, social.ErrNotFound) { // the post that it answers or quotes
		return w.refused(c, l, d, err)
	}
	return err
}

// refused shows a draft again with what is wrong with it: nothing that was typed is lost.
func (w *Web) refused(c *fiber.Ctx, l views.Look, d social.Draft, cause error) error {
	wrong := draftFields().wrong(c, "compose", cause)
	if errors.Is(cause, social.ErrNotFound) { // what it answers or quotes is out of the form, too
		wrong.Whole += " Post it again, and it is a post of its own."
	}
	again := views.Draft{Text: d.Text, SpoilerText: d.SpoilerText, Visibility: d.Visibility, Poll: d.Poll, Sensitive: d.Sensitive, At: field(c, "scheduled_at"), Wrong: wrong, Focus: true}
	again.Uploads = w.unposted(c, l.Viewer.ID, d.MediaIDs)
	var err error
	if again.ReplyTo, err = w.still(c, l.Viewer.ID, d.ReplyTo); err != nil {
		return err
	}
	if again.Quote, err = w.still(c, l.Viewer.ID, d.Quote); err != nil {
		return err
	}
	if partial(c) {
		return w.draw(c, views.Compose(l, again))
	}
	return w.draw(c, views.ComposePage(l, again))
}

// still is the post that a draft is about, nil when it is about none or that is gone.
func (w *Web) still(c *fiber.Ctx, viewer, about social.ID) (*social.StatusView, error) {
	if about == 0 {
		return nil, nil
	}
	v, err := w.Reader.Status(c.UserContext(), viewer, about)
	if errors.Is(err, social.ErrNotFound) {
		return nil, nil
	}
	return v.Proper(), err
}

// unposted are those of uploads that owner has not posted yet.
func (w *Web) unposted(c *fiber.Ctx, owner social.ID, uploads []social.ID) []social.Attachment {
	var out []social.Attachment
	for _, upload := range uploads {
		if a, err := w.Media.Unposted(c.UserContext(), owner, upload); err == nil {
			out = append(out, a)
		}
	}
	return out
}

// counted does something that is counted; what fails is not.
func (w *Web) counted(what string, who social.ID, do func() error) error {
	if w.Count == nil || what == "" {
		return do()
	}
	undo, err := w.Count(what, who)
	if err != nil {
		return err
	}
	if err = do(); err != nil {
		undo()
	}
	return err
}

// act surrounds an action of a person; see Web.Act.
func (w *Web) act(ctx context.Context, s activitylog.Summary) (context.Context, func()) {
	if w.Act == nil {
		return ctx, func() {}
	}
	return w.Act(ctx, s)
}
