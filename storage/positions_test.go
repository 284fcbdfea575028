package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"orrery/activitylog"
	"orrery/social"
	"orrery/storage/storagetest"
)

// sequencers are the two ways to hand out positions.
func sequencers(t *testing.T, fn func(t *testing.T, dsn string, seq activitylog.Sequencer)) {
	t.Parallel()
	for name, seq := range map[string]activitylog.Sequencer{"counter": nil, "shared": activitylog.NewPositions(0)} {
		t.Run(name, func(t *testing.T) {
			storagetest.Each(t, func(t *testing.T, dsn string) {
				if seq != nil {
					seq = activitylog.NewPositions(0)
				}
				fn(t, dsn, seq)
			})
		})
	}
}

// Whoever reads up to a position must never find a lower one later.
func TestPositionsBecomeVisibleInOrder(t *testing.T) {
	sequencers(t, func(t *testing.T, dsn string, seq activitylog.Sequencer) {
		s := open(t, dsn, seq)
		ctx := t.Context()
		people(t, s)
		const writers, rounds = 8, 25
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for r := range rounds {
					id := xid(1000*w + r + 1)
					boom := errors.New("boom")
					err := s.Tx(ctx, func(ctx context.Context, tx *Store) error {
						// Rows that others want too, before and after the append: with a lock in the wrong place this deadlocks.
						if err := tx.addStatuses(ctx, ids(alice), 1); err != nil {
							return err
						}
						if err := tx.AppendExchange(ctx, exchange(id), nil, nil, activitylog.State{}); err != nil {
							return err
						}
						if err := tx.Tx(ctx, func(ctx context.Context, tx *Store) error {
							if err := tx.AppendFacts(ctx, id, nil, activitylog.State{}); err != nil {
								return err
							}
							return boom
						}); !errors.Is(err, boom) {
							return err
						}
						if err := tx.AppendFacts(ctx, id, []activitylog.Fact{{Kind: "k", At: noon}}, activitylog.State{}); err != nil {
							return err
						}
						if r%5 == 4 {
							return boom
						}
						return nil
					})
					if err != nil && !errors.Is(err, boom) {
						t.Errorf("append %d: %v", id, err)
					}
				}
			})
		}
		written := make(chan struct{})
		go func() { wg.Wait(); close(written) }()
		var positions []int64
		last, cursor := int64(0), int64(1) // no exchange ends at position 1: its fact comes later
		entries := map[xid]bool{}
		for ended := false; ; {
			select {
			case <-written:
				ended = true
			default:
			}
			facts := must(s.FactsSince(ctx, last, nil, 1000))(t)
			for _, f := range facts {
				positions = append(positions, f.Pos)
				last = f.Pos
			}
			changed := must(s.Entries(ctx, activitylog.Filter{Since: cursor, Limit: 200}))(t)
			for _, e := range changed {
				entries[e.Exchange.ID] = true
				cursor = e.Pos
			}
			if ended && len(facts)+len(changed) == 0 {
				break
			}
		}
		if want := writers * rounds * 4 / 5; len(positions) != want {
			t.Errorf("the reader saw %d facts, want %d", len(positions), want)
		}
		if len(entries) != len(positions) {
			t.Errorf("the reader saw %d entries, want %d", len(entries), len(positions))
		}
		if !slices.IsSorted(positions) {
			t.Error("positions are not in order")
		}
		same(t, "last position", must(s.LastPosition(ctx))(t), last)
		if n := len(s.holds); n != 0 {
			t.Errorf("%d transactions still hold the sequencer", n)
		}
		if a := must(s.AccountByID(ctx, alice))(t); a.StatusesCount != int64(writers*rounds*4/5) {
			t.Errorf("counter is %d, want %d", a.StatusesCount, writers*rounds*4/5)
		}
	})
}

// Several instances of a lab share one sequencer, each with a database of its own.
func TestInstancesShareASequencer(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		seq := activitylog.NewPositions(0)
		stores := []*Store{open(t, dsn, seq), open(t, storagetest.SQLite(t), seq)}
		together(t, 8, func(i int) error {
			for n := range 20 {
				s := stores[(i+n)%2]
				if err := s.AppendExchange(t.Context(), exchange(xid(100*i+n+1)), nil, nil, activitylog.State{}); err != nil {
					return err
				}
			}
			return nil
		}, nil)
		seen := map[int64]bool{}
		for _, s := range stores {
			for _, e := range must(s.Entries(t.Context(), activitylog.Filter{Limit: 200}))(t) {
				if seen[e.Pos] {
					t.Errorf("position %d was handed out twice", e.Pos)
				}
				seen[e.Pos] = true
			}
		}
		if len(seen) != 160 {
			t.Errorf("%d positions, want 160", len(seen))
		}
	})
}

// A database that lived in a lab goes on where it was when it is opened alone.
func TestCounterGoesOnAfterASequencer(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		for i, seq := range []activitylog.Sequencer{activitylog.NewPositions(40), nil, nil} {
			o := Options{DSN: dsn, Synchronous: "OFF", Positions: seq, NewID: func() int64 { return 1 }}
			s := must(Open(t.Context(), o))(t)
			ok(t, s.AppendExchange(t.Context(), exchange(xid(i+1)), nil, nil, activitylog.State{}))
			same(t, fmt.Sprintf("position in life %d", i), must(s.LastPosition(t.Context()))(t), int64(41+i))
			ok(t, s.Close())
		}
	})
}

func TestAfterEndOutsideATransactionRunsAtOnce(t *testing.T) {
	t.Parallel()
	s := open(t, storagetest.SQLite(t), nil)
	var got []bool
	s.AfterEnd(func(committed bool) { got = append(got, committed) })
	same(t, "AfterEnd", got, []bool{true})
	_, err := s.StatusByID(t.Context(), 1)
	fails(t, err, social.ErrNotFound)
}
