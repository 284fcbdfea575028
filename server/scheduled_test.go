package server_test

import (
	"errors"
	"testing"
	"time"

	"orrery/social"
	"orrery/storage/files"
)

// A post that was scheduled comes out at its time, once, with its upload, which it kept for longer than uploads wait; one
// that was moved or deleted does not.
func TestScheduled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keeping(&files.Memory{}))
	alice := w.person("alice")
	w.follower("peer.test", "berta", alice)
	media, _, _ := w.uploads(w.tokenOf(alice), noise(t, 20, 20))
	upload, _ := social.ParseID(media)
	schedule, due := w.in.Services.Schedule, w.clock.Now().Add(72*time.Hour)
	s, err := schedule.Add(t.Context(), alice.ID, 0, due, social.Draft{Text: "later", MediaIDs: []social.ID{upload}, IdempotencyKey: "k"})
	w.must(err)
	moved, err := schedule.Add(t.Context(), alice.ID, 0, due, social.Draft{Text: "much later"})
	w.must(err)
	deleted, err := schedule.Add(t.Context(), alice.ID, 0, due, social.Draft{Text: "never"})
	w.must(err)
	_, err = schedule.Move(t.Context(), alice.ID, moved.ID, due.Add(time.Hour))
	w.must(err)
	w.must(w.in.Services.Store.DeleteScheduled(t.Context(), alice.ID, deleted.ID))

	posts := func() []social.StatusView {
		t.Helper()
		vs, err := w.in.Services.Reader.AccountTimeline(t.Context(), alice.ID, alice.ID, social.AccountFilter{}, social.Page{Limit: 9})
		w.must(err)
		return vs
	}
	w.advance(71 * time.Hour)
	if got := posts(); len(got) != 0 {
		t.Fatalf("before its time: got %d posts", len(got))
	}
	w.advance(time.Hour + time.Second)
	if got := posts(); len(got) != 1 || got[0].Status.Source != "later" || len(got[0].Attachments) != 1 {
		t.Fatalf("at its time: got %+v", got)
	}
	w.wantMail("at its time", "peer.test/inbox Create")
	if _, err := w.in.Services.Store.ScheduledByID(t.Context(), alice.ID, s.ID); !errors.Is(err, social.ErrNotFound) {
		t.Errorf("it is listed still: %v", err)
	}
	w.must(schedule.Publish(t.Context(), s.ID))
	w.advance(time.Hour)
	if got := posts(); len(got) != 2 {
		t.Errorf("at the time of the one that was moved: got %d posts, want 2", len(got))
	}
}
