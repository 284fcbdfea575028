package social_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"orrery/social"
)

// Anybody may look at pictures of other servers, and each that is fetched takes memory: only so many are fetched at once.
func TestElsewhere_fetches_a_few_at_once(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		const pictures, atOnce = 60, 16
		var now, most, asked atomic.Int64
		enough := make(chan struct{})
		e := &social.Elsewhere{Store: w.Store, Media: &social.Media{}, Domains: &social.Domains{Store: w.Store, Own: "alpha.test"}, Now: w.Now,
			Get: func(context.Context, string, int64) ([]byte, error) {
				n := now.Add(1)
				defer now.Add(-1)
				for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
				}
				if asked.Add(1) == atOnce {
					close(enough)
				}
				<-enough // the first ones stay until there are as many as may be
				return nil, errors.New("nothing lies there")
			}}
		var all sync.WaitGroup
		for i := range pictures {
			all.Go(func() {
				_, err := e.Copy(t.Context(), fmt.Sprintf("https://p.test/%d.png", i), "p.test", social.RemoteAvatar)
				fails(t, "nothing there", err, social.ErrNotFound)
			})
		}
		all.Wait()
		equal(t, "asked for", int(asked.Load()), pictures)
		if most.Load() > atOnce {
			t.Errorf("%d were fetched at once, want %d at most", most.Load(), atOnce)
		}
	})
}
