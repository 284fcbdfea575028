package api

import (
	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// editStatus replaces what the sender's own status says, as a whole, and answers with it.
func (a *API) editStatus(r *request) error {
	v, err := a.status(r)
	if err != nil {
		return err
	}
	if v.Author.ID != r.viewer() || v.Boost != nil {
		return errNotFound
	}
	draft, err := a.draft(r)
	if err != nil {
		return err
	}
	if draft.Language = language(r.params.text("language"), v.Status.Language); draft.Language == "" {
		draft.Language = v.Status.Language
	}
	if draft.MediaChanges, err = a.mediaChanges(r); err != nil {
		return err
	}
	draft.Quote, draft.QuotePolicy = 0, social.QuotePolicy(r.params.text("quote_approval_policy"))
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: v.Status.ObjectType, Object: v.Status.URI})()
	if _, err := a.Statuses.Edit(r.ctx, r.viewer(), v.Status.ID, draft); err != nil {
		return err
	}
	if draft.QuotePolicy != "" && a.Quotes != nil {
		if err := a.Quotes.Choose(r.ctx, r.viewer(), v.Status.ID, draft.QuotePolicy); err != nil {
			return err
		}
	}
	return a.answerStatus(r, v.Status.ID)
}

// mediaChanges are what media_attributes says of the files of a post, by their ids.
func (a *API) mediaChanges(r *request) (map[social.ID]social.MediaChange, error) {
	out := map[social.ID]social.MediaChange{}
	for _, p := range r.params.objects("media_attributes") {
		id, ok := social.ParseID(p.text("id"))
		if !ok {
			return nil, unprocessable("Every one of media_attributes must say the id of its file.")
		}
		c := social.MediaChange{Description: p.given("description"), Focus: social.ParseFocus(p.text("focus"))}
		if c.Description != nil {
			if err := a.Media.Describable(*c.Description); err != nil {
				return nil, err
			}
		}
		out[id] = c
	}
	return out, nil
}

// showHistory gives every version of a status, the original first.
func (a *API) showHistory(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	v, versions, err := a.Reader.History(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromHistory(v, versions, r.render()))
}
