package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestFailedDays(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		evening := time.Date(2026, 1, 1, 23, 59, 0, 0, time.UTC)
		for _, tt := range []struct {
			host string
			at   time.Time
			want int
		}{
			{"down.test", evening, 1},
			{"down.test", evening.Add(30 * time.Second), 1},
			{"down.test", evening.Add(2 * time.Minute), 2},
			{"down.test", evening.In(time.FixedZone("east", 3600)), 2}, // the day is that of UTC
			{"other.test", evening, 1},
		} {
			same(t, "days of "+tt.host, must(s.AddFailedDay(ctx, tt.host, tt.at))(t), tt.want)
		}
		other := social.FailedDays{Host: "other.test", Days: 1, Last: "20260101"}
		same(t, "failed", must(s.FailedDays(ctx))(t), []social.FailedDays{{Host: "down.test", Days: 2, Last: "20260102"}, other})
		ok(t, s.ForgetFailedDays(ctx, "down.test"))
		same(t, "failed", must(s.FailedDays(ctx))(t), []social.FailedDays{other})
	})
}

// Everybody else's server once: by its shared inbox, or by each personal one where it has none.
func TestKnownInboxes(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s) // berta and carl, on techhub.test, have inboxes of their own
		for i, a := range []social.Account{
			{Username: "dora", Domain: "d.test", InboxURL: "https://d.test/dora", SharedInboxURL: "https://d.test/inbox"},
			{Username: "dirk", Domain: "d.test", InboxURL: "https://d.test/dirk", SharedInboxURL: "https://d.test/inbox"},
			{Username: "eve", Domain: "e.test"}, // nowhere to send to
			{Username: "home", InboxURL: "https://academy.test/users/home/inbox"},
		} {
			a.ID, a.URI, a.CreatedAt = social.ID(10+i), "https://x.test/"+a.Username, noon
			ok(t, s.InsertAccount(ctx, a, ""))
		}
		same(t, "known inboxes", must(s.KnownInboxes(ctx))(t),
			[]string{"https://d.test/inbox", "https://techhub.test/users/berta/inbox", "https://techhub.test/users/carl/inbox"})
	})
}
