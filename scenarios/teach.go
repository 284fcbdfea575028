package scenarios

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/scenarios/play"
)

// teach carries out a line that shows or tells something: it changes nothing and cannot fail.
func (r *run) teach(ctx context.Context, l play.Line, done *Line) error {
	switch l := l.(type) {
	case *play.Predict:
		done.Expected = l.Answer.String()
	case *play.Show:
		if err := r.rec.read(ctx); err != nil {
			return err
		}
		switch l.View {
		case "diagram":
			done.View = sequence(r.rec.names, r.since(r.from), r.noun)
		case "log":
			done.View = r.sentences(r.since(r.from))
		case "map":
			done.View = r.graph()
		default:
			done.View = r.matrix()
		}
	case *play.Look:
		if err := r.rec.read(ctx); err != nil {
			return err
		}
		done.Found = r.lookAt(l.At.Name)
	}
	return nil
}

// since are the entries after m, oldest first.
func (r *run) since(m mark) []activitylog.Entry {
	var out []activitylog.Entry
	for _, e := range r.rec.entries {
		if e.Exchange.ID > m.id {
			out = append(out, e)
		}
	}
	return out
}

// written are the names of the posts, in the order in which they were written.
func (r *run) written() []string {
	var names []string
	for name := range r.posts {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return r.posts[a].n - r.posts[b].n })
	return names
}

// cell is a word for what a server knows of a post.
func (r *run) cell(server string, p *post) string {
	k := r.rec.cell(server, p.uri)
	switch {
	case k.State == knowledge.Gone:
		return "deleted"
	case k.State == knowledge.Withheld:
		return "withheld"
	case k.State.Has():
		_, how, _ := strings.Cut(string(k.How), ".")
		return how
	}
	return "-"
}

// matrix is who knows which post, and how they learned of it.
func (r *run) matrix() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%-12s", "")
	for _, h := range r.lab.Hosts {
		fmt.Fprintf(&b, " %-14s", h.Name)
	}
	for _, name := range r.written() {
		fmt.Fprintf(&b, "\n%-12s", name)
		for _, h := range r.lab.Hosts {
			fmt.Fprintf(&b, " %-14s", r.cell(h.Name, r.posts[name]))
		}
	}
	return strings.TrimRight(b.String(), " ")
}

// graph is who lives where, and the follows of the plan.
func (r *run) graph() string {
	var b strings.Builder
	for _, h := range r.lab.Hosts {
		var people []string
		for _, p := range r.lab.Plan.People {
			if p.Server == h.Name {
				people = append(people, p.Name)
			}
		}
		fmt.Fprintf(&b, "%s: %s\n", h.Name, orNothing(people))
	}
	for _, e := range r.lab.Plan.Follows {
		fmt.Fprintf(&b, "%s -> %s\n", e.Follower, e.Followed)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (r *run) sentences(entries []activitylog.Entry) string {
	var lines []string
	for _, e := range entries {
		if e.Exchange.Direction != activitylog.In {
			lines = append(lines, e.Exchange.ID.String()+"  "+activitylog.Sentence(e, r.rec.names))
		}
	}
	return strings.Join(lines, "\n")
}

// lookAt is what there is to say about a noun.
func (r *run) lookAt(name string) string {
	p := r.posts[name]
	if p == nil {
		return r.uri(name)
	}
	var where []string
	for _, h := range r.lab.Hosts {
		where = append(where, h.Name+" "+r.cell(h.Name, p))
	}
	return p.uri + ": " + strings.Join(where, ", ")
}
