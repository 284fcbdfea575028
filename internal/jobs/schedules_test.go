package jobs_test

import (
	"fmt"
	"testing"
	"time"

	"orrery/internal/jobs"
)

func none() float64 { return 0 }
func full() float64 { return 1 }

// Waits in seconds without jitter and with all of it, before each retry, as federation.md §0.2 and §8.5 give them.
func TestSchedules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name        string
		schedule    func(random func() float64) jobs.Schedule
		least, most []float64
	}{
		{
			"deliveries (§8.5)", jobs.Deliveries,
			[]float64{15, 16, 31, 96, 271, 640, 1311, 2416, 4111, 6576, 10015, 14656, 20751, 28576, 38431, 50640},
			[]float64{15, 16.5, 39, 136.5, 399, 952.5, 1959, 3616.5, 6159, 9856.5, 15015, 21976.5, 31119, 42856.5, 57639, 75952.5},
		},
		{"look-ups (§0.2)", jobs.Pulls, []float64{15, 25, 175}, []float64{15, 35, 335}},
		{
			"mentions (§0.2)", jobs.Mentions,
			[]float64{15, 25, 175, 825, 2575, 6265, 12975}, []float64{15, 35, 335, 1635, 5135, 12515, 25935},
		},
		{
			"incoming (§0.2)", jobs.Ingress,
			[]float64{15, 16, 31, 96, 271, 640, 1311, 2416}, []float64{15, 16.5, 39, 136.5, 399, 952.5, 1959, 3616.5},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []struct {
				name   string
				random func() float64
				want   []float64
			}{{"no source of chance", nil, tt.least}, {"least", none, tt.least}, {"most", full, tt.most}} {
				if got := seconds(tt.schedule(c.random)); fmt.Sprint(got) != fmt.Sprint(c.want) {
					t.Errorf("%s: waits %v, want %v", c.name, got, c.want)
				}
			}
			if _, again := tt.schedule(nil)(0); again {
				t.Error("the first attempt is no retry")
			}
		})
	}
}

// seconds is every wait until the schedule gives up.
func seconds(s jobs.Schedule) (waits []float64) {
	for retry := 1; ; retry++ {
		wait, again := s(retry)
		if !again {
			return waits
		}
		waits = append(waits, wait.Seconds())
	}
}

func TestDeliveries_last_two_days_and_a_half(t *testing.T) {
	t.Parallel()
	var total time.Duration
	for _, s := range seconds(jobs.Deliveries(nil)) {
		total += time.Duration(s * float64(time.Second))
	}
	if got, want := total.Round(6*time.Minute).Hours(), 49.6; got != want {
		t.Errorf("without jitter they go on for %.1f hours, want %.1f (§8.5)", got, want)
	}
}
