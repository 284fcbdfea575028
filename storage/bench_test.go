package storage

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"orrery/activitylog"
	"orrery/federation/observe"
	"orrery/internal/jobs"
	"orrery/storage/storagetest"
)

// BenchmarkRecordInbound is what an inbox does before it answers: one exchange with a new body of 2 kB, three facts, the
// answer and one job, in one transaction.
func BenchmarkRecordInbound(b *testing.B) {
	for _, engine := range []struct {
		name string
		dsn  func(testing.TB) string
	}{{"sqlite", storagetest.SQLite}, {"postgres", storagetest.Postgres}} {
		for _, clients := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/%d", engine.name, clients), func(b *testing.B) {
				recordInbound(b, engine.dsn(b), clients)
			})
		}
	}
}

func recordInbound(b *testing.B, dsn string, clients int) {
	s := open(b, dsn, activitylog.NewPositions(0))
	padding := strings.Repeat("x", 2000)
	header := []activitylog.Field{{Name: "Host", Value: "academy.test"}, {Name: "Digest", Value: padding[:50]}, {Name: "Signature", Value: padding[:400]}}
	var last atomic.Int64
	b.SetParallelism((clients + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
	before := s.Stats()
	work := func() {
		id := xid(last.Add(1))
		x := exchange(id, func(x *activitylog.Exchange) {
			x.Header = header
			x.Body = activitylog.Content{Bytes: fmt.Appendf(nil, `{"id":%d,"content":%q}`, id, padding), Size: 2050}
		})
		state := activitylog.State{Carrier: x.Activity.Actor, Author: x.Activity.Actor, Outcome: observe.Pending}
		facts := make([]activitylog.Fact, 3)
		for i := range facts {
			facts[i] = activitylog.Fact{Exchange: id, At: noon, Kind: "decided", Rule: "accept.mention", Object: x.Activity.Object, Detail: []byte(`{"rule":"accept.mention"}`)}
		}
		err := s.Tx(b.Context(), func(ctx context.Context, tx *Store) error {
			if err := tx.AppendExchange(ctx, x, nil, nil, state); err != nil {
				return err
			}
			if err := tx.AppendFacts(ctx, id, facts, state); err != nil {
				return err
			}
			if err := tx.AppendAnswer(ctx, id, activitylog.Answer{Status: 202}, state); err != nil {
				return err
			}
			return tx.InsertJob(ctx, jobs.Job{ID: int64(id), Kind: "inbox.process", Queue: "ingress", Payload: []byte(`{}`), RunAt: noon})
		})
		if err != nil {
			b.Error(err)
		}
	}
	if clients == 1 {
		for b.Loop() {
			work()
		}
	} else {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				work()
			}
		})
	}
	after := s.Stats()
	b.ReportMetric(float64(after.Functions-before.Functions)/float64(max(after.Commits-before.Commits, 1)), "functions/commit")
}
