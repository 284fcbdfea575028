package activitylog

import (
	"slices"

	"orrery/federation/observe"
	"orrery/federation/rules"
)

// Fold is one line of the log as people read it: one entry, or several that say little one by one.
type Fold struct {
	Kind    FoldKind
	Entries []Entry // newest first; one for Single
}

// FoldKind says why entries stand in one line.
type FoldKind string

// The folds. A fan-out is one activity on its way to many inboxes of other servers.
const (
	Single  FoldKind = "single"
	Lookups FoldKind = "lookups"
	FanOut  FoldKind = "fan-out"
	SetUp   FoldKind = "set-up"
)

// fanFrom is how many deliveries of one activity by one server make a fan-out; fewer are read one by one.
const fanFrom = 4

// FoldEntries puts what belongs together into one line each. entries are newest first, and so are the folds, by their
// newest entry. Entries up to setUpUntil are the set-up of a lab; 0 when there is none.
func FoldEntries(entries []Entry, setUpUntil ID) []Fold {
	fans := map[fanKey]int{} // how many deliveries
	for _, e := range entries {
		if k, ok := fanOf(e); ok {
			fans[k]++
		}
	}
	var folds []Fold
	setUp := -1
	placed := map[fanKey]int{}
	for _, e := range entries {
		k, fan := fanOf(e)
		switch {
		case e.Exchange.ID <= setUpUntil:
			if setUp < 0 {
				setUp = len(folds)
				folds = append(folds, Fold{Kind: SetUp})
			}
			folds[setUp].Entries = append(folds[setUp].Entries, e)
		case fan && fans[k] >= fanFrom:
			at, ok := placed[k]
			if !ok {
				at = len(folds)
				placed[k] = at
				folds = append(folds, Fold{Kind: FanOut})
			}
			folds[at].Entries = append(folds[at].Entries, e)
		case e.Plumbing():
			if n := len(folds) - 1; n >= 0 && folds[n].Kind == Lookups && folds[n].Entries[0].Exchange.Instance == e.Exchange.Instance {
				folds[n].Entries = append(folds[n].Entries, e)
				continue
			}
			folds = append(folds, Fold{Kind: Lookups, Entries: []Entry{e}})
		default:
			folds = append(folds, Fold{Kind: Single, Entries: []Entry{e}})
		}
	}
	return folds
}

type fanKey struct{ instance, activity, carrier string }

func fanOf(e Entry) (fanKey, bool) {
	x := e.Exchange
	return fanKey{x.Instance, x.Activity.ID, carrier(e)}, x.Direction == Out && x.Kind == Delivery && x.Activity.ID != ""
}

// Inboxes is how many different inboxes a fan-out goes to, and to how many of them the newest try has not succeeded.
func (f Fold) Inboxes() (all, failed int) {
	seen := map[string]bool{}
	for _, e := range f.Entries { // newest first, so the first of an inbox is its newest try
		if seen[e.Exchange.URL] {
			continue
		}
		seen[e.Exchange.URL] = true
		if e.State.Outcome == observe.Failed || e.State.Outcome == observe.Rejected {
			failed++
		}
	}
	return len(seen), failed
}

// Plumbing reports whether e is a look-up that servers need and readers mostly do not: keys, people, handles, totals.
func (e Entry) Plumbing() bool {
	x := e.Exchange
	switch x.Kind {
	case Delivery, Action:
		return false
	case Key, WebFinger, NodeInfo:
		return true
	}
	return x.Direction == In || slices.Contains([]rules.ID{
		rules.FetchKey, rules.FetchActor, rules.FetchActorAgain, rules.FetchWebFinger, rules.FetchCounts, rules.FetchFeatured, rules.FetchFeaturedTags,
	}, x.Rule)
}
