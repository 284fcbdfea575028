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

// Of functions that share a transaction, all count or none, also when one panics; their log has positions in order.
func TestTogetherAllOrNone(t *testing.T) {
	t.Parallel()
	storagetest.Each(t, func(t *testing.T, dsn string) {
		s := open(t, dsn, nil)
		append1 := func(id xid, end func() error) *call {
			return &call{ctx: t.Context(), fn: func(ctx context.Context, tx *Store) error {
				if err := tx.AppendExchange(ctx, exchange(id), nil, nil, activitylog.State{}); err != nil {
					return err
				}
				return end()
			}}
		}
		well := func() error { return nil }
		for _, tt := range []struct {
			lot  []*call
			want bool
		}{
			{[]*call{append1(1, well), append1(2, well), append1(3, well)}, true},
			{[]*call{append1(4, well), append1(5, func() error { return errors.New("boom") })}, false},
			{[]*call{append1(6, well), append1(7, func() error { panic("boom") })}, false},
			{[]*call{append1(8, well), append1(9, well)}, true},
		} {
			s.runCalls(tt.lot)
			for i, c := range tt.lot {
				if c.committed != tt.want {
					t.Errorf("call %d of %d: committed is %t, want %t", i, len(tt.lot), c.committed, tt.want)
				}
			}
		}
		same(t, "exchanges by position", entryIDs(s.Entries(t.Context(), activitylog.Filter{Since: 1}))(t), []xid{2, 3, 8, 9})
		same(t, "all exchanges", entryIDs(s.Entries(t.Context(), activitylog.Filter{}))(t), []xid{9, 8, 3, 2, 1})
	})
}

// Who fails fails alone.
func TestTogetherEachCountsForItself(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		boom := errors.New("boom")
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				err := s.Together(t.Context(), func(ctx context.Context, tx *Store) error {
					if err := tx.InsertJob(ctx, jobs.Job{ID: int64(i + 1), Kind: "k", Queue: "push", RunAt: noon}); err != nil || i%10 > 0 {
						return err
					}
					return boom
				})
				if want := map[int]error{0: boom}[i%10]; !errors.Is(err, want) {
					t.Errorf("call %d: got error %v, want %v", i, err, want)
				}
			})
		}
		all.Wait()
		due, _, _, err := s.PendingJobs(t.Context(), noon)
		ok(t, err)
		if due != 36 {
			t.Errorf("%d jobs are there, want 36", due)
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
