package storage

import (
	"testing"

	"orrery/social"
)

func TestNotifications(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		insert := func(id, from social.ID, kind social.NotificationType, status social.ID) {
			t.Helper()
			ok(t, s.InsertNotification(ctx, social.Notification{ID: id, AccountID: alice, FromID: from, Type: kind, StatusID: status, CreatedAt: noon}))
		}
		insert(1, berta, social.NotifyFollow, 0)
		insert(2, berta, social.NotifyMention, 10)
		insert(3, carl, social.NotifyFavourite, 11)
		insert(4, berta, social.NotifyReblog, 11)
		insert(5, berta, social.NotifyReblog, 11) // the same again
		load := func(types, exclude []social.NotificationType) func(p social.Page) ([]social.ID, error) {
			return func(p social.Page) (out []social.ID, err error) {
				ns, err := s.Notifications(ctx, alice, social.NotificationFilter{Types: types, Exclude: exclude}, p)
				for _, n := range ns {
					out = append(out, n.ID)
				}
				return out, err
			}
		}
		pages(t, ids(4, 3, 2, 1), load(nil, nil))
		only := []social.NotificationType{social.NotifyMention, social.NotifyFollow}
		same(t, "types", must(load(only, nil)(social.Page{Limit: 9}))(t), ids(2, 1))
		same(t, "exclude", must(load(nil, only)(social.Page{Limit: 9}))(t), ids(4, 3))
		same(t, "by id", must(s.NotificationByID(ctx, alice, 2))(t),
			social.Notification{ID: 2, AccountID: alice, FromID: berta, Type: social.NotifyMention, StatusID: 10, CreatedAt: noon})
		_, err := s.NotificationByID(ctx, anna, 2)
		fails(t, err, social.ErrNotFound)
		fails(t, s.DeleteNotification(ctx, anna, 2), social.ErrNotFound)
		ok(t, s.DeleteNotification(ctx, alice, 2))
		ok(t, s.DeleteNotificationsBetween(ctx, alice, carl, social.NotifyFavourite, 11))
		same(t, "rest", must(load(nil, nil)(social.Page{Limit: 9}))(t), ids(4, 1))
		ok(t, s.ClearNotifications(ctx, alice))
		same(t, "cleared", len(must(load(nil, nil)(social.Page{Limit: 9}))(t)), 0)
	})
}
