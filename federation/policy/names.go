package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Addition changes any policy; it is written behind a policy's name, with a plus: "mastodon+fedifetcher".
type Addition struct {
	Name string // with the plus
	Says string
	add  func(p *Policy)
}

// policies lists what there is, the default first.
func policies() []Policy {
	return []Policy{Mastodon41(), Mastodon(), GoToSocial(), Misskey(), Pleroma(), Lemmy(), Hubzilla()}
}

// Names lists the policies there are, the default first.
func Names() []string {
	var names []string
	for _, p := range policies() {
		names = append(names, p.Name)
	}
	return names
}

// Named returns the policy of that name with the additions behind it, in any order; the error is a sentence that lists what
// is possible.
func Named(name string) (Policy, error) {
	words := strings.Split(name, "+")
	all := policies()
	i := slices.IndexFunc(all, func(p Policy) bool { return p.Name == words[0] })
	if i < 0 {
		return Policy{}, fmt.Errorf("there is no policy %q; choose from %s", words[0], strings.Join(Names(), ", "))
	}
	p := all[i]
	for _, word := range words[1:] {
		if err := p.plus("+" + word); err != nil {
			return Policy{}, err
		}
	}
	p.Name = name
	return p, nil
}

func (p *Policy) plus(addition string) error {
	var names []string
	for _, a := range Additions() {
		if a.Name == addition {
			a.add(p)
			return nil
		}
		names = append(names, a.Name)
	}
	return fmt.Errorf("nothing called %q can be added to a policy; choose from %s", addition, strings.Join(names, ", "))
}

// fediFetcherEvery is how often the program runs that +fedifetcher adds: by cron, as its authors propose.
const fediFetcherEvery = 10 * time.Minute
