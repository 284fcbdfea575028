package storage

import (
	"context"
	"errors"
	"sync"
	"testing"

	"orrery/activitylog"
	"orrery/internal/jobs"
	"orrery/social"
	"orrery/storage/storagetest"
)

// Of functions that share a transaction, one that fails takes nobody with it, and what all append has positions in order.
func TestTogetherEachCountsForItself(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, nil)
		boom, ran := errors.New("boom"), make([]int, 4)
		lot := make([]*call, 4)
		for i := range lot {
			lot[i] = &call{ctx: t.Context(), err: errNotRun, fn: func(ctx context.Context, tx *Store) error {
				ran[i]++
				if err := tx.AppendExchange(ctx, exchange(xid(i+1)), nil, nil, activitylog.State{}); err != nil || i != 2 {
					return err
				}
				return boom
			}}
		}
		s.runCalls(lot[:2])
		s.runCalls(lot[2:])
		for i, c := range lot {
			if want := map[int]error{2: boom}[i]; !errors.Is(c.err, want) {
				t.Errorf("call %d: got error %v, want %v", i, c.err, want)
			}
		}
		same(t, "how often each ran", ran, []int{1, 1, 2, 1})
		same(t, "exchanges", entryIDs(s.Entries(t.Context(), activitylog.Filter{Since: 1}))(t), []xid{2, 4})
		same(t, "all exchanges", entryIDs(s.Entries(t.Context(), activitylog.Filter{}))(t), []xid{4, 2, 1})
	})
}

func TestTogetherAllIsCommitted(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				err := s.Together(t.Context(), func(ctx context.Context, tx *Store) error {
					return tx.InsertJob(ctx, jobs.Job{ID: int64(i + 1), Kind: "k", Queue: "push", RunAt: noon})
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		due, _, _, err := s.PendingJobs(t.Context(), noon)
		ok(t, err)
		if due != 40 {
			t.Errorf("%d jobs are there, want 40", due)
		}
	})
}

// Who asks for signing keys at the same time gets their own.
func TestSigningKeysOfSeveral(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for id := range social.ID(3) {
			name := "p" + (id + 1).String()
			ok(t, s.InsertAccount(t.Context(), social.Account{ID: id + 1, Username: name, URI: "https://academy.test/users/" + name, PublicKeyPEM: "pem of " + name}, ""))
		}
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				id := social.ID(i%4 + 1)
				_, k, err := s.SigningKey(t.Context(), id)
				if want := "pem of p" + id.String(); id < 4 && (err != nil || k.PEM != want) {
					t.Errorf("key of %d: got %q and error %v, want %q", id, k.PEM, err, want)
				}
				if id == 4 {
					fails(t, err, social.ErrNotFound)
				}
			})
		}
		all.Wait()
	})
}
