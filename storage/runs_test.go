package storage

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"orrery/activitylog/kept"
)

func TestAwaitedRuns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		var all []kept.Awaited
		for n, id := range []string{"b", "a", "c"} {
			a := kept.Awaited{ID: id, Owner: "alice", Name: "x.play", Policy: "mastodon", Source: "scenario \"X\"", Seed: math.MaxUint64, Asked: noon.Add(time.Duration(n) * time.Second)}
			ok(t, s.AwaitRun(ctx, a))
			all = append(all, a)
		}
		same(t, "awaited", must(s.AwaitedRuns(ctx))(t), all)
		ok(t, s.BeginRun(ctx, "a"))
		ok(t, s.BeginRun(ctx, "a"))
		same(t, "begun", must(s.AwaitedRuns(ctx))(t)[1].Begun, 2)
		ok(t, s.RestRun(ctx, "a"))
		same(t, "laid aside", must(s.AwaitedRuns(ctx))(t)[1].Begun, 0)
		ok(t, s.KeepRun(ctx, kept.Run{ID: "b", Started: noon, Result: json.RawMessage(`{}`), Log: []byte{1}}))
		ok(t, s.DropRun(ctx, "c"))
		same(t, "what has not ended", must(s.AwaitedRuns(ctx))(t), all[1:2])
		ok(t, s.DropRun(ctx, "a"))
		fails(t, s.DropRun(ctx, "a"), kept.ErrNoRun)
		same(t, "none", len(must(s.AwaitedRuns(ctx))(t)), 0)
	})
}

func TestRuns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		var all []kept.Run
		for n, id := range []string{"a", "b", "c"} {
			r := kept.Run{ID: id, Owner: map[bool]string{true: "alice", false: "berta"}[n < 2], Name: "x.play", Title: "X", Policy: "mastodon", Seed: math.MaxUint64,
				Started: noon.Add(time.Duration(n) * time.Second), Took: time.Second, Passed: n == 0,
				Source: "scenario \"X\"", Result: json.RawMessage(`{"a": 1}`), Log: []byte{0, 1, 0xff}}
			ok(t, s.KeepRun(ctx, r))
			same(t, "run", must(s.KeptRun(ctx, id))(t), r)
			r.Source, r.Result, r.Log = "", nil, nil
			all = append(all, r)
		}
		same(t, "alice's", must(s.KeptRuns(ctx, "alice", false, "", 5))(t), []kept.Run{all[1], all[0]})
		same(t, "everybody's", must(s.KeptRuns(ctx, "", true, "", 2))(t), []kept.Run{all[2], all[1]})
		same(t, "page two", must(s.KeptRuns(ctx, "", true, "b", 2))(t), []kept.Run{all[0]})
		same(t, "after one that is gone", len(must(s.KeptRuns(ctx, "", true, "z", 2))(t)), 0)
		ok(t, s.PruneRuns(ctx, "alice", false, 1))
		_, err := s.KeptRun(ctx, "a")
		fails(t, err, kept.ErrNoRun)
		ok(t, s.DropRun(ctx, "b"))
		fails(t, s.DropRun(ctx, "b"), kept.ErrNoRun)
		ok(t, s.PruneRuns(ctx, "", true, 0))
		same(t, "none", len(must(s.KeptRuns(ctx, "", true, "", 5))(t)), 0)
	})
}
