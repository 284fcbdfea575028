package scenarios

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"orrery/activitylog"
	"orrery/activitylog/knowledge"
	"orrery/lab"
	"orrery/scenarios/play"
)

// Comparison is one scenario under several policies: who knows what in the end, and what that cost.
type Comparison struct {
	Name     string       `json:"name"`
	Title    string       `json:"title"`
	Seed     uint64       `json:"seed"`
	Servers  []string     `json:"servers"`
	Policies []Compared   `json:"policies"`
	Differ   []Difference `json:"differences"`
}

// Compared is the scenario under one policy.
type Compared struct {
	Policy string        `json:"policy"`
	Passed bool          `json:"passed"` // whether the file's own expectations hold; they may be about another policy
	Posts  []ComparedRow `json:"posts"`
	Cost   Cost          `json:"cost"`
}

// ComparedRow is what the servers know of one post of the script, in the order of Comparison.Servers.
type ComparedRow struct {
	Post  string         `json:"post"`
	Depth int            `json:"depth"`
	Cells []ComparedCell `json:"cells"`
}

// ComparedCell is what one server knows and shows.
type ComparedCell struct {
	State  knowledge.State `json:"state"`
	Word   string          `json:"word"`
	Likes  int64           `json:"likes"`
	Boosts int64           `json:"boosts"`
}

// Difference is a (post, server) pair that does not end alike under all policies; Words are in their order.
type Difference struct {
	Post   string   `json:"post"`
	Server string   `json:"server"`
	Words  []string `json:"words"`
}

// Cost is what spreading the posts took, after the lab was set up, and how far they came. Only posts that anybody may see
// count as pairs, and only on servers where somebody lives.
type Cost struct {
	Requests int   `json:"requests"` // of any kind, by any server
	Bytes    int64 `json:"bytes"`    // bodies of requests and answers
	Have     int   `json:"have"`     // (post, server) pairs in which the post is there
	Pairs    int   `json:"pairs"`
	// Everyone is how long it took, on the lab's clock, until the last post was known everywhere; nil when one never was.
	Everyone *float64 `json:"everyone_knows_seconds"`
	// Last is how long after it was written the latest arrival of any post was.
	Last float64 `json:"last_arrival_seconds"`
}

// Share is the part of all pairs that know, from 0 to 1.
func (c Cost) Share() float64 {
	if c.Pairs == 0 {
		return 0
	}
	return float64(c.Have) / float64(c.Pairs)
}

// Compare runs the file, without its varies, once under each policy, which every server then has; knobs of the file stay.
// o.Limits hold as in Why.
func Compare(ctx context.Context, file *play.File, policies []string, o Options) (Comparison, error) {
	c := Comparison{Name: file.Path, Title: file.Title(), Seed: o.Seed, Differ: []Difference{}}
	for _, s := range file.Servers {
		c.Servers = append(c.Servers, s.Name.Name)
	}
	o, done, err := o.prepared(file)
	if err != nil {
		return c, err
	}
	defer done()
	if err := o.Limits.Check(file); err != nil {
		return c, err
	}
	ctx, cancel := o.Limits.limited(ctx)
	defer cancel()
	o.Keep = nil
	for n, p := range policies {
		o.Policy = p
		one := Compared{Policy: p}
		o.Ask = whole(func(ctx context.Context, s *Stage) (err error) {
			one.Posts, one.Cost, err = s.Outcome(ctx)
			return err
		})
		r, err := perform(ctx, file, nil, o, n)
		if err = o.Limits.reached(ctx, file, err); err != nil {
			return c, fmt.Errorf("run %s under %s: %w", file.Path, p, err)
		}
		one.Passed = holds(r.steps...)
		c.Policies = append(c.Policies, one)
	}
	c.Differ = c.differences()
	return c, nil
}

// Beside sets runs that were made before side by side, as Compare does. They are of the same script.
func Beside(name, title string, seed uint64, servers []string, runs []Compared) Comparison {
	c := Comparison{Name: name, Title: title, Seed: seed, Servers: servers, Policies: runs}
	c.Differ = c.differences()
	return c
}

// Names are the posts of all policies, in the order in which they were written.
func (c Comparison) Names() []string { return c.names() }

// Word says in a word what a server knows of a post under the nth policy, and how many likes and boosts it shows.
func (c Comparison) Word(n int, post string, server int) string {
	return c.Policies[n].word(post, server)
}

// Outcome is what every server knows of the run's posts, and what that cost.
func (s *Stage) Outcome(ctx context.Context) ([]ComparedRow, Cost, error) {
	record, err := s.Knowledge(ctx)
	if err != nil {
		return nil, Cost{}, err
	}
	cost, err := s.traffic(ctx)
	if err != nil {
		return nil, cost, err
	}
	var rows []ComparedRow
	all := true
	for _, name := range s.Posts() {
		m := record.Matrix([]string{s.URI(name)}, knowledge.Now)
		for _, x := range m.Rows {
			row := ComparedRow{Post: name, Depth: s.depth(name)}
			for _, c := range x.Cells {
				row.Cells = append(row.Cells, ComparedCell{c.State, c.Word, c.Likes.Shown, c.Boosts.Shown})
				if !s.Public(name) || !s.inhabited(c.Server) {
					continue
				}
				cost.Pairs++
				if !c.State.Has() {
					all = all && c.State == knowledge.Gone
					continue
				}
				cost.Have++
				if c.At != nil {
					cost.Last = max(cost.Last, c.At.Sub(x.At).Seconds())
				}
			}
			rows = append(rows, row)
		}
	}
	if all && cost.Pairs > 0 {
		last := cost.Last
		cost.Everyone = &last
	}
	return rows, cost, nil
}

// inhabited reports whether somebody lives on the server; nobody does on a relay.
func (s *Stage) inhabited(server string) bool {
	return slices.ContainsFunc(s.r.lab.Plan.People, func(p lab.Person) bool { return p.Server == server })
}

// depth is how many posts of the script stand above one in its thread.
func (s *Stage) depth(name string) int {
	n := 0
	for p := s.r.posts[name]; p != nil && p.parent != "" && n < len(s.r.posts); p = s.r.posts[p.parent] {
		n++
	}
	return n
}

// traffic counts every request after the set-up, as its sender recorded it.
func (s *Stage) traffic(ctx context.Context) (c Cost, err error) {
	if err := s.r.rec.read(ctx); err != nil {
		return c, err
	}
	for _, e := range s.r.rec.entries {
		if e.Exchange.Direction != activitylog.Out || e.Exchange.ID <= s.r.lab.SetUpUntil {
			continue
		}
		c.Requests++
		c.Bytes += int64(e.Exchange.Body.Size)
		if e.Answer != nil {
			c.Bytes += int64(e.Answer.Body.Size)
		}
	}
	return c, nil
}

// names are the posts of all policies; under some an action fails and a post is never written.
func (c Comparison) names() []string {
	var all []string
	for _, p := range c.Policies {
		for _, row := range p.Posts {
			if !slices.Contains(all, row.Post) {
				all = append(all, row.Post)
			}
		}
	}
	return all
}

func (p Compared) row(post string) (ComparedRow, bool) {
	i := slices.IndexFunc(p.Posts, func(r ComparedRow) bool { return r.Post == post })
	if i < 0 {
		return ComparedRow{}, false
	}
	return p.Posts[i], true
}

// word is a cell in a word, with the numbers of likes and boosts where there are any.
func (p Compared) word(post string, server int) string {
	row, ok := p.row(post)
	if !ok {
		return "never written"
	}
	c := row.Cells[server]
	w := c.Word
	if c.Likes > 0 {
		w += ", " + plural(int(c.Likes), "like", "likes")
	}
	if c.Boosts > 0 {
		w += ", " + plural(int(c.Boosts), "boost", "boosts")
	}
	return w
}

func (c Comparison) differences() []Difference {
	out := []Difference{}
	for _, post := range c.names() {
		for n, server := range c.Servers {
			d := Difference{Post: post, Server: server}
			for _, p := range c.Policies {
				d.Words = append(d.Words, p.word(post, n))
			}
			if len(slices.Compact(slices.Clone(d.Words))) > 1 {
				out = append(out, d)
			}
		}
	}
	return out
}

// CompareText writes a comparison for people. A star marks what is not as under the first policy.
func CompareText(w io.Writer, c Comparison) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	say := func(cells ...string) { fmt.Fprintln(t, strings.TrimRight(strings.Join(cells, "\t"), "\t ")) }
	say(fmt.Sprintf("%s  %s  (seed %d)", c.Name, c.Title, c.Seed))
	say()
	say(append([]string{"post", "policy"}, c.Servers...)...)
	for _, post := range c.names() {
		for n, p := range c.Policies {
			name := ""
			if n == 0 {
				row, _ := p.row(post)
				name = strings.Repeat("  ", row.Depth) + post
			}
			cells := []string{name, p.Policy}
			for k := range c.Servers {
				word := p.word(post, k)
				if word != c.Policies[0].word(post, k) {
					word = "* " + word
				}
				cells = append(cells, word)
			}
			say(cells...)
		}
	}
	say()
	say("policy", "requests", "bytes", "known", "everyone knows", "last arrival", "expectations")
	for _, p := range c.Policies {
		everyone := "never"
		if p.Cost.Everyone != nil {
			everyone = "after " + seconds(*p.Cost.Everyone)
		}
		hold := map[bool]string{true: "hold", false: "do not all hold"}[p.Passed]
		say(p.Policy, fmt.Sprint(p.Cost.Requests), fmt.Sprint(p.Cost.Bytes),
			fmt.Sprintf("%d of %d (%.0f %%)", p.Cost.Have, p.Cost.Pairs, 100*p.Cost.Share()), everyone, "after "+seconds(p.Cost.Last), hold)
	}
	return t.Flush()
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}
