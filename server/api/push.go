package api

import (
	"errors"
	"slices"

	"orrery/clientapi"
	"orrery/internal/webpush"
	"orrery/social"
)

func (a *API) showPush(r *request) error {
	p, err := a.Store.PushSubscriptionOf(r.ctx, r.token.Hash)
	if err != nil {
		return err
	}
	return a.answerPush(r, p)
}

// createPush makes the token's subscription, in the place of an earlier one.
func (a *API) createPush(r *request) error {
	p := social.PushSubscription{
		ID: a.Statuses.NewID(), AccountID: r.viewer(), TokenHash: r.token.Hash, AccessToken: r.secret,
		Endpoint: r.params.text("subscription[endpoint]"), P256dh: r.params.text("subscription[keys][p256dh]"),
		Auth: r.params.text("subscription[keys][auth]"), Standard: r.params.yes("subscription[standard]"),
		Policy: social.PushAll, CreatedAt: a.Now(),
	}
	if p.Endpoint == "" || p.P256dh == "" || p.Auth == "" {
		return missing("subscription")
	}
	if _, err := webpush.NewRecipient(p.Endpoint, p.P256dh, p.Auth, p.Standard); err != nil {
		return unprocessable("Validation failed: %v", err)
	}
	return a.keepPush(r, p)
}

// changePush changes of what is told and by whom it must be; what is not sent stays.
func (a *API) changePush(r *request) error {
	p, err := a.Store.PushSubscriptionOf(r.ctx, r.token.Hash)
	if err != nil {
		return err
	}
	return a.keepPush(r, p)
}

// keepPush stores p with the alerts and the policy that were sent.
func (a *API) keepPush(r *request, p social.PushSubscription) error {
	for _, t := range clientapi.PushAlerts() {
		wanted := r.params.flag("data[alerts][" + string(t) + "]")
		if wanted == nil {
			continue
		}
		p.Alerts = slices.DeleteFunc(p.Alerts, func(x social.NotificationType) bool { return x == t })
		if *wanted {
			p.Alerts = append(p.Alerts, t)
		}
	}
	if word := r.params.text("data[policy]"); word != "" {
		if p.Policy = social.PushPolicy(word); !p.Policy.Valid() {
			return unprocessable("Validation failed: %q is no policy: send all, followed, follower or none.", word)
		}
	}
	if err := a.Store.PutPushSubscription(r.ctx, p); err != nil {
		return err
	}
	return a.answerPush(r, p)
}

func (a *API) answerPush(r *request, p social.PushSubscription) error {
	key, err := a.PushKey(r.ctx)
	if err != nil {
		return err
	}
	return r.json(clientapi.FromPushSubscription(p, key))
}

// deletePush succeeds without a subscription, too.
func (a *API) deletePush(r *request) error {
	p, err := a.Store.PushSubscriptionOf(r.ctx, r.token.Hash)
	if err == nil {
		err = a.Store.DeletePushSubscription(r.ctx, p.ID)
	}
	if err != nil && !errors.Is(err, social.ErrNotFound) {
		return err
	}
	return r.empty()
}
