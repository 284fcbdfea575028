package api

import (
	"slices"

	"orrery/clientapi"
	"orrery/social"
)

// asked are the notifications that the sender wants to hear of; ok is false when they are only of kinds that never happen
// here.
func (r *request) asked() (f social.NotificationFilter, ok bool, err error) {
	if f.From, err = r.params.id("account_id"); err != nil {
		return f, false, err
	}
	wanted := r.params.list("types")
	f.Types, f.Exclude = known(wanted), known(r.params.list("exclude_types"))
	f.Filtered = r.params.yes("include_filtered")
	return f, len(wanted) == 0 || len(f.Types) > 0, nil
}

// grouped are the kinds to be shown as one: those asked for that can be, or all that can be.
func (r *request) grouped() []social.NotificationType {
	wanted, all := r.params.list("grouped_types"), social.Groupable()
	if len(wanted) == 0 {
		return all
	}
	return slices.DeleteFunc(all, func(t social.NotificationType) bool { return !slices.Contains(wanted, string(t)) })
}

func (a *API) listNotificationGroups(r *request) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	f, ok, err := r.asked()
	if err != nil {
		return err
	}
	var vs []social.NotificationGroupView
	if ok {
		if vs, err = a.Reader.NotificationGroups(r.ctx, r.viewer(), r.grouped(), f, p); err != nil {
			return err
		}
	}
	cursors := make([]social.ID, len(vs))
	for i, v := range vs {
		cursors[i] = v.Group.Newest.ID
	}
	r.linkStatuses(cursors)
	return a.answerGroups(r, vs)
}

func (a *API) answerGroups(r *request, vs []social.NotificationGroupView) error {
	partial := false
	switch expand := r.params.text("expand_accounts"); expand {
	case "", "full":
	case "partial_avatars":
		partial = true
	default:
		return malformed("Invalid value for 'expand_accounts': '%s', allowed values are 'full' and 'partial_avatars'", expand)
	}
	return r.json(clientapi.FromNotificationGroups(vs, partial, r.render()))
}

func (a *API) showNotificationGroup(r *request) error {
	key, err := r.word("id")
	if err != nil {
		return err
	}
	v, err := a.Reader.NotificationGroup(r.ctx, r.viewer(), key)
	if err != nil {
		return err
	}
	return a.answerGroups(r, []social.NotificationGroupView{v})
}

func (a *API) dismissNotificationGroup(r *request) error {
	key, err := r.word("id")
	if err != nil {
		return err
	}
	if err := a.Store.DeleteNotificationGroup(r.ctx, r.viewer(), key); err != nil {
		return err
	}
	return r.empty()
}

// notificationGroupAccounts lists who did it, paged by the notifications.
func (a *API) notificationGroupAccounts(r *request) error {
	key, err := r.word("id")
	if err != nil {
		return err
	}
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	if _, err := a.Reader.NotificationGroup(r.ctx, r.viewer(), key); err != nil {
		return err
	}
	var members []social.Notification
	if id, alone := social.OneAlone(key); alone {
		n, err := a.Store.NotificationByID(r.ctx, r.viewer(), id)
		if err != nil {
			return err
		}
		members = []social.Notification{n}
	} else if members, err = a.Store.NotificationsOf(r.ctx, r.viewer(), key, p); err != nil {
		return err
	}
	ids, cursors := make([]social.ID, len(members)), make([]social.ID, len(members))
	for i, n := range members {
		ids[i], cursors[i] = n.FromID, n.ID
	}
	return a.answerPeople(r, ids, cursors, p.Limit)
}

// Bounds of what is counted as unread.
const (
	unreadUsual = 100
	unreadMost  = 1000
)

func (a *API) unreadNotifications(r *request) error {
	return a.countUnread(r, func(f social.NotificationFilter, p social.Page) ([]social.Notification, error) {
		return a.Store.Notifications(r.ctx, r.viewer(), f, p)
	})
}

func (a *API) unreadNotificationGroups(r *request) error {
	return a.countUnread(r, func(f social.NotificationFilter, p social.Page) ([]social.Notification, error) {
		return a.Store.NotificationHeads(r.ctx, r.viewer(), r.grouped(), f, p)
	})
}

// countUnread counts what came after the marker of notifications, up to limit.
func (a *API) countUnread(r *request, list func(f social.NotificationFilter, p social.Page) ([]social.Notification, error)) error {
	var answer struct {
		Count int `json:"count"`
	}
	f, ok, err := r.asked()
	if err != nil {
		return err
	}
	limit, err := r.params.number("limit", unreadUsual)
	if err != nil {
		return err
	}
	if !ok || limit <= 0 {
		return r.json(answer)
	}
	p := social.Page{Limit: min(limit, unreadMost)}
	markers, err := a.Store.Markers(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	for _, m := range markers {
		if m.Timeline == social.MarkNotifications {
			p.SinceID = m.LastReadID
		}
	}
	unread, err := list(f, p)
	answer.Count = len(unread)
	if err != nil {
		return err
	}
	return r.json(answer)
}
