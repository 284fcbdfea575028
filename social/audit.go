package social

import (
	"context"
	"time"
)

// Deed is one thing that somebody who runs the server did. Deeds are never changed.
type Deed struct {
	ID         ID
	By         ID     // account; InstanceActorID for the server itself and the command line
	Action     string // "suspend", "silence", "block", "resolve" …
	TargetType string // "account", "domain", "report", "email", "address", "user"
	TargetID   ID     // 0 when the target has no id
	Target     string // as people read it: "@berta@techhub.test", "bad.test"
	At         time.Time
}

// DeedStore keeps what was done.
type DeedStore interface {
	InsertDeed(ctx context.Context, d Deed) error
	Deeds(ctx context.Context, p Page) ([]Deed, error)
}
