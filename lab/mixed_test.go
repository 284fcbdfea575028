package lab_test

import (
	"context"
	"testing"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
)

// A server of 4.1 does not know what the current one writes into a post, so it cannot vouch for passing it on unchanged;
// the current one passes on what either wrote (federation.md §6.4 i, §16.4/3).
func TestStory_whoCanPassOnWhat(t *testing.T) {
	old, current := policy.Mastodon41(), policy.Mastodon()
	for _, tt := range []struct {
		name            string
		thread, replier policy.Policy
		passedOn        bool
	}{
		{"4.1 passes on what 4.1 wrote", old, old, true},
		{"4.1 does not pass on what the current one wrote", old, current, false},
		{"the current one passes on what 4.1 wrote", current, old, true},
		{"the current one passes on what the current one wrote", current, current, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ctx := context.Background()
			plan := lab.Plan{
				Servers: []lab.Server{{Name: "academy", Policy: tt.thread}, {Name: "techhub", Policy: tt.replier}, {Name: "masto", Policy: current}},
				People:  []lab.Person{{Name: "alice", Server: "academy"}, {Name: "berta", Server: "techhub"}, {Name: "canon", Server: "masto"}},
				Follows: []lab.Edge{{Follower: "berta", Followed: "alice"}, {Follower: "canon", Followed: "alice"}},
			}
			l, err := lab.NewMemory(ctx, plan, lab.Memory{Dir: t.TempDir(), Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			settle := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
				l.Tick()
				if err := l.Settle(ctx); err != nil {
					t.Fatal(err)
				}
			}
			hello, err := as(t, l, "alice").Post(ctx, clientapi.NewStatus{Status: "Hello world"})
			settle(err)
			found, err := as(t, l, "berta").Search(ctx, hello.URI, false)
			if err != nil || len(found.Statuses) != 1 {
				t.Fatalf("berta finds %d posts (%v), want alice's", len(found.Statuses), err)
			}
			_, err = as(t, l, "berta").Post(ctx, clientapi.NewStatus{Status: "@alice@academy Hello", InReplyToID: found.Statuses[0].ID})
			settle(err)
			arrived, err := l.Host("masto").Instance.Source().Entries(ctx, activitylog.Filter{
				Type: "Create", Directions: []activitylog.Direction{activitylog.In}, Limit: activitylog.MaxLimit,
			})
			if err != nil {
				t.Fatal(err)
			}
			want := 1
			if tt.passedOn {
				want = 2
			}
			if len(arrived) != want {
				t.Errorf("%d posts were delivered to the third server, want %d", len(arrived), want)
			}
			if got := named(t, l)[rules.LDSUnsafe]; got == tt.passedOn {
				t.Errorf("the log names %s: %v, want %v", rules.LDSUnsafe, got, !tt.passedOn)
			}
		})
	}
}
