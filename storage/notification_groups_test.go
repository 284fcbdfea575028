package storage

import (
	"testing"

	"orrery/social"
)

func TestNotificationGroups(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		for i, n := range []social.Notification{
			{FromID: berta, GroupKey: "favourite-10-1", Type: social.NotifyFavourite, StatusID: 10},
			{FromID: anna, Type: social.NotifyMention, StatusID: 11},
			{FromID: anna, GroupKey: "favourite-10-1", Type: social.NotifyFavourite, StatusID: 10},
			{FromID: anna, GroupKey: "follow-1", Type: social.NotifyFollow},
			{FromID: berta, GroupKey: "follow-1", Type: social.NotifyFollow, Filtered: true},
		} {
			n.ID, n.AccountID, n.CreatedAt = social.ID(i+1), alice, noon
			ok(t, s.InsertNotification(ctx, n))
		}
		heads := func(f social.NotificationFilter, p social.Page, grouped ...social.NotificationType) []social.ID {
			p.Limit = 10
			var out []social.ID
			for _, n := range must(s.NotificationHeads(ctx, alice, grouped, f, p))(t) {
				out = append(out, n.ID)
			}
			return out
		}
		same(t, "grouped", heads(social.NotificationFilter{}, social.Page{}, social.Groupable()...), ids(4, 3, 2))
		same(t, "nothing grouped", heads(social.NotificationFilter{}, social.Page{}), ids(4, 3, 2, 1))
		same(t, "by berta", heads(social.NotificationFilter{From: berta}, social.Page{}, social.Groupable()...), ids(1))
		same(t, "just above 1", heads(social.NotificationFilter{}, social.Page{MinID: 1}, social.Groupable()...), ids(4, 3, 2))
		got := must(s.NotificationGroups(ctx, alice, []string{"favourite-10-1", "follow-1", "none"}))(t)
		same(t, "groups", got, map[string]social.NotificationGroup{
			"favourite-10-1": {Key: "favourite-10-1", Newest: social.Notification{ID: 3}, Count: 2, FirstID: 1, People: ids(anna, berta)},
			"follow-1":       {Key: "follow-1", Newest: social.Notification{ID: 4}, Count: 1, FirstID: 4, People: ids(anna)},
		})
		same(t, "members", len(must(s.NotificationsOf(ctx, alice, "favourite-10-1", social.Page{Limit: 9}))(t)), 2)
		ok(t, s.DeleteNotificationGroup(ctx, alice, "favourite-10-1"))
		ok(t, s.DeleteNotificationGroup(ctx, alice, "ungrouped-2"))
		ok(t, s.DeleteNotificationGroup(ctx, alice, ""))
		same(t, "left", heads(social.NotificationFilter{}, social.Page{}, social.Groupable()...), ids(4))
	})
}
