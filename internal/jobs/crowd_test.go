package jobs_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"orrery/internal/clock"
	"orrery/internal/jobs"
)

// One server that answers slowly leaves workers to the others, and is asked again when half of its jobs are done.
func TestRun_bounds_what_one_host_keeps_busy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for id := int64(1); id <= 20; id++ { // sixteen of one host come first, then four of others
			j := job(id)
			if j.Host = "slow.test"; id > 16 {
				j.Host = fmt.Sprintf("host%d.test", id)
			}
			m.rows[id] = &row{Job: j}
		}
		begun, answer := make(chan int64, 20), make(chan error)
		q := newQueue(m, clock.New(noon), &logged{}, func(_ context.Context, j jobs.Job) error {
			begun <- j.ID
			if j.Host != "slow.test" {
				return nil
			}
			return <-answer
		})
		q.Workers, q.PerHost = map[string]int{"push": 8}, map[string]int{"push": 4}
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			if err := q.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		}()
		wants := func(when string, want ...int64) {
			t.Helper()
			synctest.Wait()
			var got []int64
			for len(begun) > 0 {
				got = append(got, <-begun)
			}
			slices.Sort(got)
			if !slices.Equal(got, want) {
				t.Errorf("%s: begun %v, want %v", when, got, want)
			}
		}
		wants("eight workers", 1, 2, 3, 4, 17, 18, 19, 20)
		answer <- nil
		wants("three are in hand")
		answer <- nil
		wants("two are in hand", 5, 6)
		for range 14 {
			answer <- nil
		}
		wants("in the end", 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)
		cancel()
		<-stopped
		if len(m.rows) != 0 {
			t.Errorf("%d jobs were never done", len(m.rows))
		}
	})
}
