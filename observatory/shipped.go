package observatory

import (
	"strings"
	"sync"

	"orrery/scenarios"
	"orrery/scenarios/play"
	"orrery/views"
)

// shipped is what comes with the program: it never changes, so it is read once, when it is first asked for.
type shipped struct {
	once   sync.Once
	groups []views.ScenarioGroup
	named  map[string]scenarios.Named
	cards  map[string]views.ScenarioCard
}

// read returns s with everything in it. Nobody may change what is found there.
func (s *shipped) read() *shipped {
	s.once.Do(func() {
		s.named, s.cards = map[string]scenarios.Named{}, map[string]views.ScenarioCard{}
		for _, n := range scenarios.Shipped() {
			card := cardOf(n)
			s.named[n.Name], s.cards[n.Name] = n, card
			if k := len(s.groups); k == 0 || s.groups[k-1].Name != n.Group {
				s.groups = append(s.groups, views.ScenarioGroup{Name: n.Group})
			}
			g := &s.groups[len(s.groups)-1]
			g.Cards = append(g.Cards, card)
		}
	})
	return s
}

func cardOf(s scenarios.Named) views.ScenarioCard {
	f, _ := play.Load(s.Name, []byte(s.Source), scenarios.Vocabulary())
	return views.ScenarioCard{
		Name: s.Name, Title: f.Title(), About: f.About(), Source: f.Source(), Level: f.Level(), Policies: scenarios.Policies(f),
		Steps: len(f.Steps()), Varies: len(f.Varies()),
	}
}

// scenario is one that comes with the program, by its name with or without the ending.
func (s *shipped) scenario(name string) (scenarios.Named, bool) {
	n, ok := s.read().named[strings.TrimSuffix(name, ".play")]
	return n, ok
}
