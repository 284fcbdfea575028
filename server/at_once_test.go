package server_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"orrery/federation/observe"
)

// What arrives is carried out before it is answered where nothing must be asked for that, and by a job otherwise. Either
// way the same comes of it, and the log says the same.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		change members         // of the post that arrives
		then   observe.Outcome // when it is answered
		jobs   int64           // left then
	}{
		{"a post", nil, observe.Accepted, 0},
		{"a post that names somebody known", mention("https://peer.test/users/berta"), observe.Accepted, 0},
		{"a post that names somebody nobody knows yet", mention("https://other.test/users/anna"), observe.Pending, 1},
		{"a post that names somebody who cannot be reached", mention("https://nowhere.test/users/x"), observe.Pending, 1},
		{"a reply to what is not known", members{"inReplyTo": "https://other.test/notes/1"}, observe.Accepted, 1}, // the job looks for its parent
		{"a post of another server", members{"id": "https://other.test/notes/2"}, observe.Dropped, 0},
		{"a type nobody handles", members{"type": "Recipe"}, observe.Dropped, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			// arrive says how it stood when it was answered, what it came to, and what the log has of it.
			arrive := func(immediately bool) (then observe.Outcome, jobs int64, became []string) {
				w := newWorld(t, atOnce(immediately))
				s := plainStage(w)
				s.berta.known()
				w.follows(w.here("alice"), s.berta.known())
				w.peer("other.test").actor("anna")
				w.clock.Advance(time.Second)
				before := w.counts()
				if got := w.drop("/inbox", encode(t, s.berta.creates(s.berta.note("1", tt.change))), s.berta); got.status != 202 {
					t.Fatalf("answered %d %s", got.status, got.body)
				}
				then, jobs = w.newest().State.Outcome, w.counts()["jobs"]-before["jobs"]
				w.settle()
				e := w.newest()
				return then, jobs, append(facts(e), string(e.State.Outcome), string(e.State.Rule), e.State.Author, e.State.Carrier, w.counts().since(before))
			}
			_, _, want := arrive(false)
			then, jobs, got := arrive(true)
			if then != tt.then || jobs != tt.jobs {
				t.Errorf("when answered: %s with %d jobs, want %s with %d", then, jobs, tt.then, tt.jobs)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("in the end (-by a job +at once):\n%s", diff)
			}
		})
	}
}
