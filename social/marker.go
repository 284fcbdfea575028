package social

import (
	"context"
	"time"
)

// Marker says how far a person has read a timeline, so that another program goes on there.
type Marker struct {
	Timeline   string // see MarkedTimelines
	LastReadID ID
	Version    int64 // 1 at first, one more with each change
	UpdatedAt  time.Time
}

// The timelines that can be marked.
const (
	MarkHome          = "home"
	MarkNotifications = "notifications"
)

// MarkedTimelines are all of them.
func MarkedTimelines() []string { return []string{MarkHome, MarkNotifications} }

// MarkerStore keeps markers.
type MarkerStore interface {
	// Markers are those of account, by timeline.
	Markers(ctx context.Context, account ID) ([]Marker, error)
	// PutMarker moves a marker, or makes it, and returns it as it is then. Of two at once the later wins.
	PutMarker(ctx context.Context, account ID, timeline string, lastRead ID, at time.Time) (Marker, error)
}
