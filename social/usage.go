package social

import (
	"context"
	"time"
)

// UsageStore counts what an instance tells about itself.
type UsageStore interface {
	// CountPeople are the people here who are not suspended and posted at or after since; everybody when that is zero.
	CountPeople(ctx context.Context, since time.Time) (int64, error)
}
