package api

import (
	"context"

	"orrery/clientapi"
	"orrery/social"
)

func (a *API) notificationPolicy(r *request) error {
	return a.answerPolicy(r, func(p social.NotificationPolicy, requests, notifications int64) any {
		return clientapi.FromPolicy(p, requests, notifications)
	})
}

func (a *API) notificationPolicyV1(r *request) error {
	return a.answerPolicy(r, func(p social.NotificationPolicy, requests, notifications int64) any {
		return clientapi.FromPolicyV1(p, requests, notifications)
	})
}

func (a *API) answerPolicy(r *request, render func(p social.NotificationPolicy, requests, notifications int64) any) error {
	p, err := a.Store.NotificationPolicy(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	requests, notifications, err := a.Store.PendingNotifications(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	return r.json(render(p, requests, notifications))
}

// choices are the parameters that change a policy, each with its member.
func choices(p *social.NotificationPolicy) map[string]*social.Treatment {
	return map[string]*social.Treatment{
		"not_following": &p.NotFollowing, "not_followers": &p.NotFollowers, "new_accounts": &p.NewAccounts,
		"private_mentions": &p.PrivateMentions, "limited_accounts": &p.LimitedAccounts, "bots": &p.Bots,
	}
}

func (a *API) setNotificationPolicy(r *request) error {
	p, err := a.Store.NotificationPolicy(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	for name, treatment := range choices(&p) {
		if word := r.params.text("for_" + name); word != "" {
			*treatment = social.Treatment(word)
		}
	}
	if !p.Valid() {
		return unprocessable("Each kind of notification is accepted, filtered or dropped: send accept, filter or drop.")
	}
	if err := a.Store.SetNotificationPolicy(r.ctx, r.viewer(), p); err != nil {
		return err
	}
	return a.notificationPolicy(r)
}

func (a *API) setNotificationPolicyV1(r *request) error {
	p, err := a.Store.NotificationPolicy(r.ctx, r.viewer())
	if err != nil {
		return err
	}
	for name, treatment := range choices(&p) {
		switch held := r.params.flag("filter_" + name); {
		case held == nil:
		case *held:
			*treatment = social.TreatFilter
		default:
			*treatment = social.TreatAccept
		}
	}
	if err := a.Store.SetNotificationPolicy(r.ctx, r.viewer(), p); err != nil {
		return err
	}
	return a.notificationPolicyV1(r)
}

func (a *API) notificationRequests(r *request) error {
	p, err := r.page(accountsPage)
	if err != nil {
		return err
	}
	found, err := a.Store.NotificationRequests(r.ctx, r.viewer(), p)
	if err != nil {
		return err
	}
	out, err := a.renderRequests(r, found)
	if err != nil {
		return err
	}
	cursors := make([]social.ID, len(found))
	for i, n := range found {
		cursors[i] = n.ID
	}
	r.linkStatuses(cursors)
	return r.json(out)
}

func (a *API) renderRequests(r *request, found []social.NotificationRequest) ([]clientapi.NotificationRequest, error) {
	var people, statuses []social.ID
	for _, n := range found {
		people, statuses = append(people, n.FromID), append(statuses, n.LastStatusID)
	}
	accounts, err := a.Store.AccountsByID(r.ctx, people)
	if err != nil {
		return nil, err
	}
	views, err := a.Reader.Statuses(r.ctx, r.viewer(), statuses)
	if err != nil {
		return nil, err
	}
	last := map[social.ID]*social.StatusView{}
	for i := range views {
		last[views[i].Status.ID] = &views[i]
	}
	out := []clientapi.NotificationRequest{}
	for _, n := range found {
		if from, ok := accounts[n.FromID]; ok {
			out = append(out, clientapi.FromRequest(n, from, last[n.LastStatusID], r.render()))
		}
	}
	return out, nil
}

func (a *API) showNotificationRequest(r *request) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	n, err := a.Store.NotificationRequest(r.ctx, r.viewer(), id)
	if err != nil {
		return err
	}
	out, err := a.renderRequests(r, []social.NotificationRequest{n})
	if err != nil {
		return err
	}
	if len(out) == 0 {
		return errNotFound
	}
	return r.json(out[0])
}

func (a *API) acceptNotificationRequest(r *request) error {
	return a.decideRequest(r, a.Store.AcceptNotificationRequest)
}

func (a *API) dismissNotificationRequest(r *request) error {
	return a.decideRequest(r, a.Store.DismissNotificationRequest)
}

func (a *API) decideRequest(r *request, do func(ctx context.Context, account, id social.ID) error) error {
	id, err := r.id()
	if err != nil {
		return err
	}
	if err := do(r.ctx, r.viewer(), id); err != nil {
		return err
	}
	return r.empty()
}

func (a *API) acceptNotificationRequests(r *request) error {
	return a.decideRequests(r, a.Store.AcceptNotificationRequest)
}

func (a *API) dismissNotificationRequests(r *request) error {
	return a.decideRequests(r, a.Store.DismissNotificationRequest)
}

// decideRequests answers those of id[]; all of them must be the sender's.
func (a *API) decideRequests(r *request, do func(ctx context.Context, account, id social.ID) error) error {
	ids := r.params.ids("id")
	if len(ids) > maxRelationships {
		return unprocessable("At most %d requests can be answered at once.", maxRelationships)
	}
	for _, id := range ids {
		if err := do(r.ctx, r.viewer(), id); err != nil {
			return err
		}
	}
	return r.empty()
}

// merged says that no work is left after requests were accepted: it is done at once.
func (a *API) merged(r *request) error {
	return r.json(struct {
		Merged bool `json:"merged"`
	}{true})
}
