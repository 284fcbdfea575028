package fetch

import (
	"context"
	"errors"
)

// ErrOffline says that something had to be asked for where nothing may be.
var ErrOffline = errors.New("another server would have to be asked")

type offlineKey struct{}

// Offline returns ctx for work that asks nothing of other servers. The first attempt ends the context, so that all of the
// work stops, and context.Cause tells of it by ErrOffline, also when a step went on without what it did not get.
func Offline(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, end := context.WithCancelCause(ctx)
	return context.WithValue(ctx, offlineKey{}, end), func() { end(context.Canceled) }
}

// Online is ErrOffline, and ends ctx, when nothing may be asked in it.
func Online(ctx context.Context) error {
	if end, offline := ctx.Value(offlineKey{}).(context.CancelCauseFunc); offline {
		end(ErrOffline)
		return ErrOffline
	}
	return nil
}
