package bench

import (
	"runtime"
	"testing"
	"time"

	"orrery/activitylog"
	"orrery/social"
)

// slowInboxes are how many inboxes a post goes to whose servers take their time, and slowness how much that is.
const (
	slowInboxes = 1000
	slowness    = 300 * time.Millisecond
)

// BenchmarkDelivery_slow measures one post on its way to 1,000 inboxes that answer late. What the others do must not keep
// this server waiting: cores-busy says how much of the machine it used meanwhile, at most 1 with the sink idle.
func BenchmarkDelivery_slow(b *testing.B) {
	w, s := newWorld(b, true), newSink(b, slowness)
	followers := w.people(slowInboxes, s.address)
	pairs := make([][2]social.Account, len(followers))
	for i, f := range followers {
		pairs[i] = [2]social.Account{f, w.alice}
	}
	w.follow(pairs...)
	var full cost
	for b.Loop() {
		full = full.plus(measure(b, func() {
			ctx, done := w.instance.Recorder.Action(b.Context(), activitylog.Summary{Type: "Create", Actor: w.alice.URI})
			_, err := w.instance.Services.Statuses.Publish(ctx, w.alice.ID, social.Draft{Text: "For everybody, in good time.", Visibility: social.Public})
			must(b, err)
			done()
			w.settle()
		}))
		s.got(slowInboxes)
	}
	total := b.N * slowInboxes
	b.ReportMetric(full.perSecond(total), "deliveries/s")
	b.ReportMetric(full.cpuPer1000(total), "cpu-s/1000")
	b.ReportMetric(full.cpu.Seconds()/full.wall.Seconds()/float64(runtime.NumCPU()), "cores-busy")
}
