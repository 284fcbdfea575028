package api

import (
	"io"
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

// listNotifications lists what others did, newest first, of the kinds asked for.
func (a *API) listNotifications(r *request) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	f, ok, err := r.asked()
	if err != nil {
		return err
	}
	if !ok {
		return emptyList(r)
	}
	vs, err := a.Reader.Notifications(r.ctx, r.viewer(), f, p)
	if err != nil {
		return err
	}
	ids := make([]social.ID, len(vs))
	for i, v := range vs {
		ids[i] = v.Notification.ID
	}
	r.linkStatuses(ids)
	return r.write(func(w io.Writer) error { return a.Encoded.Notifications(w, vs, r.render()) })
}

// known are those of the words that are types of notifications here, each once.
func known(words []string) []social.NotificationType {
	var out []social.NotificationType
	for _, t := range []social.NotificationType{
		social.NotifyMention, social.NotifyReblog, social.NotifyFavourite, social.NotifyFollow, social.NotifyFollowRequest,
		social.NotifyUpdate, social.NotifyPoll, social.NotifyStatus, social.NotifySevered, social.NotifyWarning, social.NotifyReport, social.NotifySignUp,
		social.NotifyQuote, social.NotifyQuotedUpdate,
	} {
		if slices.Contains(words, string(t)) {
			out = append(out, t)
		}
	}
	return out
}

func (a *API) showNotification(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	v, err := a.Reader.Notification(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromNotification(v, r.render()))
}

// notification is the sender's own of the path.
func (a *API) notification(r *request) (social.Notification, error) {
	id, err := r.id()
	if err != nil {
		return social.Notification{}, err
	}
	return a.Store.NotificationByID(r.ctx, r.viewer(), id)
}

func (a *API) dismissNotification(r *request) error {
	n, err := a.notification(r)
	if err != nil {
		return err
	}
	if err := a.Store.DeleteNotification(r.ctx, r.viewer(), n.ID); err != nil {
		return err
	}
	return r.empty()
}

func (a *API) clearNotifications(r *request) error {
	if err := a.Store.ClearNotifications(r.ctx, r.viewer()); err != nil {
		return err
	}
	return r.empty()
}
