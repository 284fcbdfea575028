package storage

import (
	"context"
	"errors"

	"orrery/social"
)

// NotificationPolicy implements social.NotificationPolicyStore.
func (s *Store) NotificationPolicy(ctx context.Context, account social.ID) (social.NotificationPolicy, error) {
	var p [6]string
	const q = `
		SELECT not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots
		FROM notification_policies
		WHERE account_id = $1`
	err := missing(s.row(ctx, q, int64(account)).Scan(&p[0], &p[1], &p[2], &p[3], &p[4], &p[5]), "notification policy of %d", account)
	if errors.Is(err, social.ErrNotFound) {
		return social.DefaultNotificationPolicy(), nil
	}
	t := func(i int) social.Treatment { return social.Treatment(p[i]) }
	return social.NotificationPolicy{
		NotFollowing: t(0), NotFollowers: t(1), NewAccounts: t(2), PrivateMentions: t(3), LimitedAccounts: t(4), Bots: t(5),
	}, err
}

// SetNotificationPolicy implements social.NotificationPolicyStore.
func (s *Store) SetNotificationPolicy(ctx context.Context, account social.ID, p social.NotificationPolicy) error {
	const q = `
		INSERT INTO notification_policies (account_id, not_following, not_followers, new_accounts, private_mentions, limited_accounts, bots)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (account_id) DO UPDATE
		SET not_following = excluded.not_following, not_followers = excluded.not_followers, new_accounts = excluded.new_accounts,
			private_mentions = excluded.private_mentions, limited_accounts = excluded.limited_accounts, bots = excluded.bots`
	_, err := s.exec(ctx, q, int64(account), string(p.NotFollowing), string(p.NotFollowers), string(p.NewAccounts),
		string(p.PrivateMentions), string(p.LimitedAccounts), string(p.Bots))
	return wrap(err, "set notification policy of %d", account)
}

// NotificationPermitted implements social.NotificationPolicyStore.
func (s *Store) NotificationPermitted(ctx context.Context, account, from social.ID) (bool, error) {
	var found bool
	const q = `
		SELECT EXISTS (SELECT 1 FROM notification_permissions WHERE account_id = $1 AND from_id = $2)`
	err := s.row(ctx, q, int64(account), int64(from)).Scan(&found)
	return found, wrap(err, "whether %d wants to hear of %d", account, from)
}

// PutNotificationRequest implements social.NotificationPolicyStore.
func (s *Store) PutNotificationRequest(ctx context.Context, r social.NotificationRequest) error {
	const q = `
		INSERT INTO notification_requests (id, account_id, from_id, last_status_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id, from_id) DO UPDATE
		SET updated_at = excluded.updated_at, last_status_id = CASE WHEN excluded.last_status_id = 0
			THEN notification_requests.last_status_id ELSE excluded.last_status_id END`
	_, err := s.exec(ctx, q, int64(r.ID), int64(r.AccountID), int64(r.FromID), int64(r.LastStatusID), millis(r.CreatedAt),
		millis(r.UpdatedAt))
	return wrap(err, "put notification request by %d to %d", r.FromID, r.AccountID)
}

const requestColumns = `r.id, r.account_id, r.from_id, r.last_status_id, r.created_at, r.updated_at,
	(SELECT COUNT(*) FROM notifications n WHERE n.account_id = r.account_id AND n.from_id = r.from_id AND n.filtered)`

func scanRequest(r scanner) (social.NotificationRequest, error) {
	var x social.NotificationRequest
	var created, updated int64
	err := r.Scan(&x.ID, &x.AccountID, &x.FromID, &x.LastStatusID, &created, &updated, &x.Count)
	x.CreatedAt, x.UpdatedAt = fromMillis(created), fromMillis(updated)
	return x, err
}

// NotificationRequest implements social.NotificationPolicyStore.
func (s *Store) NotificationRequest(ctx context.Context, account, id social.ID) (social.NotificationRequest, error) {
	const q = `
		SELECT ` + requestColumns + `
		FROM notification_requests r
		WHERE r.id = $1 AND r.account_id = $2`
	r, err := scanRequest(s.row(ctx, q, int64(id), int64(account)))
	return r, missing(err, "notification request %d to %d", id, account)
}

// NotificationRequests implements social.NotificationPolicyStore.
func (s *Store) NotificationRequests(ctx context.Context, account social.ID, p social.Page) ([]social.NotificationRequest, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanRequest, `
		SELECT `+requestColumns+`
		FROM notification_requests r
		WHERE r.account_id = $1 AND r.id < $2 AND r.id > $3
		ORDER BY r.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit)
	return turn(k, out, wrap(err, "notification requests to %d", account))
}

// AcceptNotificationRequest implements social.NotificationPolicyStore.
func (s *Store) AcceptNotificationRequest(ctx context.Context, account, id social.ID) error {
	const permit = `
		INSERT INTO notification_permissions (account_id, from_id)
		VALUES ($1, $2)
		ON CONFLICT DO NOTHING`
	const show = `
		UPDATE notifications
		SET filtered = FALSE
		WHERE account_id = $1 AND from_id = $2`
	return s.atomic(ctx, func(s *Store) error {
		if err := s.decide(ctx, account, id, permit, show); err != nil {
			return err
		}
		return s.Tell(ctx, social.News{Kind: social.NewsMerged, Feeds: []social.ID{account}})
	})
}

// DismissNotificationRequest implements social.NotificationPolicyStore.
func (s *Store) DismissNotificationRequest(ctx context.Context, account, id social.ID) error {
	const forget = `
		DELETE FROM notifications
		WHERE account_id = $1 AND from_id = $2 AND filtered`
	return s.decide(ctx, account, id, forget)
}

// decide ends a request and runs what follows from it, about account and the sender.
func (s *Store) decide(ctx context.Context, account, id social.ID, then ...string) error {
	err := s.atomic(ctx, func(s *Store) error {
		var from int64
		const q = `
			DELETE FROM notification_requests
			WHERE id = $1 AND account_id = $2
			RETURNING from_id`
		if err := s.row(ctx, q, int64(id), int64(account)).Scan(&from); err != nil {
			return missing(err, "find it")
		}
		for _, q := range then {
			if _, err := s.exec(ctx, q, int64(account), from); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "answer notification request %d to %d", id, account)
}

// PendingNotifications implements social.NotificationPolicyStore.
func (s *Store) PendingNotifications(ctx context.Context, account social.ID) (requests, notifications int64, err error) {
	const q = `
		SELECT (SELECT COUNT(*) FROM notification_requests r WHERE r.account_id = $1),
			(SELECT COUNT(*) FROM notifications n WHERE n.account_id = $1 AND n.filtered)`
	err = s.row(ctx, q, int64(account)).Scan(&requests, &notifications)
	return requests, notifications, wrap(err, "count what waits for %d", account)
}

// LastGroup implements social.NotificationPolicyStore.
func (s *Store) LastGroup(ctx context.Context, account social.ID, t social.NotificationType, status social.ID) (string, error) {
	var key string
	const q = `
		SELECT n.group_key
		FROM notifications n
		WHERE n.account_id = $1 AND n.type = $2 AND n.status_id = $3 AND n.group_key <> ''
		ORDER BY n.id DESC
		LIMIT 1`
	err := missing(s.row(ctx, q, int64(account), string(t), int64(status)).Scan(&key), "last group of %s of %d", t, account)
	if errors.Is(err, social.ErrNotFound) {
		return "", nil
	}
	return key, err
}
