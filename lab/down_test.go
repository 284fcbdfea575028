package lab_test

import (
	"context"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/clientapi"
	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/lab"
	"orrery/storage/storagetest/prepared"
)

// A server is away for seven days, is left out, and comes back by what it sends itself (federation.md §8.6).
func TestStory_aServerIsAwayForAWeek(t *testing.T) {
	for _, p := range []policy.Policy{policy.Mastodon41(), policy.Mastodon()} {
		for engine, database := range map[string]func(t *testing.T) func(string) string{
			"sqlite":   func(*testing.T) func(string) string { return nil },
			"postgres": func(t *testing.T) func(string) string { return func(string) string { return prepared.Postgres(t) } },
		} {
			t.Run(p.Name+"/"+engine, func(t *testing.T) {
				t.Parallel()
				ctx := context.Background()
				plan := lab.Plan{
					Servers: []lab.Server{{Name: "academy", Policy: p}, {Name: "techhub", Policy: p}},
					People:  []lab.Person{{Name: "alice", Server: "academy"}, {Name: "berta", Server: "techhub"}},
					Follows: []lab.Edge{{Follower: "berta", Followed: "alice"}, {Follower: "alice", Followed: "berta"}},
				}
				l, err := lab.NewMemory(ctx, plan, lab.Memory{Dir: t.TempDir(), Database: database(t), Seed: 1, Keys: lab.FixedKeys(), Log: quietLog()})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { l.Close() })
				post := func(who, text string, then time.Duration) {
					t.Helper()
					if _, err := as(t, l, who).Post(ctx, clientapi.NewStatus{Status: text}); err != nil {
						t.Fatal(err)
					}
					if err := l.Advance(ctx, then); err != nil {
						t.Fatal(err)
					}
				}
				arrived := func() int {
					t.Helper()
					es, err := l.Host("techhub").Instance.Source().Entries(ctx, activitylog.Filter{
						Type: "Create", Directions: []activitylog.Direction{activitylog.In}, Limit: activitylog.MaxLimit,
					})
					if err != nil {
						t.Fatal(err)
					}
					return len(es)
				}
				if err := l.SetDown("techhub", true); err != nil {
					t.Fatal(err)
				}
				for range 7 {
					post("alice", "Is anybody there?", 24*time.Hour)
				}
				if !named(t, l)[rules.DeliverUnavailable] {
					t.Fatalf("after seven days nothing in the log names %s", rules.DeliverUnavailable)
				}
				if err := l.SetDown("techhub", false); err != nil {
					t.Fatal(err)
				}
				post("alice", "You will not read this.", 24*time.Hour)
				if got := arrived(); got != 0 {
					t.Errorf("%d posts arrived at the server that is left out, want none", got)
				}
				post("berta", "Here we are again.", time.Minute)
				if !named(t, l)[rules.DeliverAvailableAgain] {
					t.Errorf("after its own post nothing in the log names %s", rules.DeliverAvailableAgain)
				}
				post("alice", "Welcome back.", time.Minute)
				if got := arrived(); got != 1 {
					t.Errorf("%d posts arrived after it was heard of, want 1", got)
				}
			})
		}
	}
}
