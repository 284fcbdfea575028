package main

import (
	"context"
	"testing"
	"time"

	"orrery/social"
	"orrery/storage/storagetest"
)

// The program is killed in the middle of its work, as by a power cut or the kernel, and started again. What it had begun
// to tell others reaches all of them; what it said it had taken in is there.

// pushes is how many deliveries `serve` makes at once: as many may be on their way when it is killed.
const pushes = 256

func TestKilled_while_a_post_goes_to_500_servers_none_is_left_out(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		s := newVictim(t, dsn)
		const inboxes = 500
		followers := s.people(inboxes)
		s.store(func(ctx context.Context, tx social.Tx) error {
			alice, err := tx.AccountByHandle(ctx, "alice", "")
			if err != nil {
				return err
			}
			for _, f := range followers {
				edge := social.Follow{ID: s.id(), AccountID: f.ID, TargetID: alice.ID, URI: f.URI + "#follow", CreatedAt: time.Now()}
				if err := tx.InsertFollow(ctx, edge); err != nil {
					return err
				}
			}
			return nil
		})
		killAfter := 100 + s.dice.IntN(301)
		t.Logf("killed after %d of %d deliveries", killAfter, inboxes)
		reached := s.remote.when(killAfter)
		s.start()
		s.publish("To everybody, come what may.")
		waitFor(t, reached, "%d deliveries", killAfter)
		s.kill()
		if got := s.remote.distinct(); got >= inboxes {
			t.Fatalf("all %d deliveries were made before the kill: it proves nothing", got)
		}
		all := s.remote.whenDistinct(inboxes)
		s.start()
		waitFor(t, all, "the remaining deliveries after the restart")
		s.settled()
		s.stop()
		s.intact()
		for _, f := range followers {
			if n := s.remote.count(f.InboxURL); n == 0 {
				t.Errorf("%s never got the post", f.InboxURL)
			}
		}
		if n, activities := s.remote.repeated(), s.remote.activities(); n > pushes || activities != 1 {
			t.Errorf("%d deliveries of %d activities were repeated, want at most the %d that were on their way, of 1", n, activities, pushes)
		}
	})
}

func TestKilled_while_200_posts_come_in_what_was_taken_is_there(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		s := newVictim(t, dsn)
		authors := s.people(20)
		s.store(func(ctx context.Context, tx social.Tx) error {
			alice, err := tx.AccountByHandle(ctx, "alice", "")
			if err != nil {
				return err
			}
			for _, a := range authors {
				edge := social.Follow{ID: s.id(), AccountID: alice.ID, TargetID: a.ID, URI: s.origin + "/follows/" + a.Username, CreatedAt: time.Now()}
				if err := tx.InsertFollow(ctx, edge); err != nil {
					return err
				}
			}
			return nil
		})
		killAfter := 40 + s.dice.IntN(101)
		s.start()
		taken := s.deliver(authors, 200, killAfter)
		t.Logf("killed after %d answers, %d of 200 posts were taken", killAfter, len(taken))
		s.start()
		s.settled()
		shown := s.federated()
		for _, uri := range taken {
			if !shown[uri] {
				t.Errorf("%s was answered 202 and is not in the federated timeline", uri)
			}
		}
		s.stop()
		s.intact()
	})
}
