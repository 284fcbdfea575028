package signature

import (
	"sort"
	"strings"

	"github.com/piprate/json-gold/ld"
)

// URDNA2015 tells blank nodes apart by what is said about them; only nodes of which the same is said are compared by
// trying every order of their neighbours, which is factorial and cannot be stopped. So the work is bounded by how many
// such look-alikes hang together. Documents people write have none, or pairs (two equal focal points).
const (
	maxBlankNodes   = 200
	maxAlikeNodes   = 6
	maxAlikeEdges   = 8
	maxDatasetQuads = 8192
)

// guardDataset refuses a dataset whose canonical form could take longer than a few milliseconds to find.
func guardDataset(d *ld.RDFDataset) error {
	about := map[string][]string{} // blank node → what is said about it, with all blank nodes made anonymous
	quads := 0
	for graph, list := range d.Graphs {
		for _, q := range list {
			if quads++; quads > maxDatasetQuads {
				return refuse("it makes more than %d statements", maxDatasetQuads)
			}
			for _, b := range blankNodes(q, graph) {
				about[b] = append(about[b], anonymous(q, graph, b))
			}
		}
	}
	if len(about) > maxBlankNodes {
		return refuse("it has more than %d blank nodes", maxBlankNodes)
	}
	return guardAlike(d, lookAlikes(about))
}

// lookAlikes returns the blank nodes that share what is said about them with another one.
func lookAlikes(about map[string][]string) map[string]bool {
	first := map[string]string{}
	alike := map[string]bool{}
	for b, said := range about {
		sort.Strings(said)
		key := strings.Join(said, "\n")
		if other, ok := first[key]; ok {
			alike[b], alike[other] = true, true
		}
		first[key] = b
	}
	return alike
}

// guardAlike bounds the groups of look-alikes that are connected with each other, by union and find.
func guardAlike(d *ld.RDFDataset, alike map[string]bool) error {
	parent := map[string]string{}
	find := func(b string) string {
		for parent[b] != "" {
			b = parent[b]
		}
		return b
	}
	var edges []string
	for graph, list := range d.Graphs {
		for _, q := range list {
			var ends []string
			for _, b := range blankNodes(q, graph) {
				if alike[b] {
					ends = append(ends, b)
				}
			}
			if len(ends) > 0 && graph != "@default" {
				return refuse("nodes that cannot be told apart stand in a named graph")
			}
			if len(ends) == 2 {
				if a, b := find(ends[0]), find(ends[1]); a != b {
					parent[a] = b
				}
				edges = append(edges, ends[0])
			}
		}
	}
	nodes, links := map[string]int{}, map[string]int{}
	for b := range alike {
		nodes[find(b)]++
	}
	for _, b := range edges {
		links[find(b)]++
	}
	for group, n := range nodes {
		if n > maxAlikeNodes || links[group] > maxAlikeEdges {
			return refuse("%d connected objects without an id cannot be told apart; give them ids", n)
		}
	}
	return nil
}

// blankNodes are the distinct blank nodes of a quad.
func blankNodes(q *ld.Quad, graph string) []string {
	var out []string
	add := func(name string) {
		for _, have := range out {
			if have == name {
				return
			}
		}
		out = append(out, name)
	}
	if ld.IsBlankNode(q.Subject) {
		add(q.Subject.GetValue())
	}
	if ld.IsBlankNode(q.Object) {
		add(q.Object.GetValue())
	}
	if strings.HasPrefix(graph, "_:") {
		add(graph)
	}
	return out
}

// anonymous is the quad as seen from one blank node: itself _:a, all others _:z.
func anonymous(q *ld.Quad, graph, self string) string {
	name := func(value string, blank bool) string {
		switch {
		case !blank:
			return value
		case value == self:
			return "_:a"
		}
		return "_:z"
	}
	parts := []string{
		name(q.Subject.GetValue(), ld.IsBlankNode(q.Subject)),
		q.Predicate.GetValue(),
		name(q.Object.GetValue(), ld.IsBlankNode(q.Object)),
		name(graph, strings.HasPrefix(graph, "_:")),
	}
	if l, ok := q.Object.(ld.Literal); ok {
		parts = append(parts, "literal", l.Datatype, strings.ToLower(l.Language))
	}
	return strings.Join(parts, "\x00")
}
