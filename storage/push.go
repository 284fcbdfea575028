package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"orrery/federation/observe"
	"orrery/internal/jobs"
	"orrery/social"
)

// pushKind is the job that sends a notification to a subscription; server handles it.
const pushKind = "push.notification" // work.PushNotification

const pushColumns = `id, account_id, token_hash, access_token, endpoint, p256dh, auth, standard, alerts, policy, created_at`

func scanPush(r scanner) (social.PushSubscription, error) {
	var p social.PushSubscription
	var alerts, policy string
	var created int64
	err := r.Scan(&p.ID, &p.AccountID, &p.TokenHash, &p.AccessToken, &p.Endpoint, &p.P256dh, &p.Auth, &p.Standard, &alerts, &policy, &created)
	for _, word := range words(alerts) {
		p.Alerts = append(p.Alerts, social.NotificationType(word))
	}
	p.Policy, p.CreatedAt = social.PushPolicy(policy), fromMillis(created)
	return p, err
}

// PutPushSubscription implements social.PushStore.
func (s *Store) PutPushSubscription(ctx context.Context, p social.PushSubscription) error {
	const q = `
		INSERT INTO push_subscriptions (` + pushColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (token_hash) DO UPDATE
		SET id = excluded.id, access_token = excluded.access_token, endpoint = excluded.endpoint, p256dh = excluded.p256dh,
			auth = excluded.auth, standard = excluded.standard, alerts = excluded.alerts, policy = excluded.policy,
			created_at = excluded.created_at`
	alerts := make([]string, len(p.Alerts))
	for i, t := range p.Alerts {
		alerts[i] = string(t)
	}
	_, err := s.exec(ctx, q, int64(p.ID), int64(p.AccountID), p.TokenHash, p.AccessToken, p.Endpoint, p.P256dh, p.Auth, p.Standard,
		strings.Join(alerts, " "), string(p.Policy), millis(p.CreatedAt))
	return wrap(err, "put push subscription of %d", p.AccountID)
}

// PushSubscriptionOf implements social.PushStore.
func (s *Store) PushSubscriptionOf(ctx context.Context, token string) (social.PushSubscription, error) {
	const q = `
		SELECT ` + pushColumns + `
		FROM push_subscriptions
		WHERE token_hash = $1`
	p, err := scanPush(s.row(ctx, q, token))
	return p, missing(err, "push subscription of a token")
}

// PushSubscriptionByID implements social.PushStore.
func (s *Store) PushSubscriptionByID(ctx context.Context, id social.ID) (social.PushSubscription, error) {
	const q = `
		SELECT ` + pushColumns + `
		FROM push_subscriptions
		WHERE id = $1`
	p, err := scanPush(s.row(ctx, q, int64(id)))
	return p, missing(err, "push subscription %d", id)
}

// DeletePushSubscription implements social.PushStore.
func (s *Store) DeletePushSubscription(ctx context.Context, id social.ID) error {
	const q = `
		DELETE FROM push_subscriptions
		WHERE id = $1`
	_, err := s.exec(ctx, q, int64(id))
	return wrap(err, "delete push subscription %d", id)
}

// push leaves a job for each subscription that wants n.
func (s *Store) push(ctx context.Context, n social.Notification) error {
	subscriptions, err := list(ctx, s, scanPush, `
		SELECT `+pushColumns+`
		FROM push_subscriptions
		WHERE account_id = $1 AND policy <> 'none'
		ORDER BY id`, int64(n.AccountID))
	if err != nil {
		return fmt.Errorf("who is told by push: %w", err)
	}
	for _, p := range subscriptions {
		if !slices.Contains(p.Alerts, n.Type) {
			continue
		}
		payload, err := json.Marshal(social.Push{Subscription: p.ID, Notification: n.ID})
		if err != nil {
			return fmt.Errorf("push notification %d: %w", n.ID, err)
		}
		host := ""
		if u, err := url.Parse(p.Endpoint); err == nil {
			host = u.Host
		}
		c := observe.CauseOf(ctx)
		if err := s.InsertJob(ctx, jobs.Job{
			Kind: pushKind, Queue: "push", Host: host, Payload: payload, RunAt: n.CreatedAt, Cause: int64(c.Exchange), Root: int64(c.Root),
		}); err != nil {
			return err
		}
	}
	return nil
}

// PushKey implements social.PushStore. Of two processes that make one at the same time the first one's stays.
func (s *Store) PushKey(ctx context.Context, fresh func() (string, error)) (string, error) {
	const look = `
		SELECT private_key
		FROM push_key
		WHERE id = 1`
	var key string
	err := missing(s.row(ctx, look).Scan(&key), "key of web push")
	if !errors.Is(err, social.ErrNotFound) {
		return key, err
	}
	if key, err = fresh(); err != nil {
		return "", err
	}
	const keep = `
		INSERT INTO push_key (id, private_key)
		VALUES (1, $1)
		ON CONFLICT DO NOTHING`
	if _, err := s.exec(ctx, keep, key); err != nil {
		return "", wrap(err, "keep the key of web push")
	}
	return key, missing(s.row(ctx, look).Scan(&key), "key of web push")
}
