package api

import (
	"orrery/clientapi"
	"orrery/social"
)

// listConversations lists private talk, paged by the last status of each.
func (a *API) listConversations(r *request) error {
	p, err := r.page(statusesPage)
	if err != nil {
		return err
	}
	talks, err := a.Store.Talks(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	views, err := a.Reader.Talks(r.ctx, r.viewer(), talks)
	if err != nil {
		return err
	}
	out, cursors := []clientapi.Conversation{}, make([]social.ID, len(views))
	for i, v := range views {
		out, cursors[i] = append(out, clientapi.FromTalk(v, r.render())), v.Talk.LastStatusID
	}
	r.linkStatuses(cursors)
	return r.json(out)
}

func (a *API) readConversation(r *request) error   { return a.markConversation(r, false) }
func (a *API) unreadConversation(r *request) error { return a.markConversation(r, true) }

func (a *API) markConversation(r *request, unread bool) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Store.SetTalkUnread(r.ctx, r.viewer(), id, unread); err != nil {
		return err
	}
	talk, err := a.Store.TalkByID(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	views, err := a.Reader.Talks(r.ctx, r.viewer(), []social.Talk{talk})
	if err != nil {
		return err
	}
	return r.json(clientapi.FromTalk(views[0], r.render()))
}

func (a *API) deleteConversation(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := a.Store.DeleteTalk(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}
