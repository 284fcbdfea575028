package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestScheduled(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		x := social.Scheduled{ID: 1, AccountID: alice, AppID: 5, At: noon, CreatedAt: noon, Draft: social.Draft{
			Text: "ö", Visibility: social.Private, MediaIDs: ids(7), IdempotencyKey: "k", Poll: &social.PollDraft{Options: []string{"a", "b"}, ExpiresIn: time.Hour},
		}}
		ok(t, s.InsertScheduled(ctx, x))
		fails(t, s.InsertScheduled(ctx, social.Scheduled{ID: 2, AccountID: alice, Draft: social.Draft{IdempotencyKey: "k"}}), social.ErrConflict)
		ok(t, s.InsertScheduled(ctx, social.Scheduled{ID: 3, AccountID: alice, At: noon.Add(48 * time.Hour), Draft: social.Draft{Text: "x"}}))
		same(t, "as written", must(s.ScheduledByID(ctx, alice, 1))(t), x)
		same(t, "by key", must(s.ScheduledByKey(ctx, alice, "k"))(t), x)
		same(t, "due", must(s.ScheduledDue(ctx, 1))(t), x)
		same(t, "list", len(must(s.ScheduledOf(ctx, alice, social.Page{Limit: 5, MaxID: 3}))(t)), 1)
		same(t, "of that day", must(s.CountScheduled(ctx, alice, noon.Add(-time.Hour), noon.Add(time.Hour)))(t), int64(1))
		same(t, "ever", must(s.CountScheduled(ctx, alice, time.Time{}, time.Time{}))(t), int64(2))
		same(t, "kept upload", must(s.Schedules(ctx, 7))(t), true)
		_, err := s.ScheduledByID(ctx, anna, 1)
		fails(t, err, social.ErrNotFound)
		_, err = s.ScheduledByKey(ctx, alice, "")
		fails(t, err, social.ErrNotFound)
		fails(t, s.MoveScheduled(ctx, anna, 1, noon), social.ErrNotFound)
		ok(t, s.MoveScheduled(ctx, alice, 1, noon.Add(time.Minute)))
		same(t, "moved", must(s.ScheduledDue(ctx, 1))(t).At, noon.Add(time.Minute))
		ok(t, s.DeleteScheduled(ctx, alice, 1))
		same(t, "upload of none", must(s.Schedules(ctx, 7))(t), false)
	})
}
