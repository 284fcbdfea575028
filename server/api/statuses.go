package api

import (
	"errors"
	"io"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
	"orrery/social/richtext"
)

// createStatus publishes a post, or keeps it for later. A repeated Idempotency-Key gives the first post again.
func (a *API) createStatus(r *request) error {
	draft, err := a.draft(r)
	if err != nil {
		return err
	}
	strangers, err := a.unexpected(r, draft.Text)
	if err != nil {
		return err
	}
	if len(strangers) > 0 {
		return r.answerUnexpected(strangers)
	}
	at, err := scheduledAt(r.params, a.Now())
	if err != nil {
		return err
	}
	if !at.IsZero() {
		return a.schedule(r, at, draft)
	}
	defer r.act(a.summaryOf(r, draft))()
	status, err := a.Statuses.Publish(r.ctx, r.viewer(), draft)
	if draft.IdempotencyKey != "" && errors.Is(err, social.ErrConflict) {
		// The same key twice at the same time: the other was quicker, so now its post is found.
		status, err = a.Statuses.Publish(r.ctx, r.viewer(), draft)
	}
	if err != nil {
		return err
	}
	return a.answerStatus(r, status.ID)
}

// answerStatus answers with the status as the sender sees it now.
func (a *API) answerStatus(r *request, id social.ID) error {
	v, err := a.Reader.Status(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	out := clientapi.FromStatus(v, r.render())
	if out.Reblog != nil { // alone, a boost says what the viewer did with the post in it; in lists only that post does
		out.Favourited, out.Reblogged, out.Bookmarked = out.Reblog.Favourited, out.Reblog.Reblogged, out.Reblog.Bookmarked
	}
	return r.json(out)
}

// status is the one of the path, as the sender sees it.
func (a *API) status(r *request) (social.StatusView, error) {
	id, err := r.id()
	if err != nil {
		return social.StatusView{}, err
	}
	return a.Reader.Status(r.ctx, r.viewer(), id)
}

func (a *API) showStatus(r *request) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	if r.viewer() != 0 {
		if err := a.Quotes.Looked(r.ctx, v.Proper()); err != nil {
			return err
		}
	}
	return r.json(clientapi.FromStatus(v, r.render()))
}

// listStatuses gives those of id[] that exist and may be seen.
func (a *API) listStatuses(r *request) error {
	ids := r.params.ids("id")
	if len(ids) > statusesPage {
		return unprocessable("At most %d statuses can be asked for at once.", statusesPage)
	}
	vs, err := a.Reader.Statuses(r.ctx, r.viewer(), ids)
	if err != nil {
		return err
	}
	return r.statuses(vs)
}

// deleteStatus removes the sender's own status and answers with its text, so that it can be written anew.
func (a *API) deleteStatus(r *request) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	if v.Author.ID != r.viewer() {
		return errNotFound
	}
	defer r.act(activitylog.Summary{Type: "Delete", Object: v.Status.URI})()
	remove := a.Statuses.Delete
	if r.params.yes("delete_media") {
		remove = a.Statuses.DeleteWithMedia
	}
	if err := remove(r.ctx, r.viewer(), v.Status.ID); err != nil {
		return err
	}
	return r.json(clientapi.FromDeleted(v, r.render()))
}

// showContext gives the conversation around a status, which the sender must be able to see.
func (a *API) showContext(r *request) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	up, down, err := a.Reader.Thread(r.ctx, r.viewer(), v.Status.ID)
	if err != nil {
		return err
	}
	if a.Opened != nil && r.viewer() != 0 {
		r.announceRefresh(a.Opened(r.ctx, r.viewer(), v.Status.ID))
	}
	return r.write(func(w io.Writer) error { return a.Encoded.Thread(w, up, social.Promoted(down), r.render()) })
}

// showSource gives what was typed; of a post from elsewhere, what it says without markup.
func (a *API) showSource(r *request) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	s := v.Status
	text := s.Source
	if !s.Local {
		text = richtext.PlainText(s.Content)
	}
	return r.json(clientapi.StatusSource{ID: s.ID.String(), Text: text, SpoilerText: s.SpoilerText})
}
