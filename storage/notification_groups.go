package storage

import (
	"context"
	"slices"

	"orrery/social"
)

// NotificationHeads implements social.NotificationGroupStore: it walks the newest notifications and passes those by whose
// group has a newer one.
func (s *Store) NotificationHeads(ctx context.Context, account social.ID, grouped []social.NotificationType, f social.NotificationFilter, p social.Page) ([]social.Notification, error) {
	k := newKeyset(p)
	args := []any{int64(account), k.below, k.above, k.limit}
	where := notificationsWhere(&args, f)
	if len(grouped) > 0 {
		same := ""
		if f.From != 0 {
			same = ` AND m.from_id = n.from_id`
		}
		where += `
			AND (n.group_key = '' OR n.type NOT IN (` + inWords(&args, grouped) + `) OR NOT EXISTS (
				SELECT 1
				FROM notifications m
				WHERE m.account_id = n.account_id AND m.group_key = n.group_key AND m.group_key <> '' AND m.id > n.id
					AND NOT m.filtered` + same + `))`
	}
	out, err := list(ctx, s, scanNotification, `
		SELECT `+notificationColumns+`
		FROM notifications n
		WHERE n.account_id = $1 AND n.id < $2 AND n.id > $3`+where+`
		ORDER BY n.id `+k.order+`
		LIMIT $4`, args...)
	return turn(k, out, wrap(err, "groups of notifications of %d", account))
}

// NotificationsOf implements social.NotificationGroupStore.
func (s *Store) NotificationsOf(ctx context.Context, account social.ID, key string, p social.Page) ([]social.Notification, error) {
	k := newKeyset(p)
	out, err := list(ctx, s, scanNotification, `
		SELECT `+notificationColumns+`
		FROM notifications n
		WHERE n.account_id = $1 AND n.group_key = $5 AND n.group_key <> '' AND NOT n.filtered AND n.id < $2 AND n.id > $3
		ORDER BY n.id `+k.order+`
		LIMIT $4`, int64(account), k.below, k.above, k.limit, key)
	return turn(k, out, wrap(err, "notifications %s of %d", key, account))
}

// NotificationGroups implements social.NotificationGroupStore. Somebody is named once, however often they did it.
func (s *Store) NotificationGroups(ctx context.Context, account social.ID, keys []string) (map[string]social.NotificationGroup, error) {
	out := map[string]social.NotificationGroup{}
	if len(keys) == 0 {
		return out, nil
	}
	args := []any{int64(account), int64(social.SampleSize)}
	_, err := list(ctx, s, func(r scanner) (key string, err error) {
		var id, first, from social.ID
		var size int64
		if err := r.Scan(&key, &id, &from, &size, &first); err != nil {
			return "", err
		}
		g := out[key]
		g.Key, g.Count, g.FirstID, g.Newest.ID = key, size, first, max(g.Newest.ID, id)
		if !slices.Contains(g.People, from) {
			g.People = append(g.People, from)
		}
		out[key] = g
		return key, nil
	}, `
		SELECT x.group_key, x.id, x.from_id, x.size, x.first
		FROM (
			SELECT n.group_key, n.id, n.from_id,
				COUNT(*) OVER (PARTITION BY n.group_key) AS size,
				MIN(n.id) OVER (PARTITION BY n.group_key) AS first,
				ROW_NUMBER() OVER (PARTITION BY n.group_key ORDER BY n.id DESC) AS place
			FROM notifications n
			WHERE n.account_id = $1 AND NOT n.filtered AND n.group_key <> '' AND n.group_key IN (`+inWords(&args, keys)+`)
		) x
		WHERE x.place <= $2
		ORDER BY x.id DESC`, args...)
	return out, wrap(err, "%d groups of notifications of %d", len(keys), account)
}

// DeleteNotificationGroup implements social.NotificationGroupStore.
func (s *Store) DeleteNotificationGroup(ctx context.Context, account social.ID, key string) error {
	if id, alone := social.OneAlone(key); alone {
		const q = `
			DELETE FROM notifications
			WHERE account_id = $1 AND id = $2`
		_, err := s.exec(ctx, q, int64(account), int64(id))
		return wrap(err, "dismiss %s of %d", key, account)
	}
	const q = `
		DELETE FROM notifications
		WHERE account_id = $1 AND group_key = $2 AND group_key <> '' AND NOT filtered`
	_, err := s.exec(ctx, q, int64(account), key)
	return wrap(err, "dismiss %s of %d", key, account)
}
