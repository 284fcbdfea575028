package views

import (
	"math"
	"strconv"
	"strings"
)

// LabPage is the home of a lab: its servers and people, who follows whom, and what to do first.
type LabPage struct {
	Page
	Homes  []LabServer
	Graphs []LabGraph
	Graph  string // name of the current one
	Data   string // where the data live, in words
}

// LabServer is one server with those who live there.
type LabServer struct {
	ServerLink
	People []LabPerson
}

// LabPerson is somebody of the lab.
type LabPerson struct{ Name, Display, Acct string }

// LabGraph says who follows whom.
type LabGraph struct {
	Name, Title, Sentence string
	Edges                 []string // "berta follows alice"
	Current               bool
}

// drawing is a graph as circles and arrows.
type drawing struct {
	nodes  []node
	arrows []arrow
}

type node struct {
	name string
	hue  int
	x, y float64
}

// label is where the name stands: on the outer side of the circle, clear of the arrows.
func (n node) label() float64 {
	if n.y < 80 {
		return n.y - 21
	}
	return n.y + 29
}

type arrow struct{ x1, y1, x2, y2 float64 }

// draw places people on a circle, in the order of their servers, and draws the edges that name two of them.
func (p LabPage) draw() drawing {
	var d drawing
	at := map[string]node{}
	for _, s := range p.Homes {
		for _, who := range s.People {
			d.nodes = append(d.nodes, node{name: who.Name, hue: s.Hue})
		}
	}
	for i := range d.nodes {
		angle := 2*math.Pi*float64(i)/float64(len(d.nodes)) - math.Pi/2
		d.nodes[i].x, d.nodes[i].y = 150+105*math.Cos(angle), 105+72*math.Sin(angle)
		at[d.nodes[i].name] = d.nodes[i]
	}
	for _, g := range p.Graphs {
		if g.Name != p.Graph {
			continue
		}
		for _, e := range g.Edges {
			from, to, _ := strings.Cut(e, " follows ")
			a, ok := at[shortName(from)]
			b, ok2 := at[shortName(to)]
			if ok && ok2 {
				d.arrows = append(d.arrows, between(a, b))
			}
		}
	}
	return d
}

// between is an arrow that begins and ends outside the circles of its nodes.
func between(a, b node) arrow {
	const gap = 20
	length := max(math.Hypot(b.x-a.x, b.y-a.y), 1)
	dx, dy := (b.x-a.x)/length*gap, (b.y-a.y)/length*gap
	return arrow{a.x + dx, a.y + dy, b.x - dx*1.25, b.y - dy*1.25}
}

func shortName(s string) string {
	s, _, _ = strings.Cut(strings.TrimPrefix(strings.TrimSpace(s), "@"), "@")
	return s
}

func px(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

// labIntro says what is on the page, with the numbers of this lab.
func labIntro(p LabPage) string {
	people := 0
	for _, s := range p.Homes {
		people += len(s.People)
	}
	return count(len(p.Homes), "independent server", "independent servers") + " and " + count(people, "person", "people") +
		" who talk over signed HTTP, as servers do on the internet. Be one of them, and watch what your server does for you."
}

func labInitial(p LabPerson) string {
	if p.Display != "" {
		return firstLetter(p.Display)
	}
	return firstLetter(p.Name)
}

func firstLetter(s string) string {
	for _, r := range s {
		return strings.ToUpper(string(r))
	}
	return "?"
}
