package scenarios

import (
	"slices"
	"sync"

	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// Vocabulary is what a script may say beyond the grammar: the policies, knobs and rules there are. Nobody may change it.
func Vocabulary() play.Vocabulary { return vocabulary() }

var vocabulary = sync.OnceValue(func() play.Vocabulary {
	v := play.Vocabulary{Policies: append(policy.Names(), policy.RelayServer().Name), Knobs: map[string]play.KnobType{}}
	for _, a := range policy.Additions() {
		v.Policies = append(v.Policies, a.Name)
	}
	for _, k := range policy.KnobTable() {
		switch {
		case k.Span:
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobDuration, Check: k.Check}
		case k.Values == nil:
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobNumber, Check: k.Check}
		case slices.Equal(k.Values, []string{"on", "off"}):
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobBool}
		default:
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobEnum, Values: k.Values}
		}
	}
	for _, r := range rules.All() {
		v.Rules = append(v.Rules, string(r.ID))
	}
	return v
})
