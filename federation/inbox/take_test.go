package inbox_test

import (
	"context"
	"testing"

	"orrery/internal/clock"
	"orrery/internal/snowflake"
	"orrery/lab"
)

// What cannot be carried out at once, even for a fault of this program, is neither lost nor half done: a job tries again.
func TestTake_survives_a_panic(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	c, keys, net := clock.New(lab.Epoch()), lab.FixedKeys(), wire{}
	ids := snowflake.New(c.Now)
	alpha, beta := newUnwatched(t, "alpha.test", c, ids, keys, net), newUnwatched(t, "beta.test", c, ids, keys, net)
	alice, berta := alpha.person("alice"), beta.person("berta")
	known, err := beta.ingest.ByHandle(ctx, "alice", "alpha.test")
	if err != nil {
		t.Fatal(err)
	}
	forgot := 0
	alpha.inbox.AtOnce, alpha.inbox.Mark = true, func(context.Context) func() { return func() { forgot++ } }
	follows := alpha.inbox.Follows
	alpha.inbox.Follows = nil // whatever uses it panics
	if _, err := beta.follows.Follow(ctx, berta.ID, known.ID); err != nil {
		t.Fatal(err)
	}
	settle(t, beta)
	followers := func() int {
		all, err := alpha.store.RemoteFollowers(ctx, alice.ID)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	if n := followers(); n != 0 || forgot != 1 {
		t.Fatalf("%d followers and %d tries forgotten, want none and one", n, forgot)
	}
	alpha.inbox.Follows = follows
	settle(t, alpha, beta)
	if n := followers(); n != 1 {
		t.Errorf("alice has %d followers, want one", n)
	}
}
