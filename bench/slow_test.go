package bench

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"orrery/storage/storagetest/prepared"
)

// slowness is how long slow servers take over an answer.
const slowness = 300 * time.Millisecond

// BenchmarkDelivery_slow measures one post on its way to 1,000 servers that answer late, with some numbers of deliveries
// under way at once. What the others do must not keep this server waiting: cores-busy says how much of the machine it
// used meanwhile, at most 1 with the sink idle.
func BenchmarkDelivery_slow(b *testing.B) {
	for _, n := range []int{32, 128, 256, 512} {
		b.Run(fmt.Sprintf("under-way-%d", n), func(b *testing.B) {
			sink := newSink(b, slowness)
			w := newWorld(b, setting{dsn: prepared.SQLite(b), sink: sink.address, deliveries: n})
			w.audience(inboxes, func(i int) string { return fmt.Sprintf("slow%d.example", i) })
			var full cost
			for b.Loop() {
				full = full.plus(w.publish("For everybody, in good time."))
				sink.got(inboxes)
			}
			total := b.N * inboxes
			b.ReportMetric(full.perSecond(total), "deliveries/s")
			b.ReportMetric(full.cpuPer1000(total), "cpu-s/1000")
			b.ReportMetric(full.cpu.Seconds()/full.wall.Seconds()/float64(runtime.NumCPU()), "cores-busy")
			full.memory(b)
		})
	}
}

// BenchmarkDelivery_oneSlow measures how long a post takes to reach 200 quick servers when 1,000 inboxes of one slow server
// come first.
func BenchmarkDelivery_oneSlow(b *testing.B) {
	const quick = 200
	sink := newSink(b, slowness)
	w := newWorld(b, setting{dsn: prepared.SQLite(b), sink: sink.address})
	w.audience(inboxes+quick, func(i int) string {
		if i < inboxes {
			return "slow.example"
		}
		return fmt.Sprintf("quick%d.example", i)
	})
	var full cost
	var took []waits
	for b.Loop() {
		pos := w.lastPosition()
		full = full.plus(w.publish("For the quick ones first."))
		sink.got(inboxes + quick)
		b.StopTimer()
		took = append(took, w.delivered("quick", pos))
		b.StartTimer()
	}
	var last time.Duration
	for _, t := range took {
		last += t[len(t)-1]
	}
	b.ReportMetric(last.Seconds()/float64(b.N), "s-until-all-quick-ones")
	b.ReportMetric(full.wall.Seconds()/float64(b.N), "s-until-all")
}
