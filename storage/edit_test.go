package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestUpdateStatus(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(9, alice), post(10, berta, replyTo(9, alice), func(x *social.Status) {
			x.Mentions, x.Tags = []social.Mention{{AccountID: alice}, {AccountID: anna}}, []string{"old", "both"}
		}), post(11, anna, boostOf(10)))
		want := must(s.StatusByID(ctx, 10))(t)
		want.Content, want.SpoilerText, want.Sensitive, want.Language, want.EditedAt = "<p>ö</p>", "cw", true, "de", noon.Add(time.Hour)
		in := want
		in.Mentions = []social.Mention{{AccountID: anna}, {AccountID: carl}, {AccountID: alice, Silent: true}}
		in.Tags = []string{"new", "both"}
		// Nothing else may change, whatever is asked for.
		in.URI, in.AccountID, in.Visibility, in.ReplyToID, in.CreatedAt, in.BoostsCount = "https://x.test", carl, social.Direct, 0, noon, 77
		ok(t, s.UpdateStatus(ctx, in))
		same(t, "status", must(s.StatusByID(ctx, 10))(t), want)
		same(t, "mentions", must(s.Mentions(ctx, ids(10)))(t)[10],
			[]social.Mention{{AccountID: alice, Silent: true}, {AccountID: anna}, {AccountID: carl}})
		same(t, "tags", must(s.Tags(ctx, ids(10)))(t)[10], []string{"both", "new"})
		same(t, "replies", must(s.StatusByID(ctx, 9))(t).RepliesCount, int64(1))

		late := in
		late.EditedAt = in.EditedAt.Add(-time.Second)
		fails(t, s.UpdateStatus(ctx, late), social.ErrConflict)
		fails(t, s.UpdateStatus(ctx, post(99, berta)), social.ErrNotFound)
		must(s.MarkDeleted(ctx, 10, noon))(t)
		fails(t, s.UpdateStatus(ctx, in), social.ErrNotFound)
	})
}

func TestMentionedLately(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		names := func(id social.ID) func(*social.Status) {
			return func(x *social.Status) { x.Mentions = append(x.Mentions, social.Mention{AccountID: id}) }
		}
		publish(t, s, post(10, alice, names(carl)), post(20, alice, names(berta), names(anna)), post(30, anna, names(carl)))
		who := func(since time.Time, statuses, limit int) []social.ID {
			t.Helper()
			var out []social.ID
			for _, a := range must(s.MentionedLately(ctx, alice, since, statuses, limit))(t) {
				out = append(out, a.ID)
			}
			return out
		}
		same(t, "all that live elsewhere", who(noon, 9, 9), ids(berta, carl))
		same(t, "since the second", who(noon.Add(20*time.Second), 9, 9), ids(berta))
		same(t, "of the last one", who(noon, 1, 9), ids(berta))
		same(t, "at most one", who(noon, 9, 1), ids(berta))
		must(s.MarkDeleted(ctx, 20, noon))(t)
		same(t, "not of what is deleted", who(noon, 9, 9), ids(carl))
	})
}

func TestRevisionOfAProfile(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		people(t, s)
		a := must(s.AccountByID(t.Context(), alice))(t)
		same(t, "at first", a.Revision, social.ID(0))
		a.Revision = 1 << 60
		ok(t, s.UpdateAccount(t.Context(), a))
		same(t, "then", must(s.AccountByID(t.Context(), alice))(t), a)
	})
}

func TestAnEventRests(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ok(t, s.AppendEvent(t.Context(), social.Event{Kind: social.AccountUpdated, At: noon, Rest: social.ProfileRest}))
		due, _, next, err := s.PendingJobs(t.Context(), noon)
		ok(t, err)
		if due != 0 || !next.Equal(noon.Add(5*time.Second)) {
			t.Errorf("%d are due and the next at %s, want none, and one five seconds later", due, next)
		}
	})
}
