// Package rules names every decision that an instance takes about federation, in one table: a stable id, the stage it
// belongs to, a sentence for learners and where the rule comes from.
//
// The log stores ids only; sentences are looked up here, so wording can improve without touching recorded data.
// A newcomer's usual mistake is to invent an id at the place of use: add it here first, with its reference.
package rules

import (
	"cmp"
	"slices"
	"sync"
)

// ID is "family.words-with-hyphens", see contracts.md 17. It never changes once it has been recorded.
type ID string

// Stage says at which step of an activity's journey a rule is asked.
type Stage string

// The stages, in the order in which an activity meets them.
const (
	Deliver Stage = "deliver" // who gets it
	Verify  Stage = "verify"  // is it what it claims to be
	Read    Stage = "read"    // can it be understood
	Accept  Stage = "accept"  // is it kept
	Forward Stage = "forward" // is it passed on
	Fetch   Stage = "fetch"   // what is looked up
	Learn   Stage = "learn"   // what is known afterwards
	Explain Stage = "explain" // why something is not here
)

// Rule is one row of the table.
type Rule struct {
	ID       ID
	Stage    Stage
	Sentence string // for learners; a complete sentence
	Source   string // spec/federation.md paragraph, ActivityPub section, FEP
}

// table is every rule, in the order of the stages. A feature's file adds its list here.
var table = sync.OnceValue(func() []Rule {
	all := slices.Concat(
		general, pulls, polls, knowledge,
		quotes,
		moderation,
		signatures,
		documents,
		delivery,
		synchronisation,
		relations,
		relays,
		faults,
		policies,
		cards,
		approvals,
	)
	stages := []Stage{Deliver, Verify, Read, Accept, Forward, Fetch, Learn, Explain}
	slices.SortStableFunc(all, func(a, b Rule) int {
		return cmp.Compare(slices.Index(stages, a.Stage), slices.Index(stages, b.Stage))
	})
	return all
})

// Lookup returns the rule of id, and whether the table has it.
func Lookup(id ID) (Rule, bool) {
	for _, r := range table() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{}, false
}

// All returns the table, in the order of the stages.
func All() []Rule { return slices.Clone(table()) }

// Sentence returns the sentence of id, or the id itself when the table does not know it.
func Sentence(id ID) string {
	if r, ok := Lookup(id); ok {
		return r.Sentence
	}
	return string(id)
}
