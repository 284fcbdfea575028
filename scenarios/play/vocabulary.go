package play

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Vocabulary holds the words a script may use that this package cannot know. An empty list allows nothing.
type Vocabulary struct {
	Policies []string            // "mastodon-4.1"; an addition stands with its plus: "+relay"
	Knobs    map[string]KnobType // by name, for "with KNOB VALUE"
	Rules    []string            // rule ids, for "because RULE"
}

// KnobType says which values a knob takes. Values is used by KnobEnum alone; Check says what is wrong with a value of the right
// shape, and may be nil.
type KnobType struct {
	Kind   KnobKind
	Values []string
	Check  func(value string) error
}

// KnobKind is the shape of a knob's value.
type KnobKind int

// The shapes. The zero value is a switch, the commonest.
const (
	KnobBool     KnobKind = iota // on or off
	KnobEnum                     // one of KnobType.Values
	KnobNumber                   // a whole number, 0 or more
	KnobDuration                 // 5m, +5m or -5m
)

// expects describes the values in words, for a message.
func (t KnobType) expects() string {
	switch t.Kind {
	case KnobEnum:
		return strings.Join(t.Values, " or ")
	case KnobNumber:
		return "a whole number"
	case KnobDuration:
		return "a duration such as 5m or -2h"
	default:
		return "on or off"
	}
}

func (t KnobType) accepts(value string) bool {
	switch t.Kind {
	case KnobEnum:
		return slices.Contains(t.Values, value)
	case KnobNumber:
		n, err := strconv.Atoi(value)
		return err == nil && n >= 0
	case KnobDuration:
		_, err := time.ParseDuration(value)
		return err == nil
	default:
		return value == "on" || value == "off"
	}
}

// knowsPolicy accepts a policy with any number of additions: "mastodon+relay".
func (v Vocabulary) knowsPolicy(name string) bool {
	base, additions, _ := strings.Cut(name, "+")
	if slices.Contains(v.Policies, name) {
		return true
	}
	if !slices.Contains(v.Policies, base) {
		return false
	}
	for addition := range strings.SplitSeq(additions, "+") {
		if !slices.Contains(v.Policies, "+"+addition) {
			return false
		}
	}
	return true
}
