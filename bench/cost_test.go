package bench

import (
	"bytes"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"orrery/federation/observe"
)

// cost is what something took: on the clock, of the processor (PostgreSQL's share included), and at most of memory.
type cost struct {
	wall, cpu time.Duration
	peak      int64 // bytes of this process, load generator included
}

func (c cost) perSecond(n int) float64  { return float64(n) / c.wall.Seconds() }
func (c cost) cpuPer1000(n int) float64 { return c.cpu.Seconds() / float64(n) * 1000 }
func (c cost) plus(d cost) cost         { return cost{c.wall + d.wall, c.cpu + d.cpu, max(c.peak, d.peak)} }

// against reports c for n things called what, beside the bound that the machine sets for as many.
func (c cost) against(b *testing.B, bound cost, n int, what string) {
	b.ReportMetric(c.perSecond(n), what+"/s")
	b.ReportMetric(c.cpuPer1000(n), "cpu-s/1000")
	b.ReportMetric(bound.perSecond(n), "bare-"+what+"/s")
	b.ReportMetric(bound.cpuPer1000(n), "bare-cpu-s/1000")
	b.ReportMetric(float64(c.cpu)/float64(bound.cpu), "cpu-ratio")
	b.ReportMetric(float64(c.wall)/float64(bound.wall), "time-ratio")
	c.memory(b)
}

func (c cost) memory(b *testing.B) {
	if c.peak > 0 {
		b.ReportMetric(float64(c.peak)/(1<<20), "peak-MB")
	}
}

// meter reads what the processes of a benchmark use. postgres is the process of the database server, 0 for none.
type meter struct{ postgres int }

// meterOf finds the server behind dsn by the folder of its socket.
func meterOf(dsn string) meter {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "postgres" {
		return meter{}
	}
	content, err := os.ReadFile(filepath.Join(u.Query().Get("host"), "data", "postmaster.pid"))
	if err != nil {
		return meter{}
	}
	first, _, _ := strings.Cut(string(content), "\n")
	pid, _ := strconv.Atoi(first)
	return meter{pid}
}

// measure runs fn and says what it took.
func (m meter) measure(b *testing.B, fn func()) cost {
	b.Helper()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // forgets the peak so far, on Linux
	cpu, started := m.processor(b), time.Now()
	fn()
	return cost{time.Since(started), m.processor(b) - cpu, peakMemory()}
}

func (m meter) processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	must(b, syscall.Getrusage(syscall.RUSAGE_SELF, &u))
	return time.Duration(u.Utime.Nano()+u.Stime.Nano()) + m.server()
}

// server is the processor time of PostgreSQL's processes, those that have ended too.
func (m meter) server() (total time.Duration) {
	if m.postgres == 0 {
		return 0
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		content, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		f := strings.Fields(string(content[bytes.LastIndexByte(content, ')')+1:])) // from the third field on
		if pid != m.postgres && f[1] != strconv.Itoa(m.postgres) {
			continue
		}
		for _, ticks := range f[11:15] { // utime, stime, cutime, cstime
			n, _ := strconv.Atoi(ticks)
			total += time.Duration(n) * 10 * time.Millisecond
		}
	}
	return total
}

// peakMemory is the most that this process held in memory, liveMemory what it holds now; 0 where /proc does not say.
func peakMemory() int64 { return statusOf("VmHWM") }
func liveMemory() int64 { return statusOf("VmRSS") }

func statusOf(name string) int64 {
	content, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(content)) {
		var kb int64
		if n, _ := fmt.Sscanf(line, name+": %d kB", &kb); n == 1 {
			return kb << 10
		}
	}
	return 0
}

// waits are how long things took, each.
type waits []time.Duration

func (w waits) report(b *testing.B) {
	if len(w) == 0 {
		return
	}
	b.ReportMetric(w.quantile(50).Seconds()*1000, "p50-ms")
	b.ReportMetric(w.quantile(99).Seconds()*1000, "p99-ms")
}

// quantile is what percent of w did not take longer than.
func (w waits) quantile(percent int) time.Duration {
	slices.Sort(w)
	return w[len(w)*percent/100]
}

// decided is how long deliveries that came after position pos took from their arrival until what became of them was
// decided, in the transaction that makes it visible. The id of an exchange tells when it came.
func (w *world) decided(pos int64) (out waits) {
	w.b.Helper()
	for {
		facts, err := w.instance.Source().FactsSince(w.b.Context(), pos, []string{observe.Decided{}.Kind()}, 1000)
		must(w.b, err)
		if len(facts) == 0 {
			return out
		}
		for _, f := range facts {
			out, pos = append(out, f.At.Sub(time.UnixMilli(int64(f.Exchange)>>16))), f.Pos
		}
	}
}
