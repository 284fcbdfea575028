package api

import (
	"context"
	"time"

	"orrery/clientapi"
	"orrery/social"
)

// mute hides somebody from the sender; their notifications too unless it says otherwise, for duration seconds (0: for good).
func (a *API) mute(r *request) error {
	seconds, err := r.params.number("duration", 0)
	if err != nil {
		return err
	}
	if seconds < 0 {
		return unprocessable("duration must not be negative.")
	}
	hide := r.params.flag("notifications")
	return a.changeQuietly(r, func(ctx context.Context, actor, target social.ID) (social.Relationship, error) {
		return a.Mutes.Mute(ctx, actor, target, hide == nil || *hide, time.Duration(seconds)*time.Second)
	})
}

func (a *API) unmute(r *request) error { return a.changeQuietly(r, a.Mutes.Unmute) }

// changeQuietly changes what the sender has with the account of the path; nobody else hears of it.
func (a *API) changeQuietly(r *request, do func(ctx context.Context, actor, target social.ID) (social.Relationship, error)) error {
	target, err := a.account(r)
	if err != nil {
		return err
	}
	rel, err := do(r.ctx, r.viewer(), target.ID)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromRelationship(rel))
}

// listMutes lists whom the sender mutes, with the end of each mute.
func (a *API) listMutes(r *request) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	mutes, err := a.Store.Mutes(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(mutes)), make([]social.ID, len(mutes))
	for i, m := range mutes {
		ids[i], cursors[i] = m.TargetID, m.ID
	}
	found, err := a.Store.AccountsByID(r.ctx, ids)
	if err != nil {
		return err
	}
	out := []clientapi.MutedAccount{}
	for _, m := range mutes {
		if account, ok := found[m.TargetID]; ok {
			out = append(out, clientapi.FromMute(account, m, r.render()))
		}
	}
	r.linkAccounts(cursors, p.Limit)
	return r.json(out)
}

func (a *API) muteConversation(r *request) error   { return a.changeConversation(r, true) }
func (a *API) unmuteConversation(r *request) error { return a.changeConversation(r, false) }

func (a *API) changeConversation(r *request, mute bool) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if id, err = a.Mutes.Conversation(r.ctx, r.viewer(), id, mute); err != nil {
		return err
	}
	return a.answerStatus(r, id)
}
