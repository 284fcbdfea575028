package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestExternalPost_Due(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for _, tt := range []struct {
		age, since time.Duration
		want       bool
	}{
		{30 * time.Minute, 59 * time.Second, false}, {30 * time.Minute, time.Minute, true},
		{5 * time.Hour, 9 * time.Minute, false}, {5 * time.Hour, 10 * time.Minute, true},
		{50 * time.Hour, 59 * time.Minute, false}, {50 * time.Hour, time.Hour, true},
	} {
		p := social.ExternalPost{CreatedAt: now.Add(-tt.age), CheckedAt: now.Add(-tt.since)}
		if got := p.Due(now); got != tt.want {
			t.Errorf("%s old, asked for %s ago: got %v, want %v", tt.age, tt.since, got, tt.want)
		}
	}
	if !(social.ExternalPost{CreatedAt: now}).Due(now) {
		t.Error("a thread that was never asked for is not due")
	}
}

func TestExternalPosts(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		for id, v := range map[social.ID]social.Visibility{10: social.Public, 11: social.Unlisted, 12: social.Private, 13: social.Public} {
			x := post(id, berta)
			x.Local, x.Visibility = false, v
			publish(t, s, x)
		}
		ids := func() []social.ID {
			t.Helper()
			var got []social.ID
			for _, p := range must(s.ExternalPosts(ctx, 10))(t) {
				got = append(got, p.ID)
			}
			return got
		}
		same(t, "nobody has any before them", ids(), []social.ID(nil))
		for i, answered := range []social.ID{10, 11, 12} {
			x := post(social.ID(20+i), alice)
			x.ReplyToID = answered
			publish(t, s, x)
		}
		same(t, "the answered", ids(), []social.ID{11, 10})
		ok(t, s.NoteExternal(ctx, 11, noon))
		ok(t, s.NoteExternal(ctx, 11, noon.Add(time.Hour)))
		same(t, "asked for last", must(s.ExternalPosts(ctx, 1))(t)[0].CheckedAt.UTC(), noon.Add(time.Hour).UTC())
		same(t, "no work", must(s.HasJob(ctx, "x"))(t), false)
	})
}
