// Package kept is what stays of a scenario's run when its lab is gone: a row, and the log of every server as compressed
// lines of JSON, which can be read again like the log of servers that live. A run that has not ended is a row of its own, so
// that a program that is stopped does not forget what it took.
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

// Awaited is a run that was taken and has not ended.
type Awaited struct {
	ID, Owner, Name, Policy, Source string // as of a Run
	Seed                            uint64
	Asked                           time.Time
	// Begun is how often it was begun since it was last laid aside: more than once when the program ended under it.
	Begun int
}

// ErrNoRun says that no run of that id is kept.
var ErrNoRun = errors.New("no such run")

// Store keeps runs.
type Store interface {
	// AwaitRun notes a run that was taken, until it is kept or dropped.
	AwaitRun(ctx context.Context, a Awaited) error
	// AwaitedRuns lists all that have not ended, in the order in which they were asked for.
	AwaitedRuns(ctx context.Context) ([]Awaited, error)
	// BeginRun counts that a run was begun, and RestRun says that it was laid aside on purpose.
	BeginRun(ctx context.Context, id string) error
	RestRun(ctx context.Context, id string) error
	// KeepRun writes down a run that has ended, and awaits it no longer.
	KeepRun(ctx context.Context, r Run) error
	// KeptRun returns a run with everything, or ErrNoRun.
	KeptRun(ctx context.Context, id string) (Run, error)
	// KeptRuns lists the runs of an owner, or of all with everyone, newest first, from the one that follows the run before
	// ("" begins with the newest).
	KeptRuns(ctx context.Context, owner string, everyone bool, before string, limit int) ([]Run, error)
	// DropRun deletes a run, whether it has ended or not; ErrNoRun when it is not there.
	DropRun(ctx context.Context, id string) error
	// PruneRuns deletes the oldest runs of an owner, or of all with everyone, but for the newest keep.
	PruneRuns(ctx context.Context, owner string, everyone bool, keep int) error
}
