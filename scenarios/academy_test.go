package scenarios_test

import (
	"context"
	"testing"

	"orrery/activitylog"
	"orrery/scenarios"
)

// The article's puzzle of the missing entry: berta's reply that names alice is in alice's Academy log, the one that names nobody
// is not, although both arrived; and alice's server is seen passing both on.
func TestAcademy_hidesTheReplyThatNamesNobody(t *testing.T) {
	t.Parallel()
	src := small + `
step "Two replies"
  alice posts "Hello world" as hello
  settle
  berta replies to hello with "@alice Hi" as named
  settle
  berta replies to hello with "Hi again" as quiet
  settle
  expect named, quiet are on academy, masto
`
	perform(t, "academy.play", src, scenarios.Options{Ask: func(ctx context.Context, _ string, s *scenarios.Stage) error {
		record, err := s.Knowledge(ctx)
		if err != nil {
			return err
		}
		alice := record.Person("alice", "academy", s.Log().Names())
		a := activitylog.Academy{Server: "academy", Actor: alice, Follows: func(actor string) bool { return record.Follows(alice, actor) }}
		for post, want := range map[string]string{"named": "", "quiet": "It names neither the person nor a list of followers that they are on."} {
			entries, err := s.Log().Entries(ctx, activitylog.Filter{Object: s.URI(post), Server: "academy", Type: "Create",
				Directions: []activitylog.Direction{activitylog.In, activitylog.Out}, Limit: activitylog.MaxLimit})
			if err != nil {
				return err
			}
			in, out := 0, 0
			for _, e := range entries {
				got := a.Hides(e)
				if e.Exchange.Direction == activitylog.Out {
					if out++; got != "" {
						t.Errorf("%s is passed on with alice's key, and hidden: %s", post, got)
					}
					continue
				}
				if in++; got != want {
					t.Errorf("%s arrived, and is hidden because %q, want %q", post, got, want)
				}
			}
			if in != 1 || out != 1 {
				t.Errorf("%s: %d arrivals and %d forwards, want one of each", post, in, out)
			}
		}
		return nil
	}})
}
