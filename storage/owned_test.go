package storage

import (
	"testing"
	"time"

	"orrery/social"
)

func TestOwnedThreads(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		people(t, s)
		for id := social.ID(10); id < 13; id++ {
			publish(t, s, post(id, berta))
		}
		root := social.Thread{ID: 7, RootID: 10, Owner: "https://x.test/o", History: "https://x.test/h"}
		ok(t, s.InsertThread(ctx, root))
		ok(t, s.InsertThread(ctx, social.Thread{ID: 8, RootID: 10, Owner: "https://x.test/other"}))
		ok(t, s.JoinThread(ctx, 7, 11))
		ok(t, s.JoinThread(ctx, 7, 11))
		same(t, "of the root", must(s.ThreadOf(ctx, 10))(t), root)
		same(t, "of an answer", must(s.ThreadOf(ctx, 11))(t), root)
		same(t, "by its history", must(s.ThreadByHistory(ctx, root.History))(t), root)
		_, err := s.ThreadOf(ctx, 12)
		fails(t, err, social.ErrNotFound)
		_, err = s.ThreadByHistory(ctx, "")
		fails(t, err, social.ErrNotFound)
		for i, doc := range []string{"a", "b", "c"} {
			ok(t, s.KeepItem(ctx, 7, social.ID(20+i), doc))
		}
		same(t, "the newest, oldest first", must(s.Items(ctx, 7, 2))(t), []string{"b", "c"})
		ok(t, s.NoteReader(ctx, "https://x.test/r"))
		ok(t, s.NoteReader(ctx, "https://x.test/r"))
		same(t, "readers", must(s.Readers(ctx, []string{"https://x.test/r", "https://x.test/s"}))(t), map[string]bool{"https://x.test/r": true})
		l := social.Listener{Thread: 7, Actor: "https://x.test/l", Inbox: "https://x.test/in", ExpiresAt: noon.Add(time.Minute)}
		ok(t, s.Listen(ctx, l))
		same(t, "listeners", len(must(s.Listeners(ctx, 7, noon))(t)), 1)
		same(t, "too late", len(must(s.Listeners(ctx, 7, noon.Add(time.Hour)))(t)), 0)
		ok(t, s.Deafen(ctx, l.Inbox))
		same(t, "deaf", len(must(s.Listeners(ctx, 7, noon))(t)), 0)
		_, err = s.MarkDeleted(ctx, 10, noon)
		ok(t, err)
		ok(t, s.PurgeStatus(ctx, 10))
		_, err = s.ThreadByID(ctx, 7)
		fails(t, err, social.ErrNotFound)
	})
}
