package api

import (
	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/social"
)

// editStatus replaces what the sender's own status says, as a whole, and answers with it.
func (a *API) editStatus(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	v, err := a.Reader.Status(r.ctx, r.viewer(), id)
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
	draft.Quote, draft.QuotePolicy = 0, social.QuotePolicy(r.params.text("quote_approval_policy"))
	defer r.act(activitylog.Summary{Type: "Update", ObjectType: v.Status.ObjectType, Object: v.Status.URI})()
	if _, err := a.Statuses.Edit(r.ctx, r.viewer(), id, draft); err != nil {
		return err
	}
	if draft.QuotePolicy != "" && a.Quotes != nil {
		if err := a.Quotes.Choose(r.ctx, r.viewer(), id, draft.QuotePolicy); err != nil {
			return err
		}
	}
	return a.answerStatus(r, id)
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
