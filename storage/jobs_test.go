package storage

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"orrery/federation/observe"
	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage/storagetest"
)

const lease = time.Minute

func jobIDs(list []jobs.Job) (out []int64) {
	for _, j := range list {
		out = append(out, j.ID)
	}
	return out
}

// A host that has enough in hand is passed over; work for no host never is.
func TestJobsOfAHostArePassedOver(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for id, host := range []string{"", "slow.test", "beta.test", "slow.test", "gamma.test"} {
			ok(t, s.InsertJob(t.Context(), jobs.Job{ID: int64(id + 1), Kind: "k", Queue: "push", Host: host, RunAt: noon}))
		}
		claim := func(except ...string) []int64 {
			t.Helper()
			return jobIDs(must(s.ClaimJobs(t.Context(), "push", except, noon, noon.Add(lease), 9))(t))
		}
		same(t, "two are passed over", claim("slow.test", "gamma.test"), []int64{1, 3})
		same(t, "one is", claim("slow.test"), []int64{5})
		same(t, "none is", claim(), []int64{2, 4})
	})
}

func TestJobsAreClaimedInOrderAndComeBack(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		want := jobs.Job{ID: 3, Kind: "deliver", Queue: "push", Host: "techhub.test", Payload: []byte(`{"a":1}`), RunAt: noon, Cause: 8, Root: 7}
		ok(t, s.InsertJob(ctx, want))
		for id, after := range map[int64]time.Duration{1: time.Second, 2: 0, 4: time.Hour} {
			ok(t, s.InsertJob(ctx, jobs.Job{ID: id, Kind: "k", Queue: "pull", RunAt: noon.Add(after)}))
		}
		claim := func(queue string, at time.Time, n int) []jobs.Job {
			t.Helper()
			return must(s.ClaimJobs(ctx, queue, nil, at, at.Add(lease), n))(t)
		}
		pending := func(at time.Time, wantDue, wantLeased int, wantNext time.Time) {
			t.Helper()
			due, leased, next, err := s.PendingJobs(ctx, at)
			ok(t, err)
			same(t, "pending", []any{due, leased, next}, []any{wantDue, wantLeased, wantNext})
		}
		at := noon.Add(2 * time.Second)
		pending(at, 3, 0, noon.Add(time.Hour))
		same(t, "of push", jobIDs(claim("push", at, 9)), []int64{3})
		ok(t, s.RetryJob(ctx, 3, noon, "again"))
		first := claim("", at, 2)
		same(t, "due first, then by id", jobIDs(first), []int64{2, 3})
		want.Attempt = 2
		if first[1].Attempt != 2 || first[1].Host != want.Host || string(first[1].Payload) != string(want.Payload) ||
			first[1].Cause != 8 || first[1].Root != 7 || first[1].Kind != "deliver" || !first[1].RunAt.Equal(noon) {
			t.Errorf("got %+v, want %+v", first[1], want)
		}
		pending(at, 1, 2, noon.Add(time.Hour))
		same(t, "the third", jobIDs(claim("", at, 9)), []int64{1})
		same(t, "none left", len(claim("", at, 9)), 0)

		late := at.Add(lease)
		pending(late, 3, 0, noon.Add(time.Hour))
		again := claim("", late, 1)
		same(t, "its lease has passed", jobIDs(again), []int64{2})
		same(t, "attempt", again[0].Attempt, 2)
		same(t, "released", must(s.ReleaseLeases(ctx))(t), int64(3))
		same(t, "all again", jobIDs(claim("", late, 9)), []int64{2, 3, 1})

		ok(t, s.RetryJob(ctx, 2, late.Add(time.Second), "\x00 no \xff"))
		same(t, "not yet", len(claim("", late, 9)), 0)
		pending(late, 0, 2, late.Add(time.Second))
		for _, id := range []int64{1, 2, 3, 4} {
			ok(t, s.DeleteJob(ctx, id))
		}
		fails(t, s.DeleteJob(ctx, 1), social.ErrNotFound)
		ok(t, s.RetryJob(ctx, 1, late, ""))
		pending(late, 0, 0, time.Time{})
	})
}

func TestNoJobIsClaimedTwice(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for range 60 {
			ok(t, s.InsertJob(ctx, jobs.Job{Kind: "k", Queue: "push", RunAt: noon}))
		}
		var mu sync.Mutex
		claimed := map[int64]int{}
		together(t, 6, func(int) error {
			for {
				got, err := s.ClaimJobs(ctx, "push", nil, noon, noon.Add(lease), 7)
				if err != nil || len(got) == 0 {
					return err
				}
				mu.Lock()
				for _, j := range got {
					claimed[j.ID]++
				}
				mu.Unlock()
			}
		}, nil)
		if len(claimed) != 60 {
			t.Errorf("%d jobs were claimed, want 60", len(claimed))
		}
		for id, n := range claimed {
			if n != 1 {
				t.Errorf("job %d was claimed %d times", id, n)
			}
		}
	})
}

func TestEventBecomesAJobOfItsTransaction(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := observe.WithCause(t.Context(), observe.Cause{Exchange: 12, Root: 11})
		e := social.Event{Kind: social.FollowAccepted, Actor: alice, Subject: berta, Object: 5, URI: "u", At: noon}
		boom := errors.New("boom")
		fails(t, s.Atomically(ctx, func(ctx context.Context, tx social.Tx) error {
			ok(t, tx.AppendEvent(ctx, e))
			return boom
		}), boom)
		ok(t, s.AppendEvent(ctx, e))
		got := must(s.ClaimJobs(ctx, "push", nil, noon, noon.Add(lease), 9))(t)
		if len(got) != 1 {
			t.Fatalf("%d jobs, want 1", len(got))
		}
		var back social.Event
		ok(t, json.Unmarshal(got[0].Payload, &back))
		same(t, "event", back, e)
		same(t, "kind", got[0].Kind, "outbox.plan")
		same(t, "cause", []int64{got[0].Cause, got[0].Root}, []int64{12, 11})
		ok(t, s.Tx(ctx, func(ctx context.Context, tx *Store) error { return got[0].Finish(ctx, tx) }))
		fails(t, got[0].Finish(ctx, s), social.ErrNotFound)
	})
}

func TestClaimedJobsGoBackAsIfNeverClaimed(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for id := range int64(3) {
			ok(t, s.InsertJob(ctx, jobs.Job{ID: id + 1, Kind: "k", Queue: "push", RunAt: noon}))
		}
		same(t, "claimed", jobIDs(must(s.ClaimJobs(ctx, "push", nil, noon, noon.Add(lease), 9))(t)), []int64{1, 2, 3})
		ok(t, s.RetryJob(ctx, 3, noon.Add(time.Hour), "later"))
		ok(t, s.UnclaimJobs(ctx, []int64{1, 3, 99}))
		again := must(s.ClaimJobs(ctx, "push", nil, noon.Add(time.Hour), noon.Add(2*time.Hour), 9))(t)
		same(t, "again: 2 too, its lease has passed", jobIDs(again), []int64{1, 2, 3})
		for i, want := range []int{1, 2, 2} {
			same(t, "attempt", again[i].Attempt, want)
		}
	})
}

func TestNextJobIsTheFirstOfItsQueueThatIsNotDue(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		same(t, "none", must(s.NextJob(ctx, "push", noon))(t), time.Time{})
		for id, j := range map[int64]jobs.Job{
			1: {Queue: "push", RunAt: noon}, 2: {Queue: "push", RunAt: noon.Add(time.Hour)},
			3: {Queue: "push", RunAt: noon.Add(time.Minute)}, 4: {Queue: "pull", RunAt: noon.Add(time.Second)},
		} {
			j.ID, j.Kind = id, "k"
			ok(t, s.InsertJob(ctx, j))
		}
		same(t, "next", must(s.NextJob(ctx, "push", noon))(t), noon.Add(time.Minute))
		first, due, err := s.FirstDue(ctx, noon)
		ok(t, err)
		same(t, "first due", []any{first, due}, []any{noon, true})
		_, due, err = s.FirstDue(ctx, noon.Add(-time.Millisecond))
		ok(t, err)
		same(t, "anything due before", due, false)
	})
}

func TestEnqueuedIsToldAfterTheCommitOnly(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, dsn string) {
		ctx, boom := t.Context(), errors.New("boom")
		var told []string
		s := must(Open(ctx, Options{DSN: dsn, Synchronous: "OFF", NewID: func() int64 { return 1 }, Enqueued: func(q string) { told = append(told, q) }}))(t)
		defer s.Close()
		add := func(id int64, then error) error {
			return s.Tx(ctx, func(ctx context.Context, tx *Store) error {
				ok(t, tx.InsertJob(ctx, jobs.Job{ID: id, Kind: "k", Queue: "push", RunAt: noon}))
				same(t, "told before the commit", len(told), 0)
				return then
			})
		}
		fails(t, add(1, boom), boom)
		same(t, "told of what was undone", len(told), 0)
		ok(t, add(1, nil))
		same(t, "told", told, []string{"push"})
	})
}
