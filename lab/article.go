package lab

import (
	"fmt"
	"strings"

	"orrery/federation/policy"
)

// Graph is one way in which the people of the article follow each other.
type Graph struct {
	Name, Title, Sentence string
	Follows               []Edge
}

// Graphs are the two of the article, the default first.
func Graphs() []Graph {
	return []Graph{
		{
			Name: "everyone-follows-alice", Title: "Everyone follows alice",
			Sentence: "berta, blaine and canon follow alice. Nobody follows anybody else.",
			Follows:  []Edge{{"berta", "alice"}, {"blaine", "alice"}, {"canon", "alice"}},
		},
		{
			Name: "canon-follows-berta", Title: "Canon follows berta only",
			Sentence: "berta and blaine follow alice. canon follows berta and hears of alice only through her.",
			Follows:  []Edge{{"berta", "alice"}, {"blaine", "alice"}, {"canon", "berta"}},
		},
	}
}

// GraphNamed returns a graph; the error is a sentence that lists what is possible.
func GraphNamed(name string) (Graph, error) {
	var names []string
	for _, g := range Graphs() {
		if g.Name == name {
			return g, nil
		}
		names = append(names, g.Name)
	}
	return Graph{}, fmt.Errorf("there is no graph %q; there are %s", name, strings.Join(names, " and "))
}

// Article is the lab of the article: three servers, four people, and a graph.
func Article(p policy.Policy, g Graph) Plan {
	plan := Plan{
		Servers: []Server{{"academy", p}, {"techhub", p}, {"masto", p}},
		People: []Person{
			{Name: "alice", Display: "Alice", Server: "academy"}, {Name: "berta", Display: "Berta", Server: "techhub"},
			{Name: "blaine", Display: "Blaine", Server: "techhub"}, {Name: "canon", Display: "Canon", Server: "masto"},
		},
		Follows: g.Follows,
	}
	return plan.withRelay()
}

// missing are the edges of want that have lacks, in order.
func missing(have, want []Edge) []Edge {
	var out []Edge
	for _, w := range want {
		found := false
		for _, h := range have {
			found = found || h == w
		}
		if !found {
			out = append(out, w)
		}
	}
	return out
}
