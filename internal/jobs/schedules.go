package jobs

import (
	"time"
)

// Deliveries is Mastodon's delivery schedule (federation.md §8.5): the wait before retry n (the first is 1) is
// 15 + (n-1)^4 seconds plus up to half of that power, and it ends after 16 retries: about two to three days in all.
func Deliveries(random func() float64) Schedule { return power(16, 1, 0.5, random) }

// Trickle is the schedule of deliveries that matter less: as Deliveries, but eight retries in about two hours.
func Trickle(random func() float64) Schedule { return power(8, 1, 0.5, random) }

// Pulls is the schedule of look-ups (federation.md §0.2): 15 + 10·n^4 seconds plus up to as much again, three retries.
func Pulls(random func() float64) Schedule { return power(3, 10, 10, random) }

// Mentions is the schedule of looking up whom a post names: as Pulls, but seven retries in about six hours.
func Mentions(random func() float64) Schedule { return power(7, 10, 10, random) }

// Quotes is the schedule of proving that a quoted author agrees: as Pulls, but five retries.
func Quotes(random func() float64) Schedule { return power(5, 10, 10, random) }

// Ingress is the schedule of applying what was received: eight retries.
func Ingress(random func() float64) Schedule { return power(8, 1, 0.5, random) }

// power waits 15 + factor·n^4 + random(0 … jitter·n^4) seconds for n = 0, 1, 2 … random may be nil: no jitter.
func power(retries int, factor, jitter float64, random func() float64) Schedule {
	return func(retry int) (time.Duration, bool) {
		if retry < 1 || retry > retries {
			return 0, false
		}
		n := float64(retry - 1)
		n4 := n * n * n * n
		seconds := 15 + factor*n4
		if random != nil {
			seconds += random() * jitter * n4
		}
		return time.Duration(seconds * float64(time.Second)), true
	}
}
