package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestVersions(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		publish(t, s, post(10, alice), post(11, alice))
		first := social.Version{StatusID: 10, At: noon, Content: "<p>ö</p>", Choices: []string{"a", "b"}, Attachments: []social.ID{7, 8}}
		second := social.Version{StatusID: 10, At: noon.Add(time.Second), SpoilerText: "cw", Sensitive: true}
		ok(t, s.InsertVersion(ctx, second))
		ok(t, s.InsertVersion(ctx, first))
		again := first
		again.Content = "another"
		ok(t, s.InsertVersion(ctx, again))
		same(t, "oldest first", must(s.Versions(ctx, 10))(t), []social.Version{first, second})
		same(t, "none", len(must(s.Versions(ctx, 11))(t)), 0)
		must(s.MarkDeleted(ctx, 10, noon))(t)
		ok(t, s.PurgeStatus(ctx, 10))
		same(t, "goes with its post", len(must(s.Versions(ctx, 10))(t)), 0)
	})
}
