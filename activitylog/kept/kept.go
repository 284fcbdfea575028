// Package kept is what stays of a scenario's run when its lab is gone: a row, and the log of every server as compressed
// lines of JSON, which can be read again like the log of servers that live.
//
// It runs nothing and judges nothing: what a result holds, package scenarios/runs says.
//
// What a newcomer gets wrong: a kept run never changes. Whatever is asked of it later is answered from its log.
package kept

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// Run is a run of a script that has ended.
type Run struct {
	ID    string // unguessable
	Owner string // who asked for it: an actor's URI or a visitor's secret; "" is nobody in particular
	Name  string // of the script
	Title string
	// Policy is the one that every server was given, "" when each had what the script says.
	Policy  string
	Seed    uint64
	Started time.Time
	Took    time.Duration
	Passed  bool
	Source  string          // the script; not in lists
	Result  json.RawMessage // not in lists
	Log     []byte          // as Writer makes it; not in lists
}

// ErrNoRun says that no run of that id is kept.
var ErrNoRun = errors.New("no such run")

// Store keeps runs.
type Store interface {
	KeepRun(ctx context.Context, r Run) error
	// KeptRun returns a run with everything, or ErrNoRun.
	KeptRun(ctx context.Context, id string) (Run, error)
	// KeptRuns lists the runs of an owner, or of all with everyone, newest first, from the one that follows the run before
	// ("" begins with the newest).
	KeptRuns(ctx context.Context, owner string, everyone bool, before string, limit int) ([]Run, error)
	// DropRun deletes a run; ErrNoRun when it is not there.
	DropRun(ctx context.Context, id string) error
	// PruneRuns deletes the oldest runs of an owner, or of all with everyone, but for the newest keep.
	PruneRuns(ctx context.Context, owner string, everyone bool, keep int) error
}
