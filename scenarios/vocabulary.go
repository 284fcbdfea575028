package scenarios

import (
	"embed"
	"io/fs"
	"path"
	"slices"

	"orrery/federation/policy"
	"orrery/federation/rules"
	"orrery/scenarios/play"
)

// Vocabulary is what a script may say beyond the grammar: the policies, knobs and rules there are.
func Vocabulary() play.Vocabulary {
	v := play.Vocabulary{Policies: policy.Names(), Knobs: map[string]play.KnobType{}}
	for _, a := range policy.Additions() {
		v.Policies = append(v.Policies, a.Name)
	}
	for _, k := range policy.KnobTable() {
		switch {
		case k.Span:
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobDuration}
		case k.Values == nil:
			v.Knobs[k.Name] = play.KnobType{Kind: play.KnobNumber}
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
}

// shipped are the scenarios that come with Orrery; all of them pass.
//
//go:embed *.play
var shipped embed.FS

// Named is the source of a scenario. Name has no folder and no extension: "forwarded-reply".
type Named struct{ Name, Source string }

// Shipped lists the scenarios that come with Orrery, by name.
func Shipped() []Named {
	files, err := fs.Glob(shipped, "*.play")
	if err != nil {
		return nil // only a malformed pattern can fail
	}
	var list []Named
	for _, f := range files {
		src, err := shipped.ReadFile(f)
		if err != nil {
			continue // what Glob found is embedded
		}
		list = append(list, Named{f[:len(f)-len(path.Ext(f))], string(src)})
	}
	return list
}
