// Package runs is where scripts of visitors are run: each in a fresh lab of its own, within limits, a few at once, the others
// in a queue; and where what came of them is kept.
//
// It leaves the running to package scenarios and the keeping to a kept.Store. Who may see which run, those say who ask: a run
// is known by an id that nobody can guess, and by its owner.
//
// What a newcomer gets wrong: of a run that has not ended the store knows only that it was taken. How far it has come is in
// memory; a program that starts again begins it again (Resume).
package runs

import (
	"encoding/json"
	"fmt"
	"time"

	"orrery/activitylog/kept"
	"orrery/scenarios"
)

// Ask is a script that somebody wants to have run.
type Ask struct {
	Owner  string // who asks; see kept.Run
	From   string // the address that it comes from, "" when that does not count: visitors are new as often as they like
	Name   string // of the script, for the places in its messages
	Source string
	Policy string // for every server; "" for what the script says
	Seed   uint64
}

// Phase is how far a run has come.
type Phase string

// The phases.
const (
	Queued  Phase = "queued"
	Running Phase = "running"
	Ended   Phase = "ended"
)

// State is a run as lists show it. Of a run that has not ended, Passed is false and Took how long it has been under way.
type State struct {
	kept.Run
	Phase    Phase
	Place    int // in the queue, from 1; 0 when it does not wait
	Line     int // that is being carried out, 0 when none is
	Vary     string
	Done, Of int // lines carried out, and all there are
}

// Outcome is what came of a run, with what a page needs besides.
type Outcome struct {
	scenarios.Result
	Servers []string `json:"servers"`
	Posts   []Post   `json:"posts"`
	// Compared is what the file's own run spread, and at what cost.
	Compared scenarios.Compared `json:"compared"`
	// Unkept says why there is no log, "" when there is.
	Unkept string `json:"unkept,omitempty"`
}

// Post is a post of the file's own run, by the name that the script gives it.
type Post struct {
	Name   string `json:"name"`
	URI    string `json:"uri"`
	Author string `json:"author"`
	Parent string `json:"parent,omitempty"`
}

// OutcomeOf is what was kept as the result of a run.
func OutcomeOf(r kept.Run) (Outcome, error) {
	var o Outcome
	if err := json.Unmarshal(r.Result, &o); err != nil {
		return o, fmt.Errorf("read the result of run %s: %w", r.ID, err)
	}
	return o, nil
}

// FullError says that no further run is taken now.
type FullError struct {
	Own   bool // the asker's own runs are too many, not everybody's
	Retry time.Duration
}

func (e *FullError) Error() string {
	if e.Own {
		return fmt.Sprintf("you have as many runs waiting as anybody may. Ask again in %s, when one of them has ended", e.Retry)
	}
	return fmt.Sprintf("too many scenarios are waiting to be run. Ask again in %s", e.Retry)
}
