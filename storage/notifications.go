package storage

import (
	"context"

	"orrery/social"
)

// InsertNotification implements social.NotificationStore.
func (s *Store) InsertNotification(ctx context.Context, n social.Notification) error {
	const q = `
		INSERT INTO notifications (id, account_id, from_id, type, status_id, created_at, subject_id, filtered, group_key)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT DO NOTHING`
	err := s.atomic(ctx, func(s *Store) error {
		inserted, err := s.exec(ctx, q, int64(n.ID), int64(n.AccountID), int64(n.FromID), string(n.Type), int64(n.StatusID),
			millis(n.CreatedAt), int64(n.SubjectID), n.Filtered, n.GroupKey)
		if err != nil || inserted == 0 || n.Filtered {
			return err
		}
		if err := s.push(ctx, n); err != nil {
			return err
		}
		return s.Tell(ctx, social.News{Kind: social.NewsNotification, Subject: n.ID, Feeds: []social.ID{n.AccountID}})
	})
	return wrap(err, "notify %d of %s", n.AccountID, n.Type)
}

const notificationColumns = `n.id, n.account_id, n.from_id, n.type, n.status_id, n.created_at, n.subject_id, n.filtered, n.group_key`

func scanNotification(r scanner) (social.Notification, error) {
	var n social.Notification
	var kind string
	var created int64
	err := r.Scan(&n.ID, &n.AccountID, &n.FromID, &kind, &n.StatusID, &created, &n.SubjectID, &n.Filtered, &n.GroupKey)
	n.Type, n.CreatedAt = social.NotificationType(kind), fromMillis(created)
	return n, err
}

// NotificationByID implements social.NotificationStore.
func (s *Store) NotificationByID(ctx context.Context, account, id social.ID) (social.Notification, error) {
	const q = `
		SELECT ` + notificationColumns + `
		FROM notifications n
		WHERE n.id = $1 AND n.account_id = $2`
	n, err := scanNotification(s.row(ctx, q, int64(id), int64(account)))
	return n, missing(err, "notification %d of %d", id, account)
}

// Notifications implements social.NotificationStore. No types means every type.
func (s *Store) Notifications(ctx context.Context, account social.ID, f social.NotificationFilter, p social.Page) ([]social.Notification, error) {
	k := newKeyset(p)
	args := []any{int64(account), k.below, k.above, k.limit}
	out, err := list(ctx, s, scanNotification, notificationsQuery(&args, f, k), args...)
	return turn(k, out, wrap(err, "notifications of %d", account))
}

func notificationsQuery(args *[]any, f social.NotificationFilter, k keyset) string {
	return `
		SELECT ` + notificationColumns + `
		FROM notifications n
		WHERE n.account_id = $1 AND n.id < $2 AND n.id > $3` + notificationsWhere(args, f) + `
		ORDER BY n.id ` + k.order + `
		LIMIT $4`
}

// notificationsWhere is the further conditions that f makes.
func notificationsWhere(args *[]any, f social.NotificationFilter) string {
	where := ""
	if len(f.Types) > 0 {
		where += " AND n.type IN (" + inWords(args, f.Types) + ")"
	}
	if len(f.Exclude) > 0 {
		where += " AND n.type NOT IN (" + inWords(args, f.Exclude) + ")"
	}
	if f.From != 0 {
		where += " AND n.from_id = " + param(args, int64(f.From))
	}
	if !f.Filtered {
		where += " AND NOT n.filtered"
	}
	return where
}

// DeleteNotification implements social.NotificationStore. It is ErrNotFound when account has no such notification.
func (s *Store) DeleteNotification(ctx context.Context, account, id social.ID) error {
	const q = `
		DELETE FROM notifications
		WHERE id = $1 AND account_id = $2`
	n, err := s.exec(ctx, q, int64(id), int64(account))
	return touched(n, err, "delete notification %d of %d", id, account)
}

// ClearNotifications implements social.NotificationStore.
func (s *Store) ClearNotifications(ctx context.Context, account social.ID) error {
	const q = `
		DELETE FROM notifications
		WHERE account_id = $1`
	_, err := s.exec(ctx, q, int64(account))
	return wrap(err, "clear notifications of %d", account)
}

// DeleteNotificationsFrom implements social.NotificationStore.
func (s *Store) DeleteNotificationsFrom(ctx context.Context, account, from social.ID) error {
	const q = `
		DELETE FROM notifications
		WHERE account_id = $1 AND from_id = $2`
	_, err := s.exec(ctx, q, int64(account), int64(from))
	return wrap(err, "withdraw what %d told %d", from, account)
}

// DeleteNotificationsBetween implements social.NotificationStore.
func (s *Store) DeleteNotificationsBetween(ctx context.Context, account, from social.ID, t social.NotificationType, status social.ID) error {
	const q = `
		DELETE FROM notifications
		WHERE account_id = $1 AND from_id = $2 AND type = $3 AND status_id = $4`
	_, err := s.exec(ctx, q, int64(account), int64(from), string(t), int64(status))
	return wrap(err, "withdraw %s of %d by %d", t, account, from)
}
