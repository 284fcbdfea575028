package social_test

import (
	"context"
	"testing"
	"time"

	"orrery/social"
)

func TestStatuses_ReceiveEdit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		alice, anna, berta := w.person(t, "alice"), w.person(t, "anna"), w.stranger(t, "berta")
		old := social.Status{
			ID: w.Statuses.NewID(), URI: "https://beta.test/1", AccountID: berta.ID, Visibility: social.Public, ObjectType: "Note",
			Content: "<p>one</p>", CreatedAt: w.Now(), Mentions: []social.Mention{{AccountID: alice.ID}},
		}
		ok(t, w.Store.InsertStatus(ctx, old))
		edit := func(at time.Duration, content string, named ...social.ID) bool {
			t.Helper()
			kept := must(w.Store.StatusByID(ctx, old.ID))(t)
			next := kept
			next.Content, next.EditedAt, next.Mentions = content, w.Now().Add(at), nil
			for _, id := range named {
				next.Mentions = append(next.Mentions, social.Mention{AccountID: id})
			}
			var changed bool
			w.atomically(t, func(ctx context.Context, tx social.Tx) (err error) {
				changed, err = w.Statuses.ReceiveEdit(ctx, tx, berta, kept, next, false)
				return err
			})
			return changed
		}
		equal(t, "other markup that is not shown", edit(time.Minute, `<p onclick="x">one</p>`, alice.ID), false)
		equal(t, "no edit", must(w.Store.StatusByID(ctx, old.ID))(t).EditedAt.IsZero(), true)
		equal(t, "other words", edit(2*time.Minute, "<p>two</p>", anna.ID), true)
		equal(t, "an edit", must(w.Store.StatusByID(ctx, old.ID))(t).EditedAt.Equal(w.Now().Add(2*time.Minute)), true)
		for _, m := range must(w.Store.Mentions(ctx, []social.ID{old.ID}))(t)[old.ID] {
			equal(t, "silent", m.Silent, m.AccountID == alice.ID)
		}
		edit(3*time.Minute, "<p>three</p>", anna.ID, alice.ID)
		for _, m := range must(w.Store.Mentions(ctx, []social.ID{old.ID}))(t)[old.ID] {
			equal(t, "silent when named again", m.Silent, false)
		}
		page := social.Page{Limit: 9}
		equal(t, "anna is told once that she is named", len(must(w.Store.Notifications(ctx, anna.ID, social.NotificationFilter{}, page))(t)), 1)

		must(w.Statuses.Boost(ctx, anna.ID, old.ID, ""))(t)
		edit(4*time.Minute, "<p>four</p>")
		edit(5*time.Minute, "<p>five</p>")
		told := []social.NotificationType{social.NotifyUpdate}
		equal(t, "anna is told once of all changes of what she boosted", len(must(w.Store.Notifications(ctx, anna.ID, social.NotificationFilter{Types: told}, page))(t)), 1)
		equal(t, "alice, who did not boost it, is not", len(must(w.Store.Notifications(ctx, alice.ID, social.NotificationFilter{Types: told}, page))(t)), 0)
	})
}
