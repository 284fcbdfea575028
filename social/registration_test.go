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

// Who asks to join many times at the same moment has no more accounts of it than who asks in turn.
func TestRegister_throttles_those_who_come_at_once(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		ok(t, w.Store.PutSetting(ctx, "registrations", `{"Mode":"open"}`))
		const all = 3 * social.SignUpsPerAddress
		var arrived atomic.Int64
		everybody := make(chan struct{})
		w.Accounts.HashPassword = func(context.Context, string) (string, error) {
			if arrived.Add(1) == all {
				close(everybody)
			}
			<-everybody // nobody has joined before all were looked at
			return "hash", nil
		}
		var joined, refused atomic.Int64
		var asking sync.WaitGroup
		for i := range all {
			asking.Go(func() {
				_, _, err := w.Accounts.Register(ctx, social.SignUp{
					Username: fmt.Sprintf("p%d", i), Email: fmt.Sprintf("p%d@mail.test", i), Password: "correct horse", Agreement: true,
					From: "198.51.100.7", Counted: "198.51.100.7",
				})
				switch {
				case err == nil:
					joined.Add(1)
				case errors.Is(err, social.ErrThrottled):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		asking.Wait()
		equal(t, "joined", int(joined.Load()), social.SignUpsPerAddress)
		equal(t, "refused", int(refused.Load()), all-social.SignUpsPerAddress)
	})
}
